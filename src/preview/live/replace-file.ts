/** Writes a file that an editor may be changing at the same time. */
import {
  access,
  chmod,
  constants,
  readFile,
  realpath,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises';
import { FramelaneError } from '../../errors/errors.ts';
import { invalidOutput } from '../../output-file.ts';
import { Partial } from '../../system/partial.ts';

/**
 * Replaces the text of a file atomically if it is still `expected`; follows links and keeps the permissions. Throws
 * ERR_OUTPUT_CHANGED for another text and ERR_OUTPUT_INVALID for a file that cannot be written; the file then stays as it is.
 */
export async function replaceFile(path: string, expected: string, text: string): Promise<void> {
  try {
    const target = await realpath(path);
    await access(target, constants.W_OK);
    if ((await readFile(target, 'utf8')) !== expected) throw outputChanged(path);
    if (text === expected) return;
    const { mode } = await stat(target);
    const partial = await Partial.create(target);
    try {
      const file = partial.file(target);
      await writeFile(file, text, { mode, flag: 'wx' });
      await chmod(file, mode); // the umask may have cleared some bits
      await rename(file, target);
    } finally {
      await partial.remove();
    }
  } catch (cause) {
    if (cause instanceof FramelaneError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw invalidOutput(path, `cannot be written (${reason})`, cause);
  }
}

function outputChanged(path: string): FramelaneError {
  const message = `${path}: the file has changed since it was read; save again once its new text is loaded`;
  return new FramelaneError('ERR_OUTPUT_CHANGED', message);
}
