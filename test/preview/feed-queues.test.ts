/** The queue and the history of a feed: which frames they keep, in which order, and which they release. */
import { describe, expect, it } from 'vitest';
import type { PooledFrame } from '../../src/preview/player/frame-pool.ts';
import { type SourceFrame, SourceQueue } from '../../src/preview/player/source-queue.ts';
import { StepHistory } from '../../src/preview/player/step-history.ts';

/** Frames of given times, and the times of those that were released. */
function frames(...times: number[]) {
  const released: number[] = [];
  const made = times.map((timestamp): SourceFrame => {
    const source = { release: () => released.push(timestamp) } as unknown as PooledFrame;
    return { source, timestamp };
  });
  return { made, released };
}

describe('the history', () => {
  it('keeps the last eight frames and releases older ones', () => {
    const { made, released } = frames(...Array(10).keys());
    const history = new StepHistory();
    for (const frame of made) history.add(frame);
    expect(released).toEqual([0, 1]);
    history.clear();
    expect(released).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(history.isEmpty).toBe(true);
  });

  it('hands over only a last frame before the time, and none that differs from it by rounding', () => {
    const { made, released } = frames(1, 2);
    const history = new StepHistory();
    for (const frame of made) history.add(frame);
    expect(history.takeBefore(2 + 1e-9)).toBeUndefined();
    expect(history.takeBefore(2.04)?.timestamp).toBe(2);
    expect(history.takeBefore(2)?.timestamp).toBe(1);
    expect(history.takeBefore(2)).toBeUndefined();
    expect(released).toEqual([]);
  });
});

describe('the queue', () => {
  it('puts frames back at their times', () => {
    const { made, released } = frames(3, 1, 4, 2);
    const queue = new SourceQueue();
    for (const frame of made) queue.insert(frame);
    expect(queue.first?.timestamp).toBe(1);
    expect([queue.shift(), queue.shift()].map((frame) => frame?.timestamp)).toEqual([1, 2]);
    queue.clear();
    expect(released).toEqual([3, 4]);
    expect(queue.length).toBe(0);
  });
});
