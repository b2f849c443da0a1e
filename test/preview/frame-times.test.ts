import { describe, expect, it } from 'vitest';
import { FrameTimes } from '../../src/preview/hud/frame-times.ts';
import { makeRandom } from '../helpers/random.ts';

/** Presents frames so that these intervals lie between them; exact for what binary fractions hold. */
function present(times: FrameTimes, intervals: readonly number[], start = 0): number {
  return intervals.reduce((now, interval) => {
    times.present(now + interval);
    return now + interval;
  }, start);
}

describe('FrameTimes', () => {
  it('has nothing to say before the second frame', () => {
    const times = new FrameTimes();
    expect(times.summary()).toEqual({ count: 0, fps: 0, p50: 0, p95: 0, p99: 0, max: 0 });
    times.present(5);
    expect(times.summary().count).toBe(0);
    expect(times.intervals()).toHaveLength(0);
  });

  it.each([1, 2, 3, 19, 20, 21, 99, 100, 101, 240, 241, 1000])(
    'has the exact quantiles of the last 240 of %i intervals',
    (count) => {
      const random = makeRandom(count);
      // 1/1024 s: sums and differences are exact.
      const intervals = Array.from({ length: count }, () => Math.ceil(random() * 64) / 1024);
      const times = new FrameTimes(240);
      times.present(0);
      present(times, intervals);
      const window = intervals.slice(-240);
      expect([...times.intervals()]).toEqual(window);
      const { p50, p95, p99, max, fps } = times.summary();
      // By counting: the least interval that at least p of all do not exceed.
      const quantile = (percent: number) =>
        Math.min(
          ...window.filter((x) => {
            return window.filter((y) => y <= x).length * 100 >= percent * window.length;
          }),
        );
      expect([p50, p95, p99, max]).toEqual([50, 95, 99, 100].map(quantile));
      expect(fps).toBeCloseTo(window.length / window.reduce((sum, x) => sum + x, 0), 9);
    },
  );

  it('does not count a pause', () => {
    const times = new FrameTimes(4);
    times.present(0);
    const paused = present(times, [0.25, 0.25]);
    times.interrupt();
    times.present(paused + 60);
    present(times, [0.5], paused + 60);
    expect([...times.intervals()]).toEqual([0.25, 0.25, 0.5]);
    expect(times.summary().max).toBe(0.5);
  });

  it('stays of the same size', () => {
    const times = new FrameTimes(3);
    times.present(0);
    present(times, Array(10_000).fill(0.125));
    present(times, [1, 2, 4, 8], 1250);
    expect([...times.intervals()]).toEqual([2, 4, 8]);
    expect(times.summary().count).toBe(3);
  });
});
