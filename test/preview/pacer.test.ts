/** Which picture is due, with a feed and a sound that only the test moves. */
import { describe, expect, it } from 'vitest';
import type { Feed } from '../../src/preview/player/feed.ts';
import { Pacer } from '../../src/preview/player/pacer.ts';
import type { RenderedFrame } from '../../src/preview/player/rendered-frame.ts';
import type { Sound } from '../../src/preview/player/sound.ts';
import type { VideoInfo } from '../../src/video/format/video-info.ts';

const info = { frameRate: { num: 25, den: 1 }, live: false } as VideoInfo;

/** Pictures of these times, all of them ready. */
function feedOf(times: readonly number[]) {
  const ready = times.map((timestamp) => ({ timestamp }) as RenderedFrame);
  const dropped: number[] = [];
  const feed = {
    get next() {
      return ready[0]?.timestamp;
    },
    get ready() {
      return ready.length;
    },
    get drained() {
      return ready.length === 0;
    },
    take: () => ready.shift(),
    drop: ({ timestamp }: RenderedFrame) => dropped.push(timestamp),
  };
  return { feed: feed as unknown as Feed, dropped };
}

/** Looks as a window does, and shows what is due. */
function look(pacer: Pacer, now: number): number | undefined {
  const picture = pacer.take(now);
  if (picture !== undefined) pacer.shown(picture, now);
  return picture?.timestamp;
}

it('loses no time by pauses, however little is played between them', () => {
  const { feed } = feedOf(Array.from({ length: 100 }, (_, index) => index / 25));
  const pacer = new Pacer(feed, info);
  const starts: number[] = [];
  pacer.sound = {
    startup: 0.15,
    start: (from: number) => starts.push(from),
    stop() {},
    time: () => undefined,
  } as unknown as Sound;
  let now = 0;
  for (let count = 0; count < 20; count++) {
    look(pacer, now);
    now += 0.01;
    look(pacer, now);
    pacer.halt();
    now += 1;
  }
  const begin = now;
  while (look(pacer, now) === undefined && now < begin + 10) now += 0.01;
  expect(now - begin).toBeLessThan(0.15 + 0.04 + 0.02);
  expect(Math.min(...starts)).toBeGreaterThanOrEqual(0);
});

describe('times that jump', () => {
  it('by a minute or more are no pause', () => {
    const { feed, dropped } = feedOf([0, 0.04, 980, 980.04, 980.08]);
    const pacer = new Pacer(feed, info);
    const seen: [number, number][] = [];
    for (let tick = 0; tick < 30; tick++) {
      const now = 100 + tick / 100;
      const timestamp = look(pacer, now);
      if (timestamp !== undefined) seen.push([tick, timestamp]);
    }
    expect(seen).toEqual([
      [0, 0],
      [4, 0.04],
      [8, 980],
      [12, 980.04],
      [16, 980.08],
    ]);
    expect(dropped).toEqual([]);
  });

  it('by less are waited for, and so are frames of a rate that is as slow', () => {
    const { feed } = feedOf([0, 30]);
    const pacer = new Pacer(feed, info);
    look(pacer, 0);
    expect(look(pacer, 29.9)).toBeUndefined();
    expect(look(pacer, 30.1)).toBe(30);
    const slides = new Pacer(feedOf([0, 120]).feed, { ...info, frameRate: { num: 1, den: 120 } });
    look(slides, 0);
    expect(look(slides, 119)).toBeUndefined();
    expect(look(slides, 120.1)).toBe(120);
  });
});
