/** From a file's bytes to pixels on the host: which decoder, and what it means when one gives up. */
import { extname } from 'node:path';
import { FramelaneError, reasonOf } from '../errors.ts';
import { bmpDecode, readBmpHeader } from './bmp-decode.ts';
import { formatOfBytes, formatOfPath, type ImageFormat, readableExtensions } from './formats.ts';
import { gifIsCut } from './gif-frames.ts';
import { hdrDecode, readHdrHeader } from './hdr-decode.ts';
import { heifDecode, readHeifHeader } from './heif/decode.ts';
import { type HostPixels, inColorspace, largestSide } from './pixels.ts';
import { profiledTiff } from './profiled-tiff.ts';
import { bitsOf, readHeader, type SharpOptions, sharpDecode } from './sharp-decode.ts';
import type { OpenSource } from './source.ts';
import { isTruncated } from './truncation.ts';

/** What a file says of its image. */
export interface ImageInfo {
  readonly format: ImageFormat;
  /** Upright, if `autorotate` is on. */
  readonly width: number;
  readonly height: number;
  /** How many images the file holds: frames of an animation, pages of a TIFF. */
  readonly pages: number;
  /** Bits per channel; 32 are floats. */
  readonly depth: number;
  readonly hasAlpha: boolean;
  /** How long each frame of an animation is shown, in milliseconds. */
  readonly delays?: readonly number[] | undefined;
  /** How often an animation is played; 0 is for ever. */
  readonly loop?: number | undefined;
  /** The EXIF orientation, 1 to 8. */
  readonly orientation?: number | undefined;
  readonly icc?: Uint8Array | undefined;
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
}

/** An image whose header is read; `pixels` decodes it. */
export interface OpenImage {
  readonly info: ImageInfo;
  pixels(): Promise<HostPixels>;
}

/** Reads the header. Errors are of this file from here on: invalid, truncated, of no known format. */
export async function openImage(source: OpenSource, options: SharpOptions): Promise<OpenImage> {
  const format = formatOfBytes(source.head);
  if (format === undefined) throw unknownFormat(source);
  const bytes = await source.bytes();
  const explained = <T>(work: () => T | Promise<T>) => explain(work, source.name, format, bytes);
  const { info, decode } = await explained(() => openAs(format, bytes, options));
  const pixels = async () => {
    expectSides(info, source.name);
    return explained(async () => inColorspace(await decode(), options.colorspace));
  };
  return { info, pixels };
}

function expectSides({ width, height }: ImageInfo, name: string): void {
  if (Math.max(width, height) <= largestSide) return;
  const message = `${name}: ${width}x${height} is more than the ${largestSide} a side that an image can have`;
  throw new FramelaneError('ERR_PIXEL_LIMIT', message);
}

interface Opened {
  readonly info: ImageInfo;
  readonly decode: () => HostPixels | Promise<HostPixels>;
}

function openAs(format: ImageFormat, bytes: Buffer, options: SharpOptions) {
  switch (format) {
    case 'bmp':
      return openBmp(bytes, options.page);
    case 'hdr':
      return openHdr(bytes, options.page);
    case 'heic':
      return openHeic(bytes, options);
    default:
      return openWithSharp(format, bytes, options);
  }
}

function openBmp(bytes: Buffer, page: number): Opened {
  onlyPage(page, 1);
  const { width, height, bits } = readBmpHeader(bytes);
  const hasAlpha = bits === 32;
  const info = { format: 'bmp', width, height, pages: 1, depth: 8, hasAlpha } as const;
  return { info, decode: () => bmpDecode(bytes) };
}

function openHdr(bytes: Buffer, page: number): Opened {
  onlyPage(page, 1);
  const { width, height } = readHdrHeader(bytes);
  const info = { format: 'hdr', width, height, pages: 1, depth: 32, hasAlpha: false } as const;
  return { info, decode: () => hdrDecode(bytes) };
}

async function openHeic(bytes: Buffer, options: SharpOptions): Promise<Opened> {
  const { width, height, pages, bits, hasAlpha, icc } = await readHeifHeader(bytes, options.page);
  onlyPage(options.page, pages);
  const info = { format: 'heic', width, height, pages, depth: bits, hasAlpha, icc } as const;
  const decode = async () => {
    const pixels = await heifDecode(bytes, options.page);
    if (icc === undefined || options.colorspace === 'source') return pixels;
    const tiff = profiledTiff(pixels, icc);
    return sharpDecode(tiff, await readHeader(tiff), { ...options, page: 0 });
  };
  return { info, decode };
}

async function openWithSharp(
  format: ImageFormat,
  bytes: Buffer,
  options: SharpOptions,
): Promise<Opened> {
  const header = await readHeader(bytes, options.page);
  const { width, height } = options.autorotate ? header.autoOrient : header;
  const info: ImageInfo = {
    format,
    width,
    height: header.pages === undefined ? height : (header.pageHeight ?? height),
    pages: header.pages ?? 1,
    depth: bitsOf(header),
    hasAlpha: header.hasAlpha,
    delays: header.delay,
    loop: header.loop,
    orientation: header.orientation,
    icc: header.icc,
    exif: header.exif,
    xmp: header.xmp,
  };
  const decode = () => {
    if (format === 'gif' && gifIsCut(bytes, options.page)) throw new RangeError('a frame is cut');
    return sharpDecode(bytes, header, options);
  };
  return { info, decode };
}

function onlyPage(page: number, pages: number): void {
  if (page < pages) return;
  const message = `page: expected 0 to ${pages - 1}, received ${page}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'page' });
}

function unknownFormat({ name, path, head }: OpenSource): FramelaneError {
  const starts = `starts with ${Buffer.from(head.subarray(0, 8)).toString('hex')}`;
  if (path !== undefined && formatOfPath(path) === undefined) {
    const message = `${name}: expected one of ${readableExtensions.join(', ')}, received "${extname(path)}", which ${starts}`;
    return new FramelaneError('ERR_UNSUPPORTED_FORMAT', message);
  }
  const code = path === undefined ? 'ERR_UNSUPPORTED_FORMAT' : 'ERR_INPUT_INVALID';
  return new FramelaneError(code, `${name}: is no image of a known format, it ${starts}`);
}

/** Names the file in an error, and tells a file that ends early from one that is damaged. */
async function explain<T>(
  work: () => T | Promise<T>,
  name: string,
  format: ImageFormat,
  bytes: Buffer,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof FramelaneError && cause.code === 'ERR_INVALID_OPTION') throw cause;
    const reason = reasonOf(cause);
    // Our own decoders read until there is no more, which is a RangeError.
    if (cause instanceof RangeError || isTruncated(format, bytes)) {
      const message = `${name}: the ${format} file ends early, after ${bytes.length} bytes: ${reason}`;
      throw new FramelaneError('ERR_INPUT_TRUNCATED', message, { cause });
    }
    const code = cause instanceof FramelaneError ? cause.code : 'ERR_INPUT_INVALID';
    const message =
      cause instanceof FramelaneError
        ? `${name}: ${reason}`
        : `${name}: not a readable ${format} image: ${reason}`;
    throw new FramelaneError(code, message, { cause });
  }
}
