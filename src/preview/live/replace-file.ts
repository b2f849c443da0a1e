/** Writing a file that others may be editing. */
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
 * Replaces the text of a file in one step, through links and with its permissions, if it still is `expected`: another text
 * is ERR_OUTPUT_CHANGED, and a file that cannot be written ERR_OUTPUT_INVALID. Either leaves the file as it is.
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
      await chmod(file, mode); // the umask may have taken some of it
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
  const message = `${path}: has been changed since it was read; nothing is written until that is a valid pipeline here, too`;
  return new FramelaneError('ERR_OUTPUT_CHANGED', message);
}
