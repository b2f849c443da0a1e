/** A frame of the source with the result of the pipeline. */
import type { PooledFrame } from './frame-pool.ts';

export interface RenderedFrame {
  readonly source: PooledFrame;
  readonly result: PooledFrame;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
  /** Whether frames between the previous one and this one were dropped. */
  readonly gap: boolean;
  /** Whether a replaced pipeline made it; it is shown because pipelines change faster than frames are processed. */
  readonly outdated?: boolean;
}

export function release({ source, result }: RenderedFrame): void {
  source.release();
  result.release();
}
