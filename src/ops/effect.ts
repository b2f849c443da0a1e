import { color } from '../schema/color.ts';
import { family } from '../schema/declaration.ts';
import { number } from '../schema/number.ts';

export const effect = family('Effect', {
  vignette: {
    doc: 'Fades to a colour towards the corners.',
    formula:
      "c' = c + (color - c) k; k = smoothstep(radius - softness / 2, radius + softness / 2, |(u, v)|) color.a; " +
      'u, v = -1..1 across the pixel centres',
    source: 'PyImageCUDA Effect.vignette',
    pattern: 'inPlace',
    primary: 'radius',
    parameters: {
      radius: number(
        'The distance at which the fade is half complete: 1 at the edges, 1.414 in the corners.',
        {
          default: 0.9,
          min: 0,
        },
      ),
      softness: number('The width of the fade.', { default: 1, min: 0 }),
      color: color('The colour; its alpha is the strength.', { default: [0, 0, 0, 1] }),
    },
  },
});
