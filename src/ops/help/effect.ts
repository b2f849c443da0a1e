/** Options and builder methods of the group Effect, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { OptionOf, StageMethod } from '../index.ts';

/** Each option by itself, so that a method can omit those that it sets and keep the comments of the others. */
export interface EffectOptions {
  readonly vignette: {
    readonly radius: {
      /** The distance at which the fade is half complete: 1 at the edges, 1.414 in the corners. A number of at least 0; default 0.9. */
      readonly radius?: OptionOf<'vignette', 'radius'>;
    };
    readonly softness: {
      /** The width of the fade. A number of at least 0; default 1. */
      readonly softness?: OptionOf<'vignette', 'softness'>;
    };
    readonly color: {
      /** The colour; its alpha is the strength. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); default [0,0,0,1]. */
      readonly color?: OptionOf<'vignette', 'color'>;
    };
  };
}

export interface EffectStages<P> {
  /**
   * Fades to a colour towards the corners.
   * - `radius` *(also by position)*: The distance at which the fade is half complete: 1 at the edges, 1.414 in the corners. A number of at least 0; default 0.9.
   * - `softness`: The width of the fade. A number of at least 0; default 1.
   * - `color`: The colour; its alpha is the strength. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); default [0,0,0,1].
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * pipeline().vignette(0.9)
   */
  readonly vignette: StageMethod<'vignette', P>;
}
