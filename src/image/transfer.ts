/** Pixels in and out of an image, and between images. */
import { describeValue, FramelaneError } from '../errors.ts';
import { type AnyImage, handleOf, type Image, type ImageU8 } from './image.ts';
import { codesFrom, floatsFrom } from './pixels.ts';

/** Samples as JavaScript holds them: a Buffer is a Uint8Array, too. */
export type Samples = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Uint16Array;

/**
 * Fills an image from RGBA samples: exactly width * height * 4 of them, floats as they are, bytes as v / 255, 16-bit codes
 * as v / 65535. Samples of the other type than the image's are converted on the device.
 *
 * @example
 * upload(image, new Float32Array(image.width * image.height * 4))
 */
export function upload(image: AnyImage, samples: Samples): void {
  handleOf(image).upload(deviceSamples(image, samples));
}

/** As the addon takes them: wide samples become floats, once their count is known to be right. */
function deviceSamples(image: AnyImage, samples: Samples): Samples {
  const wide = samples instanceof Uint16Array || samples instanceof Float64Array;
  if (!wide || samples.length !== image.width * image.height * 4) return samples;
  return samples instanceof Uint16Array ? floatsFrom(samples) : Float32Array.from(samples);
}

export interface DownloadOptions<T extends Samples = Samples> {
  /** The element type of the result; the image's own by default. Bytes are floor(clamp(v, 0, 1) * 255 + 0.5). */
  readonly as?: 'f32' | 'u8';
  /** Where to put the samples; its type decides theirs. */
  readonly into?: T;
}

/**
 * The RGBA samples of an image, row by row from the top left; waits for the work before it.
 *
 * @example
 * const pixels = download(image) // Float32Array for an Image, Uint8Array for an ImageU8
 */
export function download<T extends Samples>(image: AnyImage, options: { into: T }): T;
export function download(image: AnyImage, options: { as: 'u8' }): Uint8Array;
export function download(image: AnyImage, options: { as: 'f32' }): Float32Array;
export function download(image: ImageU8): Uint8Array;
export function download(image: Image): Float32Array;
export function download(image: AnyImage, options: DownloadOptions = {}): Samples {
  const handle = handleOf(image);
  const into = options.into ?? newSamples(options.as ?? image.element, image);
  const count = image.width * image.height * 4;
  const wide = into instanceof Uint16Array || into instanceof Float64Array;
  if (!wide || into.length !== count) {
    handle.download(into);
    return into;
  }
  const floats = new Float32Array(count);
  handle.download(floats);
  if (into instanceof Uint16Array) codesFrom(floats, into);
  else into.set(floats);
  return into;
}

function newSamples(element: unknown, image: AnyImage): Samples {
  const count = image.width * image.height * 4;
  if (element === 'f32') return new Float32Array(count);
  if (element === 'u8') return new Uint8Array(count);
  const message = `as: expected f32 or u8, received ${describeValue(element)}`;
  throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'as' });
}

/**
 * Copies pixels between images of the same element type; `destination` takes the size of `source`.
 *
 * @example
 * copy(destination, source)
 */
export function copy<T extends AnyImage>(destination: T, source: T): void {
  if (handleOf(destination, 'destination') && handleOf(source, 'source')) {
    expectElement(source, destination.element, 'source');
  }
  handleOf(destination).copyFrom(handleOf(source));
}

/**
 * Float to bytes, floor(clamp(v, 0, 1) * 255 + 0.5), NaN to 0; `destination` takes the size of `source`.
 *
 * @example
 * convertFloatToU8(bytes, image)
 */
export function convertFloatToU8(destination: ImageU8, source: Image): void {
  convert(destination, 'u8', source, 'f32');
}

/**
 * Bytes to float, v / 255; `destination` takes the size of `source`.
 *
 * @example
 * convertU8ToFloat(image, bytes)
 */
export function convertU8ToFloat(destination: Image, source: ImageU8): void {
  convert(destination, 'f32', source, 'u8');
}

function convert(destination: AnyImage, to: 'f32' | 'u8', source: AnyImage, from: 'f32' | 'u8') {
  const [target, origin] = [handleOf(destination, 'destination'), handleOf(source, 'source')];
  expectElement(destination, to, 'destination');
  expectElement(source, from, 'source');
  target.copyFrom(origin);
}

function expectElement(image: AnyImage, element: 'f32' | 'u8', what: string): void {
  if (image.element === element) return;
  const expected = element === 'f32' ? 'an Image' : 'an ImageU8';
  const message = `${what}: expected ${expected}, received ${describeValue(image)}`;
  throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: what });
}
