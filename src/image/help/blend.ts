/** Methods of the group Blend, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface BlendMethods {
  /**
   * Composites an image over the frame; parts outside the frame are cut off. In place.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8 or { stages: […] }; required.
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Blend.normal(image, overlay)
   */
  readonly normal: Method<'blend', 'normal'>;
  /**
   * Composites an image over the frame; parts outside the frame are cut off. In place.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8 or { stages: […] }; required.
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Blend.multiply(image, overlay)
   */
  readonly multiply: Method<'blend', 'multiply'>;
  /**
   * Composites an image over the frame; parts outside the frame are cut off. In place.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8 or { stages: […] }; required.
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Blend.screen(image, overlay)
   */
  readonly screen: Method<'blend', 'screen'>;
  /**
   * Composites an image over the frame; parts outside the frame are cut off. In place.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8 or { stages: […] }; required.
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Blend.add(image, overlay)
   */
  readonly add: Method<'blend', 'add'>;
  /**
   * Composites an image over the frame; parts outside the frame are cut off. In place.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8 or { stages: […] }; required.
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Blend.overlay(image, overlay)
   */
  readonly overlay: Method<'blend', 'overlay'>;
  /**
   * Composites an image over the frame; parts outside the frame are cut off. In place.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8 or { stages: […] }; required.
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Blend.softLight(image, overlay)
   */
  readonly softLight: Method<'blend', 'softLight'>;
  /**
   * Composites an image over the frame; parts outside the frame are cut off. In place.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8 or { stages: […] }; required.
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Blend.hardLight(image, overlay)
   */
  readonly hardLight: Method<'blend', 'hardLight'>;
}
