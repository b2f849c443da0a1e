/** Options and builder methods of the group Filter, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface FilterOptions {
  readonly gaussianBlur: {
    readonly radius: {
      /** The radius of the kernel. An integer from 0 to 10000, in px; optional. */
      readonly radius?: OptionOf<'gaussianBlur', 'radius'>;
    };
    readonly sigma: {
      /** The standard deviation. A number from 0 to 3333, in px; optional. */
      readonly sigma?: OptionOf<'gaussianBlur', 'sigma'>;
    };
  };
  readonly sharpen: {
    readonly strength: {
      /** 0 changes nothing; usually up to 2. A number of at least 0; default 1. */
      readonly strength?: OptionOf<'sharpen', 'strength'>;
    };
  };
  readonly sobel: Record<never, never>;
  readonly median: Record<never, never>;
  readonly invert: Record<never, never>;
  readonly sepia: {
    readonly intensity: {
      /** 0 changes nothing, 1 is the full effect. A number; default 1. */
      readonly intensity?: OptionOf<'sepia', 'intensity'>;
    };
  };
}

export interface FilterStages<P> {
  /**
   * Gaussian blur; edge pixels are extended beyond the image.
   * - `radius` *(also by position)*: The radius of the kernel. An integer from 0 to 10000, in px; optional.
   * - `sigma`: The standard deviation. A number from 0 to 3333, in px; optional.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().gaussianBlur(8)
   */
  readonly gaussianBlur: StageMethod<'gaussianBlur', P>;
  /**
   * Sharpens edges and texture; edge pixels are extended beyond the image.
   * - `strength` *(also by position)*: 0 changes nothing; usually up to 2. A number of at least 0; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().sharpen(1)
   */
  readonly sharpen: StageMethod<'sharpen', P>;
  /**
   * Detects edges in each channel of the image composited over black; the result is opaque.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().sobel()
   */
  readonly sobel: StageMethod<'sobel', P>;
  /**
   * Removes specks: the median of each channel over 3x3 pixels.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().median()
   */
  readonly median: StageMethod<'median', P>;
  /**
   * Inverts the colours.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().invert()
   */
  readonly invert: StageMethod<'invert', P>;
  /**
   * Sepia tone, like an old photograph.
   * - `intensity` *(also by position)*: 0 changes nothing, 1 is the full effect. A number; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().sepia(1)
   */
  readonly sepia: StageMethod<'sepia', P>;
}
