/** Kernels of a module, and how they are launched. */
import { FramelaneError } from '../errors/errors.ts';
import { numberOf } from '../image/on-stream.ts';
import { addon } from '../native/binding.ts';
import type { KernelParameter, ModuleHandle, NativeKernel } from '../native/kernels.ts';
import {
  type ArgumentValue,
  argumentValue,
  type KernelArgument,
  OrderedMemory,
} from './kernel-argument.ts';
import {
  checkShared,
  checkThreads,
  type Extent,
  type LaunchOptions,
  writeShape,
} from './launch.ts';

export interface KernelAttributes {
  /** Of a thread. */
  readonly registers: number;
  /** Bytes of shared memory of a block, as declared in the source. */
  readonly sharedBytes: number;
  /** Bytes of constant memory that the module declares. */
  readonly constantBytes: number;
  /** Bytes of a thread for arrays and for registers that did not fit. */
  readonly localBytes: number;
  /** The most threads of a block. */
  readonly maxThreads: number;
  /** The most bytes of shared memory beside the declared ones. */
  readonly maxDynamicSharedBytes: number;
}

/** The memory that arguments cross in; its layout is that of the addon's LaunchBlock. */
interface LaunchMemory {
  readonly words: Uint32Array;
  readonly view: DataView;
  readonly memories: Float64Array;
}

const countAt = 7;
const offsetsAt = 8;
const mostArguments = 1016;
const dataAt = 4096;
const memoriesAt = 36864;
const mostBytes = 32764;
/** Of an argument whose place the driver does not tell: enough for any type. */
const alignment = 16;

let memory: LaunchMemory | undefined;

function launchMemory(): LaunchMemory {
  if (memory !== undefined) return memory;
  const buffer = addon().launchBlock();
  memory = {
    words: new Uint32Array(buffer, 0, dataAt / 4),
    view: new DataView(buffer, dataAt, memoriesAt - dataAt),
    memories: new Float64Array(buffer, memoriesAt, 4 * mostArguments),
  };
  return memory;
}

function writeMemory(into: Float64Array, index: number, value: OrderedMemory, at: number): void {
  into[4 * index] = value.handle;
  into[4 * index + 1] = value.image;
  into[4 * index + 2] = value.offset;
  into[4 * index + 3] = at;
}

/** A kernel of a `Module`. It keeps its module. */
export class Kernel {
  readonly name: string;
  /** `cuda:0` */
  readonly device: string;
  readonly attributes: KernelAttributes;
  readonly #module: ModuleHandle;
  readonly #place: number;
  readonly #limits: ModuleHandle['limits'];
  readonly #parameters: readonly KernelParameter[] | null;

  /** @internal Use `module.kernel(name)`. */
  constructor(name: string, device: string, module: ModuleHandle, native: NativeKernel) {
    const { place, parameters, ...attributes } = native;
    this.name = name;
    this.device = device;
    this.attributes = attributes;
    this.#module = module;
    this.#place = place;
    this.#limits = module.limits;
    this.#parameters = parameters;
  }

  /**
   * Enqueues the kernel on `stream`, by default the device's own, and returns at once. It runs after the last use of the buffers,
   * tensors and images among its arguments, whichever stream that was on; of other memory the caller knows. Arguments are typed
   * (`i32(1)`, `f32(0.5)`, `struct(bytes)`), or memory of the device. Their number and sizes are held against the compiled kernel:
   * ERR_INVALID_ARGUMENT; a shape beyond the limits of device and kernel is ERR_INVALID_OPTION. What the kernel itself does wrong is
   * reported later, by the next call that waits, as ERR_DEVICE_LOST.
   *
   * @example
   * kernel.launch({ grid: gridFor(1920, 1080, [32, 8]), block: [32, 8] }, image, i32(1920), i32(1080))
   */
  launch(shape: LaunchOptions, ...args: readonly KernelArgument[]): void {
    const { words, view, memories } = launchMemory();
    writeShape(words, shape, this.#limits, this.attributes);
    const stream = numberOf(shape.stream);
    const parameters = this.#parameters;
    const expected = parameters?.length ?? Math.min(args.length, mostArguments);
    if (args.length !== expected) throw this.#refuse(args);
    let next = 0;
    let ordered = 0;
    for (let index = 0; index < args.length; index++) {
      const value = argumentValue(args[index], index, this.device);
      const parameter = parameters?.[index];
      if (parameter !== undefined && parameter.bytes !== value.bytes) {
        throw this.#mismatch(index, parameter, value);
      }
      const at = parameter?.offset ?? next;
      if (at + value.bytes > mostBytes) throw this.#refuse(args);
      if (value instanceof OrderedMemory) writeMemory(memories, ordered++, value, at);
      else value.write(view, at);
      words[offsetsAt + index] = at;
      next = Math.ceil((at + value.bytes) / alignment) * alignment;
    }
    words[countAt] = args.length;
    this.#module.launch(this.#place, ordered, stream);
  }

  /**
   * How many blocks of that size a multiprocessor runs at once.
   *
   * @example
   * console.log(kernel.occupancy([32, 8]))
   */
  occupancy(block: Extent, sharedBytes = 0): number {
    const threads = checkThreads(block, this.attributes);
    checkShared(sharedBytes, this.attributes);
    return this.#module.activeBlocks(this.#place, threads, sharedBytes);
  }

  /**
   * The number of threads of a block with which most threads run at once, and the number of blocks from which on the device is full.
   *
   * @example
   * const { threads } = kernel.suggestBlock()
   */
  suggestBlock(sharedBytes = 0): { readonly threads: number; readonly leastBlocks: number } {
    checkShared(sharedBytes, this.attributes);
    return this.#module.suggestBlock(this.#place, sharedBytes);
  }

  /** @internal Microseconds of the last launch, repeated without JavaScript. */
  benchmark(times: number): number {
    return this.#module.benchmark(this.#place, times);
  }

  #refuse(args: readonly KernelArgument[]): FramelaneError {
    const parameters = this.#parameters;
    const sizes = parameters?.map(({ bytes }) => bytes).join(', ');
    const expected =
      parameters === null
        ? `at most ${mostArguments} arguments of ${mostBytes} bytes together`
        : `${parameters.length} arguments${sizes && ` (of ${sizes} bytes)`}`;
    const message = `kernel ${this.name}: expected ${expected}, received ${args.length}`;
    return new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'arguments' });
  }

  #mismatch(index: number, { bytes }: KernelParameter, value: ArgumentValue): FramelaneError {
    const path = `arguments[${index}]`;
    const message = `kernel ${this.name}: ${path}: expected ${bytes} bytes, received ${value.bytes}: ${value.text}`;
    return new FramelaneError('ERR_INVALID_ARGUMENT', message, { path });
  }
}
