/** Point operations in doubles, each written another way than the implementation's. */
import { mapPixels, type Pixels, type Rgba } from '../helpers/image.ts';
import { hsvFromRgb, rgbFromHsv, turnHue } from './hsv.ts';

type Channel = (value: number) => number;

const perChannel = (change: Channel) => (image: Pixels) =>
  mapPixels(image, ([r, g, b, a]) => [change(r), change(g), change(b), a]);

export const brightness = (image: Pixels, { factor }: { factor: number }) =>
  perChannel((c) => c + factor)(image);

/** Between middle grey and the colour. */
export const contrast = (image: Pixels, { factor }: { factor: number }) =>
  perChannel((c) => 0.5 * (1 - factor) + c * factor)(image);

/** Only the colour differences are scaled; luma stays: r = y + 1.402 cr and so on, as in BT.601. */
export const saturation = (image: Pixels, { factor }: { factor: number }) =>
  mapPixels(image, ([r, g, b, a]) => {
    const y = (299 * r + 587 * g + 114 * b) / 1000;
    const cb = (factor * (b - y)) / 1.772;
    const cr = (factor * (r - y)) / 1.402;
    const green = y - (0.114 * 1.772 * cb + 0.299 * 1.402 * cr) / 0.587;
    return [y + 1.402 * cr, green, y + 1.772 * cb, a];
  });

export const gamma = (image: Pixels, options: { gamma: number }) =>
  perChannel((c) => (c > 0 ? Math.exp(Math.log(c) / options.gamma) : 0))(image);

export const opacity = (image: Pixels, { factor }: { factor: number }) =>
  mapPixels(image, ([r, g, b, a]) => [r, g, b, a * factor]);

export const hue = (image: Pixels, { degrees }: { degrees: number }) =>
  mapPixels(image, ([r, g, b, a]) => [...turnHue([r, g, b], degrees), a]);

/** The two readings of a hue right on the edge of the skin tones: the sector a hair wider, and a hair narrower. */
export const vibrance = [1e-4, -1e-4].map(
  (hair) =>
    (image: Pixels, { amount }: { amount: number }) =>
      mapPixels(image, ([r, g, b, a]): Rgba => {
        const { hue: degrees, saturation: s, value } = hsvFromRgb([r, g, b]);
        if (value < 1e-5 || s < 0.001) return [r, g, b, a];
        const spared = degrees <= 50 + hair || degrees >= 330 - hair ? 0.3 : 1;
        const target = Math.min(1, Math.max(0, s + spared * amount * (1 - s) * s));
        return [...rgbFromHsv({ hue: degrees, saturation: target, value }), a];
      }),
);

export const invert = perChannel((c) => 1 - c);

/** The matrix as W3C Filter Effects 1 writes it for a partial sepia. */
export function sepia(image: Pixels, { intensity = 1 }: { intensity?: number }) {
  const rest = 1 - intensity;
  return mapPixels(image, ([r, g, b, a]) => [
    (0.393 + 0.607 * rest) * r + (0.769 - 0.769 * rest) * g + (0.189 - 0.189 * rest) * b,
    (0.349 - 0.349 * rest) * r + (0.686 + 0.314 * rest) * g + (0.168 - 0.168 * rest) * b,
    (0.272 - 0.272 * rest) * r + (0.534 - 0.534 * rest) * g + (0.131 + 0.869 * rest) * b,
    a,
  ]);
}
