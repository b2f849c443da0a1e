/** Restricts the files of untrusted pipelines to one folder. */
import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { FramelaneError } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import type { StageFile } from './stage-files.ts';

export interface AssetOptions {
  /**
   * The folder that must contain every file of the pipeline; links are resolved first. Without it a pipeline can read any file
   * that this process can.
   */
  readonly assets?: string | undefined;
}

/** Finds the path to read a file of a pipeline from. */
export type Locate = (file: StageFile) => Promise<string>;

/** ERR_INVALID_OPTION if `assets` is not a folder; locating a file outside it is ERR_INVALID_PIPELINE. */
export async function locator({ assets }: AssetOptions): Promise<Locate> {
  if (assets === undefined) return async ({ file }) => file;
  const isPath = typeof assets === 'string' && assets !== '' && !assets.includes('\0');
  const given = isPath ? resolve(assets) : undefined;
  const folder = given && (await realpath(given).catch(() => undefined));
  if (!given || !folder || !(await stat(folder)).isDirectory()) {
    throw invalidOption('assets', 'a folder', assets);
  }
  return async ({ file, path }) => {
    // Paths outside are not accessed, so that the error does not reveal whether they exist.
    const isInside = lies(file, given) || lies(file, folder);
    const real = isInside ? await realpath(file).catch(() => undefined) : undefined;
    if (real !== undefined && lies(real, folder)) return real;
    const expected = `expected a file in the folder of assets, received ${file}`;
    throw new FramelaneError('ERR_INVALID_PIPELINE', `${path}: ${expected}`, { path });
  };
}

function lies(file: string, folder: string): boolean {
  const way = relative(folder, file);
  return (
    way !== '' &&
    way !== '..' &&
    !way.startsWith(`..${sep}`) &&
    resolve(folder, way) === resolve(file)
  );
}
