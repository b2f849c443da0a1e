/** Which of our formats the frames of a file travel in, and how honest that is. */
import type { NativePixelFormat } from '../native.ts';

export interface Travel {
  readonly format: NativePixelFormat;
  /** Whether the decoder has to convert, which is only asked of it where no colour matrix is involved. */
  readonly converted: boolean;
}

/** FFmpeg's name of a format of ours. */
export function ffmpegName(format: NativePixelFormat): string {
  if (format === 'rgba8') return 'rgba';
  if (format === 'rgba16') return 'rgba64le';
  if (format === 'gray8') return 'gray';
  return /1[026]$/.test(format) ? `${format}le` : format;
}

// Rearranged without loss.
const repacked: Record<string, NativePixelFormat> = {
  nv12: 'yuv420p',
  nv21: 'yuv420p',
  yuyv422: 'yuv422p',
  uyvy422: 'yuv422p',
  nv16: 'yuv422p',
  nv24: 'yuv444p',
  nv42: 'yuv444p',
  rgb24: 'rgba8',
  bgr24: 'rgba8',
  gbrp: 'rgba8',
  rgb0: 'rgba8',
  bgr0: 'rgba8',
  '0rgb': 'rgba8',
  '0bgr': 'rgba8',
};
// Chroma resampled to a layout that has at least as much of it.
const finer: Record<string, NativePixelFormat> = {
  yuv410p: 'yuv422p',
  yuv411p: 'yuv422p',
  yuvj411p: 'yuv422p',
  uyyvyy411: 'yuv422p',
  yuv440p: 'yuv444p',
  yuvj440p: 'yuv444p',
};

/** Undefined where frames cannot be taken over honestly (alpha, palettes, floats): losing something must not be silent. */
export function travelFormat(pixelFormat: string): Travel | undefined {
  const plain = pixelFormat === 'gray' ? 'gray8' : pixelFormat.replace(/^yuvj(4\d\dp)$/, 'yuv$1');
  if (['gray8', 'yuv420p', 'yuv422p', 'yuv444p'].includes(plain)) {
    return { format: plain as NativePixelFormat, converted: false };
  }
  // More bits of the same layout; the low ones are lost.
  const deep = /^(yuv4(?:20|22|44)p|gray)(?:9|10|12|14|16)(?:le|be)$/.exec(pixelFormat)?.[1];
  const format =
    (deep === 'gray' ? 'gray8' : (deep as NativePixelFormat | undefined)) ??
    repacked[pixelFormat] ??
    finer[pixelFormat];
  return format === undefined ? undefined : { format, converted: true };
}
