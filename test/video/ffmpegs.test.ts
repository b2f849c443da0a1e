/** Sessions say and do the same with every FFmpeg: what is damage, what is not, and what differs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline, runSession, type SessionOptions } from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, ffmpegPaths } from '../helpers/programs.ts';
import { frameHashes, makeClip, temporaryFolder, times } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu', overwrite: true } as const;

const clip = file('clip.mkv');
const attached = file('attached.mkv');
const unknownSound = file('unknown.mov');
const noisySound = file('noisy.ts');
const titled = file('titled.mp4');
const midway = file('midway.ts');

beforeAll(() => {
  makeClip(clip, { audioAt: 0 });
  const copy = ['-y', '-i', clip, '-map', '0', '-c', 'copy'];
  writeFileSync(file('a.ttf'), 'not really a font');
  ffmpeg([...copy, '-attach', file('a.ttf'), '-metadata:s:t', 'mimetype=font/ttf', attached]);
  ffmpeg([...copy, '-map', '0:a', '-f', 'mov', unknownSound]);
  renameLastSound(unknownSound);
  // Of about 5 bytes one is changed, headers too.
  ffmpeg([...copy, '-bsf:a', 'noise=5', '-f', 'mpegts', noisySound]);
  ffmpeg([...copy, '-metadata', 'title=one\ntwo\n[three] four', titled]);
  const long = makeClip(file('long.mp4'), {
    seconds: 40,
    rate: 5,
    output: ['-c:v', 'libx264', '-g', '60', '-x264-params', 'open-gop=1:bframes=3', '-bf', '3'],
  });
  ffmpeg(['-y', '-i', long, '-c', 'copy', midway]);
});

/** As iPhones write their second track, in a codec that FFmpeg does not know. */
function renameLastSound(path: string): void {
  const bytes = readFileSync(path);
  const sound = bytes.lastIndexOf('stsd');
  for (let at = bytes.indexOf('mp4a', sound); at >= 0; at = bytes.indexOf('mp4a', at))
    bytes.write('apac', at);
  bytes.write('dapa', bytes.indexOf('esds', sound));
  writeFileSync(path, bytes);
}

describe.each(ffmpegPaths)('with %s', (program) => {
  const run = (input: string, output: string, options: SessionOptions = {}) =>
    runSession(pipeline(), input, file(output), { ...cpu, ffmpeg: program, ...options }).finished;

  describe('no damage to the video is', () => {
    it('an attached font of a type that FFmpeg does not know', async () => {
      const { warnings, frames } = await run(attached, 'out.mkv');
      expect([frames, warnings]).toEqual([25, []]);
    });

    it('sound of a codec that FFmpeg does not know', async () => {
      const { warnings, frames } = await run(unknownSound, 'out.mkv', { audio: 'none' });
      const note = expect.stringContaining('audio stream 2 (apac) is left out');
      expect([frames, warnings]).toEqual([25, [note]]);
    });

    it('sound that is damaged', async () => {
      const { warnings, frames } = await run(noisySound, 'out.mkv', { audio: 'none' });
      expect([frames, warnings]).toEqual([25, []]);
    });

    it('a title of several lines', async () => {
      const { warnings, frames } = await run(titled, 'out.mp4');
      expect([frames, warnings]).toEqual([25, []]);
    });

    it('what is missing before a section that starts between key frames', async () => {
      const { warnings, frames } = await run(midway, 'out.mkv', { from: 35, to: 36 });
      expect([frames, warnings]).toEqual([5, []]);
    });
  });

  it('what counts frames has the rate of a video that starts a part of a frame late', async () => {
    const late = makeClip(file('late.mkv'), { rate: 10, audioAt: 0, seconds: 0.4 });
    await run(late, 'late.y4m');
    const header = readFileSync(file('late.y4m'), 'latin1').split('\n')[0];
    expect(header).toMatch(/^YUV4MPEG2 W64 H48 F10:1 Ip A1:1 C420mpeg2 XYSCSS=420MPEG2/);
    expect(frameHashes(file('late.y4m'))).toEqual(frameHashes(late));
    await run(late, 'late.avi');
    expect(times(file('late.avi'), 'v')).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it.each([
    ['yuv420p', '67x50'],
    ['yuv422p', '67x51'],
    ['yuv420p', '401x301'],
  ])('FFV1 keeps every bit of %s at %s', async (pixelFormat, size) => {
    const input = file(`${pixelFormat}-${size}.nut`);
    makeClip(input, { seconds: 0.2, pixelFormat, size, output: ['-c:v', 'rawvideo'] });
    await run(input, 'odd.mkv', { codec: 'ffv1' });
    expect(frameHashes(file('odd.mkv'))).toEqual(frameHashes(input));
  });

  it('FFV1 of an odd size that the pipeline makes', async () => {
    const resized = pipeline().resize({ width: 33, height: 25 });
    const to = (level?: 3) =>
      runSession(resized, clip, file('small.mkv'), {
        ...cpu,
        ffmpeg: program,
        codec: 'ffv1',
        ...(level && { level }),
      }).finished;
    await expect(to(3)).rejects.toMatchObject({ code: 'ERR_FFMPEG_CAPABILITY', path: 'level' });
    expect(await to()).toMatchObject({ frames: 25, warnings: [] });
  });
});
