/** Media time against closed forms, on a simulated clock. */
import { describe, expect, it } from 'vitest';
import { Clock } from '../../src/preview/player/clock.ts';
import { Samples } from '../../src/preview/player/samples.ts';
import { makeRandom } from '../helpers/random.ts';

describe('the clock', () => {
  it('is where it should be after an hour of uneven looks, to the nanosecond', () => {
    const clock = new Clock();
    const random = makeRandom(1);
    const start = 12345.678;
    clock.play(start);
    let now = start;
    for (let look = 0; look < 216_000; look++) {
      now += random() / 30;
      clock.at(now);
    }
    expect(clock.at(start + 3600)).toBeCloseTo(3600, 9);
    expect(clock.at(now)).toBeCloseTo(now - start, 9);
  });

  it('adds up stretches of different speeds, with pauses that count nothing', () => {
    const clock = new Clock();
    clock.seek(0, 100);
    clock.play(1);
    clock.setSpeed(3, 4); // 2 s at 1
    clock.pause(5); // 2 s at 4
    clock.setSpeed(7, 0.25);
    clock.play(9);
    expect(clock.at(17)).toBeCloseTo(100 + 2 + 8 + 2, 12); // 8 s at 0.25
  });

  it('never jumps by playing, pausing or a change of speed', () => {
    const clock = new Clock();
    const random = makeRandom(2);
    for (let now = 0, step = 0; step < 1000; step++, now += random()) {
      const before = clock.at(now);
      [
        () => clock.play(now),
        () => clock.pause(now),
        () => clock.setSpeed(now, 0.25 + 3.75 * random()),
      ][Math.floor(3 * random())]?.();
      expect(clock.at(now)).toBeCloseTo(before, 9);
    }
  });

  it('runs an hour behind a device whose clock is 0.1 % fast, a frame away at most', () => {
    const clock = new Clock();
    clock.play(0);
    let farthest = 0;
    for (let look = 0; look < 216_000; look++) {
      const now = look / 60;
      const heard = now * 1.001;
      clock.follow(now, heard);
      farthest = Math.max(farthest, Math.abs(clock.at(now) - heard));
    }
    expect(farthest).toBeLessThan(0.001);
    expect(clock.at(3600)).toBeCloseTo(3603.6, 2);
  });

  it('jumps to sound that is far away, and slides to sound that is near', () => {
    const clock = new Clock();
    clock.play(0);
    clock.follow(1, 9);
    expect(clock.at(1)).toBeCloseTo(9, 12);
    clock.follow(2, 10.1);
    expect(clock.at(2)).toBeGreaterThan(10);
    expect(clock.at(2)).toBeLessThan(10.05);
  });
});

describe('quantiles', () => {
  it('are nearest ranks of the last measurements', () => {
    const samples = new Samples(100);
    expect(samples.quantiles()).toEqual({ p50: 0, p95: 0, p99: 0 });
    for (let value = 1; value <= 250; value++) samples.add(value);
    expect(samples.quantiles()).toEqual({ p50: 200, p95: 245, p99: 249 }); // of 151 to 250
  });
});
