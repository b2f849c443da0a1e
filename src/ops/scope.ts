/** Where an operation of a pipeline acts: options that every stage can have. */
import { image } from '../schema/image.ts';
import { region } from '../schema/region.ts';

export const scope = {
  mask: {
    ...image(
      'Where the operation shows: fully where the mask is white, not where it is black, transparent or ends.',
    ),
    optional: true,
  },
  region: {
    ...region('The operation sees and changes this rectangle alone. It has to keep the size.'),
    optional: true,
  },
} as const;
