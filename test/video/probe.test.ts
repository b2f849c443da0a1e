/** probe(): what it tells of a file, and what it refuses. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probe } from 'framelane';
import { describe, expect, it } from 'vitest';
import { ffmpeg } from '../helpers/programs.ts';
import { makeClip, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

describe('probe', () => {
  it('tells size, rate, time base, length and streams', async () => {
    const path = makeClip(file('a.mp4'), { size: '66x50', rate: '30000/1001', audioAt: 0 });
    const info = await probe(path);
    expect(info).toMatchObject({
      width: 66,
      height: 50,
      codec: 'h264',
      pixelFormat: 'yuv420p',
      frameFormat: 'yuv420p',
      converted: false,
      frameRate: { num: 30000, den: 1001 },
      timeBase: { num: 1, den: 30000 },
      frameCount: 30,
      rotation: 0,
      startTime: 0,
    });
    expect(info.duration).toBeCloseTo(30 * (1001 / 30000), 3);
    expect(info.audio).toMatchObject([{ index: 1, codec: 'aac', channels: 1, sampleRate: 44100 }]);
    expect(info.subtitles).toEqual([]);
  });

  it.each([
    [
      '719 untagged lines',
      '64x718',
      [],
      { matrix: 'bt601', range: 'limited', colorSpace: undefined },
    ],
    [
      '720 untagged lines',
      '64x720',
      [],
      { matrix: 'bt709', range: 'limited', colorSpace: undefined },
    ],
    [
      'a BT.601 tag',
      '64x720',
      ['-colorspace', 'smpte170m'],
      { matrix: 'bt601', colorSpace: 'smpte170m' },
    ],
    [
      'a BT.2020 tag',
      '64x48',
      ['-colorspace', 'bt2020nc'],
      { matrix: 'bt2020', colorSpace: 'bt2020nc' },
    ],
    [
      'a matrix of its own',
      '64x48',
      ['-colorspace', 'ycgco'],
      { matrix: undefined, colorSpace: 'ycgco' },
    ],
    ['full range', '64x48', ['-pix_fmt', 'yuvj420p'], { range: 'full', frameFormat: 'yuv420p' }],
  ])('sees %s', async (name, size, tags, expected) => {
    const output = ['-c:v', 'libx264', ...tags];
    const path = makeClip(file(`${name}.mp4`), { size, seconds: 0.1, output });
    expect(await probe(path)).toMatchObject(expected);
  });

  it.each([
    ['yuv422p10le', 'yuv422p10', false, true],
    ['yuv411p', 'yuv422p', true, false],
    ['bgr0', 'rgba8', true, true],
    ['yuva420p', 'yuva420p', false, true],
    ['gbrp14le', 'rgba16', true, true],
  ])('says how frames of %s travel', async (pixelFormat, frameFormat, converted, lossless) => {
    const path = makeClip(file(`${pixelFormat}.mkv`), {
      pixelFormat,
      seconds: 0.1,
      output: ['-c:v', 'ffv1'],
    });
    expect(await probe(path)).toMatchObject({ pixelFormat, frameFormat, converted, lossless });
  });

  it('turns the size of a rotated picture', async () => {
    const flat = makeClip(file('flat.mp4'), { size: '64x48', seconds: 0.1 });
    ffmpeg(['-y', '-i', flat, '-c', 'copy', '-metadata:s:v', 'rotate=90', file('turned.mp4')]);
    // FFmpeg 4.1 writes this tag as a turn to the left, and shows it so.
    expect(await probe(file('turned.mp4'))).toMatchObject({ width: 48, height: 64, rotation: 270 });
  });

  it('reads MPEG-TS, at which the bundled ffprobe crashes when left alone', async () => {
    const path = makeClip(file('a.ts'), { audioAt: 0 });
    const info = await probe(path);
    expect(info.startTime).toBeGreaterThan(1);
    expect(info.frameRate).toEqual({ num: 25, den: 1 });
  });

  it('takes the length of the video, not of the file', async () => {
    const output = ['-c:v', 'ffv1'];
    const path = makeClip(file('late.mkv'), { audioAt: 3, output });
    expect(await probe(path)).toMatchObject({ frameCount: 25, duration: 1 });
  });

  it.each([
    ['a file that is not there', () => file('nothing.mp4'), 'ERR_INPUT_NOT_FOUND', 'no such file'],
    ['a folder', () => folder, 'ERR_INPUT_INVALID', 'a folder'],
    ['an empty file', () => written('empty.mp4', ''), 'ERR_INPUT_INVALID', 'an empty file'],
    [
      'a text',
      () => written('text.mp4', 'hello '.repeat(1000)),
      'ERR_INPUT_INVALID',
      'not a readable video',
    ],
    [
      'sound alone',
      soundFile,
      'ERR_INPUT_INVALID',
      'expected a video stream, received 0 (audio aac',
    ],
    ['sound with a cover', coverFile, 'ERR_INPUT_INVALID', 'expected a video stream'],
  ])('refuses %s', async (_name, path, code, message) => {
    await expect(probe(path())).rejects.toMatchObject({
      name: 'FramelaneError',
      code,
      message: expect.stringContaining(message),
    });
  });

  it('says which ffprobe is missing', async () => {
    const path = makeClip(file('b.mp4'), { seconds: 0.1 });
    await expect(probe(path, { ffprobe: '/nonexistent/ffprobe' })).rejects.toMatchObject({
      code: 'ERR_FFMPEG_NOT_FOUND',
      message: expect.stringContaining('/nonexistent/ffprobe'),
    });
  });

  it('refuses a file that may not be read', async (context) => {
    if (process.getuid?.() === 0) context.skip('root reads everything');
    mkdirSync(file('closed'), { recursive: true });
    const path = written('closed/a.mp4', 'x');
    chmodSync(path, 0o000);
    await expect(probe(path)).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
  });
});

function written(name: string, content: string): string {
  writeFileSync(file(name), content);
  return file(name);
}

function soundFile(): string {
  ffmpeg(['-y', '-f', 'lavfi', '-i', 'sine=440:d=0.2', '-c:a', 'aac', file('sound.m4a')]);
  return file('sound.m4a');
}

function coverFile(): string {
  ffmpeg([
    '-y',
    '-f',
    'lavfi',
    '-i',
    'testsrc=s=32x32:d=0.04',
    '-frames:v',
    '1',
    file('cover.png'),
  ]);
  const inputs = ['-i', soundFile(), '-i', file('cover.png'), '-map', '0', '-map', '1'];
  ffmpeg([
    '-y',
    ...inputs,
    '-c:a',
    'copy',
    '-c:v',
    'png',
    '-disposition:v:0',
    'attached_pic',
    file('cover.m4a'),
  ]);
  return file('cover.m4a');
}
