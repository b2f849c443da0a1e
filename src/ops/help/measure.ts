/** Options and builder methods of the group Measure, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface MeasureOptions {
  readonly histogram: {
    readonly name: {
      /** Identifies the result among several. A name; optional. */
      readonly name?: OptionOf<'histogram', 'name'>;
    };
  };
  readonly statistics: {
    readonly name: {
      /** Identifies the result among several. A name; optional. */
      readonly name?: OptionOf<'statistics', 'name'>;
    };
  };
}

export interface MeasureStages<P> {
  /**
   * Counts the pixels with each of the 256 codes; the frame is not changed.
   * - `name` *(also by position)*: Identifies the result among several. A name; optional.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().histogram('before')
   */
  readonly histogram: StageMethod<'histogram', P>;
  /**
   * Computes the minimum, maximum and mean; the frame is not changed.
   * - `name` *(also by position)*: Identifies the result among several. A name; optional.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().statistics('before')
   */
  readonly statistics: StageMethod<'statistics', P>;
}
