/** Frames that were read and wait for the pipeline, in order of time. */
import type { PooledFrame } from './frame-pool.ts';

export interface SourceFrame {
  readonly source: PooledFrame;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
  /** Whether a pipeline that has been replaced since has already processed it. */
  readonly again?: boolean;
}

export class SourceQueue {
  readonly #frames: SourceFrame[] = [];

  get length(): number {
    return this.#frames.length;
  }

  get first(): SourceFrame | undefined {
    return this.#frames[0];
  }

  push(frame: SourceFrame): void {
    this.#frames.push(frame);
  }

  shift(): SourceFrame | undefined {
    return this.#frames.shift();
  }

  /** Puts a frame back at its time. */
  insert(frame: SourceFrame): void {
    const later = this.#frames.findIndex(({ timestamp }) => timestamp > frame.timestamp);
    this.#frames.splice(later < 0 ? this.#frames.length : later, 0, frame);
  }

  clear(): void {
    for (const { source } of this.#frames.splice(0)) source.release();
  }
}
