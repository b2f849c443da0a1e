/** Options and builder methods of the group Blend, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface BlendOptions {
  readonly blend: {
    readonly source: {
      /** The image to composite over the frame. An Image, an ImageU8, { image: path }, { stages: […] }, { input: name } or { previous: frames }; required. */
      readonly source: OptionOf<'blend', 'source'>;
    };
    readonly mode: {
      /** How the colours are mixed. One of normal, multiply, screen, add, overlay, softLight, hardLight; default "normal". */
      readonly mode?: OptionOf<'blend', 'mode'>;
    };
    readonly anchor: {
      /** Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft". */
      readonly anchor?: OptionOf<'blend', 'anchor'>;
    };
    readonly offsetX: {
      /** Offset to the right. An integer from -65536 to 65536, in px; default 0. */
      readonly offsetX?: OptionOf<'blend', 'offsetX'>;
    };
    readonly offsetY: {
      /** Offset downwards. An integer from -65536 to 65536, in px; default 0. */
      readonly offsetY?: OptionOf<'blend', 'offsetY'>;
    };
    readonly opacity: {
      /** Scales the alpha of the image. A number from 0 to 1; default 1. */
      readonly opacity?: OptionOf<'blend', 'opacity'>;
    };
  };
}

export interface BlendStages<P> {
  /**
   * Composites an image over the frame; parts outside the frame are cut off.
   * - `source` *(also by position)*: The image to composite over the frame. An Image, an ImageU8, { image: path }, { stages: […] }, { input: name } or { previous: frames }; required.
   * - `mode`: How the colours are mixed. One of normal, multiply, screen, add, overlay, softLight, hardLight; default "normal".
   * - `anchor`: Where the image is placed. One of topLeft, topCenter, topRight, centerLeft, center, centerRight, bottomLeft, bottomCenter, bottomRight; default "topLeft".
   * - `offsetX`: Offset to the right. An integer from -65536 to 65536, in px; default 0.
   * - `offsetY`: Offset downwards. An integer from -65536 to 65536, in px; default 0.
   * - `opacity`: Scales the alpha of the image. A number from 0 to 1; default 1.
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().blend({ image: 'logo.png' })
   */
  readonly blend: StageMethod<'blend', P>;
}
