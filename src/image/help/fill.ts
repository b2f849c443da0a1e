/** Methods of the group Fill, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface FillMethods {
  /**
   * Fills the image with one colour, including alpha. In place.
   * - `color` *(also by position)*: The colour. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Fill.color(image, '#ff8800')
   */
  readonly color: Method<'fillColor', 'color'>;
  /**
   * Fills the image with a gradient between two colours, including alpha. In place.
   * - `from`: The colour at t = 0: left, top, or the centre. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required.
   * - `to`: The colour at t = 1: right, bottom, or the corners. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required.
   * - `direction`: The direction of the gradient. One of horizontal, vertical, diagonal, radial; default "horizontal".
   * - `seamless`: Goes to `to` at the middle and back to `from`. True or false; default false.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Fill.gradient(image, { from: '#102040', to: '#f0a060' })
   */
  readonly gradient: Method<'fillGradient', 'gradient'>;
}
