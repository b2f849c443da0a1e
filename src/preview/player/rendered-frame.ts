/** A frame of the source, and what the pipeline makes of it. */
import type { PooledFrame } from './frame-pool.ts';

export interface Picture {
  readonly source: PooledFrame;
  readonly result: PooledFrame;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
  /** Whether frames between the picture before and this one were left out. */
  readonly gap: boolean;
  /** Whether its pipeline has been replaced and it is shown all the same: the next ones were no quicker. */
  readonly outdated?: boolean;
}

export function release({ source, result }: Picture): void {
  source.release();
  result.release();
}

/** A picture that is to be shown at once; `anchor` where the clock goes on from there: a moment while it is on display. */
export interface Due {
  readonly picture: Picture;
  readonly anchor: number | undefined;
}
