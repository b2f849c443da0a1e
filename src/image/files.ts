/** Still images through sharp: 8 bits across the bus, converted on the device. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import sharp from 'sharp';
import { describeValue, FramelaneError } from '../errors.ts';
import { imageExtensions, isImagePath } from './extensions.ts';
import { type AnyImage, Image, type ImageOptions, ImageU8, isImage } from './image.ts';
import { download, upload } from './transfer.ts';

async function decode(path: string) {
  if (!existsSync(path)) {
    throw new FramelaneError('ERR_INPUT_NOT_FOUND', `${path}: there is no such file`);
  }
  try {
    // EXIF orientation applied, greys and missing alpha filled up, colours brought to sRGB.
    const source = sharp(path, { autoOrient: true }).toColourspace('srgb').ensureAlpha();
    return await source.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FramelaneError('ERR_INPUT_INVALID', `${path}: not a readable image: ${reason}`, {
      cause,
    });
  }
}

async function loadInto<T extends AnyImage>(path: string, make: (w: number, h: number) => T) {
  const { data, info } = await decode(path);
  const image = make(info.width, info.height);
  upload(image, data);
  return image;
}

/**
 * Reads a PNG, JPEG, WebP or other image file that sharp knows into a float image.
 *
 * @example
 * using photo = await load('photo.jpg')
 */
export function load(path: string, options: ImageOptions = {}): Promise<Image> {
  return loadInto(path, (width, height) => new Image(width, height, options));
}

/** As `load`, into an 8-bit image. */
export function loadU8(path: string, options: ImageOptions = {}): Promise<ImageU8> {
  return loadInto(path, (width, height) => new ImageU8(width, height, options));
}

export interface SaveOptions {
  /** 1..100 for JPEG and WebP; 90 by default. */
  readonly quality?: number | undefined;
  /** Replace a file that exists; true by default, as of any `save`. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes an image as PNG, JPEG or WebP by its extension; the file appears whole or not at all. JPEG has no alpha: the
 * image is laid over black.
 *
 * @example
 * await save(image, 'out.png')
 */
export async function save(
  image: AnyImage,
  path: string,
  options: SaveOptions = {},
): Promise<void> {
  const { quality = 90, overwrite = true } = options;
  if (!isImage(image)) {
    throw new FramelaneError(
      'ERR_INVALID_ARGUMENT',
      `image: expected an Image or ImageU8, received ${describeValue(image)}`,
    );
  }
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw new FramelaneError(
      'ERR_INVALID_OPTION',
      `quality: expected an integer from 1 to 100, received ${describeValue(quality)}`,
      { path: 'quality' },
    );
  }
  const extension = extname(path).toLowerCase();
  if (!isImagePath(path)) {
    throw new FramelaneError(
      'ERR_UNSUPPORTED_FORMAT',
      `${path}: expected an extension of ${imageExtensions.join(', ')}, received "${extension}"`,
    );
  }
  if (!overwrite && existsSync(path)) {
    throw new FramelaneError(
      'ERR_OUTPUT_EXISTS',
      `${path}: exists already; say overwrite to replace it`,
    );
  }
  const raw = { width: image.width, height: image.height, channels: 4 as const };
  const picture = sharp(download(image, { as: 'u8' }), { raw });
  const partial = join(
    dirname(path),
    `.${basename(path, extension)}.${process.pid}.partial${extension}`,
  );
  try {
    if (extension === '.png') await picture.png().toFile(partial);
    else if (extension === '.webp') await picture.webp({ quality }).toFile(partial);
    else await picture.flatten({ background: '#000' }).jpeg({ quality }).toFile(partial);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FramelaneError('ERR_OUTPUT_INVALID', `${path}: cannot be written: ${reason}`, {
      cause,
    });
  }
}
