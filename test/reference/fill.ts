import { mapPixels, type Pixels, paint, type Rgba } from '../helpers/image.ts';

export const fillColor = (image: Pixels, { color }: { color: Rgba }) => paint(image, () => color);

interface Gradient {
  from: Rgba;
  to: Rgba;
  direction?: 'horizontal' | 'vertical' | 'diagonal' | 'radial';
  seamless?: boolean;
}

/** Distances in pixels from the first pixel's centre, or from the image's. */
export function fillGradient(
  image: Pixels,
  { from, to, direction = 'horizontal', seamless = false }: Gradient,
) {
  const lastX = image.width - 1;
  const lastY = image.height - 1;
  const along = (position: number, last: number) => (last === 0 ? 1 / 2 : position / last);
  const fromCentre = (position: number, last: number) =>
    last === 0 ? 0 : Math.abs(2 * position - last) / last;
  const progress = (x: number, y: number) => {
    if (direction === 'horizontal') return along(x, lastX);
    if (direction === 'vertical') return along(y, lastY);
    if (direction === 'diagonal') return (along(x, lastX) + along(y, lastY)) / 2;
    return Math.hypot(fromCentre(x, lastX), fromCentre(y, lastY)) / Math.SQRT2;
  };
  return mapPixels(image, (_, x, y) => {
    const t = progress(x, y);
    const weight = seamless ? 1 - Math.abs(2 * t - 1) : t;
    return from.map((c, i) => c * (1 - weight) + (to[i] as number) * weight) as unknown as Rgba;
  });
}
