/** Which files are still images; apart from `files.ts`, so that asking does not load sharp. */
import { extname } from 'node:path';

/** What `save` can write. */
export const imageExtensions = ['.png', '.jpg', '.jpeg', '.webp'] as const;

/** Whether a path names a still image that `load` and `save` know. */
export function isImagePath(path: string): boolean {
  return (imageExtensions as readonly string[]).includes(extname(path).toLowerCase());
}
