import { family } from '../schema/declaration.ts';
import { integer } from '../schema/integer.ts';
import { number } from '../schema/number.ts';

export const filter = family('Filter', {
  gaussianBlur: {
    doc: 'Gaussian blur; edge pixels are extended beyond the image.',
    formula:
      'separable weights exp(-i^2 / (2 sigma^2)), i = -radius..radius, normalised; sigma = radius / 3 or ' +
      'radius = ceil(3 sigma) when one is given, radius 3 when neither',
    source: 'PyImageCUDA Filter.gaussian_blur, on premultiplied alpha',
    pattern: 'dst',
    primary: 'radius',
    parameters: {
      radius: integer('The radius of the kernel.', {
        unit: 'px',
        min: 0,
        max: 10000,
        optional: true,
        example: 8,
      }),
      sigma: number('The standard deviation.', { unit: 'px', min: 0, max: 3333, optional: true }),
    },
  },
  sharpen: {
    doc: 'Sharpens edges and texture; edge pixels are extended beyond the image.',
    formula:
      "c' = c + strength sum(a_n (c - c_n)) over the neighbours n left, right, above and below; alpha stays",
    source: 'PyImageCUDA Filter.sharpen, the image continued beyond its edges, not clamped',
    pattern: 'dst',
    primary: 'strength',
    parameters: {
      strength: number('0 changes nothing; usually up to 2.', { default: 1, min: 0 }),
    },
  },
  sobel: {
    doc: 'Detects edges in each channel of the image composited over black; the result is opaque.',
    formula:
      "c' = sqrt(gx^2 + gy^2); gx = [-1 0 1; -2 0 2; -1 0 1], gy its transpose; a' = 1; not clamped",
    source: 'Sobel and Feldman 1968; PyImageCUDA Filter.sobel, on premultiplied alpha',
    pattern: 'dst',
    parameters: {},
  },
  median: {
    doc: 'Removes specks: the median of each channel over 3x3 pixels.',
    formula: "c' = the fifth of the nine values in order; NaN counts as less than every number",
    source: 'Tukey 1977, Exploratory Data Analysis; on premultiplied alpha',
    pattern: 'dst',
    parameters: {},
  },
  invert: {
    doc: 'Inverts the colours.',
    formula: "c' = 1 - c",
    source: 'W3C Filter Effects 1, invert(1)',
    pattern: 'inPlace',
    parameters: {},
  },
  sepia: {
    doc: 'Sepia tone, like an old photograph.',
    formula: "c' = c + (M c - c) intensity; M = [.393 .769 .189; .349 .686 .168; .272 .534 .131]",
    source: 'W3C Filter Effects 1, sepia(1)',
    pattern: 'inPlace',
    primary: 'intensity',
    parameters: { intensity: number('0 changes nothing, 1 is the full effect.', { default: 1 }) },
  },
});
