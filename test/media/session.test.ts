/** The native session: one decoder, several outputs, what each of them gets, and how all of it ends. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { memoryUsage, pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import type { Latency, NativeSessionOutput } from '../../src/native/media.ts';
import { onEachDevice } from '../helpers/devices.ts';
import {
  connect,
  decoded,
  drain,
  type OutputRequest,
  planOf,
  runNative,
  shown,
} from '../helpers/native-session.ts';
import { type NutFrame, type NutOptions, nutOf } from '../helpers/nut.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';
import { eventually, makeClip, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const shape = {
  format: 'yuv420p',
  width: 64,
  height: 48,
  matrix: 'bt601',
  range: 'limited',
} as const;
const nut = decoded(makeClip(join(folder, 'in.mp4'), { seconds: 2 }));
const frameSize = (64 * 48 * 3) / 2;
const times = (frames: number) => Array.from({ length: frames }, (_, i) => 40 * i);

const gray = { ...shape, format: 'gray8' } as const;
const grayNut = (at: readonly number[]) =>
  nutOf(
    at.map((time, i) => ({ time, value: i % 256 })),
    gray,
  );
const grayFrames = (at: readonly number[]) =>
  at.map(
    (time, i) =>
      `${time} ${createHash('md5')
        .update(Buffer.alloc(64 * 48, i))
        .digest('hex')}`,
  );

const looks: Record<string, OutputRequest> = {
  'passed through': {},
  'another look': { look: pipeline().contrast(1.3).gaussianBlur({ radius: 2 }) },
  'another size': { look: pipeline().resize({ width: 31, height: 17 }) },
  'another format': { look: pipeline().flip(), format: 'gray8' },
  'another rate': { look: pipeline().invert(), constantRate: [10, 1] },
  'a slower rate, passed through': { constantRate: [7, 1] },
  'a poster': { look: pipeline().sepia(1), start: 1, maxFrames: 1 },
};

const descriptors = () => readdirSync('/proc/self/fd').length;
const threads = () => readdirSync('/proc/self/task').length;

/** Runs something and expects its descriptors, threads and slots back. */
async function leavingNothing(work: () => Promise<void>): Promise<void> {
  await work(); // the first time starts what stays, the thread pool above all
  const before = { open: descriptors(), threads: threads(), live: memoryUsage('cpu').host.live };
  await work();
  const now = () => ({
    open: descriptors(),
    threads: threads(),
    live: memoryUsage('cpu').host.live,
  });
  await eventually(() => JSON.stringify(now()) === JSON.stringify(before)).catch(() => {
    expect(now()).toEqual(before);
  });
}

/** The frames of NUT without what is around them. */
const pixels = (bytes: Buffer) =>
  ffmpeg(['-f', 'nut', '-i', 'pipe:0', '-vsync', 'passthrough', '-f', 'rawvideo', '-'], bytes);

describe('several outputs', () => {
  onEachDevice('get from one decoder what each would get alone', async (device) => {
    const outputs = Object.values(looks);
    const together = await runNative(nut, { shape, outputs, device });
    expect(together.whole).toBe(true);
    expect(together.stats.framesIn).toBe(50);
    for (const [i, name] of Object.keys(looks).entries()) {
      const request = outputs[i] as OutputRequest;
      const alone = await runNative(nut, { shape, outputs: [request], device });
      expect(together.outputs[i]?.equals(alone.outputs[0] as Buffer), name).toBe(true);
      const { framesOut, dropped, repeated, skipped } = together.stats.outputs[i] ?? {};
      expect(alone.stats.outputs[0], name).toMatchObject({ framesOut, dropped, repeated, skipped });
      expect(shown(together.outputs[i] as Buffer).frames, name).toHaveLength(framesOut ?? -1);
    }
  });

  onEachDevice('of the same plan get the same frames', async (device) => {
    const look = pipeline().gaussianBlur({ radius: 3 }).vignette();
    const { outputs } = await runNative(nut, { shape, outputs: [{ look }, { look }, {}], device });
    const plan = planOf({ shape, outputs: [], device }, { look });
    expect(outputs[0]?.equals(outputs[1] as Buffer)).toBe(true);
    // One frame at a time, outside of any session.
    const [source, result] = [outputs[2], outputs[0]].map((output) => pixels(output as Buffer));
    for (let at = 0; at < 50 * frameSize; at += frameSize) {
      const expected = Buffer.alloc(frameSize);
      plan.run(source?.subarray(at, at + frameSize) as Buffer, expected);
      expect(result?.subarray(at, at + frameSize).equals(expected)).toBe(true);
    }
  });

  it('may each be discarded', async () => {
    const plan = planOf({ shape, outputs: [] }, {});
    const { local, remote } = addon().socketPair();
    const all = { descriptor: -1, plan, frameRate: [25, 1], start: 0, maxFrames: 0 } as const;
    const handle = new (addon().SessionHandle)(local, [
      { ...all, constantRate: null },
      { ...all, constantRate: [1_000_000, 1], maxFrames: 1_900_000 },
    ]);
    const { Socket } = await import('node:net');
    const decoder = new Socket({ fd: remote, allowHalfOpen: true });
    decoder.end(nut);
    expect(await handle.run()).toBe(true);
    expect(handle.stats().outputs.map(({ framesOut }) => framesOut)).toEqual([50, 1_900_000]);
    decoder.destroy();
    await handle.close();
  });
});

describe('an output', () => {
  it('that has its frames ends while the others go on', async () => {
    const outputs = [{ maxFrames: 1 }, {}, { look: pipeline().invert(), maxFrames: 3 }];
    const { handle, decoder, encoders } = connect({ shape, outputs });
    const [poster, all, three] = encoders.map(drain);
    const running = handle.run();
    const half = Math.floor(nut.length / 2);
    decoder.write(nut.subarray(0, half));
    expect(shown((await poster) as Buffer).frames).toHaveLength(1);
    expect(shown((await three) as Buffer).frames).toHaveLength(3);
    expect(handle.stats().framesIn).toBeLessThan(50);
    decoder.end(nut.subarray(half));
    expect(await running).toBe(true);
    expect(shown((await all) as Buffer).frames).toHaveLength(50);
    decoder.destroy();
    await handle.close();
  });

  it('that is the last to have its frames ends the reading', async () => {
    const outputs = [{ maxFrames: 2 }, { start: 0.2, maxFrames: 4, look: pipeline().invert() }];
    const { handle, decoder, encoders } = connect({ shape, outputs });
    const received = Promise.all(encoders.map(drain));
    decoder.write(nut.subarray(0, nut.length - 100)); // and no end
    expect(await handle.run()).toBe(false);
    expect((await received).map((output) => shown(output).frames.length)).toEqual([2, 4]);
    expect(handle.stats().outputs).toMatchObject([{ skipped: 0 }, { skipped: 5, framesOut: 4 }]);
    decoder.destroy();
    await handle.close();
  });

  it('without a frame is left untouched', async () => {
    const empty = nut.subarray(0, nut.indexOf('NK', 100)); // up to the first syncpoint
    const { stats, outputs, whole } = await runNative(empty, { shape, outputs: [{}] });
    expect(whole).toBe(true);
    expect(stats.outputs).toMatchObject([{ framesOut: 0, lastTime: -1 }]);
    expect(Buffer.concat(outputs)).toHaveLength(0);
  });

  it.each([
    [0.039, 0],
    [0.04, 1],
    [0.1, 2],
    [60, 49],
  ])('that starts at %d s begins with the frame on display', async (start, index) => {
    const outputs = [{ start, maxFrames: 1 }, {}];
    const { stats, outputs: received } = await runNative(nut, { shape, outputs });
    expect(stats.outputs).toMatchObject([{ framesOut: 1, skipped: index }, { framesOut: 50 }]);
    const [poster, all] = received.map((bytes) => shown(bytes).frames);
    expect(poster).toEqual([all?.[index]]);
  });

  it.each([
    ['equal times', [0, 40, 40, 80], [0, 40, 41, 80], 1],
    ['a step back', [0, 40, 20, 80, 120], [0, 40, 41, 80, 120], 1],
    ['a restart', [500, 540, 0, 40, 580, 620], [500, 540, 541, 542, 580, 620], 2],
    ['all at once', [7, 7, 7, 7], [7, 8, 9, 10], 3],
  ])('moves frames of %s behind the one before', async (_name, at, expected, late) => {
    const { stats, outputs } = await runNative(grayNut(at), { shape: gray, outputs: [{}] });
    expect(shown(outputs[0] as Buffer)).toEqual({
      timeBase: '1/1000',
      frames: grayFrames(expected),
    });
    expect(stats.outputs).toMatchObject([{ framesOut: at.length, late, dropped: 0 }]);
  });

  it('at a constant rate keeps its ticks where time goes back', async () => {
    const request = { shape: gray, outputs: [{ constantRate: [25, 1] }] } as const;
    const { stats, outputs } = await runNative(grayNut([0, 200, 120, 160, 240]), request);
    const ticks = shown(outputs[0] as Buffer).frames.map((frame) => Number(frame.split(' ')[0]));
    expect(ticks).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(stats.outputs).toMatchObject([{ framesOut: 7, dropped: 2, repeated: 4, late: 0 }]);
  });

  it('that stops taking frames is the error, and ends the others', async () => {
    await leavingNothing(async () => {
      const outputs = [{}, { look: pipeline().invert() }, { constantRate: [50, 1] as const }];
      const { handle, decoder, encoders } = connect({ shape, outputs });
      const [first, gone, third] = encoders;
      const others = [first, third].map((socket) => drain(socket as (typeof encoders)[0]));
      const failed = handle.run().catch((error: unknown) => error);
      decoder.write(nut.subarray(0, 20 * frameSize));
      await new Promise((resolve) =>
        gone?.once('data', () => gone.destroy().once('close', resolve)),
      );
      decoder.write(nut.subarray(20 * frameSize));
      expect(await failed).toMatchObject({
        code: 'ERR_FFMPEG_FAILED',
        message: expect.stringMatching(/^outputs\[1\]: FFmpeg stopped taking frames after \d+/),
      });
      expect(handle.failedOutput).toBe(1);
      await Promise.all(others);
      for (const socket of [decoder, ...encoders]) socket.destroy();
      await handle.close();
    });
  });

  it('that is slow holds the others back, within the slots there are', async () => {
    const frames = 150;
    const big = { ...gray, width: 640, height: 480 };
    const long = nutOf(
      times(frames).map((time) => ({ time, value: 1 })),
      big,
    );
    const outputs = [{}, { look: pipeline().invert() }, { constantRate: [50, 1] as const }];
    const { handle, decoder, encoders } = connect({ shape: big, outputs });
    const before = memoryUsage('cpu').host.allocations;
    decoder.end(long);
    const running = handle.run();
    const [slow, ...others] = encoders;
    const rest = Promise.all(others.map(drain));
    const lead = () => {
      const { framesIn, outputs: now } = handle.stats();
      return framesIn - (now[0]?.framesOut ?? 0);
    };
    // Nobody reads the first output: the others come to a stand with it.
    let stood = -1;
    await eventually(() => {
      const { framesOut } = handle.stats().outputs[1] ?? { framesOut: 0 };
      const still = framesOut === stood && framesOut > 0;
      stood = framesOut;
      return still;
    });
    expect(stood).toBeLessThan(frames);
    expect(lead()).toBeLessThanOrEqual(5);
    let received = 0;
    for await (const chunk of slow as NonNullable<typeof slow>) {
      received += (chunk as Buffer).length;
      expect(lead()).toBeLessThanOrEqual(5);
    }
    expect(await running).toBe(true);
    expect((await rest)[0]).toHaveLength(received);
    expect(handle.stats().outputs.map(({ framesOut }) => framesOut)).toEqual([150, 150, 300]);
    expect(memoryUsage('cpu').host.allocations).toBe(before);
    decoder.destroy();
    await handle.close();
  });
});

describe('the end', () => {
  it.each(['abort', 'close'] as const)('comes by %s at any point, twice', async (how) => {
    const random = makeRandom(how.length);
    await leavingNothing(async () => {
      for (let round = 0; round < 12; round++) {
        const { handle, decoder, encoders } = connect({ shape, outputs: Object.values(looks) });
        for (const [i, encoder] of encoders.entries()) if (i !== round % 7) encoder.resume();
        const running = handle.run().catch((error: unknown) => error);
        decoder.write(nut.subarray(0, Math.floor(random() * nut.length)));
        await new Promise((resolve) => setTimeout(resolve, random() * 8));
        if (how === 'abort') {
          handle.abort();
          handle.abort();
          expect(await running).toBe(false);
        }
        const closed = handle.close();
        handle.abort();
        await closed;
        await running;
        await expect(handle.run()).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
        await expect(handle.close()).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
        for (const socket of [decoder, ...encoders]) socket.destroy();
      }
    });
  });

  const far = 1n << 60n;
  it.each<[string, readonly NutFrame['time'][], Partial<NutOptions>]>([
    ['a time', [0, far], {}],
    ['the largest time', [(1n << 64n) - 2n], {}],
    ['a step', [0, undefined], { delta: far }],
    ['the largest step', [far - 2n, undefined], { delta: (1n << 62n) - 1n }],
    ['steps back', [0, undefined, undefined], { delta: 1n - far }],
    ['a syncpoint', [0], { syncpoint: 1n << 63n }],
    ['low bits after a syncpoint', [-5n], { syncpoint: (1n << 64n) - 1n, ptsShift: 7 }],
  ])('of %s beyond all time is an error of the input', async (_, at, options) => {
    const frames = at.map((time) => ({ time, value: 1 }));
    const input = nutOf(frames, { ...gray, ...options });
    for (const output of [{}, { constantRate: [25, 1] as const }]) {
      const running = runNative(input, { shape: gray, outputs: [output] });
      await expect(running).rejects.toMatchObject({
        code: 'ERR_STREAM_FORMAT',
        message: expect.stringMatching(/a timestamp out of range/),
      });
    }
  });

  it('comes by finish() with what has been read', async () => {
    const { handle, decoder, encoders } = connect({ shape, outputs: [{}, { maxFrames: 2 }] });
    const received = Promise.all(encoders.map(drain));
    const running = handle.run();
    decoder.write(nut.subarray(0, 20 * frameSize));
    await eventually(() => handle.stats().framesIn > 5);
    handle.finish();
    expect(await running).toBe(false);
    const { framesIn, outputs } = handle.stats();
    expect(outputs.map(({ framesOut }) => framesOut)).toEqual([framesIn, 2]);
    expect((await received).map((output) => shown(output).frames.length)).toEqual([framesIn, 2]);
    decoder.destroy();
    await handle.close();
  });

  it('of a torn input is its error, not that of an output', async () => {
    const { handle, decoder, encoders } = connect({ shape, outputs: [{}, {}] });
    for (const encoder of encoders) encoder.resume();
    decoder.end(nut.subarray(0, nut.length - 100));
    await expect(handle.run()).rejects.toMatchObject({ code: 'ERR_STREAM_TRUNCATED' });
    expect(handle.failedOutput).toBe(-1);
    decoder.destroy();
    await handle.close();
  });

  const plan = () => planOf({ shape, outputs: [] }, {});
  const other = () => planOf({ shape: { ...shape, width: 32 }, outputs: [] }, {});
  it.each<[string, (good: NativeSessionOutput) => unknown, RegExp]>([
    ['no outputs', () => [], /^outputs: expected an array with at least one/],
    ['one output that is no list', (good) => good, /^outputs: expected an array/],
    ['null', (good) => [good, null], /^outputs\[1\]: expected an object/],
    ['no descriptor', (good) => [{ ...good, descriptor: 'x' }], /^outputs\[0\]\.descriptor/],
    ['no plan', (good) => [{ ...good, plan: {} }], /expected a plan/],
    [
      'plans of other frames',
      (good) => [good, { ...good, descriptor: -1, plan: other() }],
      /same input/,
    ],
    ['a rate of 0', (good) => [{ ...good, constantRate: [0, 1] }], /^outputs\[0\]\.constantRate/],
    ['a rate beyond', (good) => [{ ...good, constantRate: [2 ** 40, 1] }], /32-bit/],
    [
      'a rate that is none',
      (good) => [{ ...good, constantRate: 25 }],
      /^outputs\[0\]\.constantRate/,
    ],
    ['a start of NaN', (good) => [{ ...good, start: Number.NaN }], /^outputs\[0\]\.start/],
    ['a start below 0', (good) => [{ ...good, start: -1 }], /^outputs\[0\]\.start/],
    ['-1 frames', (good) => [{ ...good, maxFrames: -1 }], /^outputs\[0\]\.maxFrames/],
    ['endless frames', (good) => [{ ...good, maxFrames: Infinity }], /^outputs\[0\]\.maxFrames/],
  ])('comes before the start with %s, and the descriptors are closed', (_name, change, message) => {
    const [input, output] = [addon().socketPair(), addon().socketPair()];
    const all = { frameRate: [25, 1], constantRate: null, start: 0, maxFrames: 0 } as const;
    const good = { descriptor: output.local, plan: plan(), ...all };
    const outputs = change(good) as NativeSessionOutput[];
    const before = descriptors();
    expect(() => new (addon().SessionHandle)(input.local, outputs)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringMatching(message),
      }),
    );
    const taken =
      JSON.stringify(outputs).includes(`"descriptor":${output.local}`) && outputs.length;
    expect(descriptors()).toBe(before - (taken ? 2 : 1));
    for (const { remote } of [input, output]) addon().closeDescriptor(remote);
    if (!taken) addon().closeDescriptor(output.local);
  });
});

describe('stats', () => {
  onEachDevice('tell what each stage did with every frame', async (device) => {
    const look = pipeline().gaussianBlur({ radius: 4 });
    const { stats } = await runNative(nut, { shape, outputs: [{ look }, {}], device });
    const [computed, forwarded] = stats.outputs;
    const ordered = ({ count, total, p50, p95, p99, max }: Latency) => {
      expect([p50, p95, p99, max]).toEqual([p50, p95, p99, max].sort((a, b) => a - b));
      expect(total).toBeLessThanOrEqual(count * max);
      expect(total).toBeGreaterThanOrEqual(max);
      return count;
    };
    expect(stats).toMatchObject({ framesIn: 50, queue: 0 });
    expect([stats.read, stats.slotWait].map(ordered)).toEqual([50, 50]);
    expect(ordered(stats.inputWait)).toBe(51); // the last one found the end
    expect(computed).toMatchObject({ framesOut: 50, queue: 0, process: { count: 50 } });
    expect(computed?.deviceWait.count).toBe(device === 'cpu' ? 0 : 50);
    expect(computed?.process.p50).toBeGreaterThan(0);
    expect(forwarded).toMatchObject({ framesOut: 50, process: { count: 0, max: 0 } });
    for (const output of stats.outputs) {
      expect([output.write, output.outputWait].map(ordered)).toEqual([50, 50]);
    }
  });

  it('are gone with the session', async () => {
    const { handle, decoder } = connect({ shape, outputs: [{}] });
    expect(handle.stats()).toMatchObject({ framesIn: 0, outputs: [{ framesOut: 0 }] });
    await handle.close();
    expect(() => handle.stats()).toThrow(expect.objectContaining({ code: 'ERR_DISPOSED' }));
    decoder.destroy();
  });
});
