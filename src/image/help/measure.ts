/** Methods of the group Measure, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface MeasureMethods {
  /**
   * Counts how many pixels have each of the 256 codes; the frame stays as it is. Returns the data, and waits for the image.
   * - `name` *(also by position)*: By which the result is found again among several. A name; optional.
   * @example
   * Measure.histogram(image, 'before')
   */
  readonly histogram: Method<'histogram', 'histogram'>;
  /**
   * Finds the least, the greatest and the mean value; the frame stays as it is. Returns the data, and waits for the image.
   * - `name` *(also by position)*: By which the result is found again among several. A name; optional.
   * @example
   * Measure.statistics(image, 'before')
   */
  readonly statistics: Method<'statistics', 'statistics'>;
}
