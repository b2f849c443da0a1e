/** Methods of the group Transform, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface TransformMethods {
  /**
   * Mirrors the image. Makes an image, or fills `dst`.
   * - `direction` *(also by position)*: Horizontal swaps left and right. One of horizontal, vertical, both; default "horizontal".
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Transform.flip(image, 'horizontal')
   */
  readonly flip: Method<'flip', 'flip'>;
  /**
   * Cuts out a rectangle; parts outside the image are transparent black. Makes an image, or fills `dst`.
   * - `x`: The left edge. An integer from -65536 to 65536, in px; required.
   * - `y`: The top edge. An integer from -65536 to 65536, in px; required.
   * - `width`: The width of the rectangle. An integer from 1 to 32768, in px; required.
   * - `height`: The height of the rectangle. An integer from 1 to 32768, in px; required.
   * - `dst`, `temp`: images whose memory it uses instead of new memory.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Transform.crop(image, { x: 100, y: 50, width: 640, height: 360 })
   */
  readonly crop: Method<'crop', 'crop'>;
}
