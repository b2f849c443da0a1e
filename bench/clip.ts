/** H.264 clips made once from the sample: real motion and detail. */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const clipFrames = 600;

/** 1080p60, ten seconds, with noise for a real bit rate. */
export function benchClip(ffmpeg: string, sample: string): string {
  const filter = 'scale=1920:1080:flags=bicubic,fps=60,noise=alls=4:allf=t';
  const limits = ['-frames:v', String(clipFrames), '-c:a', 'copy'];
  return makeOnce('framelane-bench-1080p60.mp4', ffmpeg, sample, filter, limits);
}

/** Without noise: easy to decode, so that the transport of frames dominates. */
export function easyClip(
  ffmpeg: string,
  sample: string,
  {
    format,
    width,
    height,
    frames,
  }: { format: 'yuv420p' | 'yuv420p10'; width: number; height: number; frames: number },
): string {
  const filter = `scale=${width}:${height}:flags=bicubic,fps=60`;
  const limits = ['-frames:v', String(frames), '-an'];
  const pixelFormat = format === 'yuv420p' ? format : 'yuv420p10le';
  return makeOnce(
    `framelane-bench-easy-${height}-${format}-${frames}.mp4`,
    ffmpeg,
    sample,
    filter,
    limits,
    pixelFormat,
  );
}

function makeOnce(
  name: string,
  ffmpeg: string,
  sample: string,
  filter: string,
  limits: readonly string[],
  pixelFormat = 'yuv420p',
): string {
  const path = join(tmpdir(), name);
  if (existsSync(path)) return path;
  const partial = join(tmpdir(), `framelane-bench-${process.pid}.mp4`);
  const input = ['-v', 'error', '-y', '-stream_loop', '-1', '-i', sample];
  const video = ['-vf', filter, '-pix_fmt', pixelFormat, '-c:v', 'libx264', '-preset', 'veryfast'];
  execFileSync(ffmpeg, [...input, ...video, '-crf', '23', ...limits, partial]);
  renameSync(partial, path);
  return path;
}
