/** Resampling by evaluating the continuous kernel for every pair of an output and an input pixel, in two dimensions. */
import { at, type Pixels, paint, type Rgba } from '../helpers/image.ts';
import { premultiply, unpremultiply } from './premultiply.ts';

interface Resize {
  width?: number;
  height?: number;
  method?: 'nearest' | 'bilinear' | 'bicubic' | 'lanczos';
  antialias?: boolean;
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const kernels = {
  bilinear: { reach: 1, weight: (x: number) => 1 - Math.abs(x) },
  /** Cubic convolution with a = -1/2: the two pieces of Keys 1981. */
  bicubic: {
    reach: 2,
    weight: (x: number) => {
      const d = Math.abs(x);
      return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
    },
  },
  lanczos: { reach: 3, weight: (x: number) => sinc(x) * sinc(x / 3) },
} as const;

interface Tap {
  readonly index: number;
  readonly weight: number;
}

/** The input pixels that output pixel `o` sees along one axis; pixel i is the interval i..i+1. */
function tapsOf(
  method: NonNullable<Resize['method']>,
  o: number,
  input: number,
  output: number,
  antialias: boolean,
): Tap[] {
  if (method === 'nearest')
    return [{ index: Math.floor(((2 * o + 1) * input) / (2 * output)), weight: 1 }];
  const { reach, weight } = kernels[method];
  const centre = ((o + 0.5) * input) / output;
  const width = antialias ? Math.max(1, input / output) : 1;
  const taps: Tap[] = [];
  for (let index = 0; index < input; index++) {
    const distance = (index + 0.5 - centre) / width;
    if (Math.abs(distance) < reach) taps.push({ index, weight: weight(distance) });
  }
  return taps;
}

export function resizedSize(image: Pixels, { width, height }: Resize) {
  const follow = (side: number, other: number, otherNow: number) =>
    Math.max(1, Math.round((side * other) / otherNow));
  return {
    width: width ?? follow(image.width, height ?? 1, image.height),
    height: height ?? follow(image.height, width ?? 1, image.width),
  };
}

export function resize(image: Pixels, options: Resize): Pixels {
  const { method = 'lanczos', antialias = true } = options;
  const size = resizedSize(image, options);
  const source = premultiply(image);
  const columns = Array.from({ length: size.width }, (_, o) =>
    tapsOf(method, o, image.width, size.width, antialias),
  );
  const rows = Array.from({ length: size.height }, (_, o) =>
    tapsOf(method, o, image.height, size.height, antialias),
  );
  const resized = paint(size, (ox, oy) => {
    const sum: [number, number, number, number] = [0, 0, 0, 0];
    let total = 0;
    for (const row of rows[oy] as Tap[]) {
      for (const column of columns[ox] as Tap[]) {
        const weight = row.weight * column.weight;
        const pixel = at(source, column.index, row.index);
        for (let i = 0; i < 4; i++) sum[i] = (sum[i] as number) + weight * (pixel[i] as number);
        total += weight;
      }
    }
    return sum.map((v) => v / total) as unknown as Rgba;
  });
  return unpremultiply(resized);
}
