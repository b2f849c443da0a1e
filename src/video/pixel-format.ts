/** Which of our formats the frames of a file travel in, and how honest that is. */
import type { NativePixelFormat } from '../native.ts';

export interface Travel {
  readonly format: NativePixelFormat;
  /** Whether the decoder has to convert, which is only asked of it where no colour matrix is involved. */
  readonly converted: boolean;
  /** What is lost or made up on the way; undefined where every code value can be told from the result. */
  readonly warning: string | undefined;
}

/** FFmpeg's name of a format of ours. */
export function ffmpegName(format: NativePixelFormat): string {
  if (format === 'rgba8') return 'rgba';
  if (format === 'rgba16') return 'rgba64le';
  if (format === 'gray8') return 'gray';
  return /1[026]$/.test(format) ? `${format}le` : format;
}

/** Rearranged by swscale without loss, in every FFmpeg that knows the format. */
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
const rounded = 'FFmpeg rounds on the way, which may change the low bits';

/** Not without a trace. */
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

/** How frames of a format of FFmpeg's travel; undefined where `refusal()` says why they cannot. */
export function travelFormat(pixelFormat: string): Travel | undefined {
  const name = pixelFormat.replace(/(?<=\d)[lb]e$/, '');
  const format = planar(name) ?? repacked[name];
  if (format !== undefined) {
    const same = ffmpegName(format) === pixelFormat.replace(/^yuvj/, 'yuv');
    return { format, converted: !same, warning: undefined };
  }
  const [nearest, warning] = approximated[name] ?? [];
  return nearest && { format: nearest, converted: true, warning };
}

/** The same planes in the next depth we have: samples are shifted up, so that nothing is lost. */
function planar(name: string): NativePixelFormat | undefined {
  const found = /^(gray|yuvj?(?:420|422|444)p|yuva(?:420|422|444)p)(9|10|12|14|16|)$/.exec(name);
  if (found === null) return undefined;
  const [, layout = '', bits = ''] = found;
  // FFmpeg of 2018 writes no tag for 12 bits with alpha into NUT.
  const deeper = { '9': '10', '12': layout.startsWith('yuva') ? '16' : '12', '14': '16' };
  const depth = deeper[bits as '9' | '12' | '14'] ?? bits;
  const plain = layout.replace('yuvj', 'yuv');
  return (plain === 'gray' && depth === '' ? 'gray8' : `${plain}${depth}`) as NativePixelFormat;
}

/** Why frames of a format do not travel. */
export function refusal(pixelFormat: string): string {
  if (/f(16|32)/.test(pixelFormat))
    return 'floating point, of which FFmpeg would cut the highlights';
  if (pixelFormat.startsWith('bayer')) return 'raw data of a camera sensor';
  if (pixelFormat.startsWith('xyz')) return 'CIE XYZ';
  if (/^(nv16|nv20|uyyvyy411|(rgb|bgr)4$)/.test(pixelFormat)) return 'which FFmpeg cannot convert';
  return 'which is not known';
}

/** Whether the frames are YUV, with the luma first; RGB and palettes are not. */
export function isYuv(pixelFormat: string): boolean {
  return /^(yuv|yvyu|uyvy|uyyv|vuy|xv3|nv\d|p[024]1|y2)/.test(pixelFormat);
}

export function isGray(pixelFormat: string): boolean {
  return /^(gray|mono)/.test(pixelFormat);
}

/** The format with chroma as fine in both directions, which is what a quarter turn leaves as it is. */
export function turnable(format: NativePixelFormat): NativePixelFormat {
  return format.replace('422p', '444p') as NativePixelFormat;
}
