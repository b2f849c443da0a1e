/** One decode, several outputs: each is what it would be alone; pictures at a moment; failures take all of them back. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, runSession, type SessionOutputOptions } from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { frameHashes, makeClip, probedStreams, temporaryFolder, times } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu' } as const;
const lossless = { codec: 'ffv1', overwrite: true } as const;
const input = makeClip(file('in.mp4'), { seconds: 1, audioAt: 0 });
const colorful = makeClip(file('rgb.mkv'), { pixelFormat: 'gbrp', output: ['-c:v', 'ffv1'] });

describe('several outputs', () => {
  onEachDevice('are each what they would be alone', async (device) => {
    const look = pipeline().contrast(1.2);
    const small = pipeline().resize({ width: 32, height: 24 }).sepia(0.5);
    const outputs: SessionOutputOptions[] = [
      { ...lossless, path: file(`full-${device}.mkv`) },
      { ...lossless, path: file(`small-${device}.mkv`), pipeline: small, audio: 'none' },
      { ...lossless, path: file(`ten-${device}.mkv`), fps: 10 },
      { path: 'null:' },
    ];
    const session = runSession(look, input, outputs, { device });
    const result = await session.finished;
    expect(result.frames).toBe(25);
    expect(result.outputs).toEqual([
      { path: file(`full-${device}.mkv`), frames: 25, dropped: 0, repeated: 0, late: 0 },
      { path: file(`small-${device}.mkv`), frames: 25, dropped: 0, repeated: 0, late: 0 },
      { path: file(`ten-${device}.mkv`), frames: 10, dropped: 15, repeated: 0, late: 0 },
      { path: undefined, frames: 25, dropped: 0, repeated: 0, late: 0 },
    ]);
    const alone = async (name: string, stages: typeof look, options = {}) => {
      const path = file(`alone-${name}-${device}.mkv`);
      await runSession(stages, input, path, { ...lossless, ...options, device }).finished;
      return path;
    };
    const all = pipeline().contrast(1.2).resize({ width: 32, height: 24 }).sepia(0.5);
    const pairs = [
      [outputs[0]?.path, await alone('full', look)],
      [outputs[1]?.path, await alone('small', all, { audio: 'none' })],
      [outputs[2]?.path, await alone('ten', look, { fps: 10 })],
    ] as const;
    for (const [together, single] of pairs) {
      expect(frameHashes(together as string)).toEqual(frameHashes(single));
      expect(times(together as string, 'v')).toEqual(times(single, 'v'));
    }
    const kinds = (path: string) => probedStreams(path).map((stream) => stream.codec_type);
    expect(kinds(file(`full-${device}.mkv`))).toEqual(['video', 'audio']);
    expect(kinds(file(`small-${device}.mkv`))).toEqual(['video']);
  });

  it('of which some are pictures, at their moments, exactly', async () => {
    const outputs = [
      { ...lossless, path: file('video.mkv') },
      { path: file('first.png') },
      { path: file('tenth.png'), at: 0.4 },
    ];
    const { frames } = await runSession(pipeline(), colorful, outputs, cpu).finished;
    expect(frames).toBe(25);
    const rgb = (args: readonly string[]) =>
      ffmpeg([...args, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']);
    const picture = (name: string) => rgb(['-i', file(name)]);
    const frame = (n: number) => rgb(['-i', colorful, '-vf', `select=eq(n\\,${n})`]);
    expect(picture('first.png').equals(frame(0))).toBe(true);
    expect(picture('tenth.png').equals(frame(10))).toBe(true);
  });

  it('end early where all of them are pictures', async () => {
    const long = makeClip(file('long.mp4'), { seconds: 60, rate: 50, size: '320x240' });
    const session = runSession(pipeline(), long, [{ path: file('poster.jpg') }], cpu);
    const { frames, outputs } = await session.finished;
    expect([frames, outputs[0]?.frames]).toEqual([1, 1]);
    expect(session.stats().framesIn).toBeLessThan(100);
  });

  it('count what happens to each, stage by stage', async () => {
    const session = runSession(pipeline().sepia(1), input, [{ path: 'null:' }], cpu);
    await session.finished;
    const { read, framesIn, outputs } = session.stats();
    expect([framesIn, read.count, outputs[0]?.framesOut]).toEqual([25, 25, 25]);
    const process = outputs[0]?.process;
    expect(process?.fps).toBeCloseTo((process?.count ?? 0) / (process?.total ?? 1), 3);
    expect(process?.p50).toBeLessThanOrEqual(process?.p95 ?? 0);
    expect(process?.p99).toBeLessThanOrEqual(process?.max ?? 0);
  });
});

describe('refusals', () => {
  it.each<[string, readonly object[], string]>([
    ['none', [], 'outputs'],
    ['one twice', [{ path: 'a.mp4' }, { path: './a.mp4' }], 'outputs'],
    ['a moment for a video', [{ path: 'a.mp4', at: 1 }], 'at'],
    ['a moment that is none', [{ path: 'a.png', at: Number.NaN }], 'at'],
    ['an option of another encoder', [{ path: 'a.mkv', codec: 'ffv1', crf: 3 }], 'crf'],
  ])('%s at once', (_name, outputs, path) => {
    const run = () => runSession(pipeline(), input, outputs as SessionOutputOptions[], cpu);
    expect(run).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION', path }));
  });

  it.each<[string, SessionOutputOptions, string]>([
    [
      'an encoder that fails',
      { path: file('bad.mp4'), encoderArgs: ['-x264-params', 'crf=oops:qp=oops', '-level', 'x'] },
      'ERR_FFMPEG_FAILED',
    ],
    ['a folder that is not there', { path: file('no/such.mp4') }, 'ERR_OUTPUT_INVALID'],
    ['one that exists', { path: file('in.mp4') }, 'ERR_OUTPUT_INVALID'],
  ])('%s takes the others back', async (_name, bad, code) => {
    const before = readFileSync(input);
    const good = { ...lossless, path: file('taken-back.mkv') };
    const session = runSession(pipeline(), input, [good, bad], cpu);
    await expect(session.finished).rejects.toMatchObject({ code });
    const left = readdirSync(folder).filter((name) => /partial|taken-back|bad/.test(name));
    expect(left).toEqual([]);
    expect(readFileSync(input).equals(before)).toBe(true);
  });
});

describe('transparency', () => {
  it('that the pipeline makes is kept where the output has alpha', async () => {
    const outputs = [{ path: file('half.png') }, { path: file('flat.jpg') }];
    const half = pipeline().opacity(0.5);
    await runSession(half, input, outputs, cpu).finished;
    const alpha = ['-vf', 'alphaextract', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'];
    expect(new Set(ffmpeg(['-i', file('half.png'), ...alpha]))).toEqual(new Set([128]));
    expect(probedStreams(file('flat.jpg'))[0]).toMatchObject({ pix_fmt: 'yuvj420p' });
  });

  it('is not made up for opaque frames', async () => {
    await runSession(pipeline(), colorful, [{ path: file('opaque.png') }], cpu).finished;
    expect(probedStreams(file('opaque.png'))[0]).toMatchObject({ pix_fmt: 'rgb24' });
  });
});

describe('pixels that are not square', () => {
  const wide = ['-c:v', 'ffv1'];
  const anamorphic = makeClip(file('sar.mkv'), { output: ['-vf', 'setsar=3/2', ...wide] });

  it('stay as they are', async () => {
    const path = file('kept.mkv');
    await runSession(pipeline().sepia(1), anamorphic, path, { ...lossless, ...cpu }).finished;
    expect(probedStreams(path)[0]).toMatchObject({ sample_aspect_ratio: '3:2' });
  });

  it('become square where that is asked for', async () => {
    const path = file('square.mkv');
    const options = { ...lossless, ...cpu, squarePixels: true };
    const { width, height } = probedStreams(anamorphic)[0] as Record<string, unknown>;
    await runSession(pipeline(), anamorphic, path, options).finished;
    expect(probedStreams(path)[0]).toMatchObject({
      width: (Number(width) * 3) / 2,
      height,
      sample_aspect_ratio: '1:1',
    });
  });
});
