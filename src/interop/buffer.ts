/** Typed, shaped memory of a device, ours or other people's. */
import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import type { CudaArrayInterface, MemoryHandle } from '../native/interop.ts';
import { type CudaArraySource, interfaceOf, parseInterface } from './array-interface.ts';
import { type ArrayView, type DeviceArray, view } from './array-view.ts';
import { type DType, type DTypeName, dtypeInfo, dtypeOf } from './dtype.ts';
import { checkShape, countOf, extentOf, packedStrides } from './strides.ts';

export interface CudaBufferOptions {
  /** Where the memory is; `auto` by default. */
  readonly device?: DeviceOption | undefined;
}

export interface FromCudaOptions {
  /** What must stay alive as long as the buffer; the source by default. */
  readonly owner?: unknown;
  /** Where the memory must be; wherever it is by default. */
  readonly device?: DeviceOption | undefined;
}

/** A view that a buffer takes over as it is; for this room. */
const made = Symbol('made');

interface Made extends CudaBufferOptions {
  readonly [made]?: ArrayView;
}

/** A buffer over a part of memory that something else allocated. */
export let bufferOf: (part: ArrayView) => CudaBuffer;

/**
 * Memory of a device with a shape and an element type, packed, the last dimension fastest; up to 8 dimensions, 0 elements
 * allowed. It comes from the device's pool, is not initialised, and goes back by `using`, `free()` or the garbage collector. On
 * the CPU device it is host memory, and other libraries get no interface to it.
 *
 * @example
 * using pixels = new CudaBuffer([1080, 1920, 4], 'float32'); memcpyHtoD(pixels, samples)
 */
export class CudaBuffer implements Disposable, DeviceArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Bytes from an element to the next one in each dimension. */
  readonly strides: readonly number[];
  /** Of all elements, without what may lie between them. */
  readonly byteLength: number;
  readonly device: DeviceId;
  readonly readOnly: boolean;
  #view: ArrayView | undefined; // until it is freed
  readonly #address: bigint;

  static {
    bufferOf = (part) => {
      const options: Made = { [made]: part };
      return new CudaBuffer(part.shape, part.dtype, options);
    };
  }

  constructor(shape: readonly number[], dtype: DTypeName, options: CudaBufferOptions = {}) {
    const part = (options as Made | null)?.[made] ?? allocated(shape, dtype, options);
    this.#view = part;
    this.#address = part.memory.address;
    this.shape = part.shape;
    this.dtype = part.dtype;
    this.strides = part.strides;
    this.byteLength = countOf(part.shape) * dtypeInfo(part.dtype).bytes;
    this.device = part.device;
    this.readOnly = part.readOnly;
  }

  /**
   * Wraps memory of a CUDA device by its CUDA Array Interface (version 2 or 3), without a copy and without owning it: strides,
   * read-only, device and stream are the source's, which stays alive as long as the buffer. What is on its stream now comes
   * before all that is done to the buffer. ERR_INVALID_ARGUMENT: no such interface, or an address that CUDA does not know.
   * ERR_DEVICE_MISMATCH: on another device than `device`. ERR_DEVICE_UNAVAILABLE: no CUDA here.
   *
   * @example
   * const frame = CudaBuffer.fromCuda(other.cudaArrayInterface, { owner: other })
   */
  static fromCuda(source: CudaArraySource, options: FromCudaOptions = {}): CudaBuffer {
    checkNames(options, namesOf<FromCudaOptions>({ owner: true, device: true }));
    const { shape, strides, dtype, address, readOnly, stream } = parseInterface(source);
    const { low, high } = extentOf(shape, strides, dtypeInfo(dtype).bytes);
    const asked = options.device === undefined ? undefined : resolveDevice(options.device);
    const isEmpty = high === low;
    const memory = isEmpty
      ? new (addon().MemoryHandle)(asked ?? resolveDevice('cuda'), 0)
      : wrapped(address + BigInt(low), high - low);
    const device = memory.device as DeviceId;
    if (asked !== undefined && device !== asked) {
      throw new FramelaneError(
        'ERR_DEVICE_MISMATCH',
        `device: expected memory of ${asked}, received memory of ${device}`,
        { path: 'device' },
      );
    }
    if (stream !== undefined && !isEmpty) addon().awaitStream(device, stream);
    Object.assign(memory, { owner: options.owner ?? source });
    return bufferOf({ memory, offset: -low, shape, strides, dtype, device, readOnly });
  }

  /**
   * The CUDA Array Interface of the buffer, version 3, as other libraries take it: valid until `free()`. `stream` is the
   * one that used the memory last. Undefined on the CPU device.
   *
   * @example
   * const { data: [address] } = buffer.cudaArrayInterface
   */
  get cudaArrayInterface(): CudaArrayInterface | undefined {
    const part = this[view];
    return this.device === 'cpu' ? undefined : interfaceOf(part, this.#address);
  }

  /** @internal */
  get [view](): ArrayView {
    if (this.#view) return this.#view;
    throw new FramelaneError('ERR_DISPOSED', 'the buffer has been freed');
  }

  /** Gives the memory back now, or lets go of what is wrapped; later use is ERR_DISPOSED, freeing again does nothing. */
  free(): void {
    if (this.#view === undefined) return;
    this.#view.memory.free();
    Object.assign(this.#view.memory, { owner: undefined });
    this.#view = undefined;
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function wrapped(address: bigint, bytes: number): MemoryHandle {
  resolveDevice('cuda'); // says why there is none
  if (address <= 0n) throw invalidArgument('strides', 'an array above address 0', address);
  return new (addon().MemoryHandle)(address, bytes);
}

function allocated(shape: unknown, name: unknown, options: CudaBufferOptions): ArrayView {
  checkShape(shape);
  const dtype = dtypeOf(name);
  checkNames(options, namesOf<CudaBufferOptions>({ device: true }));
  const device = resolveDevice(options.device);
  const { bytes } = dtypeInfo(dtype);
  return {
    memory: new (addon().MemoryHandle)(device, countOf(shape) * bytes),
    offset: 0,
    shape: [...shape],
    strides: packedStrides(shape, bytes),
    dtype,
    device,
    readOnly: false,
  };
}
