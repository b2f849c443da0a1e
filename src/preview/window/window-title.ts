/** The title of a window. */
import { basename } from 'node:path';

/** Files without their folder, which may be longer than the title bar; other sources as given. */
export function windowTitle(source: string): string {
  const isFile = !/^[a-z][\w+.-]*:/i.test(source);
  return `${isFile ? basename(source) : source} – framelane`;
}
