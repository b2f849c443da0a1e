/** Measures how long the last frames were on the screen. */

export interface FrameTimeSummary {
  readonly count: number;
  /** Frames per second over all intervals; 0 without intervals. */
  readonly fps: number;
  /** Exact percentiles in seconds, by nearest rank. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

const nothing: FrameTimeSummary = { count: 0, fps: 0, p50: 0, p95: 0, p99: 0, max: 0 };

/**
 * A ring of the last intervals between presented frames, in seconds.
 *
 * @example
 * const times = new FrameTimes(240)
 * times.present(performance.now() / 1000)
 * console.log(times.summary().p99)
 */
export class FrameTimes {
  readonly #ring: Float64Array;
  #added = 0;
  #last: number | undefined;

  constructor(capacity = 240) {
    this.#ring = new Float64Array(capacity);
  }

  get capacity(): number {
    return this.#ring.length;
  }

  /** A frame is on the screen since `now`, in seconds of a monotonic clock. */
  present(now: number): void {
    if (this.#last !== undefined) {
      this.#ring[this.#added % this.capacity] = now - this.#last;
      this.#added++;
    }
    this.#last = now;
  }

  /** The time until the next frame does not count: after a pause or a seek. */
  interrupt(): void {
    this.#last = undefined;
  }

  /** The last intervals, oldest first. */
  intervals(): Float64Array {
    const count = Math.min(this.#added, this.capacity);
    const next = this.#added % this.capacity;
    const result = new Float64Array(count);
    if (this.#added <= this.capacity) result.set(this.#ring.subarray(0, count));
    else {
      result.set(this.#ring.subarray(next));
      result.set(this.#ring.subarray(0, next), this.capacity - next);
    }
    return result;
  }

  summary(): FrameTimeSummary {
    const sorted = this.intervals().sort();
    const count = sorted.length;
    if (count === 0) return nothing;
    const total = sorted.reduce((sum, interval) => sum + interval, 0);
    const quantile = (p: number) => sorted[Math.ceil(p * count) - 1] as number;
    return {
      count,
      fps: total > 0 ? count / total : 0,
      p50: quantile(0.5),
      p95: quantile(0.95),
      p99: quantile(0.99),
      max: quantile(1),
    };
  }
}
