/** Options and builder methods of the group Transform, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface TransformOptions {
  readonly flip: {
    readonly direction: {
      /** Horizontal swaps left and right. One of horizontal, vertical, both; default "horizontal". */
      readonly direction?: OptionOf<'flip', 'direction'>;
    };
  };
  readonly crop: {
    readonly x: {
      /** The left edge. An integer from -65536 to 65536, in px; required. */
      readonly x: OptionOf<'crop', 'x'>;
    };
    readonly y: {
      /** The top edge. An integer from -65536 to 65536, in px; required. */
      readonly y: OptionOf<'crop', 'y'>;
    };
    readonly width: {
      /** The width of the rectangle. An integer from 1 to 32768, in px; required. */
      readonly width: OptionOf<'crop', 'width'>;
    };
    readonly height: {
      /** The height of the rectangle. An integer from 1 to 32768, in px; required. */
      readonly height: OptionOf<'crop', 'height'>;
    };
  };
}

export interface TransformStages<P> {
  /**
   * Mirrors the image.
   * - `direction` *(also by position)*: Horizontal swaps left and right. One of horizontal, vertical, both; default "horizontal".
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().flip('horizontal')
   */
  readonly flip: StageMethod<'flip', P>;
  /**
   * Cuts out a rectangle; parts outside the image are transparent black.
   * - `x`: The left edge. An integer from -65536 to 65536, in px; required.
   * - `y`: The top edge. An integer from -65536 to 65536, in px; required.
   * - `width`: The width of the rectangle. An integer from 1 to 32768, in px; required.
   * - `height`: The height of the rectangle. An integer from 1 to 32768, in px; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().crop({ x: 100, y: 50, width: 640, height: 360 })
   */
  readonly crop: StageMethod<'crop', P>;
}
