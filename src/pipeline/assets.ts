/** Which files a pipeline may name: a server that runs other people's pipelines keeps them to one folder. */
import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { FramelaneError } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import type { StageFile } from './stage-files.ts';

export interface AssetOptions {
  /**
   * The folder in which every file that the pipeline names must lie, links followed. Without it a pipeline reads whatever this
   * process may read.
   */
  readonly assets?: string | undefined;
}

/** Where each file of a pipeline is to be read from. */
export type Locate = (file: StageFile) => Promise<string>;

/** ERR_INVALID_OPTION where `assets` is no folder; what lies outside of it is ERR_INVALID_PIPELINE when it is located. */
export async function locator({ assets }: AssetOptions): Promise<Locate> {
  if (assets === undefined) return async ({ file }) => file;
  const isPath = typeof assets === 'string' && assets !== '' && !assets.includes('\0');
  const given = isPath ? resolve(assets) : undefined;
  const folder = given && (await realpath(given).catch(() => undefined));
  if (!given || !folder || !(await stat(folder)).isDirectory()) {
    throw invalidOption('assets', 'a folder', assets);
  }
  return async ({ file, path }) => {
    // What is outside by its name is not looked at, so that nobody learns whether it is there.
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
