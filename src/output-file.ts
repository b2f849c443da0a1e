/** A file that appears whole or not at all: written beside its name and renamed at the end. */
import { constants, type Stats, statSync } from 'node:fs';
import { access, link, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FramelaneError } from './errors/errors.ts';
import { Partial } from './system/partial.ts';

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
  /** Grows with what is written; undefined while whoever reads it is waited for. */
  progress(): number | undefined;
  /** What is finished takes its name; `revertible` keeps what it replaces until discard(). */
  commit(revertible?: boolean): Promise<void>;
  /** Takes commit() back; false where that cannot be done. */
  revert(): Promise<boolean>;
  /** Leaves nothing behind; what has been committed stays. */
  discard(): Promise<void>;
}

export class OutputFile implements Output {
  readonly path: string;
  readonly writePath: string;
  /** The path, or the file that it links to. */
  readonly #target: string;
  readonly #partial: Partial;
  readonly #replaced: ReplacedFile;

  private constructor(path: string, target: string, partial: Partial) {
    this.path = path;
    this.#target = target;
    this.#partial = partial;
    this.writePath = partial.file(path);
    this.#replaced = new ReplacedFile(target, join(partial.folder, 'replaced'));
  }

  /** Refuses what cannot become a file, before any work is done. */
  static async create(path: string, options: OutputFileOptions = {}): Promise<OutputFile> {
    const full = await pathInFolder(path);
    const existing = await stat(full).catch(() => undefined);
    if (existing === undefined) return new OutputFile(full, full, await partialBeside(full));
    if (!existing.isFile()) throw invalidOutput(path, 'exists and is not a file');
    await refuseInputs(path, existing, options.inputs);
    if (!options.overwrite) throw outputExists(path);
    const target = await realpath(full).catch(() => full);
    return new OutputFile(full, target, await partialBeside(target));
  }

  progress(): number {
    return statSync(this.writePath, { throwIfNoEntry: false })?.size ?? 0;
  }

  async commit(revertible = false): Promise<void> {
    if (revertible) await this.#replaced.keep();
    await rename(this.writePath, this.#target).catch((cause) => {
      const reason = `the finished file cannot take its name (${cause.code})`;
      throw invalidOutput(this.path, reason, cause);
    });
    // What is left is only needed to take it back.
    if (!revertible) await this.#partial.remove();
  }

  revert(): Promise<boolean> {
    return this.#replaced.restore();
  }

  discard(): Promise<void> {
    return this.#partial.remove();
  }
}

/** What stood where a finished file goes. */
export class ReplacedFile {
  readonly #path: string;
  readonly #kept: string;
  #state: 'none' | 'kept' | 'lost' = 'lost';

  /** `kept` is a path on the same disk. */
  constructor(path: string, kept: string) {
    this.#path = path;
    this.#kept = kept;
  }

  /** By a second name, because the file must be under its own until it is replaced. Not every file system has such. */
  async keep(): Promise<void> {
    this.#state = await link(this.#path, this.#kept).then(
      () => 'kept',
      ({ code }: NodeJS.ErrnoException) => (code === 'ENOENT' ? 'none' : 'lost'),
    );
  }

  /** Whether it could be done. */
  restore(): Promise<boolean> {
    const done =
      this.#state === 'kept'
        ? rename(this.#kept, this.#path)
        : this.#state === 'none'
          ? rm(this.#path, { force: true })
          : Promise.reject();
    return done.then(
      () => true,
      () => false,
    );
  }
}

/** A place beside the path for what is not finished; ERR_OUTPUT_INVALID where there can be none. */
export async function partialBeside(path: string): Promise<Partial> {
  return await Partial.create(path).catch((cause) => {
    throw invalidOutput(path, `nothing can be written beside it (${cause.code})`, cause);
  });
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
