/** Encoding in two passes, with every FFmpeg. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pipeline, probe, runSession, type SessionOptions, VideoWriter } from 'framelane';
import { describe, expect, it } from 'vitest';
import { openFfmpeg } from '../../src/ffmpeg/ffmpeg.ts';
import { TwoPass } from '../../src/video/session/two-pass.ts';
import { wantedOutputs } from '../../src/video/session/wanted-output.ts';
import { events, framelane } from '../helpers/cli.ts';
import { ffmpegPaths } from '../helpers/programs.ts';
import {
  fakeFfmpeg,
  frameHashes,
  makeClip,
  probedStreams,
  temporaryFiles,
} from '../helpers/video.ts';

const { file } = temporaryFiles();
const long = makeClip(file('long.mp4'), { size: '320x240', seconds: 20 });
const clip = makeClip(file('in.mkv'), { seconds: 0.8, audioAt: 0, output: ['-c:v', 'ffv1'] });
// Where logs go: x265 and FFmpeg both split their options at colons and quotes.
const scratch = file("odd: 'scratch', [folder]");
mkdirSync(scratch);
process.env['TMPDIR'] = scratch;

const run = (output: string, options: object, input = clip) =>
  runSession(pipeline().contrast(1.1), input, output, {
    ...{ device: 'cpu', twoPass: true, overwrite: true },
    ...options,
  } as SessionOptions);

describe.each(ffmpegPaths)('%s', (program) => {
  it.each([
    ['libx264', 'mp4', { preset: 'ultrafast', bitrate: 200_000 }, /rc=2pass/],
    ['libx265', 'mkv', { preset: 'ultrafast', bitrate: 200_000 }, /stats-read=2|stats-read=1/],
    ['libvpx-vp9', 'webm', { cpuUsed: 8, bitrate: 200_000 }, undefined],
    ['libvpx-vp9', 'webm', { cpuUsed: 8, crf: 40 }, undefined],
    ['libaom-av1', 'mkv', { cpuUsed: 8, bitrate: 200_000 }, undefined],
  ])('%s writes .%s in two passes', async (codec, extension, options, settings) => {
    if (!(await openFfmpeg(program)).encoders.has(codec)) {
      const attempt = run(file('none.mkv'), { codec, ...options, ffmpeg: program }).finished;
      await expect(attempt).rejects.toMatchObject({ code: 'ERR_FFMPEG_CAPABILITY' });
      return;
    }
    const output = file(`two.${extension}`);
    const session = run(output, { codec, ...options, ffmpeg: program });
    const seen: unknown[] = [];
    session.on('progress', ({ pass, passes, frames }) => seen.push([pass, passes, frames]));
    const { frames, outputs } = await session.finished;
    expect([frames, outputs[0]?.frames]).toEqual([20, 20]);
    expect(seen).toEqual(expect.arrayContaining([[1, 2, 20]]));
    expect(seen.at(-1)).toEqual([2, 2, 20]);
    expect(probedStreams(output).map((stream) => stream.codec_type)).toEqual(['video', 'audio']);
    expect(frameHashes(output)).toHaveLength(20);
    if (settings) expect(readFileSync(output).toString('latin1')).toMatch(settings);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('makes only the outputs twice that ask for it, each with a log of its own', async () => {
    const x264 = { codec: 'libx264', preset: 'ultrafast', overwrite: true } as const;
    const outputs = [
      { path: file('a.mp4'), ...x264, bitrate: 900_000, twoPass: true },
      { path: file('b.mp4'), ...x264, crf: 40 },
      { path: file('c.mp4'), ...x264, bitrate: 90_000, twoPass: true },
      { path: file('poster.png'), at: 0.4, overwrite: true },
    ];
    const options = { device: 'cpu', ffmpeg: program, from: 0.2 } as const;
    await runSession(pipeline(), clip, outputs, options).finished;
    const settings = (name: string) => readFileSync(file(name)).toString('latin1');
    expect(settings('a.mp4')).toMatch(/rc=2pass .*bitrate=900 /);
    expect(settings('b.mp4')).toMatch(/rc=crf/);
    expect(settings('c.mp4')).toMatch(/rc=2pass .*bitrate=90 /);
    expect(existsSync(file('poster.png'))).toBe(true);
    expect(readdirSync(scratch)).toEqual([]);
  });
});

describe('what ends badly leaves neither log nor output', () => {
  const x264 = { codec: 'libx264', preset: 'ultrafast', bitrate: 200_000 };

  it('an abort in the first pass', async () => {
    const output = file('aborted.mp4');
    const session = run(output, x264, long);
    session.once('progress', () => session.abort('enough'));
    await expect(session.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    expect([existsSync(output), readdirSync(scratch)]).toEqual([false, []]);
  });

  it('a stop in the first pass', async () => {
    const output = file('stopped.mp4');
    const session = run(output, x264, long);
    session.once('progress', () => session.stop());
    await expect(session.finished).rejects.toMatchObject({
      code: 'ERR_ABORTED',
      message: expect.stringMatching(/before its first frame was written/),
    });
    expect([existsSync(output), readdirSync(scratch)]).toEqual([false, []]);
  });

  it('an encoder that fails in the first', async () => {
    const output = file('failed.mp4');
    const failing = fakeFfmpeg(file('failing'), 'encode', 'echo no >&2; exit 3');
    await expect(run(output, { ...x264, ffmpeg: failing }).finished).rejects.toMatchObject({
      code: 'ERR_FFMPEG_FAILED',
    });
    expect([existsSync(output), readdirSync(scratch)]).toEqual([false, []]);
  });

  it('an output that exists is told before the first', async () => {
    const seen: unknown[] = [];
    writeFileSync(file('there.mp4'), 'something');
    const session = run(file('there.mp4'), { ...x264, overwrite: false });
    session.on('progress', (progress) => seen.push(progress));
    await expect(session.finished).rejects.toMatchObject({ code: 'ERR_OUTPUT_EXISTS' });
    expect([seen, readdirSync(scratch)]).toEqual([[], []]);
  });
});

it('libvpx has no second pass in realtime', async () => {
  const options = { codec: 'vp9', deadline: 'realtime' };
  await expect(run(file('no.webm'), options).finished).rejects.toMatchObject({ path: 'deadline' });
});

it('live inputs and writers come once', async () => {
  const live = { ...(await probe(clip)), live: true };
  const outputs = wantedOutputs([{ path: file('live.mp4'), bitrate: 200_000, twoPass: true }]);
  await expect(TwoPass.open(outputs, live)).rejects.toMatchObject({
    code: 'ERR_INVALID_OPTION',
    path: 'twoPass',
    message: expect.stringMatching(/read twice/),
  });
  const size = { width: 64, height: 64, frameRate: 25, device: 'cpu' } as const;
  const writer = VideoWriter.open(file('w.mp4'), { ...size, bitrate: 200_000, twoPass: true });
  await expect(writer).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'twoPass' });
});

it('the command line tells the pass', async () => {
  const args = ['run', 'pipelines/black-and-white.json', '--device', 'cpu', '-i', clip, '--json'];
  const flags = ['--bitrate', '200k', '--two-pass', '--preset', 'ultrafast'];
  const { code, stdout, stderr } = await framelane([...args, '-o', file('cli.mp4'), ...flags]);
  expect([code, stderr]).toEqual([0, '']);
  const passes = events(stdout).flatMap(({ event, pass }) => (event === 'progress' ? [pass] : []));
  expect([passes[0], passes.at(-1)]).toEqual([1, 2]);
});
