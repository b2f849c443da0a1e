import { family } from '../schema/declaration.ts';
import { oneOf } from '../schema/enum.ts';
import { integer } from '../schema/integer.ts';

/** Pixels; twice the largest image side. */
const position = { unit: 'px', min: -65536, max: 65536 } as const;
const side = { unit: 'px', min: 1, max: 32768 } as const;

export const transform = family('Transform', {
  flip: {
    doc: 'Mirrors the image.',
    formula: "horizontal x' = width - 1 - x; vertical y' = height - 1 - y",
    source: 'PyImageCUDA Transform.flip',
    pattern: 'dst',
    primary: 'direction',
    parameters: {
      direction: oneOf(['horizontal', 'vertical', 'both'], 'Horizontal swaps left and right.', {
        default: 'horizontal',
      }),
    },
  },
  crop: {
    doc: 'Cuts out a rectangle; parts outside the image are transparent black.',
    formula: "c'(i, j) = c(x + i, y + j)",
    source: 'PyImageCUDA Transform.crop',
    pattern: 'dst',
    parameters: {
      x: integer('The left edge.', { ...position, example: 100 }),
      y: integer('The top edge.', { ...position, example: 50 }),
      width: integer('The width of the rectangle.', { ...side, example: 640 }),
      height: integer('The height of the rectangle.', { ...side, example: 360 }),
    },
  },
});
