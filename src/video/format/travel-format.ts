/** Which of our formats the frames of a file are decoded to, and what that loses. */

import { ffmpegName, type PixelFormat, pixelFormatOf } from '../../image/pixel-formats.ts';
import type { NativePixelFormat } from '../../native/plan.ts';
import { outputPixelFormats } from './frame-format.ts';

export interface Travel {
  readonly format: NativePixelFormat;
  /** Whether the decoder must convert, which it does only where no colour matrix is involved. */
  readonly converted: boolean;
  /** What the conversion loses; undefined where every code value can be recovered from the result. */
  readonly warning: string | undefined;
}

/** Formats that swscale repacks without loss, in every FFmpeg that has them. */
const repacked: Readonly<Record<string, NativePixelFormat>> = {
  nv12: 'yuv420p',
  nv21: 'yuv420p',
  nv24: 'yuv444p',
  nv42: 'yuv444p',
  p010: 'yuv420p10',
  p012: 'yuv420p12',
  p016: 'yuv420p16',
  p210: 'yuv422p10',
  p212: 'yuv422p12',
  p216: 'yuv422p16',
  p410: 'yuv444p10',
  p412: 'yuv444p12',
  p416: 'yuv444p16',
  y210: 'yuv422p10',
  y212: 'yuv422p12',
  vuya: 'yuva444p',
  vuyx: 'yuv444p',
  xv30: 'yuv444p10',
  xv36: 'yuv444p12',
  yuyv422: 'yuv422p',
  yvyu422: 'yuv422p',
  uyvy422: 'yuv422p',
  monow: 'gray8',
  monob: 'gray8',
  ...Object.fromEntries(
    [
      ...['rgb24', 'bgr24', 'gbrp', 'rgb0', 'bgr0', '0rgb', '0bgr', 'rgb8', 'bgr8'],
      ...['rgb4_byte', 'bgr4_byte', 'pal8', 'ya8', 'rgba', 'bgra', 'argb', 'abgr', 'gbrap'],
    ].map((name) => [name, 'rgba8'] as const),
  ),
  ...Object.fromEntries(
    [
      ...['gbrp9', 'gbrp10', 'gbrp12', 'gbrp14', 'gbrp16', 'gbrap12', 'gbrap14', 'gbrap16'],
      ...['rgb48', 'bgr48', 'rgba64', 'ya16'],
    ].map((name) => [name, 'rgba16'] as const),
  ),
};

const finerChroma = 'its chroma is interpolated to a finer layout';
const darkened = 'FFmpeg fills the missing low bits with zeros, so white comes out a little darker';
const rounded = 'FFmpeg rounds in the conversion, which may change the low bits';

/** Formats that are converted with a small loss. */
const approximated: Readonly<Record<string, readonly [NativePixelFormat, string]>> = {
  yuv410p: ['yuv422p', finerChroma],
  yuv411p: ['yuv422p', finerChroma],
  yuvj411p: ['yuv422p', finerChroma],
  yuv440p: ['yuv444p', finerChroma],
  yuvj440p: ['yuv444p', finerChroma],
  yuv440p10: ['yuv444p10', finerChroma],
  yuv440p12: ['yuv444p12', finerChroma],
  rgb444: ['rgba8', darkened],
  bgr444: ['rgba8', darkened],
  rgb555: ['rgba8', darkened],
  bgr555: ['rgba8', darkened],
  rgb565: ['rgba8', darkened],
  bgr565: ['rgba8', darkened],
  x2rgb10: ['rgba16', rounded],
  x2bgr10: ['rgba16', rounded],
  bgra64: ['rgba16', rounded],
  gbrap10: ['rgba16', rounded],
};

/** How frames of an FFmpeg format are decoded; undefined for unsupported formats, which `unsupportedReason()` explains. */
export function travelFormat(pixelFormat: string): Travel | undefined {
  const theirs = pixelFormatOf(pixelFormat);
  // FFmpeg 4.1 has no NUT tag for 12 bits with alpha.
  const untold = theirs.alpha && theirs.bits === 12;
  const planes = planesLike(untold ? { ...theirs, bits: 16 } : theirs);
  if (planes !== undefined) {
    const same = pixelFormatOf(planes).bits === theirs.bits && theirs.byteOrder !== 'big';
    return { format: planes, converted: !same, warning: undefined };
  }
  const format = repacked[theirs.base];
  if (format !== undefined) {
    return { format, converted: ffmpegName(format) !== theirs.name, warning: undefined };
  }
  const [nearest, warning] = approximated[theirs.base] ?? [];
  return nearest && { format: nearest, converted: true, warning };
}

/** Our format with the same planes in that depth or the next larger, to which samples are shifted without loss. */
function planesLike({ layout, float, ...theirs }: PixelFormat): NativePixelFormat | undefined {
  if (layout !== 'planar' || float) return undefined;
  return outputPixelFormats.find((format) => {
    const ours = pixelFormatOf(format);
    const alike = (['family', 'alpha', 'shiftX', 'shiftY'] as const).every(
      (trait) => ours[trait] === theirs[trait],
    );
    return ours.layout === layout && alike && ours.bits >= theirs.bits;
  });
}

/** Formats that swscale cannot read. */
const unreadable = new Set(['nv16', 'nv20', 'uyyvyy411', 'rgb4', 'bgr4']);

/** Why a format is unsupported. */
export function unsupportedReason(pixelFormat: string): string {
  const { base, family, float } = pixelFormatOf(pixelFormat);
  if (float) return 'floating point, whose highlights FFmpeg would clip';
  if (family === 'bayer') return 'raw data of a camera sensor';
  if (family === 'xyz') return 'CIE XYZ';
  if (unreadable.has(base)) return 'which FFmpeg cannot convert';
  return 'which is not known';
}

/** The format with equal chroma resolution in both directions, which a rotation by 90 degrees keeps. */
export function turnable(format: NativePixelFormat): NativePixelFormat {
  const { shiftX, shiftY, ...traits } = pixelFormatOf(format);
  if (shiftX === shiftY) return format;
  return planesLike({ ...traits, shiftX: 0, shiftY: 0 }) ?? format;
}
