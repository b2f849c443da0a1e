import { family } from '../schema/declaration.ts';
import { text } from '../schema/text.ts';

const parameters = {
  name: {
    ...text('Identifies the result among several.', 'a name'),
    example: 'before',
  },
} as const;

export const measure = family('Measure', {
  histogram: {
    doc: 'Counts the pixels with each of the 256 codes; the frame is not changed.',
    formula:
      'code = floor(clamp(255 c, 0, 255) + 1/2), NaN is 0; r, g, b, a, and luma = floor(0.2126 R + 0.7152 G + 0.0722 B + 1/2) of ' +
      'the codes',
    source: 'ITU-R BT.709 luma',
    pattern: 'result',
    primary: 'name',
    parameters,
  },
  statistics: {
    doc: 'Computes the minimum, maximum and mean; the frame is not changed.',
    formula:
      'min, max and mean of r, g, b, a, and of luma = 0.2126 r + 0.7152 g + 0.0722 b; NaN is left out and counted; not clamped',
    source: 'ITU-R BT.709 luma',
    pattern: 'result',
    primary: 'name',
    parameters,
  },
});
