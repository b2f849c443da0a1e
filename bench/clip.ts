/** A 1080p60 H.264 clip of ten seconds, made once from the sample: real motion and detail, a real bit rate. */
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const clipFrames = 600;

export function benchClip(ffmpeg: string, sample: string): string {
  const path = join(tmpdir(), 'framelane-bench-1080p60.mp4');
  if (existsSync(path)) return path;
  const partial = join(tmpdir(), `framelane-bench-${process.pid}.mp4`);
  const filter = 'scale=1920:1080:flags=bicubic,fps=60,noise=alls=4:allf=t';
  const video = ['-vf', filter, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23'];
  const limits = ['-frames:v', String(clipFrames), '-c:a', 'copy'];
  execFileSync(ffmpeg, ['-v', 'error', '-y', '-i', sample, ...video, ...limits, partial]);
  renameSync(partial, path);
  return path;
}
