/** Methods of the group Measure, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface MeasureMethods {
  /**
   * Counts the pixels with each of the 256 codes; the frame is not changed. Returns the data, and waits for the image.
   * - `name` *(also by position)*: Identifies the result among several. A name; optional.
   * @example
   * Measure.histogram(image, 'before')
   */
  readonly histogram: Method<'histogram', 'histogram'>;
  /**
   * Computes the minimum, maximum and mean; the frame is not changed. Returns the data, and waits for the image.
   * - `name` *(also by position)*: Identifies the result among several. A name; optional.
   * @example
   * Measure.statistics(image, 'before')
   */
  readonly statistics: Method<'statistics', 'statistics'>;
}
