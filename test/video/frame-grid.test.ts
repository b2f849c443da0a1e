/** Frames that nearly come at a constant rate keep their own times; those that do come at one keep it to the tick. */
import { existsSync } from 'node:fs';
import { pipeline, runSession, type SessionOptions } from 'framelane';
import { describe, expect, it } from 'vitest';
import { liesOnGrid } from '../../src/video/input/frame-grid.ts';
import { probeSource } from '../../src/video/input/probe.ts';
import { ffmpeg, ffmpegPaths, ffprobe } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';
import { temporaryFiles } from '../helpers/video.ts';

const { file } = temporaryFiles();
const cpu = { device: 'cpu', overwrite: true } as const;
const clock = 90_000;

/** A clip whose frames are shown at these ticks of 1/90000 s, or the nearest that the container has. */
function clipAt(ticks: readonly number[], path: string, encoder: readonly string[]): string {
  if (existsSync(path)) return path;
  const times = ticks.map((tick, index) => `eq(N,${index})*${tick}`).join('+');
  const source = ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=30:d=${ticks.length / 30}`];
  const clocks = ['-vsync', 'passthrough', '-enc_time_base', `1:${clock}`];
  const movie = /\.(mp4|mov)$/.test(path) ? ['-video_track_timescale', String(clock)] : [];
  const filter = ['-vf', `settb=1/${clock},setpts='${times}',format=yuv420p`];
  run([
    ...source,
    ...filter,
    ...clocks,
    ...encoder,
    ...movie,
    '-frames:v',
    String(ticks.length),
    path,
  ]);
  return path;
}

function run(args: readonly string[]): void {
  ffmpeg(['-y', ...args]);
}

interface Stored {
  /** In ticks of the file's clock, from the first one. */
  readonly ticks: number[];
  readonly perSecond: number;
  readonly rate: string;
  readonly mean: string;
  readonly duration: number;
}

function stored(path: string): Stored {
  const args = ['-select_streams', 'v:0', '-show_packets', '-show_streams'];
  const said = JSON.parse(ffprobe([...args, '-show_format', '-of', 'json', path])) as {
    packets: { pts: number; dts: number }[];
    streams: Record<string, string>[];
    format: { duration: string };
  };
  const [stream] = said.streams;
  const pts = said.packets.map((packet) => packet.pts).sort((a, b) => a - b);
  const [num = 0, den = 1] = (stream?.['time_base'] ?? '').split('/').map(Number);
  return {
    ticks: pts.map((tick) => tick - (pts[0] as number)),
    perSecond: den / num,
    rate: String(stream?.['r_frame_rate']),
    mean: String(stream?.['avg_frame_rate']),
    duration: Number(stream?.['duration'] ?? said.format.duration),
  };
}

/** Equal in ticks of the coarser of both clocks. */
function expectSameTimes(output: Stored, input: Stored): void {
  expect(output.ticks).toHaveLength(input.ticks.length);
  const tick = Math.max(1 / input.perSecond, 1 / output.perSecond);
  for (const [index, ticks] of input.ticks.entries()) {
    const moved = (output.ticks[index] as number) / output.perSecond - ticks / input.perSecond;
    const exact = output.perSecond % input.perSecond === 0 ? 0 : tick;
    expect(Math.abs(moved), `frame ${index}`).toBeLessThanOrEqual(exact / 2 + tick / 2 + 1e-9);
    expect(index === 0 || (output.ticks[index] as number) > (output.ticks[index - 1] as number));
  }
}

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '12'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8'];
const mpeg2 = ['-c:v', 'mpeg2video', '-r', '30', '-bf', '2'];

const random = makeRandom(11);
const frames = 40;
const steps = (count: number, of: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => Math.round(of(index)));
const grid = (rate: number) => steps(frames, (index) => (index * clock) / rate);
/** All of them have r_frame_rate and avg_frame_rate near each other in some container. */
const patterns: Record<string, readonly number[]> = {
  'a telephone': steps(frames, (n) => n * 3000 + (n % 7 ? 0 : random() * 900)),
  'jitter of 20 ms': steps(frames, (n) => n * 3000 + (n < 3 ? 0 : (random() - 0.5) * 1800)),
  'jitter of a tick': steps(frames, (n) => n * 3000 + (n % 5 === 4 ? 1 : 0)),
  'a screen that rests': steps(frames, (n) => (n < 30 ? n * 1500 : 45_000 + (n - 29) * 45_000)),
  'two frames at once': steps(frames, (n) => n * 3600 - (n % 10 === 9 ? 3400 : 0)),
  'slower and slower': steps(frames, (n) => n * 3000 + n * n * 2),
};

const containers = [
  ['mp4', h264, 'mp4'],
  ['mkv', h264, 'mp4'],
  ['mkv', h264, 'mkv'],
  ['webm', vp8, 'webm'],
  ['mov', h264, 'mov'],
  ['ts', h264, 'mp4'],
] as const;
/** With each FFmpeg every pattern and every pair of containers, and all together every third of their combinations. */
const combinations = (program: number) =>
  containers.map((pair, index) => {
    const names = Object.keys(patterns);
    return [names[(index + 2 * program) % names.length] as string, ...pair] as const;
  });

describe.each(ffmpegPaths.map((path, index) => [path, index] as const))('with %s', (ffmpeg, at) => {
  const through = async (input: string, name: string, options: SessionOptions = {}) => {
    const output = file(name);
    const fast = /webm/.test(name) ? { cpuUsed: 8, deadline: 'realtime' } : { preset: 'ultrafast' };
    const ours = { ...cpu, ffmpeg, ...fast, ...options } as SessionOptions;
    const { warnings } = await runSession(pipeline(), input, output, ours).finished;
    expect(warnings).toEqual([]);
    return stored(output);
  };

  it.each(combinations(at))('%s in .%s keeps its times', async (name, extension, encoder, to) => {
    const path = file(`${name.replaceAll(' ', '-')}.${extension}`);
    const input = clipAt(patterns[name] as readonly number[], path, encoder);
    expectSameTimes(await through(input, `out.${to}`), stored(input));
  });

  it.each([
    ['25', 'mp4'],
    ['30000/1001', 'mp4'],
    ['24000/1001', 'mkv'],
    ['60', 'mkv'],
    ['24000/1001', 'mov'],
    ['30000/1001', 'ts'],
    ['25', 'ts'],
    ['30000/1001', 'avi'],
  ])('%s frames/s from .%s stay at that rate', async (rate, extension) => {
    const input = file(`${rate.replace('/', '-')}.${extension}`);
    const length = ['-frames:v', String(frames), '-bf', '0'];
    run(['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=${rate}:d=3`, ...h264, ...length, input]);
    const output = await through(input, 'constant.mp4');
    const [num = 1, den = 1] = rate.split('/').map(Number);
    expect(output.rate).toBe(`${num}/${den}`);
    expect(output.mean).toBe(output.rate);
    const ticks = (output.perSecond * den) / num;
    expect(output.ticks).toEqual(steps(frames, (index) => index * ticks));
    expect(output.duration).toBeCloseTo((frames * den) / num, 5);
  });

  it.each([
    ['mpeg4', 'mp4'],
    ['mpeg4', 'avi'],
    ['mpeg2video', 'ts'],
    ['mpeg2video', 'mkv'],
    ['prores_ks', 'mov'],
  ])('%s takes what comes at any time, in .%s', async (codec, extension) => {
    const input = clipAt(patterns['a telephone'] as readonly number[], file('telephone.mp4'), h264);
    const ours = { ...cpu, ffmpeg, codec } as SessionOptions;
    const output = file(`any.${extension}`);
    const { frames: count } = await runSession(pipeline(), input, output, ours).finished;
    expect(Math.abs(count - frames)).toBeLessThanOrEqual(1);
    const times = stored(output);
    const wanted = stored(input);
    for (const [index, tick] of times.ticks.entries()) {
      const at = (wanted.ticks[Math.min(index, frames - 1)] as number) / wanted.perSecond;
      expect(Math.abs(tick / times.perSecond - at)).toBeLessThan(0.04);
    }
  });

  it.each([12.5, { num: 50, den: 4 }, { num: 25_025, den: 2002 }])(
    'takes %j frames/s',
    async (fps) => {
      const input = clipAt(grid(25), file('digits.mkv'), h264);
      expect((await through(input, 'lowest.mp4', { fps })).rate).toBe('25/2');
    },
  );

  it.each(['avi', 'mp4'])('mpeg4 takes a rate of many digits, in .%s', async (extension) => {
    const fps = { num: 1_000_003, den: 33_331 }; // its own denominators have 16 bits
    const input = clipAt(grid(25), file('digits.mkv'), h264);
    const output = file(`digits.${extension}`);
    const ours = { ...cpu, ffmpeg, codec: 'mpeg4', fps } as SessionOptions;
    await runSession(pipeline(), input, output, ours).finished;
    const { ticks, perSecond } = stored(output);
    expect((ticks.at(-1) as number) / perSecond).toBeCloseTo(
      ((ticks.length - 1) * fps.den) / fps.num,
      3,
    );
  });

  it('a section keeps the times of what it cuts', async () => {
    const ticks = patterns['a telephone'] as readonly number[];
    const input = clipAt(ticks, file('cut.mkv'), h264);
    const from = Number(((stored(input).ticks[14] as number) / 1000).toFixed(6));
    const output = await through(input, 'cut.mp4', { from });
    const rest = stored(input).ticks.slice(14);
    expectSameTimes(output, { ...stored(input), ticks: rest.map((tick) => tick - (rest[0] ?? 0)) });
  });
});

describe('the look at the packets', () => {
  const look = async (path: string, section = {}) => {
    const source = { path, url: `file:${path}`, options: [], warnings: [] };
    const info = await probeSource(source, {});
    return { said: info.constantRate, found: await liesOnGrid(info, section) };
  };

  it.each(['25', '30000/1001', '24000/1001', '60'])('finds %s frames/s', async (rate) => {
    for (const extension of ['mp4', 'mkv', 'ts']) {
      const path = file(`rate-${rate.replace('/', '-')}.${extension}`);
      const source = ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=${rate}:d=2`];
      run([...source, ...h264, '-bf', '2', '-frames:v', String(frames), path]);
      expect(await look(path), extension).toEqual({ said: true, found: true });
    }
  });

  it('counts only the section', async () => {
    const late = steps(frames, (n) => n * 3000 + (n === 35 ? 700 : 0));
    const path = clipAt(late, file('late.mkv'), [...h264, '-bf', '0']);
    expect(await look(path)).toEqual({ said: true, found: false });
    expect(await look(path, { to: 1 })).toEqual({ said: true, found: true });
    expect(await look(path, { from: 1.1 })).toEqual({ said: true, found: false });
  });

  it('allows frames to be missing, and none to come twice', async () => {
    const missing = steps(frames, (n) => (n < 20 ? n : n + 1) * 3000);
    const path = clipAt(missing, file('missing.mp4'), [...h264, '-bf', '0']);
    const { said, found } = await look(path);
    expect(found).toBe(said);
  });
});

it('MPEG-2 from a program stream counts as it did', async () => {
  const input = file('dvd.mpg');
  run(['-f', 'lavfi', '-i', 'testsrc2=s=64x48:r=30:d=1', ...mpeg2, '-f', 'vob', input]);
  await runSession(pipeline(), input, file('dvd.mp4'), cpu).finished;
  const { ticks, perSecond } = stored(file('dvd.mp4'));
  expect(ticks).toEqual(steps(30, (index) => (index * perSecond) / 30));
});
