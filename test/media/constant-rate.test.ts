/** Outputs at a constant rate: frames and ticks as FFmpeg's filter fps has them, whatever times the input's frames have. */
import { join } from 'node:path';
import { pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import { decoded, filtered, runNative, shown } from '../helpers/native-session.ts';
import { type Clip, makeClip, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const shape = {
  format: 'yuv420p',
  width: 64,
  height: 48,
  matrix: 'bt601',
  range: 'limited',
} as const;
type Rational = readonly [number, number];

let clips = 0;
const clip = (of: Clip) => makeClip(join(folder, `${clips++}.mp4`), of);

// The last frames come evenly, so that FFmpeg knows how long the last one lasts.
const jitter = 'N*0.04+0.019*sin(N*N)*lt(N\\,46)';

/** Frames at the times an expression of the frame's number N gives, in seconds. */
const timed = (expression: string, frames: number) =>
  clip({
    seconds: frames / 25,
    filter: `settb=1/90000,setpts=(${expression})/TB`,
    output: ['-vsync', 'passthrough', '-enc_time_base', '1:90000', '-c:v', 'libx264', '-bf', '0'],
  });

const convert = async (nut: Buffer, constantRate: Rational, frameRate: Rational, start = 0) => {
  const { outputs, stats } = await runNative(nut, {
    shape,
    outputs: [{ constantRate, frameRate, start }],
  });
  const counts = stats.outputs[0];
  if (counts === undefined) throw new Error('no output');
  // Each frame of the input is in one of the counters.
  const shownOnce = stats.framesIn - counts.dropped - counts.skipped;
  expect(counts).toMatchObject({ framesOut: shownOnce + counts.repeated, late: 0 });
  return { counts, shown: shown(outputs[0] as Buffer) };
};

describe('a constant rate', () => {
  it.each<[Rational, Rational]>([
    [
      [25, 1],
      [30, 1],
    ],
    [
      [30, 1],
      [25, 1],
    ],
    [
      [24000, 1001],
      [25, 1],
    ],
    [
      [25, 1],
      [24000, 1001],
    ],
    [
      [60, 1],
      [25, 2],
    ],
    [
      [60, 1],
      [30, 1],
    ],
    [
      [25, 1],
      [25, 1],
    ],
    [
      [25, 1],
      [1, 1],
    ],
    [
      [25, 1],
      [240, 1],
    ],
  ])('of frames at %j is %j', async (from, to) => {
    const input = clip({ rate: from.join('/') });
    const { shown } = await convert(decoded(input), to, from);
    expect(shown).toEqual(filtered(input, `fps=${to.join('/')}`));
  });

  it.each([
    ['at no fixed rate', jitter, 51],
    ['in pairs', 'N*0.04-0.037*mod(N\\,2)*lt(N\\,36)', 40],
    ['that start late', '1.2345+N*0.04', 20],
    ['with gaps of seconds', 'N*0.04+floor(N/4)*3.3', 12],
  ])('of frames %s', async (_name, times, frames) => {
    const input = timed(times, frames);
    const nut = decoded(input);
    for (const rate of [
      [30, 1],
      [25, 2],
      [24000, 1001],
      [120, 1],
    ] as const) {
      const { shown } = await convert(nut, rate, [25, 1]);
      expect(shown).toEqual(filtered(input, `fps=${rate.join('/')}`));
    }
  });

  it('begins with the frame on display at the start', async () => {
    const input = timed(jitter, 51);
    const { shown, counts } = await convert(decoded(input), [30, 1], [25, 1], 0.5);
    expect(shown).toEqual(filtered(input, 'trim=start=0.47,fps=30'));
    expect(counts.skipped).toBeGreaterThan(10);
  });

  it('shows a single frame as long as it lasts, and at least once', async () => {
    const input = clip({ seconds: 0.04 });
    const nut = decoded(input);
    for (const rate of [25, 75, 240]) {
      const { shown } = await convert(nut, [rate, 1], [25, 1]);
      expect(shown).toEqual(filtered(input, `fps=${rate}`));
    }
    const brief = await convert(nut, [10, 1], [25, 1]);
    expect(filtered(input, 'fps=10').frames).toEqual([]); // here FFmpeg writes a video without a frame
    expect(brief.shown.frames).toHaveLength(1);
    const unknown = await convert(nut, [10, 1], [0, 1]);
    expect(unknown.shown).toEqual(brief.shown);
  });

  it('computes frames that are shown, and each once', async () => {
    const nut = decoded(clip({ rate: 30 }));
    const look = pipeline().brightness(0.1);
    const rates = [
      [10, 1],
      [30, 1],
      [90, 1],
    ] as const;
    const { stats, outputs } = await runNative(nut, {
      shape,
      outputs: rates.map((constantRate) => ({ look, constantRate, frameRate: [30, 1] })),
    });
    expect(stats.outputs.map(({ process }) => process.count)).toEqual([10, 30, 30]);
    expect(stats.outputs.map(({ framesOut }) => framesOut)).toEqual([10, 30, 90]);
    expect(stats.outputs.map(({ repeated }) => repeated)).toEqual([0, 0, 60]);
    const [, each, thrice] = outputs.map((output) => shown(output).frames.map(hashOf));
    expect(thrice).toEqual(each?.flatMap((hash) => [hash, hash, hash]));
  });
});

const hashOf = (frame: string) => frame.split(' ')[1];
