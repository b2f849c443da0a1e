/** The last source frames before the position, kept to step back without decoding. */
import type { SourceFrame } from './source-queue.ts';

const capacity = 8;
/** The times of a frame that is decoded twice differ by rounding at most. */
const rounding = 1e-6;

export function isBefore({ timestamp }: SourceFrame, time: number): boolean {
  return timestamp < time - rounding;
}

export class StepHistory {
  readonly #frames: SourceFrame[] = [];

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** Takes over the frame; the oldest one makes room for it. */
  add(frame: SourceFrame): void {
    this.#frames.push(frame);
    if (this.#frames.length > capacity) this.#frames.shift()?.source.release();
  }

  /** Hands over the last frame if it is before `time`. */
  takeBefore(time: number): SourceFrame | undefined {
    const last = this.#frames.at(-1);
    return last !== undefined && isBefore(last, time) ? this.#frames.pop() : undefined;
  }

  clear(): void {
    for (const { source } of this.#frames.splice(0)) source.release();
  }
}
