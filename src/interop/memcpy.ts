/** Copies between arrays of the host and of devices. Everything is checked before anything is touched. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import { type ArrayView, type DeviceArray, view } from './array-view.ts';
import { arrayNames, dtypeInfo, holds, type TypedArray } from './dtype.ts';
import { countOf, isPacked, packedStrides, requireCount } from './strides.ts';

/** A part of a device's array: elements of a packed one, or a rectangle of a [height, width] or [height, width, channels] one. */
export type ArrayPart =
  | { readonly offset?: number | undefined; readonly length?: number | undefined }
  | { readonly region: PartRegion };

export interface PartRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Of the device's array; and how far apart rows (of all but the first dimension) are in the host's array, in elements. */
export type HostCopyOptions = ArrayPart & { readonly hostPitch?: number | undefined };

export interface DeviceCopyOptions {
  readonly to?: ArrayPart | undefined;
  readonly from?: ArrayPart | undefined;
}

type Arguments = Parameters<ReturnType<typeof addon>['copyMemory']>;

/**
 * Copies a typed array to a device and waits for it. The array has the element type of the buffer and exactly as many elements
 * as the buffer or the part. ERR_INVALID_ARGUMENT: another type or count, a read-only buffer, a part outside.
 *
 * @example
 * memcpyHtoD(buffer, samples, { region: { x: 0, y: 0, width: 64, height: 64 } })
 */
export function memcpyHtoD(dst: DeviceArray, src: TypedArray, options: HostCopyOptions = {}): void {
  addon().copyMemory(...toDevice(dst, src, options));
}

/**
 * Like `memcpyHtoD`, without blocking the event loop while the device works. The samples are those at the time of the call.
 *
 * @example
 * await memcpyHtoDAsync(buffer, samples)
 */
export async function memcpyHtoDAsync(
  dst: DeviceArray,
  src: TypedArray,
  options: HostCopyOptions = {},
): Promise<void> {
  await addon().copyMemoryAsync(...toDevice(dst, src, options));
}

/**
 * Copies a device's array to a typed array, after all work on it. Types and counts as for `memcpyHtoD`.
 *
 * @example
 * memcpyDtoH(samples, buffer)
 */
export function memcpyDtoH(dst: TypedArray, src: DeviceArray, options: HostCopyOptions = {}): void {
  const into = isShared(dst) ? dst.slice() : dst;
  addon().copyMemory(...toHost(into, src, options));
  if (into !== dst) (dst as Uint8Array).set(into as Uint8Array);
}

/**
 * Like `memcpyDtoH`, without blocking the event loop while the device works: the elements are those at the time of the call. An
 * array whose ArrayBuffer has been transferred meanwhile is ERR_INVALID_ARGUMENT.
 *
 * @example
 * await memcpyDtoHAsync(samples, buffer)
 */
export async function memcpyDtoHAsync(
  dst: TypedArray,
  src: DeviceArray,
  options: HostCopyOptions = {},
): Promise<void> {
  const into = isShared(dst) ? dst.slice() : dst;
  await addon().copyMemoryAsync(...toHost(into, src, options));
  if (into !== dst) (dst as Uint8Array).set(into as Uint8Array);
}

/**
 * Copies between arrays of one shape and element type, on one device or two, strided or not, overlapping or not. It only
 * enqueues where no host memory is involved.
 *
 * @example
 * memcpyDtoD(target, source, { from: { offset: 1024, length: target.shape[0] } })
 */
export function memcpyDtoD(
  dst: DeviceArray,
  src: DeviceArray,
  options: DeviceCopyOptions = {},
): void {
  addon().copyMemory(...between(dst, src, options));
}

/**
 * Like `memcpyDtoD`; resolves when the copy is done.
 *
 * @example
 * await memcpyDtoDAsync(target, source)
 */
export async function memcpyDtoDAsync(
  dst: DeviceArray,
  src: DeviceArray,
  options: DeviceCopyOptions = {},
): Promise<void> {
  await addon().copyMemoryAsync(...between(dst, src, options));
}

function toDevice(dst: DeviceArray, src: TypedArray, options: HostCopyOptions): Arguments {
  const to = partOf(viewOf(dst, 'dst'), options, 'dst', ['hostPitch']);
  expectWritable(to);
  const strides = hostStrides(src, to, options, 'src');
  const array = isShared(src) ? src.slice() : src;
  const { bytes } = dtypeInfo(to.dtype);
  return [to.memory, to.offset, to.strides, array, 0, strides, to.shape, bytes];
}

function toHost(dst: TypedArray, src: DeviceArray, options: HostCopyOptions): Arguments {
  const from = partOf(viewOf(src, 'src'), options, 'src', ['hostPitch']);
  const strides = hostStrides(dst, from, options, 'dst');
  const { bytes } = dtypeInfo(from.dtype);
  return [dst, 0, strides, from.memory, from.offset, from.strides, from.shape, bytes];
}

function between(dst: DeviceArray, src: DeviceArray, options: DeviceCopyOptions): Arguments {
  checkNames(options, ['to', 'from']);
  const to = partOf(viewOf(dst, 'dst'), options.to ?? {}, 'to');
  const from = partOf(viewOf(src, 'src'), options.from ?? {}, 'from');
  expectWritable(to);
  if (to.dtype !== from.dtype) throw invalidArgument('src', `elements of ${to.dtype}`, from.dtype);
  if (to.shape.join() !== from.shape.join()) {
    throw invalidArgument('src', `the shape [${to.shape.join(', ')}]`, from.shape);
  }
  const { bytes } = dtypeInfo(to.dtype);
  return [
    to.memory,
    to.offset,
    to.strides,
    from.memory,
    from.offset,
    from.strides,
    to.shape,
    bytes,
  ];
}

export function viewOf(array: unknown, what: string): ArrayView {
  if (typeof array === 'object' && array !== null && view in array) {
    return (array as DeviceArray)[view];
  }
  throw invalidArgument(what, 'a CudaBuffer or a Tensor', array);
}

function expectWritable({ readOnly }: ArrayView): void {
  if (!readOnly) return;
  throw new FramelaneError(
    'ERR_INVALID_ARGUMENT',
    'dst: expected memory to write, received read-only memory',
    { path: 'dst' },
  );
}

/** Node-API does not support SharedArrayBuffer. */
const isShared = (array: TypedArray) =>
  ArrayBuffer.isView(array) && array.buffer instanceof SharedArrayBuffer;

/** Checks the type and the count of a host array, and says how it lies. */
function hostStrides(
  array: unknown,
  { shape, dtype }: ArrayView,
  { hostPitch }: HostCopyOptions,
  what: string,
): number[] {
  const isArray = ArrayBuffer.isView(array) && !(array instanceof DataView);
  if (!isArray || !holds(array as TypedArray, dtype)) {
    throw invalidArgument(what, `${arrayNames(dtype)} (elements of ${dtype})`, array);
  }
  const { length } = array as TypedArray;
  const { bytes } = dtypeInfo(dtype);
  if (hostPitch === undefined) {
    requireCount(length, countOf(shape), what);
    return packedStrides(shape, bytes);
  }
  const [rows = 1, ...row] = shape;
  const width = countOf(row);
  if (shape.length < 2 || !Number.isInteger(hostPitch) || hostPitch < width) {
    throw invalidArgument('hostPitch', `elements between rows, at least ${width}`, hostPitch);
  }
  const least = countOf(shape) === 0 ? 0 : (rows - 1) * hostPitch + width;
  if (length < least) throw invalidArgument(what, `at least ${least} elements`, length);
  return [hostPitch * bytes, ...packedStrides(row, bytes)];
}

function partOf(
  whole: ArrayView,
  part: ArrayPart,
  what: string,
  also: readonly string[] = [],
): ArrayView {
  checkNames(part, ['offset', 'length', 'region', ...also]);
  if ('region' in part) return regionOf(whole, part.region);
  const { offset, length } = part as { offset?: number; length?: number };
  if (offset === undefined && length === undefined) return whole;
  const { bytes } = dtypeInfo(whole.dtype);
  if (!isPacked(whole.shape, whole.strides, bytes)) {
    throw new FramelaneError(
      'ERR_INVALID_ARGUMENT',
      `${what}: expected a packed array for offset and length, received strides ${describeValue(whole.strides)} of the shape ${describeValue(whole.shape)}`,
      { path: what },
    );
  }
  const count = countOf(whole.shape);
  const start = offset ?? 0;
  if (!Number.isInteger(start) || start < 0 || start > count) {
    throw invalidArgument('offset', `an integer from 0 to ${count}`, offset);
  }
  const taken = length ?? count - start;
  if (!Number.isInteger(taken) || taken < 0 || taken > count - start) {
    throw invalidArgument('length', `an integer from 0 to ${count - start}`, length);
  }
  return { ...whole, offset: whole.offset + start * bytes, shape: [taken], strides: [bytes] };
}

function regionOf(whole: ArrayView, region: PartRegion): ArrayView {
  checkNames(region, ['x', 'y', 'width', 'height'], 'region');
  const [rows, columns, ...channels] = whole.shape;
  if (rows === undefined || columns === undefined || channels.length > 1) {
    throw invalidArgument(
      'region',
      'an array of [height, width] or [height, width, channels]',
      whole.shape,
    );
  }
  const { x, y, width, height } = region;
  const isInside =
    [x, y, width, height].every((value) => Number.isInteger(value) && value >= 0) &&
    x + width <= columns &&
    y + height <= rows;
  if (!isInside) {
    throw invalidArgument('region', `a rectangle inside ${columns}x${rows}`, [x, y, width, height]);
  }
  const [rowStride, columnStride] = whole.strides as [number, number];
  const offset = whole.offset + y * rowStride + x * columnStride;
  return { ...whole, offset, shape: [height, width, ...channels] };
}
