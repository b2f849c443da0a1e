/** Text as images. */

import { resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { checkNames } from '../errors/option-names.ts';
import {
  type AnyImage,
  handleOf,
  Image,
  type ImageOptions,
  ImageU8,
  idOf,
} from '../image/image.ts';
import { upload } from '../image/transfer.ts';
import { addon } from '../native/binding.ts';
import { cached, cacheUsage, emptyCache, keep, limitCache, type TextCacheUsage } from './cache.ts';
import { checkStyle, checkText, styleNames, type TextStyle } from './options.ts';
import { type Bitmap, renderText } from './render.ts';

export interface TextOptions extends TextStyle, ImageOptions {
  /** `u8` (default) makes an ImageU8, `f32` an Image. */
  readonly as?: 'u8' | 'f32' | undefined;
}

export interface TextIntoOptions<T extends AnyImage> extends TextStyle {
  /** Receives the text and takes its size, instead of a new image; determines the device. */
  readonly dst: T;
}

/**
 * Renders a text to an image with straight alpha, with the size of its ink plus padding. The same text with the same options is
 * copied from a cache on the device.
 *
 * @throws FramelaneError ERR_FONT_NOT_FOUND, ERR_INVALID_MARKUP, ERR_INVALID_OPTION, ERR_PIXEL_LIMIT; ERR_INVALID_SIZE
 * if there is nothing to draw; ERR_CAPACITY_EXCEEDED if `dst` is too small.
 * @example
 * using title = await Text.create('Chapter 1', { size: 64, color: '#ffffff' })
 */
function create<T extends AnyImage>(text: string, options: TextIntoOptions<T>): Promise<T>;
function create(text: string, options: TextOptions & { readonly as: 'f32' }): Promise<Image>;
function create(text: string, options?: TextOptions & { readonly as?: 'u8' }): Promise<ImageU8>;
async function create(
  text: string,
  options: TextOptions & { readonly dst?: AnyImage } = {},
): Promise<AnyImage> {
  checkNames(options, [...styleNames, 'dst', 'as', 'device']);
  const { dst, as = 'u8', device: wanted, ...rest } = options;
  if (dst !== undefined) handleOf(dst, 'dst');
  if (as !== 'u8' && as !== 'f32') throw invalidOption('as', 'u8 or f32', as);
  const device = dst?.device ?? resolveDevice(wanted);
  const style = checkStyle(rest);
  const content = checkText(text);
  const key = JSON.stringify([device, content, style]);

  const kept = cached(key);
  if (kept) return received(kept, dst, as);
  const drawn = await renderText(content, style);
  if (!drawn) {
    const message = 'text: expected visible characters, received only white space';
    throw new FramelaneError('ERR_INVALID_SIZE', message, { path: 'text' });
  }
  const image = new ImageU8(drawn.width, drawn.height, { device });
  try {
    upload(image, drawn.data);
    return received(image, dst, as);
  } finally {
    keep(key, image);
  }
}

function received(image: ImageU8, dst: AnyImage | undefined, as: 'u8' | 'f32'): AnyImage {
  const { width, height, device } = image;
  dst?.resize(width, height);
  const to = dst ?? new (as === 'u8' ? ImageU8 : Image)(width, height, { device });
  addon().recordCopy(idOf(to), idOf(image));
  return to;
}

/**
 * The size of the image that `create` would make, in pixels; 0x0 if there is nothing to draw.
 *
 * @example
 * const { width, height } = await Text.measure('Chapter 1', { size: 64 })
 */
async function measure(
  text: string,
  options: TextStyle = {},
): Promise<{ readonly width: number; readonly height: number }> {
  const bitmap: Bitmap | undefined = await renderText(checkText(text), checkStyle(options));
  return { width: bitmap?.width ?? 0, height: bitmap?.height ?? 0 };
}

/**
 * Memory, hits and misses of the cache of texts.
 *
 * @example
 * console.log(Text.cacheUsage().bytes)
 */
function usage(): TextCacheUsage {
  return cacheUsage();
}

/** Limits the bytes of cached texts, 16 MiB by default; 0 disables the cache. */
function setCacheLimit(bytes: number): void {
  if (typeof bytes !== 'number' || !(bytes >= 0)) {
    throw invalidOption('bytes', 'a number of at least 0', bytes);
  }
  limitCache(bytes);
}

/** Frees the cached texts. */
function clearCache(): void {
  emptyCache();
}

/** Titles and labels, drawn by Pango. */
export const Text = Object.freeze({
  create,
  measure,
  cacheUsage: usage,
  setCacheLimit,
  clearCache,
});
