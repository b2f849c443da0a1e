/** The last frame's own length, which nothing after it tells: of slides, GIFs and screen recordings. */
import { readFileSync } from 'node:fs';
import { pipeline, runSession, type SharedOptions } from 'framelane';
import { describe, expect, it } from 'vitest';
import { ffmpegs } from '../helpers/decode.ts';
import { ffmpeg, ffprobe } from '../helpers/programs.ts';
import { makeSlides, slidesIn } from '../helpers/slides.ts';
import { makeClip, temporaryFiles, times } from '../helpers/video.ts';

const { file } = temporaryFiles();
const x264 = ['-c:v', 'libx264', '-qp', '10', '-bf', '0'];
const at = [0, 1, 1.1, 3, 6];
const movie = makeSlides(file('in.mp4'), { at, end: 10, output: x264 });
const animation = makeSlides(file('in.gif'), { at, output: ['-final_delay', '400'], clock: 100 });
const containers = ['mp4', 'mov', 'mkv', 'webm', 'gif', 'apng'] as const;

/** Seconds of the file, and of its last packet where the container tells. */
function lengthOf(path: string): number {
  if (/\.(mp4|mov)$/.test(path)) return movieLength(readFileSync(path));
  const entries = ['-show_entries', 'format=duration:packet=pts_time,duration_time'];
  const args = ['-select_streams', 'v', ...entries, '-of', 'json', path];
  const { format, packets } = JSON.parse(ffprobe(args));
  const last = packets.at(-1);
  return Number(format.duration ?? Number(last.pts_time) + Number(last.duration_time));
}

/** What players show (ISO 14496-12, version 0); FFmpeg from 6 on adds up decoding times, which end before pictures do. */
function movieLength(data: Buffer): number {
  const header = data.indexOf('mvhd', data.indexOf('moov')) + 16;
  return data.readUInt32BE(header + 4) / data.readUInt32BE(header);
}

async function lengths(path: string, options: SharedOptions): Promise<number[]> {
  const outputs = containers.map((name) => {
    const fast = name === 'webm' ? { cpuUsed: 8 } : {};
    return { path: file(`out.${name}`), overwrite: true, ...fast };
  });
  await runSession(pipeline(), path, outputs as never, { ...options, device: 'cpu' }).finished;
  return outputs.map((output) => Math.round(lengthOf(output.path) * 100) / 100);
}

describe.each(ffmpegs)('with the %s FFmpeg', (_, program) => {
  const options = { ffmpeg: program };

  it.each([
    ['a movie', movie, {}, 10],
    ['an animation', animation, {}, 10],
    ['a section that begins in it', movie, { from: 7.5 }, 2.5],
    ['a section that ends in it', movie, { from: 2, to: 8.25 }, 6.25],
    ['a section that ends in another', movie, { from: 0.5, to: 4 }, 3.5],
  ])('is kept by every container: %s', async (_name, path, section, seconds) => {
    // An APNG of one frame is a PNG, which has no times.
    const expected = containers.map((name) =>
      name === 'apng' && seconds === 2.5 ? 0.04 : seconds,
    );
    expect(await lengths(path, { ...options, ...section })).toEqual(expected);
  });

  it.each([
    ['mp4', {}, 40],
    ['avi', { from: 0.5, to: 9 }, 34],
  ])('is repeated at a constant rate: .%s', async (extension, section, frames) => {
    const output = { path: file(`steady.${extension}`), overwrite: true, fps: 4 };
    const shared = { ...options, ...section, device: 'cpu' } as const;
    await runSession(pipeline(), movie, [output], shared).finished;
    expect(slidesIn(output.path).filter((slide) => slide === 4)).toHaveLength(
      extension === 'mp4' ? 16 : 12,
    );
    expect(slidesIn(output.path)).toHaveLength(frames);
  });
});

it('of a constant rate may be cut, and the index has room for that', async () => {
  const clip = makeClip(file('steady-in.mp4'), {
    seconds: 1,
    output: ['-c:v', 'libx264', '-bf', '2'],
  });
  for (const faststart of [true, false]) {
    const options = { to: 0.41, faststart, overwrite: true, device: 'cpu' } as const;
    await runSession(pipeline(), clip, file('cut.mp4'), options).finished;
    expect(lengthOf(file('cut.mp4'))).toBeCloseTo(0.41, 3);
    expect(times(file('cut.mp4'), 'v')).toHaveLength(11);
    ffmpeg(['-i', file('cut.mp4'), '-xerror', '-f', 'null', '-']);
  }
});
