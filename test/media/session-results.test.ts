/** What operations find out about the frames of sessions: of which frame, when, and through which plan. */
import { join } from 'node:path';
import {
  compilePlan,
  type DeviceId,
  type FrameResults,
  pipeline,
  type ResultOf,
  runSession,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import type { FoundResults, ResultTapHandle } from '../../src/native/results.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { connect, drain, type OutputRequest } from '../helpers/native-session.ts';
import { nutOf } from '../helpers/nut.ts';
import { makeClip, temporaryFolder } from '../helpers/video.ts';

const shape = {
  format: 'gray8',
  width: 19,
  height: 13,
  matrix: 'bt709',
  range: 'full',
} as const;
const pixels = 19 * 13;
const count = 60;
/** Frame i is i codes bright, 40 ms after the one before. */
const frames = Array.from({ length: count }, (_, i) => ({ time: 40 * i, value: i }));

async function all(tap: ResultTapHandle): Promise<FoundResults[]> {
  const found: FoundResults[] = [];
  for (let next = await tap.next(); next !== null; next = await tap.next()) found.push(...next);
  await tap.close();
  return found;
}

/** What each output's operations find out; `during` is called when the first frames are through. */
async function found(
  device: DeviceId,
  outputs: readonly OutputRequest[],
): Promise<FoundResults[][]> {
  const { handle, decoder, encoders } = connect({ shape, outputs, device });
  const taps = outputs.map((_, output) => new (addon().ResultTapHandle)(handle, output));
  decoder.end(nutOf(frames, shape));
  const received = Promise.all(encoders.map(drain));
  const [results] = await Promise.all([Promise.all(taps.map(all)), handle.run()]);
  await received;
  decoder.destroy();
  await handle.close();
  return results;
}

const codeOf = ({ r }: ResultOf<'histogram'>) => r.indexOf(pixels);

describe('results of a session', () => {
  onEachDevice('of passes that outputs share are those of each', async (device) => {
    const shared = pipeline().histogram().gaussianBlur(2);
    const looks = [
      shared.flip(),
      pipeline().invert().histogram(), // between the two that share
      shared.brightness(0.1).gaussianBlur(1),
      shared.flip(),
    ];
    const results = await found(
      device,
      looks.map((look) => ({ look })),
    );
    for (const [output, frames] of results.entries()) {
      const codes = frames.map(({ results: [one] }) => codeOf(one as ResultOf<'histogram'>));
      const expected = Array.from({ length: count }, (_, i) => (output === 1 ? 255 - i : i));
      expect(codes, `outputs[${output}]`).toEqual(expected);
    }
  });

  onEachDevice('belong to the frame and its time', async (device) => {
    const look = pipeline().histogram('before').invert().statistics('after').gaussianBlur(2);
    const [results] = await found(device, [{ look }]);
    expect(results).toHaveLength(count);
    for (const [i, { time, results: both }] of (results as FoundResults[]).entries()) {
      expect(time).toBeCloseTo(0.04 * i, 9);
      const [before, after] = both as [ResultOf<'histogram'>, ResultOf<'statistics'>];
      expect([before.op, before.name, after.op, after.name]).toEqual([
        'histogram',
        'before',
        'statistics',
        'after',
      ]);
      expect(codeOf(before)).toBe(i);
      expect(after.r.mean).toBeCloseTo(1 - i / 255, 5);
    }
  });

  onEachDevice('of several outputs are each its own', async (device) => {
    const outputs = [
      { look: pipeline().histogram() },
      {},
      { look: pipeline().invert().histogram(), constantRate: [10, 1] as const },
    ];
    const [first, none, third] = (await found(device, outputs)) as [
      FoundResults[],
      FoundResults[],
      FoundResults[],
    ];
    expect(none).toEqual([]);
    const codes = (list: FoundResults[]) =>
      list.map(({ results }) => codeOf(results[0] as ResultOf<'histogram'>));
    expect(codes(first)).toEqual(frames.map(({ value }) => value));
    // A tenth of a second apart; the frames between are not shown, so nothing is found out about them.
    expect(third.map(({ time }) => time)).toEqual(third.map((_, i) => expect.closeTo(i / 10, 9)));
    expect(third.length).toBeGreaterThanOrEqual(count / 2.5 - 1);
    for (const [i, code] of codes(third).entries()) {
      expect(Math.abs(255 - code - 2.5 * i)).toBeLessThanOrEqual(1);
    }
  });

  onEachDevice('come from the plan that the frame has', async (device) => {
    const look = pipeline().statistics('a');
    const other = pipeline().histogram('b').statistics('c').invert();
    const { handle, decoder, encoders } = connect({ shape, outputs: [{ look }], device });
    const tap = new (addon().ResultTapHandle)(handle, 0);
    decoder.write(nutOf(frames.slice(0, 20), shape));
    const received = drain(encoders[0] as never);
    const running = handle.run();
    const results: FoundResults[] = [];
    while (results.length < 15) results.push(...((await tap.next()) as FoundResults[]));
    const next = compilePlan(other, shape, { device });
    const first = handle.setPlans([next]);
    const whole = nutOf(frames, shape);
    decoder.end(whole.subarray(nutOf(frames.slice(0, 20), shape).length));
    results.push(...(await all(tap)));
    await running;
    await received;
    decoder.destroy();
    await handle.close();
    expect(results).toHaveLength(count);
    for (const [i, { results: list }] of results.entries()) {
      expect(list.map(({ name }) => name)).toEqual(i < first ? ['a'] : ['b', 'c']);
      const statistics = list.at(-1) as ResultOf<'statistics'>;
      expect(statistics.g.max).toBeCloseTo(i / 255, 6);
    }
  });

  it('keep frames waiting until they are taken, and a watcher that leaves lets them go', async () => {
    const many = Array.from({ length: 700 }, (_, i) => ({ time: 40 * i, value: i % 256 }));
    const { handle, decoder, encoders } = connect({
      shape,
      outputs: [{ look: pipeline().statistics() }],
    });
    const tap = new (addon().ResultTapHandle)(handle, 0);
    decoder.end(nutOf(many, shape));
    const received = drain(encoders[0] as never);
    const running = handle.run();
    await new Promise((done) => setTimeout(done, 300));
    const { framesOut = 0 } = handle.stats().outputs[0] ?? {};
    expect(framesOut).toBeLessThan(300);
    await tap.close();
    expect(await running).toBe(true);
    expect(handle.stats().outputs[0]?.framesOut).toBe(700);
    await received;
    decoder.destroy();
    await handle.close();
  });
});

describe('runSession', () => {
  const folder = temporaryFolder();

  it('tells results of every frame, in order, before it has finished', async () => {
    const clip = makeClip(join(folder, 'in.mp4'), { seconds: 1 });
    const look = pipeline().statistics('in').brightness(0.25).statistics('out');
    const session = runSession(look, clip, 'null:', { device: 'cpu' });
    const told: FrameResults[] = [];
    session.on('results', (results) => told.push(results));
    const { frames: shown } = await session.finished;
    expect(told).toHaveLength(shown);
    expect(told.map(({ output }) => output)).toEqual(told.map(() => 0));
    expect(told.map(({ time }) => time)).toEqual(told.map((_, i) => expect.closeTo(i / 25, 6)));
    for (const { results } of told) {
      const [before, after] = results as [ResultOf<'statistics'>, ResultOf<'statistics'>];
      expect(after.luma.mean - before.luma.mean).toBeCloseTo(0.25, 5);
    }
  });

  it('fails with what a listener throws', async () => {
    const clip = makeClip(join(folder, 'thrown.mp4'), { seconds: 1 });
    const session = runSession(pipeline().histogram(), clip, 'null:', { device: 'cpu' });
    session.on('results', () => {
      throw new Error('not like this');
    });
    await expect(session.finished).rejects.toThrow('not like this');
  });
});
