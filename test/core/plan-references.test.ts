/** Frames that a plan gets beside its input: other inputs, and the frames before. */

import { writeFileSync } from 'node:fs';
import {
  compilePlan,
  download,
  ImageU8,
  pipeline,
  readPipeline,
  runSession,
  upload,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { handleOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { runNative } from '../helpers/native-session.ts';
import { nutOf } from '../helpers/nut.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';
import { makeClip, temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const [width, height] = [21, 13];
const shape = { format: 'rgbaf32', width, height } as const;

function noise(seed: number, size = width * height * 4): Float32Array {
  const random = makeRandom(seed);
  return Float32Array.from({ length: size }, (_, i) => (i % 4 === 3 ? 1 : random()));
}

function expectClose(received: ArrayLike<number>, expected: (index: number) => number): void {
  let worst = 0;
  for (let i = 0; i < received.length; i++) {
    if (i % 4 < 3) worst = Math.max(worst, Math.abs((received[i] as number) - expected(i)));
  }
  expect(worst).toBeLessThan(2e-6);
}

describe('another input', () => {
  onEachDevice('is a source, a mask, and what a branch begins with', (device) => {
    const [base, other, light] = [noise(1), noise(2), noise(3)];
    const look = pipeline()
      .blend({ input: 'b', stages: pipeline().invert().stages }, { opacity: 0.25 })
      .blend({ input: 'b' }, { mode: 'multiply', mask: { input: 'light' } });
    const plan = compilePlan(look, shape, { device, inputs: { b: shape, light: shape } });
    const output = new Float32Array(base.length);
    plan.run(base, output, { inputs: { light, b: other } });
    const at = (frame: Float32Array, i: number) => frame[i] as number;
    const luma = (i: number) => {
      const pixel = i - (i % 4);
      const [r, g, b] = [at(light, pixel), at(light, pixel + 1), at(light, pixel + 2)];
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    expectClose(output, (i) => {
      const mixed = at(base, i) * 0.75 + (1 - at(other, i)) * 0.25;
      return mixed + (mixed * at(other, i) - mixed) * luma(i);
    });
  });

  onEachDevice('may be YUV of another size, which its branch resizes', (device) => {
    const grey = {
      format: 'yuv420p',
      width: 8,
      height: 6,
      matrix: 'bt709',
      range: 'full',
    } as const;
    const frame = Buffer.alloc(8 * 6 * 1.5, 128);
    frame.fill(51, 0, 48); // a luma of 0.2
    const base = noise(4);
    const output = new Float32Array(base.length);
    for (const look of [
      pipeline().blend({ input: 'b', stages: [{ op: 'resize', width, height }] }),
      pipeline().blend({
        input: 'b',
        stages: [
          { op: 'resize', width, height },
          { op: 'crop', x: 0, y: 0, width, height },
        ],
      }),
    ]) {
      compilePlan(look, shape, { device, inputs: { b: grey } }).run(base, output, {
        inputs: { b: frame },
      });
      expectClose(output, () => 0.2);
    }
    // Where it ends, the base shows; a crop of all of it is no pass of its own.
    for (const stages of [[], [{ op: 'crop', x: 0, y: 0, width: 8, height: 6 }]]) {
      const look = pipeline().blend({ input: 'b', stages }, { anchor: 'topLeft' });
      compilePlan(look, shape, { device, inputs: { b: grey } }).run(base, output, {
        inputs: { b: frame },
      });
      expectClose(output, (i) => {
        const pixel = Math.floor(i / 4);
        return pixel % width < 8 && pixel < 6 * width ? 0.2 : (base[i] as number);
      });
    }
  });

  it('is refused where there is none of that name, and where frames are missing', async () => {
    const look = pipeline().invert().blend({ input: 'camera2' });
    const alone = errorOf(() => compilePlan(look, shape, { device: 'cpu' }));
    expect(alone).toMatchObject({ code: 'ERR_INVALID_OPTION' });
    expect(alone.message).toBe(
      'stages[1].source.input: expected no named input, because there is none here, received "camera2"',
    );
    const inputs = { a: shape, b: shape };
    const nested = pipeline().blend({ stages: pipeline().blend({ input: 'c' }).stages });
    const wrong = errorOf(() => compilePlan(nested, shape, { device: 'cpu', inputs }));
    expect(wrong.message).toBe(
      'stages[0].source.stages[0].source.input: expected one of a, b, received "c"',
    );
    const plan = compilePlan(pipeline().blend({ input: 'b' }), shape, { device: 'cpu', inputs });
    const frame = noise(1);
    for (const frames of [
      undefined,
      {},
      { inputs: {} },
      { inputs: { a: frame } },
      { inputs: { b: frame.subarray(4) } },
    ]) {
      expect(errorOf(() => plan.run(frame, frame.slice(), frames))).toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringMatching(/^inputs\.b: expected 4368 bytes, a frame of .*21x13/),
      });
    }
    const size = errorOf(() =>
      compilePlan(pipeline().blend({ input: 'b' }), shape, {
        device: 'cpu',
        inputs: { b: { ...shape, width: 0 } },
      }),
    );
    expect(size.code).toMatch(/ERR_INVALID/);
    const clip = makeClip(file('clip.mkv'), { seconds: 1 });
    await expect(runSession(look, clip, file('x.mkv')).finished).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringContaining('stages[1].source.input'),
    });
  });

  it.each([
    { input: '' },
    { input: 1 },
    { input: 'a', previous: 1 },
    { input: 'a', stages: {} },
    { input: 'a', image: 'x.png' },
    { previous: 0 },
    { previous: 17 },
    { previous: 1.5 },
    { previous: Number.NaN },
    { previous: '1' },
    { previous: 1, stages: [], input: undefined, x: 1 },
  ])('is refused as %o', (source) => {
    expect(errorOf(() => pipeline().blend(source as never))).toMatchObject({
      code: 'ERR_INVALID_OPTION',
    });
  });

  it('is written to files and read from them', async () => {
    const look = pipeline()
      .blend({ previous: 2 })
      .blend({ input: 'b', stages: [{ op: 'invert' }] });
    writeFileSync(file('look.json'), JSON.stringify(look));
    expect((await readPipeline(file('look.json'))).stages).toEqual(look.stages);
  });
});

describe('frames before', () => {
  const gray = { format: 'gray8', width: 16, height: 8, matrix: 'bt709', range: 'full' } as const;
  const size = gray.width * gray.height;
  const values = Array.from({ length: 60 }, (_, i) => (i * 37) % 256);
  const nut = () =>
    nutOf(
      values.map((value, i) => ({ time: 40 * i, value })),
      gray,
    );
  /** Half of the frame and half of that which was so many before. */
  const lag = (previous: number) => pipeline().blend({ previous }, { opacity: 0.5 });
  const half = (i: number, previous: number) =>
    ((values[i] as number) + (values[Math.max(0, i - previous)] as number)) / 2;

  function means(received: Buffer): number[] {
    const raw = ['-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
    const bytes = ffmpeg(['-f', 'nut', '-i', 'pipe:0', ...raw], received);
    return Array.from({ length: bytes.length / size }, (_, i) => bytes[i * size] as number);
  }

  onEachDevice('are those of the input; at the beginning the first one', async (device) => {
    const outputs = [{ look: lag(1) }, { look: lag(5) }, { look: pipeline() }, { look: lag(16) }];
    const received = await runNative(nut(), { shape: gray, outputs, device });
    const [one, five, none, most] = received.outputs.map(means);
    expect(none).toEqual(values);
    for (const [frames, previous] of [
      [one, 1],
      [five, 5],
      [most, 16],
    ] as const) {
      expect(frames).toHaveLength(values.length);
      for (const [i, mean] of (frames ?? []).entries()) {
        expect(Math.abs(mean - half(i, previous)), `frame ${i}`).toBeLessThanOrEqual(0.5001);
      }
    }
  });

  onEachDevice('count where no output shows them', async (device) => {
    const look = lag(3);
    const outputs = [{ look, start: 1, maxFrames: 5 }];
    const received = await runNative(nut(), { shape: gray, outputs, device });
    const [frames = []] = received.outputs.map(means);
    expect(frames).toHaveLength(5);
    for (const [k, mean] of frames.entries()) {
      expect(Math.abs(mean - half(25 + k, 3))).toBeLessThanOrEqual(0.5001);
    }
  });

  onEachDevice('are given to a plan by hand; the oldest stands for what is missing', (device) => {
    const plan = compilePlan(lag(2), shape, { device });
    const [now, before, earlier] = [noise(1), noise(2), noise(3)];
    const output = new Float32Array(now.length);
    const of = (i: number, other: Float32Array) => ((now[i] as number) + (other[i] as number)) / 2;
    for (const [previous, frame] of [
      [[before, earlier], earlier],
      [[before], before],
      [[], now],
      [undefined, now],
    ] as const) {
      plan.run(now, output, previous === undefined ? undefined : { previous });
      expectClose(output, (i) => of(i, frame));
    }
  });

  onEachDevice('of a preview follow its frames, and not a seek', async (device) => {
    const at = { format: 'rgba8', width: 4, height: 4 } as const;
    const plan = compilePlan(lag(1), at, { device });
    const other = compilePlan(lag(1).invert(), at, { device });
    const deeper = compilePlan(lag(2), at, { device });
    const none = compilePlan(pipeline().invert(), at, { device });
    const runner = new (addon().PlanRunnerHandle)(device);
    using target = new ImageU8(4, 4, { device });
    const shown = async (by: typeof plan, value: number, sequence: number, time: number) => {
      using source = new ImageU8(4, 4, { device });
      upload(
        source,
        Uint8Array.from({ length: 64 }, (_, i) => (i % 4 === 3 ? 255 : value)),
      );
      await runner.run(by, handleOf(source), handleOf(target), sequence, time);
      return download(target)[0];
    };
    expect(await shown(plan, 10, 0, 0)).toBe(10);
    expect(await shown(plan, 20, 0, 1)).toBe(15);
    expect(await shown(plan, 30, 0, 2)).toBe(25);
    expect(await shown(other, 30, 0, 2)).toBe(230); // a slider, while it is paused
    expect(await shown(plan, 30, 0, 2)).toBe(25);
    expect(await shown(plan, 50, 0, 3)).toBe(40);
    expect(await shown(plan, 20, 0, 1)).toBe(20); // a step back
    expect(await shown(plan, 40, 0, 2)).toBe(30);
    expect(await shown(plan, 60, 1, 9)).toBe(60); // a seek
    expect(await shown(none, 70, 1, 10)).toBe(185);
    expect(await shown(plan, 70, 1, 10)).toBe(70); // there were none to remember
    expect(await shown(plan, 90, 1, 11)).toBe(80);
    expect(await shown(deeper, 90, 1, 11)).toBe(90); // it has longer to remember
    expect(await shown(deeper, 100, 1, 12)).toBe(95);
    expect(await shown(deeper, 100, 1, 13)).toBe(95);
    await runner.close();
  });
});
