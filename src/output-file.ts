/** A file that appears whole or not at all: written beside its name and renamed at the end. */
import { constants, rmSync, type Stats } from 'node:fs';
import { access, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FramelaneError } from './errors.ts';

const unfinished = new Set<string>();
let count = 0;

process.on('exit', () => {
  for (const path of unfinished) rmSync(path, { force: true, recursive: true });
});

export interface OutputFileOptions {
  readonly overwrite?: boolean | undefined;
  /** Files that are read, which the output must not be. */
  readonly inputs?: readonly string[];
}

/** Where an encoder writes, and what becomes of it. */
export interface Output {
  /** As the caller named it, complete. */
  readonly path: string;
  /** What FFmpeg is told. */
  readonly writePath: string;
  /** What is finished takes its name. */
  commit(): Promise<void>;
  /** Leaves nothing behind; what has been committed stays. */
  discard(): Promise<void>;
}

export class OutputFile implements Output {
  readonly path: string;
  /** The same extension, because FFmpeg chooses the container by it. */
  readonly writePath: string;
  /** The path, or the file that it links to. */
  readonly #target: string;

  private constructor(path: string, target: string) {
    this.path = path;
    this.#target = target;
    this.writePath = partialPath(join(dirname(target), basename(path)));
  }

  /** Refuses what cannot become a file, before any work is done. */
  static async create(path: string, options: OutputFileOptions = {}): Promise<OutputFile> {
    const full = await pathInFolder(path);
    const existing = await stat(full).catch(() => undefined);
    if (existing === undefined) return new OutputFile(full, full);
    if (!existing.isFile()) throw invalidOutput(path, 'exists and is not a file');
    await refuseInputs(path, existing, options.inputs);
    if (!options.overwrite) throw outputExists(path);
    return new OutputFile(full, await realpath(full).catch(() => full));
  }

  async commit(): Promise<void> {
    await rename(this.writePath, this.#target).catch((cause) => {
      const reason = `the finished file cannot take its name (${cause.code})`;
      throw invalidOutput(this.path, reason, cause);
    });
    unfinished.delete(this.writePath);
  }

  discard(): Promise<void> {
    return removePartial(this.writePath);
  }
}

/** A name beside the path for what is not finished; removed with the process unless it is removed before. */
export function partialPath(path: string): string {
  const extension = extname(path);
  const start = basename(path, extension).slice(0, 40); // the longest names leave no room
  const name = `.${start}.${process.pid}-${++count}.partial${extension}`;
  const partial = join(dirname(path), name);
  unfinished.add(partial);
  return partial;
}

export async function removePartial(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true }).catch(() => {}); // what went wrong before says more
  unfinished.delete(path);
}

/** The whole path, whose folder exists and can be written to. */
export async function pathInFolder(path: string): Promise<string> {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw invalidOutput(path, 'expected a path');
  }
  const full = resolve(path);
  const folder = dirname(full);
  const folderInfo = await stat(folder).catch((cause) => {
    throw invalidOutput(path, `the folder ${folder} does not exist`, cause);
  });
  if (!folderInfo.isDirectory()) throw invalidOutput(path, `${folder} is not a folder`);
  await access(folder, constants.W_OK).catch((cause) => {
    throw invalidOutput(path, `the folder ${folder} cannot be written to`, cause);
  });
  return full;
}

export async function refuseInputs(
  path: string,
  existing: Stats,
  inputs: readonly string[] = [],
): Promise<void> {
  for (const input of inputs) {
    const read = await stat(input).catch(() => undefined);
    if (read?.ino === existing.ino && read.dev === existing.dev) {
      throw invalidOutput(path, 'is the file that is read; name another');
    }
  }
}

export function invalidOutput(path: string, reason: string, cause?: unknown): FramelaneError {
  return new FramelaneError('ERR_OUTPUT_INVALID', `${path}: ${reason}`, { cause });
}

export function outputExists(path: string): FramelaneError {
  const message = `${path}: exists already; say overwrite to replace it`;
  return new FramelaneError('ERR_OUTPUT_EXISTS', message);
}
