/** The clip that samples, tests and the README work with: its format, and its flashes on its beeps. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ffmpeg, ffprobePath } from '../helpers/programs.ts';

const clip = fileURLToPath(new URL('../../samples/media/clip.mp4', import.meta.url));
const rate = 30;
const beeps = Array.from({ length: 10 }, (_, second) => second + 0.5);

interface Stream {
  readonly codec_type: string;
  readonly [key: string]: unknown;
}

function streams(): Stream[] {
  const args = ['-v', 'error', '-show_streams', '-of', 'json', clip];
  return JSON.parse(execFileSync(ffprobePath, args, { encoding: 'utf8' })).streams;
}

/** Mean luma of every frame. */
function lumaMeans(): number[] {
  const small = ['-vf', 'scale=80:45:flags=area,format=gray', '-f', 'rawvideo', 'pipe:1'];
  const gray = ffmpeg(['-i', clip, ...small]);
  const size = 80 * 45;
  return Array.from(
    { length: gray.length / size },
    (_, i) => gray.subarray(i * size, (i + 1) * size).reduce((sum, v) => sum + v, 0) / size,
  );
}

/** Where a second of sound, 48 kHz mono, first gets loud. */
function onsets(): number[] {
  const bytes = ffmpeg(['-i', clip, '-ac', '1', '-ar', '48000', '-f', 'f32le', 'pipe:1']);
  const sound = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  return beeps.map((_, second) => {
    const from = second * 48000;
    const loud = sound.subarray(from, from + 48000).findIndex((v) => Math.abs(v) > 0.25);
    return second + loud / 48000;
  });
}

describe('samples/media/clip.mp4', () => {
  it('is small', () => {
    expect(statSync(clip).size).toBeLessThan(2_000_000);
  });

  it('is ten seconds of 720p30 H.264, tagged BT.709 limited, with stereo AAC', () => {
    const [video, audio, ...others] = streams();
    expect(others).toEqual([]);
    expect(video).toMatchObject({
      codec_type: 'video',
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      width: 1280,
      height: 720,
      r_frame_rate: '30/1',
      nb_frames: '300',
      color_range: 'tv',
      color_space: 'bt709',
      color_primaries: 'bt709',
      color_transfer: 'bt709',
    });
    expect(Number(video?.['duration'])).toBeCloseTo(10, 3);
    expect(audio).toMatchObject({
      codec_type: 'audio',
      codec_name: 'aac',
      channels: 2,
      sample_rate: '48000',
    });
  });

  it('flashes on the frame on which each beep starts', () => {
    const means = lumaMeans();
    expect(means).toHaveLength(300);
    const rises = means.flatMap((mean, i) =>
      i > 0 && mean - (means[i - 1] as number) > 10 ? [i / rate] : [],
    );
    expect(rises).toEqual(beeps);
    onsets().forEach((onset, i) => {
      expect(Math.abs(onset - (rises[i] as number)), `beep ${i}`).toBeLessThan(1 / rate);
    });
  });
});
