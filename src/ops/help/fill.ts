/** Options and builder methods of the group Fill, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface FillOptions {
  readonly fillColor: {
    readonly color: {
      /** The colour. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required. */
      readonly color: OptionOf<'fillColor', 'color'>;
    };
  };
  readonly fillGradient: {
    readonly from: {
      /** The colour at t = 0: left, top, or the centre. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required. */
      readonly from: OptionOf<'fillGradient', 'from'>;
    };
    readonly to: {
      /** The colour at t = 1: right, bottom, or the corners. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required. */
      readonly to: OptionOf<'fillGradient', 'to'>;
    };
    readonly direction: {
      /** The direction of the gradient. One of horizontal, vertical, diagonal, radial; default "horizontal". */
      readonly direction?: OptionOf<'fillGradient', 'direction'>;
    };
    readonly seamless: {
      /** Goes to `to` at the middle and back to `from`. True or false; default false. */
      readonly seamless?: OptionOf<'fillGradient', 'seamless'>;
    };
  };
}

export interface FillStages<P> {
  /**
   * Fills the image with one colour, including alpha.
   * - `color` *(also by position)*: The colour. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().fillColor('#ff8800')
   */
  readonly fillColor: StageMethod<'fillColor', P>;
  /**
   * Fills the image with a gradient between two colours, including alpha.
   * - `from`: The colour at t = 0: left, top, or the centre. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required.
   * - `to`: The colour at t = 1: right, bottom, or the corners. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); required.
   * - `direction`: The direction of the gradient. One of horizontal, vertical, diagonal, radial; default "horizontal".
   * - `seamless`: Goes to `to` at the middle and back to `from`. True or false; default false.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().fillGradient({ from: '#102040', to: '#f0a060' })
   */
  readonly fillGradient: StageMethod<'fillGradient', P>;
}
