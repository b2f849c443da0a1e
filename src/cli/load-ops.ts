/** `--ops my-ops.mjs`: modules that define operations. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { allOps } from '../ops/registry.ts';

export const opsOption = [
  '--ops <file>',
  'a module that defines operations with defineOp (repeatable); it runs as a program, so trust it',
] as const;

/** Imports modules that define operations, one after the other. */
export async function loadOps(files: readonly string[] = []): Promise<void> {
  for (const file of files) {
    if (!existsSync(file)) {
      throw new FramelaneError(
        'ERR_INVALID_OP',
        `--ops ${file}: expected a module, received no file`,
      );
    }
    try {
      await import(pathToFileURL(resolve(file)).href);
    } catch (error) {
      const code = error instanceof FramelaneError ? error.code : 'ERR_INVALID_OP';
      throw new FramelaneError(code, `--ops ${file}: ${reasonOf(error)}`, { cause: error });
    }
    if (allOps().some(({ group }) => group === 'Custom')) continue;
    // It may have defined some with another copy of this package.
    const message = `--ops ${file}: expected a module that calls defineOp of ${packageEntry}, received one that does not`;
    throw new FramelaneError('ERR_INVALID_OP', message);
  }
}

const packageEntry = new URL('../index.js', import.meta.url).pathname;
