/** Encoding with sharp. */
import { readFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { type CheckedOptions, invalidProfile } from './encode-options.ts';
import { type Depth, traitsOf, type WritableFormat } from './formats.ts';
import { narrowed } from './pixels.ts';
import { profiledTiff } from './profiled-tiff.ts';
import { readHeader, sharpDecode } from './sharp-decode.ts';

export interface Frames {
  readonly width: number;
  /** Size of one frame. */
  readonly height: number;
  readonly count: number;
  /** RGBA, one frame after the other. */
  readonly data: Uint8Array | Uint16Array;
}

export type SharpFormat = Exclude<WritableFormat, 'heic' | 'bmp'>;

export async function sharpEncode(
  frames: Frames,
  format: SharpFormat,
  options: CheckedOptions,
): Promise<Buffer> {
  const source = await picture(frames, options);
  const hasAlpha = traitsOf(format).alpha && options.icc !== 'cmyk';
  const flat = hasAlpha ? source : flattened(source, options);
  const file = await inFormat(described(flat, options), format, frames, options).toBuffer();
  await expectProfile(file, format, options);
  return file;
}

/** If sharp cannot use a profile, it silently writes none or another. */
async function expectProfile(file: Buffer, format: SharpFormat, { icc }: CheckedOptions) {
  if (icc === undefined || ['srgb', 'p3', 'cmyk'].includes(icc)) return;
  const wanted = await readFile(icc).catch(() => undefined);
  const written = (await readHeader(file)).icc;
  if (wanted === undefined || !written?.equals(wanted)) throw invalidProfile(format, icc);
}

/** The pixels converted to a profile, and the profile. */
export async function inProfile(frames: Frames, options: CheckedOptions) {
  const depth = frames.data instanceof Uint8Array ? 8 : 16;
  const png = await sharpEncode(frames, 'png', { ...options, effort: 0, depth });
  const header = await readHeader(png);
  const asStored = { autorotate: false, page: 0, colorspace: 'source' } as const;
  const { data } = await sharpDecode(png, header, asStored);
  return { data, icc: header.icc };
}

async function picture(frames: Frames, { icc, depth }: CheckedOptions): Promise<Sharp> {
  const { width, height, count } = frames;
  // A conversion to a profile yields other codes, which libvips rounds down in any case.
  const data = icc === undefined ? inHighBits(frames.data, depth) : frames.data;
  const isWide = data instanceof Uint16Array;
  if (isWide && icc !== undefined) {
    // sharp treats 16-bit pixels without a profile as Display P3 when it converts them.
    const profiled = sharp(profiledTiff({ width, height, data }, await srgbProfile()));
    const wide = profiled.toColourspace('rgb16');
    return icc === 'srgb' ? wide.keepIccProfile() : wide.withIccProfile(icc);
  }
  const pages = count > 1 ? { pageHeight: height } : {};
  const raw = { width, height: height * count, channels: 4 as const, ...pages };
  // Encoders read rows in order; without this hint libvips works in tiles, at half the speed.
  const source = sharp(data, { raw, limitInputPixels: false, sequentialRead: true });
  if (isWide) return source.toColourspace('rgb16');
  if (icc === undefined) return source;
  return (icc === 'cmyk' ? source.toColourspace('cmyk') : source).withIccProfile(icc);
}

/** libvips takes the upper bits of 16 for an AVIF of 10 or 12, and rounds down. */
function inHighBits(data: Frames['data'], depth: Depth): Frames['data'] {
  if (data instanceof Uint8Array || depth === 16) return data;
  return narrowed(data, depth).map((code) => code << (16 - depth));
}

let profile: Promise<Buffer> | undefined;

/** The sRGB profile of sharp. */
function srgbProfile(): Promise<Buffer> {
  profile ??= (async () => {
    const pixel = { create: { width: 1, height: 1, channels: 3, background: '#000' } } as const;
    const png = await sharp(pixel).withIccProfile('srgb').png().toBuffer();
    const { icc } = (await sharp(png).metadata()) as Metadata & { icc: Buffer };
    return icc;
  })();
  return profile;
}

function flattened(source: Sharp, { background }: CheckedOptions): Sharp {
  const [r, g, b] = background.map((v) => Math.round(Math.min(1, Math.max(0, v)) * 255));
  return source.flatten({ background: { r: r as number, g: g as number, b: b as number } });
}

function described(source: Sharp, { metadata }: CheckedOptions): Sharp {
  const { exif, xmp, density } = metadata;
  let result = source;
  if (exif) result = result.withExif(exif as Record<string, Record<string, string>>);
  if (xmp) result = result.withXmp(xmp);
  if (density) result = result.withDensity(density);
  return result;
}

interface Settings extends CheckedOptions {
  /** Options of an animation; empty for one frame. */
  readonly timing: { readonly delay?: number[]; readonly loop?: number };
}

function inFormat(source: Sharp, format: SharpFormat, { count }: Frames, options: CheckedOptions) {
  const { delay, loop } = options;
  const delays =
    typeof delay === 'number' ? Array.from({ length: count }, () => delay) : [...delay];
  return encoders[format](source, { ...options, timing: count > 1 ? { delay: delays, loop } : {} });
}

const encoders: Readonly<Record<SharpFormat, (source: Sharp, settings: Settings) => Sharp>> = {
  jpeg: (source, { quality, effort = 0 }) => source.jpeg({ quality, mozjpeg: effort >= 7 }),
  png: (source, { effort = 6 }) => source.png({ compressionLevel: effort }),
  webp: (source, { quality, lossless, effort = 6, timing }) => {
    const search = Math.round((effort * 6) / 9);
    return source.webp({ quality, lossless, exact: lossless, effort: search, ...timing });
  },
  avif: (source, { quality, lossless, effort = 4, depth }) => {
    const bitdepth = depth as 8 | 10 | 12;
    const exact = { lossless, chromaSubsampling: '4:4:4' } as const;
    return source.avif({ bitdepth, effort, ...(lossless ? exact : { quality }) });
  },
  tiff: (source) => source.tiff({ compression: 'lzw', predictor: 'horizontal' }),
  gif: (source, { effort = 6, timing }) => source.gif({ effort: effort + 1, ...timing }),
};
