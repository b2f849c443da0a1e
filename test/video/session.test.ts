/** Sessions as a whole: pipelines, progress, streams beside the video, what is refused, steady state. */
import { existsSync, linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DeviceId, memoryUsage, pipeline, runSession, type SessionProgress } from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { frameHashes, makeClip, probedStreams, temporaryFolder, times } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu', overwrite: true } as const;
const input = makeClip(file('in.mp4'), { size: '160x120', seconds: 2, audioAt: 0 });

describe('runSession', () => {
  onEachDevice('runs a pipeline over every frame and tells how it goes', async (device) => {
    const looks = pipeline().contrast(1.2).gaussianBlur({ radius: 3 }).sepia(0.5).flip();
    const session = runSession(looks, input, file(`looks-${device}.mp4`), {
      device,
      overwrite: true,
    });
    const progress: SessionProgress[] = [];
    let passes: readonly (readonly string[])[] = [];
    session.on('start', (start) => {
      passes = start.passes;
      expect(start).toMatchObject({ device, totalFrames: 50, warnings: [] });
    });
    session.on('progress', (step) => progress.push(step));
    const result = await session.finished;
    expect(result).toMatchObject({ frames: 50, device, stopped: false });
    expect(result.fps).toBeCloseTo(result.frames / result.seconds);
    expect(passes).toHaveLength(1);
    expect(passes[0]?.length).toBeGreaterThan(0);
    expect(progress.at(-1)).toMatchObject({ frames: 50, totalFrames: 50 });
    expect(session.stats()).toMatchObject({ framesIn: 50, outputs: [{ framesOut: 50 }] });
    expect(times(result.output as string, 'v')).toEqual(times(input, 'v'));
  });

  onEachDevice('changes what the pipeline says and nothing else', async (device) => {
    const source = makeClip(file('even.mkv'), { pixelFormat: 'yuv444p', output: ['-c:v', 'ffv1'] });
    const options = { device, overwrite: true, codec: 'ffv1' } as const;
    await runSession(pipeline().flip(), source, file('flipped.mkv'), options).finished;
    ffmpeg(['-y', '-i', source, '-vf', 'hflip', '-c:v', 'ffv1', file('hflip.mkv')]);
    expect(frameHashes(file('flipped.mkv'))).toEqual(frameHashes(file('hflip.mkv')));
  });

  it('takes the size that the pipeline makes', async () => {
    const smaller = pipeline().resize({ width: 80, height: 60 });
    await runSession(smaller, input, file('small.mp4'), cpu).finished;
    expect(probedStreams(file('small.mp4'))[0]).toMatchObject({ width: 80, height: 60 });
  });

  it('discards at null:', async () => {
    const result = await runSession(pipeline().sepia(1), input, 'null:', cpu).finished;
    expect(result).toMatchObject({ output: undefined, frames: 50 });
  });

  it('copies tags, chapters and the subtitles that the container takes', async () => {
    writeFileSync(file('a.srt'), '1\n00:00:00,100 --> 00:00:00,900\nhello\n');
    const chapter = '[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=one\n';
    writeFileSync(file('meta.txt'), `;FFMETADATA1\ntitle=a title\n${chapter}`);
    const inputs = ['-i', input, '-i', file('a.srt'), '-i', file('meta.txt')];
    const args = ['-y', ...inputs, '-map_metadata', '2', '-c:v', 'copy', '-c:a', 'copy'];
    const maps = ['-map', '0:v', '-map', '0:a', '-map', '1:s'];
    ffmpeg([...args, ...maps, '-c:s', 'srt', '-metadata:s:a', 'language=fra', file('subs.mkv')]);
    ffmpeg([...args, ...maps, '-c:s', 'mov_text', file('subs.mp4')]);
    const kinds = (path: string) => probedStreams(path).map((stream) => stream.codec_type);

    const kept = await runSession(pipeline(), file('subs.mkv'), file('subs-out.mkv'), cpu).finished;
    expect(kinds(file('subs-out.mkv'))).toEqual(['video', 'audio', 'subtitle']);
    expect(kept.warnings).toEqual([]);
    expect(probedStreams(file('subs-out.mkv'))[1]).toMatchObject({ tags: { language: 'fra' } });

    await runSession(pipeline(), file('subs.mp4'), file('subs-out.mp4'), cpu).finished;
    expect(kinds(file('subs-out.mp4')).slice(0, 3)).toEqual(['video', 'audio', 'subtitle']);

    const moved = await runSession(pipeline(), file('subs.mkv'), file('moved.mp4'), cpu).finished;
    expect(probedStreams(file('moved.mp4'))[2]).toMatchObject({ codec_name: 'mov_text' });
    expect(moved.warnings).toEqual([expect.stringMatching(/stream 2 \(subrip\) is converted/)]);
    const metadata = ffmpeg(['-i', file('moved.mp4'), '-f', 'ffmetadata', '-']).toString();
    expect(metadata).toContain('title=a title');
    expect(metadata).toContain('title=one');
  });

  it.each([
    [
      'an output that exists',
      'in-the-way.mp4',
      { overwrite: false },
      'ERR_OUTPUT_EXISTS',
      /overwrite/,
    ],
    ['the input as output', 'in.mp4', {}, 'ERR_OUTPUT_INVALID', /is also the input/],
    ['the input by another name', 'hard-link.mp4', {}, 'ERR_OUTPUT_INVALID', /is also the input/],
    ['a folder that is not there', 'no/such/out.mp4', {}, 'ERR_OUTPUT_INVALID', /does not exist/],
    [
      'an encoder FFmpeg does not have',
      'new.mp4',
      { codec: 'nope' },
      'ERR_FFMPEG_CAPABILITY',
      /"nope"/,
    ],
    [
      'a tune the encoder does not have',
      'new.mp4',
      { encoderArgs: ['-tune', 'nope'] },
      'ERR_FFMPEG_FAILED',
      /nope/,
    ],
    [
      'another FFmpeg that is missing',
      'new.mp4',
      { ffmpeg: '/no/ffmpeg' },
      'ERR_FFMPEG_NOT_FOUND',
      /no such file/,
    ],
  ])('refuses %s and leaves files as they are', async (_name, name, options, code, message) => {
    writeFileSync(file('in-the-way.mp4'), 'mine');
    if (!existsSync(file('hard-link.mp4'))) linkSync(input, file('hard-link.mp4'));
    const before = readFileSync(input);
    const session = runSession(pipeline(), input, file(name), { ...cpu, ...options });
    await expect(session.finished).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(readFileSync(input).equals(before)).toBe(true);
    expect(readFileSync(file('in-the-way.mp4'), 'utf8')).toBe('mine');
    expect(readdirSync(folder).filter((entry) => entry.includes('partial'))).toEqual([]);
  });

  it.each([
    [{ from: -1 }, 'from'],
    [{ from: 2, to: 1 }, 'to'],
    [{ crf: 99 }, 'crf'],
    [{ preset: '-y' }, 'preset'],
    [{ preset: 'nope' }, 'preset'],
    [{ codec: 'copy' }, 'codec'],
    [{ pixelFormat: 'rgb24' }, 'pixelFormat'],
    [{ encoderArgs: 'x' }, 'encoderArgs'],
  ])('refuses the options %o at once', (options, path) => {
    const wrong = options as object;
    const run = () => runSession(pipeline(), input, file('new.mp4'), { ...cpu, ...wrong });
    expect(run).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION', path }));
  });

  it('refuses to compute with a matrix it does not know', async () => {
    const output = ['-c:v', 'libx264', '-colorspace', 'ycgco'];
    const odd = makeClip(file('ycgco.mp4'), { seconds: 0.2, output });
    const session = runSession(pipeline().sepia(1), odd, file('new.mp4'), cpu);
    await expect(session.finished).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT' });
  });

  it('refuses a pixel format that cannot be had honestly, and says why', async () => {
    const clip = { pixelFormat: 'xyz12le', output: ['-c:v', 'rawvideo'], seconds: 0.2 };
    const cinema = makeClip(file('cinema.nut'), clip);
    await expect(
      runSession(pipeline(), cinema, file('new.mp4'), cpu).finished,
    ).rejects.toMatchObject({
      code: 'ERR_UNSUPPORTED_FORMAT',
      message: expect.stringContaining('xyz12le: CIE XYZ'),
    });
  });

  onEachDevice('allocates nothing between the first frame and the last', async (device) => {
    const long = makeClip(file('long.mp4'), { seconds: 40, rate: 30 });
    const allocations = (id: DeviceId) => {
      const { device: own, host } = memoryUsage(id);
      return own.allocations + host.allocations;
    };
    const looks = pipeline().contrast(1.1).gaussianBlur({ radius: 2 });
    const session = runSession(looks, long, 'null:', { device });
    const seen: number[] = [];
    session.on('progress', ({ frames }) => {
      if (frames > 0) seen.push(allocations(device));
    });
    expect((await session.finished).frames).toBe(1200);
    expect(new Set(seen).size).toBe(1);
    const { live } = memoryUsage(device).host;
    await runSession(looks, long, 'null:', { device }).finished;
    expect(allocations(device)).toBe(seen[0]); // the pool gave the same blocks again
    expect(memoryUsage(device).host.live).toBeLessThanOrEqual(live * 2);
  });
});
