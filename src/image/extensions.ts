/** Which files the command line takes for pictures; apart from `load.ts`, so that asking does not load sharp. */
import { formatOfPath } from './formats.ts';

/** Whether a path names a still image; a GIF as a file of a pipeline is an animation, which is a video. */
export function isImagePath(path: string): boolean {
  const format = formatOfPath(path);
  return format !== undefined && format !== 'gif';
}
