/** Options and builder methods of the group Resize, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface ResizeOptions {
  readonly resize: {
    readonly width: {
      /** The new width. An integer from 1 to 32768, in px; one of width, height is required. */
      readonly width?: OptionOf<'resize', 'width'>;
    };
    readonly height: {
      /** The new height. An integer from 1 to 32768, in px; one of width, height is required. */
      readonly height?: OptionOf<'resize', 'height'>;
    };
    readonly method: {
      /** The kernel. One of nearest, bilinear, bicubic, lanczos; default "lanczos". */
      readonly method?: OptionOf<'resize', 'method'>;
    };
    readonly antialias: {
      /** Widens the kernel when downscaling, to avoid aliasing. True or false; default true. */
      readonly antialias?: OptionOf<'resize', 'antialias'>;
    };
  };
}

export interface ResizeStages<P> {
  /**
   * Scales the image; with one side given, the aspect ratio is kept.
   * - `width`: The new width. An integer from 1 to 32768, in px; one of width, height is required.
   * - `height`: The new height. An integer from 1 to 32768, in px; one of width, height is required.
   * - `method`: The kernel. One of nearest, bilinear, bicubic, lanczos; default "lanczos".
   * - `antialias`: Widens the kernel when downscaling, to avoid aliasing. True or false; default true.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().resize({ width: 1280 })
   */
  readonly resize: StageMethod<'resize', P>;
}
