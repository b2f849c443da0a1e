/** Which files the command line takes for pictures; apart from `load.ts`, so that asking does not load sharp. */
import { formatOfPath, readableExtensions } from './formats.ts';

/** Without GIF: as a file of a pipeline it is an animation, which is a video. */
export const imageExtensions = readableExtensions.filter((extension) => extension !== '.gif');

/** Whether a path names a still image. */
export function isImagePath(path: string): boolean {
  const format = formatOfPath(path);
  return format !== undefined && format !== 'gif';
}
