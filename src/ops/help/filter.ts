/** Options and builder methods of the group Filter, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method may leave out what it has decided and keep the comments of the others. */
export interface FilterOptions {
  readonly gaussianBlur: {
    readonly radius: {
      /** Half the width of the kernel. An integer from 0 to 10000, in px; optional. */
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
      /** 0 changes nothing, 1 tones fully. A number; default 1. */
      readonly intensity?: OptionOf<'sepia', 'intensity'>;
    };
  };
}

export interface FilterStages<P> {
  /**
   * Blurs with a Gaussian; the edge pixels continue outside the image.
   * - `radius` *(also by position)*: Half the width of the kernel. An integer from 0 to 10000, in px; optional.
   * - `sigma`: The standard deviation. A number from 0 to 3333, in px; optional.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().gaussianBlur(8)
   */
  readonly gaussianBlur: StageMethod<'gaussianBlur', P>;
  /**
   * Sharpens edges and texture; the edge pixels continue outside the image.
   * - `strength` *(also by position)*: 0 changes nothing; usually up to 2. A number of at least 0; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().sharpen(1)
   */
  readonly sharpen: StageMethod<'sharpen', P>;
  /**
   * Shows edges, in each channel by itself, of the image over black; the result is opaque.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().sobel()
   */
  readonly sobel: StageMethod<'sobel', P>;
  /**
   * Removes specks: every channel becomes the middle one of the 3x3 values around the pixel.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().median()
   */
  readonly median: StageMethod<'median', P>;
  /**
   * Makes the negative.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().invert()
   */
  readonly invert: StageMethod<'invert', P>;
  /**
   * Tones like an old photograph.
   * - `intensity` *(also by position)*: 0 changes nothing, 1 tones fully. A number; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().sepia(1)
   */
  readonly sepia: StageMethod<'sepia', P>;
}
