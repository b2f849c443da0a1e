/** Options that limit where an operation acts, for every stage and every call that changes pixels. */
import { image } from '../schema/image.ts';
import { region } from '../schema/region.ts';

export const scope = {
  mask: {
    ...image(
      'Where the operation takes effect: fully where the mask is white, not where it is black or transparent. It is placed at the ' +
        'top left, without scaling; beyond its edges there is no effect.',
    ),
    optional: true,
  },
  region: {
    ...region('The operation reads and changes only this rectangle. It must keep the size.'),
    optional: true,
  },
} as const;

/** Whether the options contain a mask or a region. */
export const isScoped = (options: object): boolean =>
  Object.keys(scope).some((name) => Object.hasOwn(options, name));
