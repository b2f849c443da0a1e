/** Ranks the formats in which frames can go to an encoder by what they lose: alpha, then colour, bits and chroma. */

import { ffmpegName, type PixelFormat, pixelFormatOf } from '../../image/pixel-formats.ts';
import type { NativePixelFormat } from '../../native/plan.ts';

const depths = [8, 10, 12, 16] as const;
const layouts = ['yuv420p', 'yuv422p', 'yuv444p', 'yuva420p', 'yuva422p', 'yuva444p'] as const;

export type OutputPixelFormat = Exclude<NativePixelFormat, 'rgbaf32'>;
export const outputPixelFormats: readonly OutputPixelFormat[] = [
  ...(['rgba8', 'rgba16'] as const),
  ...depths.map((bits) => `gray${bits}` as const),
  ...layouts.flatMap((layout) =>
    depths.map((bits): OutputPixelFormat => `${layout}${bits === 8 ? '' : bits}`),
  ),
];

/** Chroma samples per four luma samples: 4:4:4 is 4, 4:2:2 is 2, 4:2:0 is 1. */
export function chromaOf({ family, shiftX, shiftY }: PixelFormat): number {
  return family === 'gray' ? 0 : 4 >> (shiftX + shiftY);
}

/** FFmpeg's names of formats with the same samples in another layout, to which the encoder's FFmpeg repacks without loss. */
const twins: Readonly<Record<string, readonly string[]>> = {
  yuv420p: ['nv12', 'nv21', 'yuvj420p'],
  yuv422p: ['nv16', 'yuvj422p'],
  yuv444p: ['yuvj444p'],
  yuv420p10: ['p010le'],
  yuv444p16: ['p416le'],
  gray16: ['gray16be'],
};
const opaqueTwins: Readonly<Record<string, readonly string[]>> = {
  rgba8: ['rgb24', 'bgr0', 'gbrp', 'bgr24', 'rgb0', '0rgb', '0bgr'],
  rgba16: ['rgb48le', 'rgb48be', 'gbrp16le'],
};
const alphaTwins: Readonly<Record<string, readonly string[]>> = {
  rgba8: ['rgba', 'bgra', 'argb', 'abgr', 'gbrap'],
  rgba16: ['rgba64le', 'rgba64be', 'gbrap16le'],
};

/** The first of the encoder's formats that holds frames of `format` exactly; undefined where none does. */
export function encodedAs(
  format: NativePixelFormat,
  taken: ReadonlySet<string>,
  keepsAlpha: boolean,
): string | undefined {
  const withAlpha = alphaTwins[format];
  if (withAlpha === undefined) {
    return [ffmpegName(format), ...(twins[format] ?? [])].find((name) => taken.has(name));
  }
  const opaque = opaqueTwins[format] ?? [];
  const names = keepsAlpha ? withAlpha : [...opaque, ...withAlpha];
  return names.find((name) => taken.has(name));
}

export interface Choice {
  readonly format: OutputPixelFormat;
  /** FFmpeg's name of the encoder's format. */
  readonly pixelFormat: string;
}

export interface Wish {
  /** The format of the frames. */
  readonly format: NativePixelFormat;
  /** Whether there is alpha to keep. */
  readonly alpha: boolean;
  /** See `EncoderDeclaration`. */
  readonly family: 'playback' | 'rgb' | undefined;
}

/** The formats that an encoder takes, best first. */
export function rankFormats(wish: Wish, taken: ReadonlySet<string>): Choice[] {
  const choices = outputPixelFormats.flatMap((format): Choice[] => {
    const { family } = pixelFormatOf(format);
    if (wish.family === 'playback' && family === 'rgb') return [];
    if (wish.family === 'rgb' && family === 'yuv') return [];
    const pixelFormat =
      (wish.alpha ? encodedAs(format, taken, true) : undefined) ?? encodedAs(format, taken, false);
    return pixelFormat === undefined ? [] : [{ format, pixelFormat }];
  });
  const cost = new Map(choices.map((choice) => [choice, costOf(wish, choice)]));
  return choices.sort((a, b) => compare(cost.get(a) ?? [], cost.get(b) ?? []));
}

function costOf({ format, alpha, family }: Wish, choice: Choice): number[] {
  const [from, to] = [pixelFormatOf(format), pixelFormatOf(choice.format)];
  const encoded = pixelFormatOf(choice.pixelFormat);
  // For playback RGB becomes 4:2:0, which players support.
  const chroma = from.family === 'rgb' && family === 'playback' ? 1 : chromaOf(from);
  return [
    Number(alpha && !encoded.alpha),
    Number(from.family !== 'gray' && to.family === 'gray'),
    Number(from.family !== to.family) + Number(from.family === 'gray' && to.family === 'rgb'),
    Math.max(0, from.bits - to.bits),
    Math.max(0, chroma - chromaOf(to)),
    to.bits - from.bits,
    Number(encoded.alpha && !alpha),
    chromaOf(to) - chroma,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Whether no pixel of a source can be transparent. */
export function isOpaque({ pixelFormat }: { readonly pixelFormat: string }): boolean {
  return !pixelFormatOf(pixelFormat).alpha;
}
