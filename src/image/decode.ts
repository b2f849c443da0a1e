/** From a file's bytes to pixels on the host: choosing a decoder, and turning its failures into errors. */
import { extname } from 'node:path';
import { type ErrorCode, FramelaneError, reasonOf } from '../errors/errors.ts';
import { memoryExceeded, untilLimit } from '../system/limits.ts';
import { perform } from '../threads/pool.ts';
import { bmpDecode, readBmpHeader } from './bmp-decode.ts';
import {
  formatOfBytes,
  formatOfPath,
  type ImageFormat,
  readableExtensions,
  traitsOf,
} from './formats.ts';
import { gifIsCut } from './gif-frames.ts';
import { hdrDecode, readHdrHeader } from './hdr-decode.ts';
import { heifDecode, readHeifHeader } from './heif/decode.ts';
import { type HostPixels, inColorspace, isInColorspace, largestSide, spread } from './pixels.ts';
import { profiledTiff } from './profiled-tiff.ts';
import {
  bitsOf,
  type ReadLimits,
  readHeader,
  type SharpOptions,
  sharpDecode,
} from './sharp-decode.ts';
import { readHeaderApart, sharpDecodeApart } from './sharp-process.ts';
import type { OpenSource } from './source.ts';
import { isTruncated } from './truncation.ts';

/** The header of an image file. */
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
  /** How often an animation plays; 0 is endless. */
  readonly loop?: number | undefined;
  /** The EXIF orientation, 1 to 8. */
  readonly orientation?: number | undefined;
  readonly icc?: Uint8Array | undefined;
  readonly exif?: Uint8Array | undefined;
  readonly xmp?: Uint8Array | undefined;
}

/** An image with its header read; `pixels` decodes it. */
export interface OpenImage {
  readonly info: ImageInfo;
  pixels(): Promise<HostPixels>;
}

export interface OpenOptions extends SharpOptions, ReadLimits {}

/** Reads the header. Errors from here on name this file: invalid, truncated, or of an unknown format. */
export async function openImage(source: OpenSource, options: OpenOptions): Promise<OpenImage> {
  const format = formatOfBytes(source.head);
  if (format === undefined) throw unknownFormat(source);
  const bytes = await source.bytes();
  const explained = <T>(work: () => T | Promise<T>) => explain(work, source.name, format, bytes);
  const { info, decode } = await explained(() => openAs(format, bytes, options));
  const pixels = async () => {
    expectSides(info, source.name);
    return explained(async () => {
      expectMemory(info, options);
      return converted(await decode(), options);
    });
  };
  return { info, pixels };
}

function expectSides({ width, height }: ImageInfo, name: string): void {
  if (Math.max(width, height) <= largestSide) return;
  const message = `${name}: ${width}x${height} exceeds the limit of ${largestSide} pixels a side`;
  throw new FramelaneError('ERR_PIXEL_LIMIT', message);
}

/** Checks the memory of the decoded RGBA before it is allocated. */
function expectMemory({ width, height, depth }: ImageInfo, { memoryLimit }: ReadLimits): void {
  const bytesPerSample = depth > 16 ? 4 : depth > 8 ? 2 : 1;
  if (4 * width * height * bytesPerSample > memoryLimit) throw memoryExceeded(memoryLimit);
}

/** Converts to the requested colour space. */
async function converted(pixels: HostPixels, options: OpenOptions): Promise<HostPixels> {
  if (isInColorspace(pixels, options.colorspace)) return pixels;
  const { data } = pixels;
  const cost = data.length * (data instanceof Float32Array ? 40 : 5);
  return perform('inColorspace', inColorspace, [pixels, options.colorspace], cost, options);
}

interface Opened {
  readonly info: ImageInfo;
  readonly decode: () => HostPixels | Promise<HostPixels>;
}

function openAs(format: ImageFormat, bytes: Buffer, options: OpenOptions) {
  switch (format) {
    case 'bmp':
      return openBmp(bytes, options);
    case 'hdr':
      return openHdr(bytes, options);
    case 'heic':
      return openHeic(bytes, options);
    default:
      return openWithSharp(format, bytes, options);
  }
}

function openBmp(bytes: Buffer, options: OpenOptions): Opened {
  onlyPage(options.page, 1);
  const { width, height, bits } = readBmpHeader(bytes);
  const hasAlpha = bits === 32;
  const info = { format: 'bmp', width, height, pages: 1, depth: 8, hasAlpha } as const;
  const cost = 10 * width * height;
  const args = [bytes, options.colorspace] as const;
  return { info, decode: () => perform('bmpDecode', bmpDecode, [...args], cost, options) };
}

function openHdr(bytes: Buffer, options: OpenOptions): Opened {
  const { page, colorspace } = options;
  onlyPage(page, 1);
  const { width, height } = readHdrHeader(bytes);
  const info = { format: 'hdr', width, height, pages: 1, depth: 32, hasAlpha: false } as const;
  const cost = 20 * width * height;
  const args = [bytes, colorspace] as const;
  return { info, decode: () => perform('hdrDecode', hdrDecode, [...args], cost, options) };
}

async function openHeic(bytes: Buffer, options: OpenOptions): Promise<Opened> {
  const { width, height, pages, bits, hasAlpha, icc } = await readHeifHeader(
    bytes,
    options.page,
    options,
  );
  onlyPage(options.page, pages);
  const info = { format: 'heic', width, height, pages, depth: bits, hasAlpha, icc } as const;
  const decode = async () => {
    const pixels = await heifDecode(bytes, options.page, options);
    if (icc === undefined || options.colorspace === 'source') return pixels;
    const tiff = profiledTiff(pixels, icc);
    return sharpDecode(tiff, await readHeader(tiff), { ...options, page: 0 });
  };
  return { info, decode };
}

/** libvips decodes images of this size quickly in any case; larger ones are decoded in a process that can be killed. */
const mostInProcess = 2 ** 26;

async function openWithSharp(
  format: ImageFormat,
  bytes: Buffer,
  options: OpenOptions,
): Promise<Opened> {
  const { page } = options;
  const isDrawing = format === 'svg';
  const header = isDrawing
    ? await readHeaderApart(bytes, options, options)
    : await untilLimit(readHeader(bytes, page), options, () => {});
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
  const decode = async () => {
    if (format === 'gif' && (await perform('gifIsCut', gifIsCut, [bytes, page], 5 * bytes.length)))
      throw new RangeError('a frame is cut');
    // A frame of an animation is made from those before it.
    const frames = traitsOf(format).animated ? page + 1 : 1;
    const apart = isDrawing || info.width * info.height * frames > mostInProcess;
    const pixels = await (apart
      ? sharpDecodeApart(bytes, header, options, options)
      : untilLimit(
          sharpDecode(bytes, header, options, options.timeLimit),
          { signal: options.signal },
          () => {},
        ));
    const { data } = pixels;
    if (!(data instanceof Uint16Array) || info.depth >= 16) return pixels;
    const args = [data, info.depth] as const;
    return {
      ...pixels,
      data: await perform('spread', spread, [...args], 8 * data.length, options),
    };
  };
  return { info, decode };
}

function onlyPage(page: number, pages: number): void {
  if (page < pages) return;
  const message = `page: expected 0 to ${pages - 1}, received ${page}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'page' });
}

/** Never quotes the file, which may be any file. */
function unknownFormat({ name, path }: OpenSource): FramelaneError {
  if (path !== undefined && formatOfPath(path) === undefined) {
    const message = `${name}: expected one of ${readableExtensions.join(', ')}, received "${extname(path)}"`;
    return new FramelaneError('ERR_UNSUPPORTED_FORMAT', message);
  }
  const code = path === undefined ? 'ERR_UNSUPPORTED_FORMAT' : 'ERR_INPUT_INVALID';
  return new FramelaneError(code, `${name}: not an image of a known format`);
}

/** Errors that do not quote the file. */
const ofTheReader: readonly ErrorCode[] = [
  'ERR_ABORTED',
  'ERR_MEMORY_LIMIT',
  'ERR_PIXEL_LIMIT',
  'ERR_TIME_LIMIT',
];

/** Adds the file's name to an error, and distinguishes truncated from damaged files. */
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
    if (cause instanceof FramelaneError && ofTheReader.includes(cause.code)) {
      throw new FramelaneError(cause.code, `${name}: ${reason}`, { cause: cause.cause ?? cause });
    }
    if (cause instanceof RangeError && /allocat|array length|array buffer/i.test(reason)) {
      throw new FramelaneError('ERR_OUT_OF_MEMORY', `${name}: ${reason}`, { cause });
    }
    // Our own decoders throw RangeError at the end of the bytes.
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
