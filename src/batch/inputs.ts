/** The input files of a batch: paths, and patterns that no shell has expanded. */
import { access } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';

// Imported on use, because only batches need it.
const globbing = () => import('tinyglobby');

/** Whether a path is a pattern such as `photos/*.jpg`. */
export async function isPattern(path: string): Promise<boolean> {
  return (await globbing()).isDynamicPattern(path);
}

/**
 * Each file once: paths in their order, the matches of a pattern sorted. An existing file whose name looks like a pattern is
 * taken as that file. A missing path is not an error here; its picture fails later.
 */
export async function expandInputs(inputs: string | readonly string[]): Promise<string[]> {
  const files = new Map<string, string>();
  for (const input of Array.isArray(inputs) ? (inputs as readonly string[]) : [inputs]) {
    if (typeof input !== 'string' || input === '') {
      throw invalidArgument('inputs', 'paths and patterns', input);
    }
    for (const file of await matches(input)) {
      if (!files.has(resolve(file))) files.set(resolve(file), file);
    }
  }
  if (files.size === 0) throw new FramelaneError('ERR_INPUT_NOT_FOUND', 'inputs: there are none');
  return [...files.values()];
}

async function matches(input: string): Promise<readonly string[]> {
  if (!(await isPattern(input)) || (await exists(input))) return [input];
  const { glob } = await globbing();
  const found = await glob(input, { absolute: isAbsolute(input), expandDirectories: false });
  if (found.length === 0) {
    throw new FramelaneError('ERR_INPUT_NOT_FOUND', `${input}: matches no file`);
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
