/** The Gaussian on premultiplied alpha: as one sum over the whole square, and in two passes where that takes too long. */
import { at, blank, type Pixels, paint, type Rgba } from '../helpers/image.ts';
import { premultiply, unpremultiply } from './premultiply.ts';

interface Blur {
  radius?: number;
  sigma?: number;
}

function kernelOf({ radius, sigma }: Blur) {
  if (sigma === undefined) return { taps: radius ?? 3, sigma: (radius ?? 3) / 3 };
  return { taps: radius ?? Math.ceil(3 * sigma), sigma };
}

const clampTo = (value: number, last: number) => Math.min(Math.max(value, 0), last);

/** Every pixel weighed with the two-dimensional Gaussian of its distance; nothing is separated. */
export function gaussianBlur(image: Pixels, options: Blur): Pixels {
  const { taps, sigma } = kernelOf(options);
  const bell = (dx: number, dy: number) =>
    taps === 0 || sigma <= 0.001
      ? Number(dx === 0 && dy === 0)
      : Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
  const source = premultiply(image);
  const blurred = paint(image, (x, y) => {
    const sum: [number, number, number, number] = [0, 0, 0, 0];
    let total = 0;
    for (let dy = -taps; dy <= taps; dy++) {
      for (let dx = -taps; dx <= taps; dx++) {
        const weight = bell(dx, dy);
        const pixel = at(
          source,
          clampTo(x + dx, image.width - 1),
          clampTo(y + dy, image.height - 1),
        );
        for (let i = 0; i < 4; i++) sum[i] = (sum[i] as number) + weight * (pixel[i] as number);
        total += weight;
      }
    }
    return sum.map((v) => v / total) as unknown as Rgba;
  });
  return unpremultiply(blurred);
}

/** The same in two passes, for radii where the square would take minutes. */
export function gaussianBlurInPasses(image: Pixels, options: Blur): Pixels {
  const { taps, sigma } = kernelOf(options);
  const weights = Float64Array.from({ length: 2 * taps + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - taps) / sigma) ** 2),
  );
  const total = weights.reduce((sum, w) => sum + w, 0);
  const pass = (source: Pixels, stepX: number, stepY: number) => {
    const result = blank(source);
    for (let y = 0; y < source.height; y++) {
      for (let x = 0; x < source.width; x++) {
        const target = (y * source.width + x) * 4;
        for (let k = -taps; k <= taps; k++) {
          const fromX = clampTo(x + k * stepX, source.width - 1);
          const fromY = clampTo(y + k * stepY, source.height - 1);
          const weight = (weights[k + taps] as number) / total;
          const from = (fromY * source.width + fromX) * 4;
          for (let i = 0; i < 4; i++) {
            result.data[target + i] =
              (result.data[target + i] as number) + weight * (source.data[from + i] as number);
          }
        }
      }
    }
    return result;
  };
  return unpremultiply(pass(pass(premultiply(image), 1, 0), 0, 1));
}
