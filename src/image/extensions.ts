/** File extensions of images, for the command line; separate from `load.ts`, so that it does not load sharp. */
import { formatOfPath } from './formats.ts';

/** Whether a path names a still image; a GIF counts as an animation, which is a video. */
export function isImagePath(path: string): boolean {
  const format = formatOfPath(path);
  return format !== undefined && format !== 'gif';
}
