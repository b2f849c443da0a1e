/** Decoding with sharp, at the file's own depth. */
import sharp, { type Metadata, type Sharp } from 'sharp';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { timeExceeded } from '../system/limits.ts';
import type { Colorspace, HostPixels } from './pixels.ts';
import { expandChannels } from './pixels.ts';

export interface SharpOptions {
  readonly autorotate: boolean;
  readonly page: number;
  readonly colorspace: Colorspace;
}

export interface ReadLimits {
  /** Seconds. */
  readonly timeLimit: number;
  /** Bytes. */
  readonly memoryLimit: number;
  readonly signal: AbortSignal | undefined;
}

/** The part of the header that `sharpDecode` needs. */
export type SharpHeader = Pick<
  Metadata,
  'depth' | 'space' | 'pages' | 'bitsPerSample' | 'hasProfile'
>;

/** Damage is an error, warnings are not; the pixel limit is ours. */
const reading = { failOn: 'error', limitInputPixels: false } as const;

/** The header of a file; the size is that after `autorotate`. */
export async function readHeader(bytes: Buffer, page = 0): Promise<Metadata> {
  const first = await sharp(bytes, reading).metadata();
  const pages = first.pages ?? 1;
  if (page >= pages) {
    const message = `page: expected 0 to ${pages - 1}, received ${page}`;
    throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'page' });
  }
  return page === 0 ? first : sharp(bytes, { ...reading, page, pages: 1 }).metadata();
}

/** Bits per channel; 32 and more are floats. */
export function bitsOf({ depth, bitsPerSample = 16 }: SharpHeader): number {
  if (depth === 'ushort') return bitsPerSample;
  return depth === 'float' ? 32 : depth === 'double' ? 64 : 8;
}

/**
 * RGBA in sRGB, or as in the file; floats in files are linear light, and samples of 10 and 12 bits are as libvips returns them.
 * libvips checks the time after each part of the pixels; a part made in one call is not interrupted.
 */
export async function sharpDecode(
  bytes: Buffer,
  header: SharpHeader,
  { autorotate, page, colorspace }: SharpOptions,
  timeLimit = 0,
): Promise<HostPixels> {
  const ignoreIcc = colorspace === 'source';
  const pages = header.pages === undefined ? {} : { page, pages: 1 };
  const source = sharp(bytes, { ...reading, ...pages, autoOrient: autorotate, ignoreIcc });
  const raw = async (picture: Sharp, depth: 'uchar' | 'ushort' | 'float') => {
    const seconds = timeLimit <= 3600 ? Math.ceil(timeLimit) : 0;
    const { data, info } = await picture
      .raw({ depth })
      .timeout({ seconds })
      .toBuffer({ resolveWithObject: true })
      .catch((cause) => {
        throw /^timeout/.test(reasonOf(cause)) ? timeExceeded(timeLimit, cause) : cause;
      });
    return { data, size: { width: info.width, height: info.height }, channels: info.channels };
  };
  // CMYK of any depth becomes 8 bits; as 16 bits it would be shifted rather than scaled.
  switch (header.space === 'cmyk' ? 'uchar' : header.depth) {
    case 'uchar': {
      const { data, size, channels } = await raw(
        source.toColourspace('srgb').ensureAlpha(),
        'uchar',
      );
      const codes = new Uint8Array(data.buffer, data.byteOffset, data.length);
      return { ...size, data: expandChannels(codes, channels, 255) };
    }
    case 'ushort': {
      let wide = source.toColourspace('rgb16').ensureAlpha();
      // sharp converts embedded 16-bit profiles to Display P3 to work in, and back only if requested.
      if (header.hasProfile && header.space === 'rgb16' && !ignoreIcc)
        wide = wide.withIccProfile('srgb');
      const { data, size, channels } = await raw(wide, 'ushort');
      const codes = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
      return { ...size, data: expandChannels(codes, channels, 65535) };
    }
    case 'float':
    case 'double': {
      // scRGB for colours only: libvips treats float greys as codes of 0..255.
      const floats = header.space === 'scrgb' ? source.toColourspace('scrgb') : source;
      const { data, size, channels } = await raw(floats, 'float');
      const samples = new Float32Array(data.buffer, data.byteOffset, data.length / 4);
      return { ...size, data: expandChannels(samples, channels, 1), linear: true };
    }
    default: {
      const message = `expected samples of 8 or 16 bits or floats, received ${header.depth}`;
      throw new FramelaneError('ERR_UNSUPPORTED_FORMAT', message);
    }
  }
}
