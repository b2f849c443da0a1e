/** The initial size of a window. */
import type { GLWindow } from '../../display/window.ts';
import { type Rational, toNumber } from '../../video/format/rational.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Fits most screens, in window units. */
const largest = { width: 1600, height: 900 };

/** One given side determines the other by the picture's aspect ratio; without any, the picture's size, reduced to fit. */
export function windowSize(
  picture: Size,
  given: { readonly width?: number | undefined; readonly height?: number | undefined },
  provider: GLWindow['provider'] | 'auto',
): Size {
  const { width, height } = given;
  let scale = Math.min(1, largest.width / picture.width, largest.height / picture.height);
  if (provider === 'headless') scale = 1;
  if (height !== undefined) scale = height / picture.height;
  if (width !== undefined) scale = width / picture.width;
  return {
    width: width ?? Math.max(1, Math.round(picture.width * scale)),
    height: height ?? Math.max(1, Math.round(picture.height * scale)),
  };
}

/** Width over height of a pixel as the window shows it. */
export function pixelAspectOf(
  { info }: { readonly info: { readonly sampleAspectRatio: Rational } },
  { squarePixels }: { readonly squarePixels?: boolean | undefined },
): number {
  return squarePixels ? 1 : toNumber(info.sampleAspectRatio);
}
