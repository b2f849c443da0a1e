/** Options of `save` and `encode`, validated against the capabilities of a format. */

import type { FramelaneError } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { checkNames } from '../errors/option-names.ts';
import { type Color, parseColor, type Rgba } from '../schema/color-value.ts';
import { isPlainObject } from '../schema/declaration.ts';
import { type Depth, traitsOf, type WritableFormat } from './formats.ts';
import type { ImageU8 } from './image.ts';

export interface ImageMetadata {
  /** EXIF fields by their directory: `{ IFD0: { Copyright: 'me' } }`. */
  readonly exif?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
  /** An XMP packet. */
  readonly xmp?: string | undefined;
  /** Dots per inch. */
  readonly density?: number | undefined;
}

export interface EncodeOptions {
  /**
   * 1 (small) to 100 (good) for the lossy formats; by default 90 for JPEG and WebP, 65 for AVIF and HEIC. Other
   * formats ignore it.
   */
  readonly quality?: number | undefined;
  /** Lossless at the file's depth; for WebP, AVIF and HEIC. PNG, TIFF and BMP always are. */
  readonly lossless?: boolean | undefined;
  /** 0 (fast) to 9 (small): effort of the encoder; by default 6, for HEIC 5, for AVIF 4. */
  readonly effort?: number | undefined;
  /** Bits per channel: 8 by default; 16 for PNG and TIFF, 10 or 12 for AVIF, 10 for HEIC. */
  readonly depth?: Depth | undefined;
  /** None by default; not for HEIC, GIF and BMP, and no EXIF in TIFF. */
  readonly metadata?: ImageMetadata | undefined;
  /**
   * Converts to this profile and embeds it: `srgb`, `p3`, `cmyk` or the path of an ICC file. By default the file is sRGB and
   * carries no profile. Not for GIF and BMP; `cmyk` only for JPEG and TIFF.
   */
  readonly icc?: string | undefined;
  /** The background of a JPEG, which has no alpha; black by default. */
  readonly background?: Color | undefined;
  /** How long to show each frame of an animation, in milliseconds; 100 by default. */
  readonly delay?: number | readonly number[] | undefined;
  /** How often to play an animation; 0 (default) is endless. */
  readonly loop?: number | undefined;
  /** Lends its memory for the conversion of a float image to bytes. */
  readonly u8?: ImageU8 | undefined;
}

export interface CheckedOptions {
  readonly quality: number;
  readonly lossless: boolean;
  readonly effort: number | undefined;
  readonly depth: Depth;
  readonly metadata: ImageMetadata;
  readonly icc: string | undefined;
  readonly background: Rgba;
  readonly delay: number | readonly number[];
  readonly loop: number;
  readonly u8: ImageU8 | undefined;
}

export const encodeNames: readonly (keyof EncodeOptions)[] = [
  ...(['quality', 'lossless', 'effort', 'depth', 'metadata', 'icc', 'background'] as const),
  ...(['delay', 'loop', 'u8'] as const),
];
const whole = (value: unknown, from: number, to: number) =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
const withoutProfiles: readonly WritableFormat[] = ['gif', 'bmp'];
const withInks: readonly WritableFormat[] = ['jpeg', 'tiff'];
const withoutMetadata: readonly WritableFormat[] = ['heic', 'gif', 'bmp'];

/** ERR_INVALID_OPTION for values out of range or not supported by the format. */
export function checkOptions(format: WritableFormat, options: EncodeOptions): CheckedOptions {
  checkNames(options, encodeNames);
  const traits = traitsOf(format);
  const { quality = traits.quality ?? 100, lossless = false, effort, depth = 8 } = options;
  const { metadata = {}, icc, background = '#000', delay = 100, loop = 0, u8 } = options;
  if (!whole(quality, 1, 100)) throw invalidOption('quality', 'an integer from 1 to 100', quality);
  if (typeof lossless !== 'boolean' || (lossless && traits.lossless === 'never')) {
    throw invalidOption('lossless', `false for ${format}`, lossless);
  }
  if (effort !== undefined && !whole(effort, 0, 9)) {
    throw invalidOption('effort', 'an integer from 0 to 9', effort);
  }
  if (!traits.depths.includes(depth)) {
    throw invalidOption('depth', `${traits.depths.join(' or ')} for ${format}`, depth);
  }
  const isProfile = typeof icc === 'string' && icc !== '' && !withoutProfiles.includes(format);
  if (icc !== undefined && !(isProfile && (icc !== 'cmyk' || withInks.includes(format)))) {
    throw invalidProfile(format, icc);
  }
  const rgba = parseColor(background);
  if (rgba === undefined) throw invalidOption('background', 'a colour', background);
  const delays = typeof delay === 'number' ? [delay] : delay;
  if (!Array.isArray(delays) || !delays.every((ms) => whole(ms, 0, 65535))) {
    throw invalidOption('delay', 'milliseconds from 0 to 65535, one value or one per frame', delay);
  }
  if (!whole(loop, 0, 65535)) throw invalidOption('loop', 'an integer from 0 to 65535', loop);
  checkMetadata(format, metadata);
  return { quality, lossless, effort, depth, metadata, icc, background: rgba, delay, loop, u8 };
}

export function invalidProfile(format: WritableFormat, icc: unknown): FramelaneError {
  if (withoutProfiles.includes(format))
    return invalidOption('icc', `no profile for ${format}`, icc);
  const expected = withInks.includes(format)
    ? 'srgb, p3, cmyk or the path of a profile'
    : 'srgb, p3 or the path of an RGB profile';
  return invalidOption('icc', expected, icc);
}

function checkMetadata(format: WritableFormat, metadata: unknown): void {
  if (typeof metadata !== 'object' || metadata === null) {
    throw invalidOption('metadata', 'an object', metadata);
  }
  const { exif, xmp, density, ...others } = metadata as ImageMetadata;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw invalidOption('metadata', 'exif, xmp and density', unknown);
  }
  if (Object.keys(metadata).length > 0 && withoutMetadata.includes(format)) {
    throw invalidOption('metadata', `none for ${format}`, metadata);
  }
  if (exif !== undefined && format === 'tiff') {
    throw invalidOption('metadata.exif', 'none for tiff', exif); // libvips would drop it
  }
  if (exif !== undefined && !isExif(exif)) {
    throw invalidOption('metadata.exif', 'directories IFD0 to IFD3 of strings', exif);
  }
  if (xmp !== undefined && (typeof xmp !== 'string' || xmp === '')) {
    throw invalidOption('metadata.xmp', 'an XMP packet', xmp);
  }
  const isDensity = typeof density === 'number' && density > 0 && density <= 100_000;
  if (density !== undefined && !isDensity) {
    throw invalidOption('metadata.density', 'dots per inch above 0', density);
  }
}

function isExif(exif: unknown): boolean {
  if (!isPlainObject(exif)) return false;
  const isText = (value: unknown) => typeof value === 'string';
  return Object.entries(exif).every(
    ([name, fields]) =>
      /^IFD[0-3]$/.test(name) && isPlainObject(fields) && Object.values(fields).every(isText),
  );
}
