/** The options that every stage can have. Made from the table in `src/ops` by `npm run docs`. */
import type { Written } from '../../schema/parameter.ts';
import type { scope } from '../scope.ts';

export type Scope = {
  /** Where the operation takes effect: fully where the mask is white, not where it is black or transparent. It is placed at the top left, without scaling; beyond its edges there is no effect. An Image, an ImageU8, { image: path }, { stages: […] }, { input: name } or { previous: frames }; optional. */
  readonly mask?: Written<typeof scope, 'mask'>;
  /** The operation reads and changes only this rectangle. It must keep the size. A rectangle { x, y, width, height } of whole pixels; optional. */
  readonly region?: Written<typeof scope, 'region'>;
};
