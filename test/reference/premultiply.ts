import { mapPixels, type Pixels } from '../helpers/image.ts';

export const premultiply = (image: Pixels) =>
  mapPixels(image, ([r, g, b, a]) => [r * a, g * a, b * a, a]);

/** Where (next to) nothing is left, nothing: transparent black. */
export const unpremultiply = (image: Pixels) =>
  mapPixels(image, ([r, g, b, a]) => (a > 1e-6 ? [r / a, g / a, b / a, a] : [0, 0, 0, 0]));
