/** How a stored picture is displayed: rotated, mirrored, with non-square pixels. */

import { expectOptions } from '../../errors/option-names.ts';
import { largestSide } from '../../image/pixels.ts';
import type { NativeChromaLocation } from '../../native/plan.ts';
import { type Fields, finite, list, tagOf, text } from './ffprobe-fields.ts';
import { parseRational, type Rational, rationalOf } from './rational.ts';

export interface Orientation {
  /** Degrees clockwise by which the decoder rotates the stored picture. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Whether it flips the picture left to right before it rotates it. */
  readonly mirrored: boolean;
}

const upright: Orientation = { rotation: 0, mirrored: false };

/** From the display matrix of a stream, else its older `rotate` tag; warns of angles other than multiples of 90 degrees. */
export function orientationOf(stream: Fields): Orientation & { readonly warning?: string } {
  const matrix = list(stream['side_data_list'])
    .map((data) => matrixOf(text(data['displaymatrix'])))
    .find((found) => found !== undefined);
  if (matrix === undefined) return turn(finite(tagOf(stream, 'rotate')) ?? 0, false);
  const [a, b, c, d] = matrix;
  if (a * d - b * c === 0) return upright; // a singular matrix is invalid
  const mirrored = a * d - b * c < 0;
  const side = mirrored ? -1 : 1;
  return turn((Math.atan2(side * b, side * a) * 180) / Math.PI, mirrored);
}

type Matrix = readonly [a: number, b: number, c: number, d: number];

/** Rows of `00000000:  0  65536  0`: points go to (ax + cy, bx + dy). */
function matrixOf(dump: string | undefined): Matrix | undefined {
  const rows = (dump ?? '').trim().split('\n').map(rowOf);
  const [[a, b] = [], [c, d] = []] = rows;
  return a === undefined || b === undefined || c === undefined || d === undefined
    ? undefined
    : [a, b, c, d];
}

function rowOf(line: string): number[] {
  return line.replace(/^\w+:/, '').trim().split(/\s+/).map(Number);
}

function turn(degrees: number, mirrored: boolean): Orientation & { readonly warning?: string } {
  const quarter = Math.round(degrees / 90);
  if (Math.abs(degrees - quarter * 90) > 2) {
    const warning = `its rotation by ${Number(degrees.toFixed(1))} degrees is ignored, only multiples of 90 are applied`;
    return { ...upright, warning };
  }
  const rotation = ((((quarter * 90) % 360) + 360) % 360) as Orientation['rotation'];
  return { rotation, mirrored };
}

export function swapsSides({ rotation }: Orientation): boolean {
  return rotation === 90 || rotation === 270;
}

/** The filters that make a picture upright. */
export function orientationFilters({ rotation, mirrored }: Orientation): string[] {
  const turns = {
    0: [],
    90: ['transpose=clock'],
    180: ['hflip', 'vflip'],
    270: ['transpose=cclock'],
  } as const;
  return [...(mirrored ? ['hflip'] : []), ...turns[rotation]];
}

/** The chroma location in the upright picture; centre where it becomes one that we have no name for. */
export function turnedLocation(
  location: NativeChromaLocation,
  { rotation, mirrored }: Orientation,
): NativeChromaLocation {
  if (rotation === 0 && !mirrored) return location;
  const upsideDown = rotation === 180 && mirrored;
  return location === 'left' && upsideDown ? 'left' : 'center';
}

/** Width of a pixel over its height, upright. */
export function pixelAspectOf(stream: Fields, orientation: Orientation): Rational {
  const stored = parseRational(text(stream['sample_aspect_ratio'])) ?? { num: 1, den: 1 };
  return swapsSides(orientation) ? { num: stored.den, den: stored.num } : stored;
}

/**
 * The size at which pixels are square, at the same height: width times sample aspect ratio, rounded to an even number from 2 to
 * 32768; undefined where they are square already.
 *
 * @example
 * const size = squarePixelSize(await probe('dvd.mpg'))
 * if (size) console.log(pipeline().resize(size))
 */
export function squarePixelSize(info: {
  readonly width: number;
  readonly height: number;
  readonly sampleAspectRatio: Rational;
}): { readonly width: number; readonly height: number } | undefined {
  expectOptions(info, 'info');
  const { num, den } = rationalOf(info.sampleAspectRatio, 'info.sampleAspectRatio');
  if (num === den) return undefined;
  const even = 2 * Math.round((info.width * num) / den / 2);
  return { width: Math.min(largestSide, Math.max(2, even)), height: info.height };
}
