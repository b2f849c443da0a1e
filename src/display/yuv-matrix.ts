/** The matrix from code values to 8-bit RGB, split so that float products are exact. */
import type { NativeMatrix, NativeShape } from '../native/plan.ts';

export interface YuvMatrix {
  /** The codes of black, and of zero chroma. */
  readonly zero: readonly [number, number, number];
  /** Columns for Y, Cb and Cr, in 8-bit R'G'B' codes; `high` is in whole 1024ths, `low` the remainder. */
  readonly high: Float32Array;
  readonly low: Float32Array;
}

/** Weights of red and blue in luma: BT.601-7, BT.709-6, BT.2020-2 (non-constant luminance). */
const lumaWeights: Readonly<Record<NativeMatrix, readonly [number, number]>> = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
};

/** Quantisation by ITU-T H.273 (8.3). */
export function yuvMatrix(
  { matrix, range }: Pick<NativeShape, 'matrix' | 'range'>,
  bits: number,
): YuvMatrix {
  const step = 2 ** (bits - 8);
  const limited = range === 'limited';
  const luma = 255 / (limited ? 219 * step : 2 ** bits - 1);
  const chroma = 255 / (limited ? 224 * step : 2 ** bits - 1);
  const [red, blue] = lumaWeights[matrix];
  const green = 1 - red - blue;
  const redOfCr = 2 * (1 - red) * chroma;
  const blueOfCb = 2 * (1 - blue) * chroma;
  const columns = [
    ...[luma, luma, luma],
    ...[0, (-blueOfCb * blue) / green, blueOfCb],
    ...[redOfCr, (-redOfCr * red) / green, 0],
  ];
  const high = columns.map((value) => Math.round(value * 1024) / 1024);
  return {
    zero: [limited ? 16 * step : 0, 128 * step, 128 * step],
    high: Float32Array.from(high),
    low: Float32Array.from(columns, (value, i) => value - (high[i] as number)),
  };
}
