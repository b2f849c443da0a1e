/** Pixels in and out of an image, and between images. */

import { invalidArgument, invalidOption } from '../errors/invalid.ts';
import { checkNames } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import { perform } from '../threads/pool.ts';
import { type Samples, typedSamples, type UntypedBytes } from './float-bytes.ts';
import { type AnyImage, handleOf, type Image, type ImageU8, idOf, imageLike } from './image.ts';
import { numberOf, type OnStream } from './on-stream.ts';
import { codesFrom, floatsFrom } from './pixels.ts';

/** A rectangle of pixels inside an image. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface UploadOptions extends OnStream {
  /** The part to fill; the rest is unchanged. The whole image by default. */
  readonly region?: Region | undefined;
}

/**
 * Fills an image, or a region of it, from RGBA samples: exactly width * height * 4 of them: floats unchanged, bytes as
 * v / 255, 16-bit codes as v / 65535. The device converts samples to the image's type. A Buffer, an
 * ArrayBuffer or a DataView of width * height * 16 bytes is read as floats in the byte order of this machine.
 *
 * @example
 * upload(image, new Float32Array(image.width * image.height * 4))
 */
export function upload(
  image: AnyImage,
  samples: Samples | UntypedBytes,
  options: UploadOptions = {},
): void {
  const handle = handleOf(image);
  checkNames(options, ['region', 'stream']);
  const { region, stream } = options;
  const on = numberOf(stream);
  if (region === undefined) {
    handle.upload(deviceSamples(image, samples), on);
    return;
  }
  const { x, y, width, height } = checkedRegion(region);
  using part = imageLike(image, width, height);
  upload(part, samples, { stream });
  handle.copyRegion(handleOf(part), 0, 0, x, y, width, height, on);
}

/**
 * Like `upload`, in a thread and through pinned memory, without blocking the event loop. Neither the image nor the
 * samples may change until the promise settles; samples in a resizable ArrayBuffer are ERR_INVALID_ARGUMENT.
 *
 * @example
 * await uploadAsync(image, pixels)
 */
export async function uploadAsync(
  image: AnyImage,
  samples: Samples | UntypedBytes,
  options: OnStream = {},
): Promise<void> {
  const handle = handleOf(image);
  checkNames(options, ['stream']);
  const on = numberOf(options.stream);
  const isWhole = samples instanceof Uint16Array && samples.length === sampleCount(image);
  const floats = isWhole
    ? await perform('floatsFrom', floatsFrom, [samples], 4 * samples.length)
    : deviceSamples(image, samples);
  await handle.uploadAsync(floats, on);
}

/** Samples for the addon: wide ones become floats, after their count is checked; shared ones are copied. */
function deviceSamples(image: AnyImage, given: Samples | UntypedBytes): Samples {
  const samples = typedSamples(given, sampleCount(image));
  if (!isWide(samples)) return isShared(samples) ? samples.slice() : samples;
  if (samples.length !== sampleCount(image)) return samples;
  return samples instanceof Uint16Array ? floatsFrom(samples) : Float32Array.from(samples);
}

function checkedRegion(region: unknown): Region {
  if (typeof region === 'object' && region !== null) return region as Region;
  throw invalidOption('region', 'x, y, width and height', region);
}

const isWide = (samples: Samples): samples is Uint16Array | Float64Array =>
  samples instanceof Uint16Array || samples instanceof Float64Array;
/** Node-API does not support SharedArrayBuffer. */
const isShared = (samples: Samples | undefined) => samples?.buffer instanceof SharedArrayBuffer;
const sampleCount = ({ width, height }: AnyImage) => width * height * 4;

export interface DownloadOptions<T extends Samples = Samples> extends OnStream {
  /** The element type of the result; the image's own by default. Bytes are floor(clamp(v, 0, 1) * 255 + 0.5). */
  readonly as?: 'f32' | 'u8' | undefined;
  /** The array to fill; its type is that of the samples. */
  readonly into?: T | undefined;
  /** The part to read; the whole image by default. */
  readonly region?: Region | undefined;
}

interface Into<T extends Samples> extends DownloadOptions<T> {
  readonly into: T;
}
interface As<E extends 'f32' | 'u8'> extends DownloadOptions<never> {
  readonly as: E;
}
type OwnElement = Omit<DownloadOptions<never>, 'as' | 'into'>;

/**
 * The RGBA samples of an image or a region of it, row by row from the top left; waits for pending work.
 *
 * @example
 * const pixels = download(image) // Float32Array for an Image, Uint8Array for an ImageU8
 */
export function download<T extends Samples>(image: AnyImage, options: Into<T>): T;
export function download(image: AnyImage, options: As<'u8'>): Uint8Array;
export function download(image: AnyImage, options: As<'f32'>): Float32Array;
export function download(image: ImageU8, options?: OwnElement): Uint8Array;
export function download(image: Image, options?: OwnElement): Float32Array;
export function download(image: AnyImage, options: DownloadOptions = {}): Samples {
  const handle = handleOf(image);
  checkNames(options, ['as', 'into', 'region', 'stream']);
  const { region, ...whole } = options;
  const on = numberOf(whole.stream);
  if (region !== undefined) {
    const { x, y, width, height } = checkedRegion(region);
    using part = imageLike(image, width, height);
    handleOf(part).copyRegion(handle, x, y, 0, 0, width, height, on);
    return download(part as Image, whole as OwnElement);
  }
  const into = whole.into ?? newSamples(whole.as ?? image.element, image);
  const received = receiving(image, into);
  handle.download(received, on);
  return asAsked(received, into);
}

/**
 * Like `download`, in a thread and through pinned memory, without blocking the event loop. It returns the pixels at the time
 * of the call, unaffected by later changes. `into` a resizable ArrayBuffer is ERR_INVALID_ARGUMENT.
 *
 * @example
 * const pixels = await downloadAsync(image, { as: 'u8' })
 */
export function downloadAsync<T extends Samples>(
  image: AnyImage,
  options: { into: T } & OnStream,
): Promise<T>;
export function downloadAsync(
  image: AnyImage,
  options: { as: 'u8' } & OnStream,
): Promise<Uint8Array>;
export function downloadAsync(
  image: AnyImage,
  options: { as: 'f32' } & OnStream,
): Promise<Float32Array>;
export function downloadAsync(image: ImageU8, options?: OnStream): Promise<Uint8Array>;
export function downloadAsync(image: Image, options?: OnStream): Promise<Float32Array>;
export async function downloadAsync(
  image: AnyImage,
  options: Omit<DownloadOptions, 'region'> = {},
): Promise<Samples> {
  const handle = handleOf(image);
  checkNames(options, ['as', 'into', 'stream']);
  const on = numberOf(options.stream);
  const into = options.into ?? newSamples(options.as ?? image.element, image);
  return asAsked(await handle.downloadAsync(receiving(image, into), on), into);
}

/** The array that the addon fills: floats for wider samples, our own memory for shared arrays. */
function receiving(image: AnyImage, into: Samples): Samples {
  if (!isWide(into)) return isShared(into) ? into.slice() : into;
  return into.length === sampleCount(image) ? new Float32Array(into.length) : into;
}

function asAsked(received: Samples, into: Samples): Samples {
  if (received === into) return into;
  if (into instanceof Uint16Array) return codesFrom(received as Float32Array, into);
  into.set(received);
  return into;
}

/**
 * Allocates an array for the samples of an image in host memory that its device accesses directly (pinned on CUDA): uploads
 * from it and downloads into it copy once. Freed by the garbage collector, counted as `host` by `memoryUsage`.
 *
 * @example
 * const pixels = pinnedSamples(image, 'u8'); upload(image, pixels)
 */
export function pinnedSamples(image: AnyImage, as: 'u8'): Uint8Array;
export function pinnedSamples(image: AnyImage, as: 'f32'): Float32Array;
export function pinnedSamples(image: AnyImage, as: 'f32' | 'u8'): Samples {
  handleOf(image);
  const count = sampleCount(image);
  if (as !== 'f32' && as !== 'u8') throw invalidArgument('as', 'f32 or u8', as);
  if (as === 'f32') return new Float32Array(addon().hostMemory(image.device, 4 * count));
  return new Uint8Array(addon().hostMemory(image.device, count));
}

function newSamples(element: unknown, image: AnyImage): Samples {
  if (element === 'f32') return new Float32Array(sampleCount(image));
  if (element === 'u8') return new Uint8Array(sampleCount(image));
  throw invalidArgument('as', 'f32 or u8', element);
}

/**
 * Copies pixels between images of the same element type; `destination` takes the size of `source`.
 *
 * @example
 * copy(destination, source)
 */
export function copy<T extends AnyImage>(destination: T, source: T, options?: OnStream): void {
  const [target, origin] = [idOf(destination, 'destination'), idOf(source, 'source')];
  expectElement(source, destination.element, 'source');
  addon().recordCopy(target, origin, onOf(options), source, options);
}

/**
 * Float to bytes, floor(clamp(v, 0, 1) * 255 + 0.5), NaN to 0; `destination` takes the size of `source`.
 *
 * @example
 * convertFloatToU8(bytes, image)
 */
export function convertFloatToU8(destination: ImageU8, source: Image, options?: OnStream): void {
  convert(destination, 'u8', source, 'f32', options);
}

/**
 * Bytes to float, v / 255; `destination` takes the size of `source`.
 *
 * @example
 * convertU8ToFloat(image, bytes)
 */
export function convertU8ToFloat(destination: Image, source: ImageU8, options?: OnStream): void {
  convert(destination, 'f32', source, 'u8', options);
}

function onOf(options: OnStream | undefined): number {
  if (options === undefined) return 0;
  checkNames(options, ['stream']);
  return numberOf(options.stream);
}

function convert(
  destination: AnyImage,
  to: 'f32' | 'u8',
  source: AnyImage,
  from: 'f32' | 'u8',
  options: OnStream | undefined,
) {
  const [target, origin] = [idOf(destination, 'destination'), idOf(source, 'source')];
  expectElement(destination, to, 'destination');
  expectElement(source, from, 'source');
  addon().recordCopy(target, origin, onOf(options), source, options);
}

export function expectElement(image: AnyImage, element: 'f32' | 'u8', what: string): void {
  if (image.element === element) return;
  throw invalidArgument(what, element === 'f32' ? 'an Image' : 'an ImageU8', image);
}
