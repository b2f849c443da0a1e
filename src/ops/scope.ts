/** Where an operation acts: options that every stage of a pipeline can have, and every call that changes pixels. */
import { image } from '../schema/image.ts';
import { region } from '../schema/region.ts';

export const scope = {
  mask: {
    ...image(
      'Where the operation shows: fully where the mask is white, not where it is black or transparent. It lies at the top left, ' +
        'pixel on pixel; beyond its edges nothing shows.',
    ),
    optional: true,
  },
  region: {
    ...region('The operation sees and changes this rectangle alone. It has to keep the size.'),
    optional: true,
  },
} as const;

/** Whether options say where the operation acts. */
export const isScoped = (options: object): boolean =>
  Object.keys(scope).some((name) => Object.hasOwn(options, name));
