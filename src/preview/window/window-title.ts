/** What a window is called. */
import { basename } from 'node:path';

/** A file by its name alone, anything else as it was given: a screen is too narrow for folders. */
export function windowTitle(source: string): string {
  const isFile = !/^[a-z][\w+.-]*:/i.test(source);
  return `${isFile ? basename(source) : source} – framelane`;
}
