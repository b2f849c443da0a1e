import { boolean } from '../schema/boolean.ts';
import { color } from '../schema/color.ts';
import { family } from '../schema/declaration.ts';
import { oneOf } from '../schema/enum.ts';

export const fill = family('Fill', {
  fillColor: {
    doc: 'Fills the image with one colour, including alpha.',
    formula: 'c = color',
    source: 'PyImageCUDA Fill.color',
    pattern: 'inPlace',
    primary: 'color',
    methods: { color: {} },
    parameters: { color: color('The colour.', {}) },
  },
  fillGradient: {
    doc: 'Fills the image with a gradient between two colours, including alpha.',
    formula:
      'c = from + (to - from) t; u, v = 0..1 across the pixel centres; horizontal t = u, vertical t = v, ' +
      'diagonal t = (u + v) / 2, radial t = min(1, sqrt(2) |(u, v) - 1/2|)',
    source: 'PyImageCUDA Fill.gradient',
    pattern: 'inPlace',
    methods: { gradient: {} },
    parameters: {
      from: color('The colour at t = 0: left, top, or the centre.', { example: '#102040' }),
      to: color('The colour at t = 1: right, bottom, or the corners.', { example: '#f0a060' }),
      direction: oneOf(
        ['horizontal', 'vertical', 'diagonal', 'radial'],
        'The direction of the gradient.',
        { default: 'horizontal' },
      ),
      seamless: boolean('Goes to `to` at the middle and back to `from`.', { default: false }),
    },
  },
});
