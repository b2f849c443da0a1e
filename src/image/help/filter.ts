/** Methods of the group Filter, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface FilterMethods {
  /**
   * Gaussian blur; edge pixels are extended beyond the image. Makes an image, or fills `dst`.
   * - `radius` *(also by position)*: The radius of the kernel. An integer from 0 to 10000, in px; optional.
   * - `sigma`: The standard deviation. A number from 0 to 3333, in px; optional.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Filter.gaussianBlur(image, 8)
   */
  readonly gaussianBlur: Method<'gaussianBlur', 'gaussianBlur'>;
  /**
   * Sharpens edges and texture; edge pixels are extended beyond the image. Makes an image, or fills `dst`.
   * - `strength` *(also by position)*: 0 changes nothing; usually up to 2. A number of at least 0; default 1.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Filter.sharpen(image, 1)
   */
  readonly sharpen: Method<'sharpen', 'sharpen'>;
  /**
   * Detects edges in each channel of the image composited over black; the result is opaque. Makes an image, or fills `dst`.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Filter.sobel(image)
   */
  readonly sobel: Method<'sobel', 'sobel'>;
  /**
   * Removes specks: the median of each channel over 3x3 pixels. Makes an image, or fills `dst`.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Filter.median(image)
   */
  readonly median: Method<'median', 'median'>;
  /**
   * Inverts the colours. In place.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Filter.invert(image)
   */
  readonly invert: Method<'invert', 'invert'>;
  /**
   * Sepia tone, like an old photograph. In place.
   * - `intensity` *(also by position)*: 0 changes nothing, 1 is the full effect. A number; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Filter.sepia(image, 1)
   */
  readonly sepia: Method<'sepia', 'sepia'>;
}
