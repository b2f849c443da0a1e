/** Arrays of a device whose dimensions have letters, over a CudaBuffer or other people's memory. */
import type { DeviceId, DeviceOption } from '../device.ts';
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import type { OnStream } from '../image/on-stream.ts';
import type { CudaArrayInterface } from '../native/interop.ts';
import { type CudaArraySource, interfaceOf } from './array-interface.ts';
import { type ArrayView, type DeviceArray, view } from './array-view.ts';
import { CudaBuffer } from './buffer.ts';
import { type DType, type DTypeName, dtypeInfo, newTypedArray, type TypedArray } from './dtype.ts';
import { memcpyDtoD, memcpyDtoH, memcpyHtoD } from './memcpy.ts';
import { checkShape, countOf, isPacked, reshapedStrides } from './strides.ts';

export interface TensorOptions {
  /** A letter for each dimension, such as `HWC` or `NCHW`. */
  readonly layout: string;
  /** Where the memory is; `auto` by default. */
  readonly device?: DeviceOption | undefined;
}

const streamOption = namesOf<OnStream>({ stream: true });

const made = Symbol('made');

interface Made extends TensorOptions {
  readonly [made]?: ArrayView;
}

/** A tensor over a part of memory; for this room. */
export let tensorOf: (part: ArrayView, layout: string) => Tensor;

/**
 * An array of a device with a shape, an element type and a letter for each dimension. New memory is not initialised. `reshape`,
 * `slice`, `permute` and `squeeze` make further tensors over the same memory: what one writes the others see. Freed by `using`,
 * `free()` or the garbage collector.
 *
 * @example
 * using batch = new Tensor([8, 3, 224, 224], 'f32', { layout: 'NCHW' })
 */
export class Tensor implements Disposable, DeviceArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly layout: string;
  /** Bytes from an element to the next one in each dimension. */
  readonly strides: readonly number[];
  readonly device: DeviceId;
  readonly readOnly: boolean;
  #part: ArrayView | undefined; // until it is freed
  readonly #owned: CudaBuffer | undefined;

  static {
    tensorOf = (part, layout) => {
      const options: Made = { layout, [made]: part };
      return new Tensor(part.shape, part.dtype, options);
    };
  }

  constructor(shape: readonly number[], dtype: DTypeName, options: TensorOptions) {
    checkNames(options, namesOf<TensorOptions>({ layout: true, device: true }));
    const given = (options as Made)[made];
    checkShape(shape);
    checkLayout(options.layout, shape);
    const { device } = options;
    this.#owned = given ? undefined : new CudaBuffer(shape, dtype, { device });
    const part = given ?? (this.#owned as CudaBuffer)[view];
    this.#part = part;
    this.shape = part.shape;
    this.dtype = part.dtype;
    this.layout = options.layout;
    this.strides = part.strides;
    this.device = part.device;
    this.readOnly = part.readOnly;
  }

  /**
   * A tensor over a buffer, or over another library's memory as `CudaBuffer.fromCuda` takes it; no copy. A layout of another
   * number of letters than dimensions is ERR_INVALID_ARGUMENT.
   *
   * @example
   * const tensor = Tensor.from(buffer, { layout: 'HWC' })
   */
  static from(source: DeviceArray | CudaArraySource, options: { readonly layout: string }): Tensor {
    checkNames(options, ['layout']);
    const array = isOurs(source) ? source : CudaBuffer.fromCuda(source);
    return tensorOf(array[view], options.layout);
  }

  /** Elements. */
  get size(): number {
    return countOf(this.shape);
  }

  /** Whether the elements lie behind one another in the order of the dimensions. */
  get isContiguous(): boolean {
    return isPacked(this.shape, this.strides, dtypeInfo(this.dtype).bytes);
  }

  /** As `CudaBuffer.cudaArrayInterface`: undefined on the CPU device. */
  get cudaArrayInterface(): CudaArrayInterface | undefined {
    const part = this[view];
    return this.device === 'cpu' ? undefined : interfaceOf(part, part.memory.address);
  }

  /** @internal */
  get [view](): ArrayView {
    if (!this.#part) throw new FramelaneError('ERR_DISPOSED', 'the tensor has been freed');
    void this.#part.memory.address; // of memory that has been freed: ERR_DISPOSED
    return this.#part;
  }

  /**
   * The same elements in another shape of as many. ERR_INVALID_ARGUMENT where they would have to move: see `toContiguous`.
   *
   * @example
   * const rows = tensor.reshape([height, width * 4], 'HW')
   */
  reshape(shape: readonly number[], layout: string): Tensor {
    const part = this[view];
    checkShape(shape);
    checkLayout(layout, shape);
    if (countOf(shape) !== this.size) {
      throw invalidArgument('shape', `sizes of ${this.size} elements`, shape);
    }
    const strides = reshapedStrides(part.shape, part.strides, shape, dtypeInfo(part.dtype).bytes);
    if (strides === undefined) {
      throw needsPacking(
        'reshape',
        `a shape that the strides ${describeValue(part.strides)} allow`,
        shape,
      );
    }
    return tensorOf({ ...part, shape: [...shape], strides }, layout);
  }

  /**
   * A part of the same elements: [start, end) in each dimension that is named, negative from its end.
   *
   * @example
   * const topLeft = tensor.slice({ H: [0, 100], W: [0, 100] })
   */
  slice(ranges: Readonly<Record<string, readonly [start: number, end?: number]>>): Tensor {
    const part = this[view];
    checkNames(ranges, [...this.layout], 'ranges');
    let { offset } = part;
    const shape = part.shape.map((size, i) => {
      const letter = this.layout[i] as string;
      const [start, end] = rangeOf(ranges[letter], size, letter);
      if (end > start) offset += start * (part.strides[i] as number);
      return end - start;
    });
    return tensorOf({ ...part, offset, shape }, this.layout);
  }

  /**
   * The same elements with the dimensions in another order, by their letters.
   *
   * @example
   * const planar = tensor.permute('CHW')
   */
  permute(layout: string): Tensor {
    const part = this[view];
    const isOrder =
      typeof layout === 'string' &&
      layout.length === this.layout.length &&
      [...this.layout].every((letter) => layout.includes(letter));
    if (!isOrder) throw invalidArgument('layout', `the letters of ${this.layout}`, layout);
    const order = [...layout].map((letter) => this.layout.indexOf(letter));
    const pick = (values: readonly number[]) => order.map((i) => values[i] as number);
    return tensorOf({ ...part, shape: pick(part.shape), strides: pick(part.strides) }, layout);
  }

  /**
   * The same elements without the named dimensions, which have one element; without all such by default.
   *
   * @example
   * const image = batch.slice({ N: [0, 1] }).squeeze('N')
   */
  squeeze(letters?: string): Tensor {
    const part = this[view];
    const isGone = (i: number) =>
      letters?.includes(this.layout[i] as string) ?? part.shape[i] === 1;
    for (const letter of letters ?? '') {
      const size = part.shape[this.layout.indexOf(letter)];
      if (size !== 1) throw invalidArgument('letters', 'dimensions of one element', letter);
    }
    const keep = <T>(values: readonly T[]) => values.filter((_, i) => !isGone(i));
    return tensorOf(
      { ...part, shape: keep(part.shape), strides: keep(part.strides) },
      keep([...this.layout]).join(''),
    );
  }

  /** A copy whose elements lie behind one another, on the same device; always new memory. */
  toContiguous(options: OnStream = {}): Tensor {
    checkNames(options, streamOption);
    const part = this[view];
    const result = new Tensor(part.shape, part.dtype, { layout: this.layout, device: part.device });
    memcpyDtoD(result, this, options);
    return result;
  }

  /**
   * Fills the tensor from a typed array of exactly its elements, in the order of its dimensions.
   *
   * @example
   * tensor.copyFrom(samples)
   */
  copyFrom(samples: TypedArray, options: OnStream = {}): void {
    checkNames(options, streamOption);
    memcpyHtoD(this, samples, options);
  }

  /**
   * The elements in the order of the dimensions, in `into` or a new array; waits for the work on them.
   *
   * @example
   * const samples = tensor.copyTo()
   */
  copyTo<T extends TypedArray = TypedArray>(into?: T, options: OnStream = {}): T {
    checkNames(options, streamOption);
    const array = into ?? (newTypedArray(this.dtype, this.size) as T);
    memcpyDtoH(array, this, options);
    return array;
  }

  /** Gives back what the tensor allocated; one over other memory only lets go of it. Later use is ERR_DISPOSED. */
  free(): void {
    this.#part = undefined;
    this.#owned?.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function isOurs(source: unknown): source is DeviceArray {
  return typeof source === 'object' && source !== null && view in source;
}

/** The error for a tensor whose elements do not lie as they must. */
export function needsPacking(what: string, expected: string, received: unknown): FramelaneError {
  return new FramelaneError(
    'ERR_INVALID_ARGUMENT',
    `${what}: expected ${expected}, received ${describeValue(received)}; toContiguous() makes a packed copy`,
    { path: what },
  );
}

function checkLayout(layout: unknown, { length }: readonly number[]): void {
  const isLayout =
    typeof layout === 'string' &&
    layout.length === length &&
    /^[A-Z]*$/.test(layout) &&
    new Set(layout).size === length;
  if (isLayout) return;
  throw invalidArgument(
    'layout',
    `${length} different capital letters, one for each dimension`,
    layout,
  );
}

function rangeOf(range: unknown, size: number, letter: string): readonly [number, number] {
  if (range === undefined) return [0, size];
  const [start, end = size] = Array.isArray(range) ? (range as number[]) : [];
  const fromEnd = (at: unknown) =>
    Number.isInteger(at) ? ((at as number) < 0 ? (at as number) + size : (at as number)) : -1;
  const [first, last] = [fromEnd(start), fromEnd(end)];
  if (first >= 0 && first <= last && last <= size) return [first, last];
  throw invalidArgument(`ranges.${letter}`, `[start, end] within ${size} elements`, range);
}
