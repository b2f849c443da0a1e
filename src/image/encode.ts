/** Encoding images to the bytes of files. */
import { describeValue, FramelaneError, reasonOf } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { perform } from '../threads/pool.ts';
import { bmpEncode } from './bmp-encode.ts';
import { type CheckedOptions, checkOptions, type EncodeOptions } from './encode-options.ts';
import { traitsOf, type WritableFormat, writableFormats } from './formats.ts';
import { heicEncode } from './heif/encode.ts';
import { type AnyImage, handleOf, type Image } from './image.ts';
import { givenImages } from './receive.ts';
import { type Frames, inProfile, sharpEncode } from './sharp-encode.ts';
import { convertFloatToU8, download } from './transfer.ts';

/**
 * Encodes an image to the bytes of a file, or several of one size to an animation (GIF, WebP). Floats become bytes on the
 * device, floor(clamp(v, 0, 1) * 255 + 0.5), or 16-bit codes on the host.
 *
 * @throws FramelaneError ERR_UNSUPPORTED_FORMAT, ERR_INVALID_OPTION, ERR_OUTPUT_INVALID.
 * @example
 * const bytes = await encode(image, 'webp', { quality: 80 })
 */
export async function encode(
  image: AnyImage | readonly AnyImage[],
  format: WritableFormat,
  options: EncodeOptions = {},
): Promise<Buffer> {
  if (!writableFormats.includes(format)) {
    throw new FramelaneError(
      'ERR_UNSUPPORTED_FORMAT',
      `format: expected one of ${writableFormats.join(', ')}, received ${describeValue(format)}`,
      { path: 'format' },
    );
  }
  const checked = checkOptions(format, options);
  return encodeFrames(framesOf(image, format, checked), format, checked);
}

/** Copies the pixels to the host before the first `await`, so the images may change afterwards. */
export function framesOf(
  image: AnyImage | readonly AnyImage[],
  format: WritableFormat,
  { depth, delay, u8 }: CheckedOptions,
): Frames {
  const images = Array.isArray(image) ? (image as readonly AnyImage[]) : [image as AnyImage];
  for (const each of images) handleOf(each);
  givenImages({ u8 });
  const [first] = images;
  if (first === undefined || (images.length > 1 && !traitsOf(format).animated)) {
    const expected = traitsOf(format).animated ? 'at least one image' : `one image for ${format}`;
    throw new FramelaneError(
      'ERR_INVALID_ARGUMENT',
      `image: expected ${expected}, received ${images.length}`,
      { path: 'image' },
    );
  }
  if (Array.isArray(delay) && delay.length !== images.length) {
    throw invalidOption('delay', `one for each of ${images.length} images`, delay);
  }
  const { width, height } = first;
  const length = width * height * 4;
  const all = new (depth > 8 ? Uint16Array : Uint8Array)(length * images.length);
  for (const [i, each] of images.entries()) {
    if (each.width !== width || each.height !== height) {
      const message = `image: expected all images of ${width}x${height}, received ${each.width}x${each.height}`;
      throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'image' });
    }
    const into = all.subarray(i * length, (i + 1) * length);
    if (u8 && depth === 8 && each.element === 'f32') {
      convertFloatToU8(u8, each as Image);
      download(u8, { into });
    } else {
      download(each, { into });
    }
  }
  return { width, height, count: images.length, data: all };
}

export async function encodeFrames(
  frames: Frames,
  format: WritableFormat,
  options: CheckedOptions,
): Promise<Buffer> {
  const { width, height, data } = frames;
  try {
    if (format === 'bmp') {
      const args = [data as Uint8Array, width, height] as const;
      const file = await perform('bmpEncode', bmpEncode, [...args], 3 * data.length);
      return Buffer.from(file.buffer, file.byteOffset, file.byteLength);
    }
    if (format === 'heic') {
      const { quality, lossless, effort = 5 } = options;
      const { data: own, icc } = options.icc
        ? await inProfile(frames, options)
        : { data, icc: undefined };
      const settings = { quality, lossless, effort, icc };
      return await heicEncode(own as Frames['data'], width, height, settings);
    }
    return await sharpEncode(frames, format, options);
  } catch (cause) {
    if (cause instanceof FramelaneError) throw cause;
    const reason = reasonOf(cause);
    const message = `${width}x${height} pixels cannot be written as ${format}: ${reason}`;
    throw new FramelaneError('ERR_OUTPUT_INVALID', message, { cause });
  }
}
