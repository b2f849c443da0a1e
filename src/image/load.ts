/** Loading image files: files of 8 bits are uploaded as bytes and converted on the device. */
import { FramelaneError } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { throwIfAborted } from '../system/limits.ts';
import { type ImageInfo, type OpenImage, openImage } from './decode.ts';
import { type AnyImage, type Image, type ImageU8, pixelCapacity } from './image.ts';
import { type Colorspace, colorspaces } from './pixels.ts';
import {
  givenImages,
  type ReceiveOptions,
  type ReceiveU8Options,
  receiveAsync,
  receiveNames,
  receiveU8Async,
} from './receive.ts';
import { type FileSource, openSource } from './source.ts';

export interface ReadOptions {
  /** Rotate by the EXIF orientation; true by default. HEIC and AVIF have their own, which always applies. */
  readonly autorotate?: boolean | undefined;
  /** Which frame of an animation or page of a TIFF, from 0; 0 by default. */
  readonly page?: number | undefined;
  /**
   * `srgb` (default): converted by the file's profile, floats on the sRGB curve with highlights kept; `linear`: the same in
   * linear light; `source`: the values of the file.
   */
  readonly colorspace?: Colorspace | undefined;
  /** The most pixels to decode, against headers that claim a huge size; 2^28 by default. */
  readonly pixelLimit?: number | undefined;
  /** The most seconds to decode, against small files that take long; 30 by default. */
  readonly timeLimit?: number | undefined;
  /** The most memory of the decoder in bytes, if known or measured; 2^32 by default. */
  readonly memoryLimit?: number | undefined;
  /** Aborts with ERR_ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

export const readNames = namesOf<ReadOptions>({
  autorotate: true,
  page: true,
  colorspace: true,
  pixelLimit: true,
  timeLimit: true,
  memoryLimit: true,
  signal: true,
});
const names = [...readNames, ...receiveNames];

export interface LoadU8Options extends ReadOptions, ReceiveU8Options {}
export interface LoadOptions extends ReadOptions, ReceiveOptions {}

/**
 * Reads JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF, BMP, SVG or Radiance HDR into a float image, whatever its depth and channels.
 * With `f32` and `u8` nothing is allocated: `f32` receives the image, `u8` lends its memory for the conversion.
 *
 * @throws FramelaneError ERR_INPUT_NOT_FOUND, ERR_INPUT_EMPTY, ERR_INPUT_INVALID, ERR_INPUT_TRUNCATED,
 * ERR_UNSUPPORTED_FORMAT, ERR_PIXEL_LIMIT, ERR_TIME_LIMIT, ERR_MEMORY_LIMIT, ERR_ABORTED, ERR_CAPACITY_EXCEEDED when a given image is too small.
 * @example
 * using photo = await load('photo.jpg')
 */
export async function load(source: FileSource, options: LoadOptions = {}): Promise<Image> {
  checkNames(options, names);
  const { pixels } = await openImageFile(source, options, givenImages(options));
  return receiveAsync(await pixels(), options);
}

/** Like `load`, into an 8-bit image. */
export async function loadU8(source: FileSource, options: LoadU8Options = {}): Promise<ImageU8> {
  checkNames(options, names);
  const { pixels } = await openImageFile(source, options, givenImages({ u8: options.u8 }));
  return receiveU8Async(await pixels(), options);
}

/**
 * Reads the header of an image file, without decoding the image.
 *
 * @example
 * const { pages } = await imageInfo('loop.gif')
 */
export async function imageInfo(source: FileSource, options: ReadOptions = {}): Promise<ImageInfo> {
  checkNames(options, names);
  return (await openImageFile(source, options)).info;
}

/** The complete options; ERR_INVALID_OPTION for invalid ones. */
export function checkReading(options: ReadOptions) {
  const { autorotate = true, page = 0, colorspace = 'srgb', signal } = options;
  const { pixelLimit = 2 ** 28, timeLimit = 30, memoryLimit = 2 ** 32 } = options;
  if (typeof autorotate !== 'boolean') throw invalidOption('autorotate', 'a boolean', autorotate);
  if (!Number.isInteger(page) || page < 0) {
    throw invalidOption('page', 'an integer of at least 0', page);
  }
  if (!colorspaces.includes(colorspace)) {
    throw invalidOption('colorspace', `one of ${colorspaces.join(', ')}`, colorspace);
  }
  if (typeof pixelLimit !== 'number' || !(pixelLimit >= 1)) {
    throw invalidOption('pixelLimit', 'a number of at least 1', pixelLimit);
  }
  if (typeof timeLimit !== 'number' || !(timeLimit > 0)) {
    throw invalidOption('timeLimit', 'a number of seconds above 0', timeLimit);
  }
  if (typeof memoryLimit !== 'number' || !(memoryLimit >= 1)) {
    throw invalidOption('memoryLimit', 'a number of bytes of at least 1', memoryLimit);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidOption('signal', 'an AbortSignal', signal);
  }
  return { autorotate, page, colorspace, pixelLimit, timeLimit, memoryLimit, signal };
}

/** Reads the header and checks the size against the limit and the given images. */
export async function openImageFile(
  source: FileSource,
  options: ReadOptions,
  buffers: readonly AnyImage[] = [],
): Promise<OpenImage> {
  const { pixelLimit, ...reading } = checkReading(options);
  throwIfAborted(reading.signal);
  const opened = await openSource(source);
  const image = await openImage(opened, reading);
  const { width, height } = image.info;
  const size = `${opened.name}: ${width}x${height}`;
  if (width * height > pixelLimit) {
    const message = `${size} exceeds the limit of ${pixelLimit} pixels; raise pixelLimit`;
    throw new FramelaneError('ERR_PIXEL_LIMIT', message);
  }
  for (const buffer of buffers) {
    if (width * height <= pixelCapacity(buffer)) continue;
    const message = `${size} exceeds the capacity of ${pixelCapacity(buffer)} pixels of the given image`;
    throw new FramelaneError('ERR_CAPACITY_EXCEEDED', message);
  }
  return image;
}
