import { integer } from '../schema/integer.ts';
import { number } from '../schema/number.ts';
import { family } from '../schema.ts';

export const filter = family('Filter', {
  gaussianBlur: {
    doc: 'Blurs with a Gaussian; the edge pixels continue outside the image.',
    formula:
      'separable weights exp(-i^2 / (2 sigma^2)), i = -radius..radius, normalised; sigma = radius / 3 or ' +
      'radius = ceil(3 sigma) when one is given, radius 3 when neither',
    source: 'PyImageCUDA Filter.gaussian_blur, on premultiplied alpha',
    pattern: 'dst',
    primary: 'radius',
    parameters: {
      radius: integer('Half the width of the kernel.', {
        unit: 'px',
        min: 0,
        max: 10000,
        optional: true,
      }),
      sigma: number('The standard deviation.', { unit: 'px', min: 0, max: 3333, optional: true }),
    },
  },
  invert: {
    doc: 'Makes the negative.',
    formula: "c' = 1 - c",
    source: 'W3C Filter Effects 1, invert(1)',
    pattern: 'inPlace',
    parameters: {},
  },
  sepia: {
    doc: 'Tones like an old photograph.',
    formula: "c' = c + (M c - c) intensity; M = [.393 .769 .189; .349 .686 .168; .272 .534 .131]",
    source: 'W3C Filter Effects 1, sepia(1)',
    pattern: 'inPlace',
    primary: 'intensity',
    parameters: { intensity: number('0 changes nothing, 1 tones fully.', { default: 1 }) },
  },
});
