/** Pictures as the tests and their references see them: straight-alpha RGBA in doubles. */
import { makeRandom } from './random.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Pixels extends Size {
  readonly data: Float64Array;
}

export type Rgba = readonly [number, number, number, number];
export type Element = 'f32' | 'u8';

export const sizeText = ({ width, height }: Size) => `${width}x${height}`;

export function blank({ width, height }: Size): Pixels {
  return { width, height, data: new Float64Array(width * height * 4) };
}

/** A picture from a function of the pixel's position. */
export function paint({ width, height }: Size, color: (x: number, y: number) => Rgba): Pixels {
  const data = new Float64Array(width * height * 4);
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index += 4) {
      const pixel = color(x, y);
      data[index] = pixel[0];
      data[index + 1] = pixel[1];
      data[index + 2] = pixel[2];
      data[index + 3] = pixel[3];
    }
  }
  return { width, height, data };
}

export function at(image: Pixels, x: number, y: number): Rgba {
  const index = (y * image.width + x) * 4;
  return [
    image.data[index] as number,
    image.data[index + 1] as number,
    image.data[index + 2] as number,
    image.data[index + 3] as number,
  ];
}

/** The picture with every pixel replaced. */
export function mapPixels(
  image: Pixels,
  change: (pixel: Rgba, x: number, y: number) => Rgba,
): Pixels {
  return paint(image, (x, y) => change(at(image, x, y), x, y));
}

/**
 * Seeded noise that an image of that element type holds exactly: greys, primaries, plain colours and, in f32, highlights
 * and negatives; alpha 0, 1 and everything between unless `opaque`.
 */
export function makeImage(
  size: Size,
  {
    seed = 1,
    element = 'f32',
    opaque = false,
  }: { seed?: number; element?: Element; opaque?: boolean } = {},
): Pixels {
  const random = makeRandom(seed * 7919 + size.width * 31 + size.height);
  const code = () => Math.floor(random() * 256) / 255;
  const plain = () => (element === 'u8' ? code() : Math.fround(random()));
  const bright = () => (element === 'u8' ? code() : Math.fround(random() * 5 - 1));
  const extreme = () => (random() < 0.5 ? 0 : 1);
  return paint(size, () => {
    const alphaKind = random();
    const mixed = element === 'u8' ? code() : Math.fround(1 / 255 + (254 / 255) * random());
    const alpha = opaque || alphaKind < 0.3 ? 1 : alphaKind < 0.4 ? 0 : mixed;
    const kind = random();
    if (kind < 0.1) {
      const gray = plain();
      return [gray, gray, gray, alpha];
    }
    const channel = kind < 0.2 ? extreme : kind < 0.75 ? plain : bright;
    return [channel(), channel(), channel(), alpha];
  });
}

/** Opaque 8-bit content as a camera sees it: shading, edges, texture, and only little of it saturated. */
export function makeNaturalImage(size: Size, seed = 1): Pixels {
  const random = makeRandom(seed);
  const waves = Array.from({ length: 12 }, (_, i) => ({
    x: (random() - 0.5) * 0.02 * 1.5 ** i,
    y: (random() - 0.5) * 0.02 * 1.5 ** i,
    phase: random() * 6.3,
    gain: 0.16 / 1.35 ** i,
    color: [0.8 + 0.4 * random(), 0.8 + 0.4 * random(), 0.8 + 0.4 * random()] as const,
  }));
  return paint(size, (x, y) => {
    const edge = (x * 3 + y * 2) % (size.width * 2) < size.width ? 0.08 : -0.08;
    const channel = (c: 0 | 1 | 2) => {
      let value = 0.45 + edge * (1 - 0.3 * c);
      for (const w of waves)
        value += w.gain * w.color[c] * Math.sin(w.x * x + w.y * y + w.phase + c * 0.3);
      return Math.min(255, Math.max(0, Math.round(value * 255))) / 255;
    };
    return [channel(0), channel(1), channel(2), 1];
  });
}

/** The samples as they are uploaded. */
export function samplesOf(image: Pixels, element: Element): Float32Array | Uint8Array {
  return element === 'f32'
    ? Float32Array.from(image.data)
    : Uint8Array.from(image.data, (v) => Math.round(v * 255));
}

/** Downloaded samples as a picture: f32 as they are, u8 divided by 255. */
export function pixelsFrom(size: Size, samples: Float32Array | Uint8Array): Pixels {
  const scale = samples instanceof Uint8Array ? 255 : 1;
  return {
    width: size.width,
    height: size.height,
    data: Float64Array.from(samples, (v) => v / scale),
  };
}

export interface Worst {
  /** How far beyond the allowed difference: above 1 is a failure. */
  readonly excess: number;
  readonly x: number;
  readonly y: number;
  readonly expected: Rgba;
  readonly received: Rgba;
}

/**
 * The pixel that differs most, in units of what is allowed. f32: `tolerance`, times the magnitude above 1. u8: half a
 * code more, for the rounding. `dividesByAlpha` allows a colour that was divided by a small alpha proportionally more,
 * `slack` one of that value so much more.
 */
export function maxDifference(
  expected: Pixels,
  received: Pixels,
  {
    tolerance,
    element = 'f32',
    dividesByAlpha = false,
    slack = () => 0,
  }: {
    tolerance: number;
    element?: Element;
    dividesByAlpha?: boolean;
    slack?: (expected: number) => number;
  },
): Worst {
  if (expected.width !== received.width || expected.height !== received.height) {
    throw new Error(`expected ${sizeText(expected)} pixels, received ${sizeText(received)}`);
  }
  let excess = -1;
  let worst = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const raw = expected.data[i] as number;
    const value = element === 'u8' ? Math.min(1, Math.max(0, raw)) : raw;
    const alpha = expected.data[i | 3] as number;
    const division = dividesByAlpha && (i & 3) < 3 ? 1 / Math.min(1, Math.max(1e-6, alpha)) : 1;
    const rounding = element === 'u8' ? 0.5 / 255 : 0;
    const steep = (i & 3) < 3 ? slack(raw) : 0;
    const allowed = tolerance * Math.max(1, Math.abs(raw)) * division + rounding + steep;
    const difference = Math.abs((received.data[i] as number) - value);
    const share = difference <= allowed && allowed === 0 ? 0 : difference / allowed;
    if (!(share <= excess)) {
      excess = Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
      worst = i >> 2;
    }
  }
  const x = worst % expected.width;
  const y = Math.floor(worst / expected.width);
  return { excess, x, y, expected: at(expected, x, y), received: at(received, x, y) };
}

/** From several right answers the nearest, pixel by pixel. */
export function nearest(candidates: readonly Pixels[], received: Pixels): Pixels {
  const [first, ...others] = candidates as [Pixels, ...Pixels[]];
  if (others.length === 0) return first;
  const distance = (candidate: Pixels, x: number, y: number) => {
    const pixel = at(received, x, y);
    return at(candidate, x, y).reduce((sum, v, i) => sum + Math.abs(v - (pixel[i] as number)), 0);
  };
  return mapPixels(first, (_, x, y) => {
    const ranked = candidates.toSorted((a, b) => distance(a, x, y) - distance(b, x, y));
    return at(ranked[0] as Pixels, x, y);
  });
}

/** The same after multiplying by alpha, for programs that keep premultiplied 8-bit pixels. */
export function premultipliedDifference(
  expected: Pixels,
  received: Pixels,
  tolerance: number,
): Worst {
  const multiplied = (image: Pixels) =>
    mapPixels(image, ([r, g, b, a]) => [r * a, g * a, b * a, a]);
  return maxDifference(multiplied(expected), multiplied(received), { tolerance });
}

/** One line that names the worst pixel. */
export function describeWorst({ excess, x, y, expected, received }: Worst): string {
  const text = (pixel: Rgba) => `(${pixel.map((v) => Number(v.toPrecision(8))).join(', ')})`;
  const times = `${Number(excess.toPrecision(3))} times the tolerance`;
  return `pixel (${x}, ${y}): expected ${text(expected)}, received ${text(received)}, ${times}`;
}

/** Peak signal-to-noise ratio of samples whose peak is `peak`, in dB. */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>, peak: number): number {
  if (a.length !== b.length) throw new Error(`expected ${a.length} samples, received ${b.length}`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10((peak * peak * a.length) / sum);
}
