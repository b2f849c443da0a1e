/** Y'CbCr codes from the standards' own form: luma, then scaled colour differences (BT.601-7, BT.709-6, BT.2020-2). */
export type Matrix = 'bt601' | 'bt709' | 'bt2020';
export type Range = 'limited' | 'full';
type Triple = readonly [number, number, number];

const luma = {
  bt601: [0.299, 0.587, 0.114],
  bt709: [0.2126, 0.7152, 0.0722],
  bt2020: [0.2627, 0.678, 0.0593],
} as const;

/** Unrounded codes of a colour given in 0..1. */
export function yuvFromRgb([r, g, b]: Triple, matrix: Matrix, range: Range): Triple {
  const [kr, kg, kb] = luma[matrix];
  const y = kr * r + kg * g + kb * b;
  const cb = (b - y) / (2 - 2 * kb);
  const cr = (r - y) / (2 - 2 * kr);
  return range === 'limited'
    ? [16 + 219 * y, 128 + 224 * cb, 128 + 224 * cr]
    : [255 * y, 128 + 255 * cb, 128 + 255 * cr];
}

/** Codes of a colour as H.273 quantises them (8.3): rounded, and cut off at 0 and 2^bits - 1. */
export function quantised(
  [r = 0, g = 0, b = 0]: readonly number[],
  matrix: Matrix,
  range: Range,
  bits: number,
): Triple {
  const [kr, kg, kb] = luma[matrix];
  const y = kr * r + kg * g + kb * b;
  const pb = (0.5 * (b - y)) / (1 - kb);
  const pr = (0.5 * (r - y)) / (1 - kr);
  const clip = (v: number) => Math.min(2 ** bits - 1, Math.max(0, Math.floor(v + 0.5)));
  const half = 2 ** (bits - 1);
  if (range === 'full') {
    const peak = 2 ** bits - 1;
    return [clip(peak * y), clip(peak * pb + half), clip(peak * pr + half)];
  }
  const unit = 2 ** (bits - 8);
  return [
    clip(unit * (219 * y + 16)),
    clip(unit * (224 * pb + 128)),
    clip(unit * (224 * pr + 128)),
  ];
}

/** The colour, 0..1 and beyond, of codes. */
export function rgbFromYuv([codeY, codeU, codeV]: Triple, matrix: Matrix, range: Range): Triple {
  const [kr, kg, kb] = luma[matrix];
  const limited = range === 'limited';
  const y = limited ? (codeY - 16) / 219 : codeY / 255;
  const r = y + (2 - 2 * kr) * ((codeV - 128) / (limited ? 224 : 255));
  const b = y + (2 - 2 * kb) * ((codeU - 128) / (limited ? 224 : 255));
  return [r, (y - kr * r - kb * b) / kg, b];
}

/** R, G, B and then Y, Cb, Cr in 601 limited, 601 full, 709 limited, 709 full, 2020 limited, 2020 full; half rounds up. */
export const colorBars: readonly (readonly number[])[] = [
  [
    255, 255, 255, 235, 128, 128, 255, 128, 128, 235, 128, 128, 255, 128, 128, 235, 128, 128, 255,
    128, 128,
  ],
  [
    128, 128, 128, 126, 128, 128, 128, 128, 128, 126, 128, 128, 128, 128, 128, 126, 128, 128, 128,
    128, 128,
  ],
  [191, 191, 0, 161, 44, 142, 169, 33, 144, 168, 44, 136, 177, 33, 137, 170, 44, 135, 180, 33, 136],
  [0, 191, 191, 131, 156, 44, 134, 160, 33, 145, 147, 44, 150, 150, 33, 137, 151, 44, 141, 155, 33],
  [0, 191, 0, 112, 72, 58, 112, 65, 48, 133, 63, 52, 137, 54, 41, 127, 68, 51, 129, 59, 40],
  [191, 0, 191, 84, 184, 198, 79, 191, 208, 63, 193, 204, 54, 202, 215, 69, 188, 205, 62, 197, 216],
  [191, 0, 0, 65, 100, 212, 57, 96, 224, 51, 109, 212, 41, 106, 224, 59, 105, 212, 50, 101, 224],
  [0, 0, 191, 35, 212, 114, 22, 224, 112, 28, 212, 120, 14, 224, 119, 26, 212, 121, 11, 224, 120],
  [255, 0, 0, 81, 90, 240, 76, 85, 255, 63, 102, 240, 54, 99, 255, 74, 97, 240, 67, 92, 255],
  [0, 255, 0, 145, 54, 34, 150, 44, 21, 173, 42, 26, 182, 30, 12, 164, 47, 25, 173, 36, 11],
  [0, 0, 255, 41, 240, 110, 29, 255, 107, 32, 240, 118, 18, 255, 116, 29, 240, 119, 15, 255, 118],
];

/** The colour spaces of the table's columns. */
export const colorSpaces = (['bt601', 'bt709', 'bt2020'] as const).flatMap((matrix) =>
  (['limited', 'full'] as const).map((range) => ({ matrix, range })),
);
