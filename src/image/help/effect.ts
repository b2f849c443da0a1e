/** Methods of the group Effect, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { Method } from '../method.ts';

export interface EffectMethods {
  /**
   * Fades to a colour towards the corners. In place.
   * - `radius` *(also by position)*: The distance at which the fade is half complete: 1 at the edges, 1.414 in the corners. A number of at least 0; default 0.9.
   * - `softness`: The width of the fade. A number of at least 0; default 1.
   * - `color`: The colour; its alpha is the strength. A colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"); default [0,0,0,1].
   * - `mask`, `region`: where it acts, as in every stage.
   * @example
   * Effect.vignette(image, 0.9)
   */
  readonly vignette: Method<'vignette', 'vignette'>;
}
