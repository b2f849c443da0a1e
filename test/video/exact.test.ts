/** Sessions with an empty pipeline change nothing: frames, times, audio, colours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, runSession, type SessionOptions } from 'framelane';
import { describe, expect, it } from 'vitest';
import {
  type Clip,
  frameHashes,
  makeClip,
  packetHashes,
  probedStreams,
  soundHashes,
  talkingFfmpeg,
  temporaryFolder,
  times,
} from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu', overwrite: true } as const;
const lossless = { codec: 'ffv1' } as const;

async function through(input: string, output: string, options: SessionOptions = {}) {
  return await runSession(pipeline(), input, output, { ...cpu, ...options }).finished;
}

describe('an empty pipeline', () => {
  it.each([
    ['yuv420p', '64x48'],
    ['yuv420p', '67x51'],
    ['yuv420p', '1x1'],
    ['yuv422p', '64x48'],
    ['yuv422p', '67x51'],
    ['yuv444p', '66x50'],
    ['yuv444p', '67x51'],
    ['gray', '67x51'],
  ])('keeps every bit of %s at %s', async (pixelFormat, size) => {
    const output = ['-c:v', 'ffv1'];
    const input = makeClip(file(`${pixelFormat}-${size}.mkv`), { pixelFormat, size, output });
    const result = await through(input, file(`out-${pixelFormat}-${size}.mkv`), lossless);
    expect(result).toMatchObject({ frames: 25, device: 'cpu', stopped: false, warnings: [] });
    expect(frameHashes(result.output as string)).toEqual(frameHashes(input));
  });

  it('keeps every bit through libx264 at -qp 0, with frames that are not shown in the order they are stored', async () => {
    const input = makeClip(file('b.mp4'), { rate: 30, output: ['-c:v', 'libx264', '-bf', '3'] });
    const options = { encoderArgs: ['-qp', '0'], preset: 'ultrafast' } as const;
    await through(input, file('b-out.mp4'), options);
    expect(frameHashes(file('b-out.mp4'))).toEqual(frameHashes(input));
    expect(times(file('b-out.mp4'), 'v')).toEqual(times(input, 'v'));
  });

  it('keeps the times of frames that come at no fixed rate', async () => {
    const filter = 'select=not(eq(mod(n\\,7)\\,3))+gt(n\\,40)';
    const output = ['-vsync', 'vfr', '-c:v', 'libx264'];
    const input = makeClip(file('vfr.mp4'), { rate: 30, seconds: 2, filter, output });
    await through(input, file('vfr-out.mp4'), { preset: 'ultrafast' });
    expect(times(file('vfr-out.mp4'), 'v')).toEqual(times(input, 'v'));
    expect(frameHashes(file('vfr-out.mp4'))).toHaveLength(frameHashes(input).length); // the last one too
  });

  it.each([
    ['mp4', 0],
    ['mp4', 0.7],
    ['mkv', 0.7],
    ['ts', 0],
    ['ts', 0.7],
  ])(
    'copies the audio of .%s that starts at %d s, and its distance to the video',
    async (extension, audioAt) => {
      const input = makeClip(file(`sound-${audioAt}.${extension}`), { seconds: 2, audioAt });
      const output = file(`sound-${audioAt}-out.mkv`);
      await through(input, output, lossless);
      // MPEG-TS wraps AAC packets, Matroska does not.
      const hashes = extension === 'ts' ? soundHashes : packetHashes;
      expect(hashes(output)).toEqual(hashes(input));
      const distance = (path: string) => (times(path, 'a')[0] ?? 0) - (times(path, 'v')[0] ?? 0);
      expect(Math.abs(distance(output) - distance(input))).toBeLessThan(0.002); // Matroska counts milliseconds
      expect(times(output, 'v')).toHaveLength(50);
    },
  );

  it.each<[string, Clip, SessionOptions, Record<string, unknown>]>([
    [
      'tags of SD',
      {
        output: [
          '-c:v',
          'libx264',
          '-colorspace',
          '5',
          '-color_primaries',
          '5',
          '-color_trc',
          '6',
          '-color_range',
          '1',
        ],
      },
      { encoderArgs: ['-qp', '0'] },
      {
        color_space: 'bt470bg',
        color_primaries: 'bt470bg',
        color_transfer: 'smpte170m',
        color_range: 'tv',
      },
    ],
    [
      'tags of BT.2020',
      {
        output: [
          '-c:v',
          'libx264',
          '-colorspace',
          '9',
          '-color_primaries',
          '9',
          '-color_trc',
          '14',
        ],
      },
      { encoderArgs: ['-qp', '0'] },
      { color_space: 'bt2020nc', color_primaries: 'bt2020', color_transfer: 'bt2020-10' },
    ],
    [
      'a matrix that only passes through',
      { output: ['-c:v', 'libx264', '-colorspace', 'ycgco'] },
      { encoderArgs: ['-qp', '0'] },
      { color_space: 'ycgco' },
    ],
    [
      'full range',
      { pixelFormat: 'yuvj420p' },
      { encoderArgs: ['-qp', '0'] },
      { color_range: 'pc' },
    ],
    [
      'full range of 4:4:4',
      { pixelFormat: 'yuvj444p' },
      { encoderArgs: ['-qp', '0'] },
      { color_range: 'pc' },
    ],
    [
      'motion JPEG',
      { pixelFormat: 'yuvj422p', output: ['-c:v', 'mjpeg'] },
      { encoderArgs: ['-qp', '0'] },
      { color_range: 'pc' },
    ],
    [
      'no tags and 720 lines',
      { size: '64x720' },
      { encoderArgs: ['-qp', '0'] },
      { color_space: 'bt709', color_range: 'tv' },
    ],
    [
      'no tags and 48 lines',
      {},
      { encoderArgs: ['-qp', '0'] },
      { color_space: 'smpte170m', color_range: 'tv' },
    ],
  ])(
    'keeps pixels and colours with %s; FFmpeg converts nothing',
    async (name, clip, options, tags) => {
      const input = makeClip(file(`${name}.mov`), { seconds: 0.4, ...clip });
      const log = file(`${name}.log`);
      const ffmpeg = talkingFfmpeg(file(`talking ${name}`), log);
      const output = file(`${name}-out.mp4`);
      await through(input, output, { ...options, ffmpeg });
      expect(frameHashes(output)).toEqual(frameHashes(input));
      expect(probedStreams(output)[0]).toMatchObject(tags);
      const said = readFileSync(log, 'utf8');
      expect(said).toMatch(/pipe:3/); // it did talk
      expect(said).not.toMatch(/auto-insert|auto_scale/i);
    },
  );

  it('turns a rotated picture upright and forgets the rotation', async () => {
    const input = makeClip(file('upright.mp4'), { size: '64x48', seconds: 0.2 });
    const { execFileSync } = await import('node:child_process');
    const { ffmpegPath } = await import('../helpers/programs.ts');
    const args = ['-v', 'error', '-y', '-i', input, '-c', 'copy', '-metadata:s:v', 'rotate=90'];
    execFileSync(ffmpegPath, [...args, file('turned.mp4')]);
    await through(file('turned.mp4'), file('turned-out.mp4'));
    const [video] = probedStreams(file('turned-out.mp4'));
    expect(video).toMatchObject({ width: 48, height: 64 });
    expect(video).not.toHaveProperty('side_data_list');
  });

  it('says that yuv411p is decoded to another format', async () => {
    const output = ['-c:v', 'ffv1'];
    const input = makeClip(file('411.mkv'), { pixelFormat: 'yuv411p', output });
    const result = await through(input, file('411-out.mkv'), lossless);
    expect(result.warnings).toEqual([expect.stringContaining('yuv411p is read as yuv422p')]);
    expect(probedStreams(result.output as string)[0]).toMatchObject({ pix_fmt: 'yuv422p' });
  });
});

describe('a section', () => {
  it.each([
    [{ from: 1 }, 25, 50],
    [{ to: 0.5 }, 0, 13],
    [{ from: 0.92, to: 1.4 }, 23, 35],
  ])('of %o has the frames that start within it', async (section, first, end) => {
    const input = makeClip(file('long.mp4'), { seconds: 2, audioAt: 0 });
    const result = await through(input, file('section.mkv'), { ...lossless, ...section });
    expect(frameHashes(result.output as string)).toEqual(frameHashes(input).slice(first, end));
    expect(times(result.output as string, 'v')[0]).toBe(0);
    const sound = times(result.output as string, 'a');
    expect(sound[0]).toBeGreaterThanOrEqual(-0.03);
    expect(sound[0]).toBeLessThan(0.03);
    expect(Math.abs((sound.at(-1) ?? 0) - ((end - first) / 25 - 0.023))).toBeLessThan(0.03);
    const copied = new Set(packetHashes(input));
    for (const hash of packetHashes(result.output as string)) expect(copied).toContain(hash);
  });
});
