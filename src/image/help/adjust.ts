/** Methods of the group Adjust, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface AdjustMethods {
  /**
   * Adds to red, green and blue. In place.
   * - `factor` *(also by position)*: The value added: 0 changes nothing, -1 makes black, 1 white. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.brightness(image, 0.1)
   */
  readonly brightness: Method<'brightness', 'brightness'>;
  /**
   * Scales the distance from middle grey. In place.
   * - `factor` *(also by position)*: 1 changes nothing, 0 makes grey. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.contrast(image, 1.2)
   */
  readonly contrast: Method<'contrast', 'contrast'>;
  /**
   * Scales the distance from the grey of the same luma. In place.
   * - `factor` *(also by position)*: 1 changes nothing, 0 makes black and white. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.saturation(image, 1.3)
   */
  readonly saturation: Method<'saturation', 'saturation'>;
  /**
   * Brightens or darkens the midtones; black and white stay. In place.
   * - `gamma` *(also by position)*: Above 1 brightens, below 1 darkens. A number above 0.001; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.gamma(image, 1.2)
   */
  readonly gamma: Method<'gamma', 'gamma'>;
  /**
   * Scales alpha. In place.
   * - `factor` *(also by position)*: 1 changes nothing, 0 makes transparent. A number of at least 0; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.opacity(image, 0.5)
   */
  readonly opacity: Method<'opacity', 'opacity'>;
  /**
   * Turns the hue, keeping HSV saturation and value. In place.
   * - `degrees` *(also by position)*: How far the hue turns. A number, in degrees; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.hue(image, 30)
   */
  readonly hue: Method<'hue', 'hue'>;
  /**
   * Saturates pale colours more than strong ones, and protects skin tones. In place.
   * - `amount` *(also by position)*: 0 changes nothing; usually -1 to 1. A number; required.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.vibrance(image, 0.4)
   */
  readonly vibrance: Method<'vibrance', 'vibrance'>;
  /**
   * Turns HDR video (BT.2020 with PQ or HLG) into SDR video (BT.709). In place.
   * - `from`: The transfer function of the frames; auto reads it from the video, and leaves SDR video unchanged. One of auto, pq, hlg; default "auto".
   * - `sourcePeak`: The peak luminance of the mastering display; brighter values are clipped. A number from 100 to 10000, in cd/m2; default 1000.
   * - `targetPeak`: The luminance of white in the result. A number from 48 to 10000, in cd/m2; default 203.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.toneMap(image)
   */
  readonly toneMap: Method<'toneMap', 'toneMap'>;
  /**
   * Looks colours up in a table from a .cube file, in 1-D or 3-D. In place.
   * - `lut` *(also by position)*: The table. A Lut; required.
   * - `interpolation`: Between the entries of a 3-D table. One of tetrahedral, trilinear; default "tetrahedral".
   * - `strength`: 0 changes nothing, 1 takes the colour from the table. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Adjust.lut3d(image, lut)
   */
  readonly lut3d: Method<'lut3d', 'lut3d'>;
}
