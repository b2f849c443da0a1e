/** Cover pictures and attached files: carried where the output has a place for them, else left out with a note. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Image, pipeline, runSession, type SessionOptions, VideoWriter } from 'framelane';
import { beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, ffmpegPath, ffmpegPaths } from '../helpers/programs.ts';
import { makeClip, probedStreams, temporaryFolder } from '../helpers/video.ts';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);
const cpu = { device: 'cpu', overwrite: true } as const;

beforeAll(() => {
  const film = makeClip(file('film.mp4'), { seconds: 1, audioAt: 0 });
  const source = ['-f', 'lavfi', '-i', 'testsrc=s=40x30:d=0.04'];
  ffmpeg(['-y', ...source, '-frames:v', '1', file('cover.png')]);
  ffmpeg(['-y', '-i', file('cover.png'), '-pix_fmt', 'yuvj420p', file('cover.jpg')]);
  const pictures = ['-i', film, '-i', file('cover.png'), '-i', file('cover.jpg')];
  ffmpeg([
    ...['-y', ...pictures, '-map', '0', '-map', '1', '-map', '2', '-c', 'copy'],
    ...['-disposition:v:1', 'attached_pic', '-disposition:v:2', 'attached_pic'],
    file('covers.mp4'),
  ]);
  writeFileSync(file('sans.ttf'), Buffer.alloc(500, 7));
  ffmpeg([
    ...['-y', '-i', film, '-c', 'copy', '-attach', file('sans.ttf')],
    ...['-metadata:s:t:0', 'mimetype=font/ttf', '-attach', file('cover.jpg')],
    ...['-metadata:s:t:1', 'mimetype=image/jpeg', '-metadata:s:t:1', 'filename=small_cover.jpg'],
    file('attached.mkv'),
  ]);
});

/** The bytes of a cover, as they are in the file. */
function bytesOf(path: string, index: number): Buffer {
  const args = ['-v', 'error', '-i', path, '-map', `0:${index}`, '-c', 'copy', '-f', 'image2pipe'];
  return execFileSync(ffmpegPath, [...args, '-']);
}

function isCover(stream: Record<string, unknown>): boolean {
  return (stream['disposition'] as Record<string, number>)['attached_pic'] === 1;
}

const sections: readonly SessionOptions[] = [{}, { from: 0.4, to: 0.8 }];

describe.each(ffmpegPaths)('by %s', (program) => {
  const run = async (input: string, output: string, options: SessionOptions = {}) => {
    const all = { ...cpu, ffmpeg: program, ...options } as SessionOptions;
    const { warnings, frames } = await runSession(pipeline(), file(input), file(output), all)
      .finished;
    return { warnings, frames, streams: probedStreams(file(output)) };
  };

  it.each(['mp4', 'm4v', 'mkv'])('covers come along into .%s, sections too', async (extension) => {
    for (const section of sections) {
      const output = `out.${extension}`;
      const { warnings, streams, frames } = await run('covers.mp4', output, section);
      expect(warnings).toEqual([]);
      expect(frames).toBe(section.from === undefined ? 25 : 10);
      const covers = streams.filter(isCover);
      expect(covers.map((stream) => stream['codec_name'])).toEqual(['png', 'mjpeg']);
      const [png, jpg] = covers.map(({ index }) => bytesOf(file(output), Number(index)));
      expect(png?.equals(readFileSync(file('cover.png')))).toBe(true);
      expect(jpg?.equals(readFileSync(file('cover.jpg')))).toBe(true);
    }
  });

  it('attached files and covers keep their names and types in .mkv', async () => {
    for (const section of sections) {
      const { warnings, streams } = await run('attached.mkv', 'attached-out.mkv', section);
      expect(warnings).toEqual([]);
      const tags = streams.map((stream) => stream['tags']);
      expect(tags).toContainEqual({ filename: 'sans.ttf', mimetype: 'font/ttf' });
      expect(tags).toContainEqual({ filename: 'small_cover.jpg', mimetype: 'image/jpeg' });
      const font = ['-dump_attachment:t:0', file('dumped.ttf'), '-i', file('attached-out.mkv')];
      ffmpeg(['-y', ...font, '-f', 'null', '-']);
      expect(readFileSync(file('dumped.ttf')).equals(readFileSync(file('sans.ttf')))).toBe(true);
    }
  });

  it.each(['mov', 'ts', 'webm', 'gif'])('and are left out of .%s, which is said', async (to) => {
    const fast = to === 'webm' ? { cpuUsed: 8, deadline: 'realtime' } : {};
    const { warnings } = await run('covers.mp4', `out.${to}`, fast as SessionOptions);
    const covers = warnings.filter((warning) => warning.includes('cover picture'));
    expect(covers).toHaveLength(2);
    expect(covers[0]).toContain(`cover picture 2 (png) is left out, ${to} takes none`);
    const { warnings: told } = await run('attached.mkv', `out.${to}`, fast as SessionOptions);
    expect(told).toContainEqual(expect.stringContaining(`sans.ttf is left out, ${to} takes none`));
  });
});

describe('what covers need meanwhile', () => {
  const descriptors = () => readdirSync('/proc/self/fd').length;

  it('is gone after a session, one that fails, and a writer', async () => {
    await runSession(pipeline(), file('covers.mp4'), file('count.mkv'), cpu).finished;
    const before = descriptors();
    await runSession(pipeline(), file('covers.mp4'), file('count.mkv'), cpu).finished;
    const wrong = { ...cpu, encoderArgs: ['-nonsense', '1'] };
    await expect(
      runSession(pipeline(), file('covers.mp4'), file('count.mkv'), wrong).finished,
    ).rejects.toMatchObject({ code: 'ERR_FFMPEG_FAILED' });
    const frames = { width: 64, height: 48, frameRate: 25, audioFrom: file('covers.mp4') };
    const writer = await VideoWriter.open(file('written.mp4'), { ...cpu, ...frames });
    using image = new Image(64, 48, { device: 'cpu' });
    await writer.write(image);
    await writer.close();
    const dropped = await VideoWriter.open(file('dropped.mp4'), { ...cpu, ...frames });
    await dropped.abort();
    expect(probedStreams(file('written.mp4')).filter(isCover)).toHaveLength(2);
    expect(descriptors()).toBeLessThanOrEqual(before);
  });
});
