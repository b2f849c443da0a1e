/** How large a window is to begin with. */
import type { GLWindow } from '../../display/window.ts';
import { type Rational, toNumber } from '../../video/format/rational.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What fits on most screens, in window units. */
const largest = { width: 1600, height: 900 };

/** A side that is given decides the other one by the picture's shape; otherwise the picture's own size, unless it is too large. */
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

/** Width of a pixel over its height, as a window shows it. */
export function pixelAspectOf(
  { info }: { readonly info: { readonly sampleAspectRatio: Rational } },
  { squarePixels }: { readonly squarePixels?: boolean | undefined },
): number {
  return squarePixels ? 1 : toNumber(info.sampleAspectRatio);
}
