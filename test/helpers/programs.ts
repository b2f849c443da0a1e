/** Other programs the tests compare with. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Size } from './image.ts';

const require = createRequire(import.meta.url);

export const ffmpegPath: string = require('@ffmpeg-installer/ffmpeg').path;
export const ffprobePath: string = require('@ffprobe-installer/ffprobe').path;

/** What FFmpeg writes to its standard output. */
export function ffmpeg(args: readonly string[], input?: Uint8Array): Buffer {
  return execFileSync(ffmpegPath, ['-v', 'error', '-nostdin', ...args], {
    input,
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** One RGBA picture through an FFmpeg filter. */
export function ffmpegFilter(
  rgba: Uint8Array,
  { width, height }: Size,
  filter: string,
): Uint8Array {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgba'];
  const size = ['-video_size', `${width}x${height}`];
  return ffmpeg([...raw, ...size, '-i', 'pipe:0', '-vf', filter, ...raw, 'pipe:1'], rgba);
}
