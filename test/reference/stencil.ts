/** Stencils by brute force, in doubles, on straight or premultiplied pixels as each is defined. */
import { at, type Pixels, paint, type Rgba } from '../helpers/image.ts';
import { premultiply, unpremultiply } from './premultiply.ts';

type Around = (dx: number, dy: number) => Rgba;

const clampTo = (value: number, last: number) => Math.min(Math.max(value, 0), last);
const channels = [0, 1, 2, 3] as const;
const threeByThree = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy] as const));

function everywhere(image: Pixels, result: (around: Around) => Rgba): Pixels {
  const [right, bottom] = [image.width - 1, image.height - 1];
  return paint(image, (x, y) =>
    result((dx, dy) => at(image, clampTo(x + dx, right), clampTo(y + dy, bottom))),
  );
}

/** On straight alpha: every neighbour pushes the colour away from its own, as far as it is visible. */
export function sharpen(image: Pixels, { strength = 1 }: { strength?: number }): Pixels {
  const neighbours = threeByThree.filter(([dx, dy]) => Math.abs(dx) + Math.abs(dy) === 1);
  const sharpened = everywhere(image, (around) => {
    const pixel = around(0, 0);
    const color = ([0, 1, 2] as const).map((c) =>
      neighbours.reduce((sum, [dx, dy]) => {
        const other = around(dx, dy);
        return sum + strength * other[3] * (pixel[c] - other[c]);
      }, pixel[c]),
    );
    return [...color, pixel[3]] as unknown as Rgba;
  });
  return unpremultiply(premultiply(sharpened));
}

/** Both kernels written as a hat across times the distance along. */
export function sobel(image: Pixels): Pixels {
  return everywhere(premultiply(image), (around) => {
    const slope = (c: 0 | 1 | 2) => {
      let [x, y] = [0, 0];
      for (const [dx, dy] of threeByThree) {
        x += dx * (2 - Math.abs(dy)) * around(dx, dy)[c];
        y += dy * (2 - Math.abs(dx)) * around(dx, dy)[c];
      }
      return Math.hypot(x, y);
    };
    return [slope(0), slope(1), slope(2), 1];
  });
}

/** By sorting. */
export function median(image: Pixels): Pixels {
  const result = everywhere(premultiply(image), (around) => {
    const middle = (c: 0 | 1 | 2 | 3) => {
      // NaN counts as less than every number.
      const least = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
      const values = threeByThree.map(([dx, dy]) => least(around(dx, dy)[c]));
      return values.toSorted((a, b) => a - b)[4] as number;
    };
    return channels.map(middle) as unknown as Rgba;
  });
  return unpremultiply(result);
}
