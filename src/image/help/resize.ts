/** Methods of the group Resize, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface ResizeMethods {
  /**
   * Scales the image; with one side given, the aspect ratio is kept. Makes an image, or fills `dst`.
   * - `width`: The new width. An integer from 1 to 32768, in px; one of width, height is required.
   * - `height`: The new height. An integer from 1 to 32768, in px; one of width, height is required.
   * - `antialias`: Widens the kernel when downscaling, to avoid aliasing. True or false; default true.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Resize.nearest(image, { width: 1280 })
   */
  readonly nearest: Method<'resize', 'nearest'>;
  /**
   * Scales the image; with one side given, the aspect ratio is kept. Makes an image, or fills `dst`.
   * - `width`: The new width. An integer from 1 to 32768, in px; one of width, height is required.
   * - `height`: The new height. An integer from 1 to 32768, in px; one of width, height is required.
   * - `antialias`: Widens the kernel when downscaling, to avoid aliasing. True or false; default true.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Resize.bilinear(image, { width: 1280 })
   */
  readonly bilinear: Method<'resize', 'bilinear'>;
  /**
   * Scales the image; with one side given, the aspect ratio is kept. Makes an image, or fills `dst`.
   * - `width`: The new width. An integer from 1 to 32768, in px; one of width, height is required.
   * - `height`: The new height. An integer from 1 to 32768, in px; one of width, height is required.
   * - `antialias`: Widens the kernel when downscaling, to avoid aliasing. True or false; default true.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Resize.bicubic(image, { width: 1280 })
   */
  readonly bicubic: Method<'resize', 'bicubic'>;
  /**
   * Scales the image; with one side given, the aspect ratio is kept. Makes an image, or fills `dst`.
   * - `width`: The new width. An integer from 1 to 32768, in px; one of width, height is required.
   * - `height`: The new height. An integer from 1 to 32768, in px; one of width, height is required.
   * - `antialias`: Widens the kernel when downscaling, to avoid aliasing. True or false; default true.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Resize.lanczos(image, { width: 1280 })
   */
  readonly lanczos: Method<'resize', 'lanczos'>;
}
