/** Options and builder methods of the group Measure, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method may leave out what it has decided and keep the comments of the others. */
export interface MeasureOptions {
  readonly histogram: {
    readonly name: {
      /** By which the result is found again among several. A name; optional. */
      readonly name?: OptionOf<'histogram', 'name'>;
    };
  };
  readonly statistics: {
    readonly name: {
      /** By which the result is found again among several. A name; optional. */
      readonly name?: OptionOf<'statistics', 'name'>;
    };
  };
}

export interface MeasureStages<P> {
  /**
   * Counts how many pixels have each of the 256 codes; the frame stays as it is.
   * - `name` *(also by position)*: By which the result is found again among several. A name; optional.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().histogram('before')
   */
  readonly histogram: StageMethod<'histogram', P>;
  /**
   * Finds the least, the greatest and the mean value; the frame stays as it is.
   * - `name` *(also by position)*: By which the result is found again among several. A name; optional.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().statistics('before')
   */
  readonly statistics: StageMethod<'statistics', P>;
}
