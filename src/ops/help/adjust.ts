/** Options and builder methods of the group Adjust, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface AdjustOptions {
  readonly brightness: {
    readonly factor: {
      /** The value added: 0 changes nothing, -1 makes black, 1 white. A number; required. */
      readonly factor: OptionOf<'brightness', 'factor'>;
    };
  };
  readonly contrast: {
    readonly factor: {
      /** 1 changes nothing, 0 makes grey. A number; required. */
      readonly factor: OptionOf<'contrast', 'factor'>;
    };
  };
  readonly saturation: {
    readonly factor: {
      /** 1 changes nothing, 0 makes black and white. A number; required. */
      readonly factor: OptionOf<'saturation', 'factor'>;
    };
  };
  readonly gamma: {
    readonly gamma: {
      /** Above 1 brightens, below 1 darkens. A number above 0.001; required. */
      readonly gamma: OptionOf<'gamma', 'gamma'>;
    };
  };
  readonly opacity: {
    readonly factor: {
      /** 1 changes nothing, 0 makes transparent. A number of at least 0; required. */
      readonly factor: OptionOf<'opacity', 'factor'>;
    };
  };
  readonly hue: {
    readonly degrees: {
      /** How far the hue turns. A number, in degrees; required. */
      readonly degrees: OptionOf<'hue', 'degrees'>;
    };
  };
  readonly vibrance: {
    readonly amount: {
      /** 0 changes nothing; usually -1 to 1. A number; required. */
      readonly amount: OptionOf<'vibrance', 'amount'>;
    };
  };
  readonly toneMap: {
    readonly from: {
      /** The transfer function of the frames; auto reads it from the video, and leaves SDR video unchanged. One of auto, pq, hlg; default "auto". */
      readonly from?: OptionOf<'toneMap', 'from'>;
    };
    readonly sourcePeak: {
      /** The peak luminance of the mastering display; brighter values are clipped. A number from 100 to 10000, in cd/m2; default 1000. */
      readonly sourcePeak?: OptionOf<'toneMap', 'sourcePeak'>;
    };
    readonly targetPeak: {
      /** The luminance of white in the result. A number from 48 to 10000, in cd/m2; default 203. */
      readonly targetPeak?: OptionOf<'toneMap', 'targetPeak'>;
    };
  };
  readonly lut3d: {
    readonly lut: {
      /** The table. A Lut or the path of a .cube file; required. */
      readonly lut: OptionOf<'lut3d', 'lut'>;
    };
    readonly interpolation: {
      /** Between the entries of a 3-D table. One of tetrahedral, trilinear; default "tetrahedral". */
      readonly interpolation?: OptionOf<'lut3d', 'interpolation'>;
    };
    readonly strength: {
      /** 0 changes nothing, 1 takes the colour from the table. A number from 0 to 1; default 1. */
      readonly strength?: OptionOf<'lut3d', 'strength'>;
    };
  };
}

export interface AdjustStages<P> {
  /**
   * Adds to red, green and blue.
   * - `factor` *(also by position)*: The value added: 0 changes nothing, -1 makes black, 1 white. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().brightness(0.1)
   */
  readonly brightness: StageMethod<'brightness', P>;
  /**
   * Scales the distance from middle grey.
   * - `factor` *(also by position)*: 1 changes nothing, 0 makes grey. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().contrast(1.2)
   */
  readonly contrast: StageMethod<'contrast', P>;
  /**
   * Scales the distance from the grey of the same luma.
   * - `factor` *(also by position)*: 1 changes nothing, 0 makes black and white. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().saturation(1.3)
   */
  readonly saturation: StageMethod<'saturation', P>;
  /**
   * Brightens or darkens the midtones; black and white stay.
   * - `gamma` *(also by position)*: Above 1 brightens, below 1 darkens. A number above 0.001; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().gamma(1.2)
   */
  readonly gamma: StageMethod<'gamma', P>;
  /**
   * Scales alpha.
   * - `factor` *(also by position)*: 1 changes nothing, 0 makes transparent. A number of at least 0; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().opacity(0.5)
   */
  readonly opacity: StageMethod<'opacity', P>;
  /**
   * Turns the hue, keeping HSV saturation and value.
   * - `degrees` *(also by position)*: How far the hue turns. A number, in degrees; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().hue(30)
   */
  readonly hue: StageMethod<'hue', P>;
  /**
   * Saturates pale colours more than strong ones, and protects skin tones.
   * - `amount` *(also by position)*: 0 changes nothing; usually -1 to 1. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().vibrance(0.4)
   */
  readonly vibrance: StageMethod<'vibrance', P>;
  /**
   * Turns HDR video (BT.2020 with PQ or HLG) into SDR video (BT.709).
   * - `from`: The transfer function of the frames; auto reads it from the video, and leaves SDR video unchanged. One of auto, pq, hlg; default "auto".
   * - `sourcePeak`: The peak luminance of the mastering display; brighter values are clipped. A number from 100 to 10000, in cd/m2; default 1000.
   * - `targetPeak`: The luminance of white in the result. A number from 48 to 10000, in cd/m2; default 203.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().toneMap()
   */
  readonly toneMap: StageMethod<'toneMap', P>;
  /**
   * Looks colours up in a table from a .cube file, in 1-D or 3-D.
   * - `lut` *(also by position)*: The table. A Lut or the path of a .cube file; required.
   * - `interpolation`: Between the entries of a 3-D table. One of tetrahedral, trilinear; default "tetrahedral".
   * - `strength`: 0 changes nothing, 1 takes the colour from the table. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().lut3d('film.cube')
   */
  readonly lut3d: StageMethod<'lut3d', P>;
}
