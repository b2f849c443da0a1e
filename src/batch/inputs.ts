/** The files that a batch reads: paths, and patterns expanded here where no shell did. */
import { access } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';

// Only batches have patterns: whoever imports the package does not wait for it.
const globbing = () => import('tinyglobby');

/** Whether a path is to be expanded: `photos/*.jpg`. */
export async function isPattern(path: string): Promise<boolean> {
  return (await globbing()).isDynamicPattern(path);
}

/**
 * Each file once: paths in their order, what a pattern matches sorted. A file whose own name looks like a pattern is that
 * file. Paths are not looked for here: a missing one fails by itself, later.
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
