/** A file that appears complete or not at all: written to a folder beside it and renamed at the end. */
import { constants, type Stats, statSync } from 'node:fs';
import { access, link, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FramelaneError } from './errors/errors.ts';
import { Partial } from './system/partial.ts';

export interface OutputFileOptions {
  readonly overwrite?: boolean | undefined;
  /** Input files; the output must not be one of them. */
  readonly inputs?: readonly string[];
}

/** The destination of an encoder. */
export interface Output {
  /** The caller's path, made absolute. */
  readonly path: string;
  /** The path that FFmpeg writes to. */
  readonly writePath: string;
  /** A number that grows with the data written; undefined while it waits for its reader. */
  progress(): number | undefined;
  /** Renames the finished file; `revertible` keeps the file it replaces until discard(). */
  commit(revertible?: boolean): Promise<void>;
  /** Undoes commit(); false if that is not possible. */
  revert(): Promise<boolean>;
  /** Removes temporary files; a committed file stays. */
  discard(): Promise<void>;
}

export class OutputFile implements Output {
  readonly path: string;
  readonly writePath: string;
  /** The path, or the target of the link there. */
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

  /** Rejects paths that cannot become a file, before any work is done. */
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
    // The rest is only needed for revert().
    if (!revertible) await this.#partial.remove();
  }

  revert(): Promise<boolean> {
    return this.#replaced.restore();
  }

  discard(): Promise<void> {
    return this.#partial.remove();
  }
}

/** The file that a finished one replaces. */
export class ReplacedFile {
  readonly #path: string;
  readonly #kept: string;
  #state: 'none' | 'kept' | 'lost' = 'lost';

  /** `kept` is a path on the same file system. */
  constructor(path: string, kept: string) {
    this.#path = path;
    this.#kept = kept;
  }

  /** By a hard link, because the file must keep its name until it is replaced. Not every file system has hard links. */
  async keep(): Promise<void> {
    this.#state = await link(this.#path, this.#kept).then(
      () => 'kept',
      ({ code }: NodeJS.ErrnoException) => (code === 'ENOENT' ? 'none' : 'lost'),
    );
  }

  /** Whether that was possible. */
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

/** A folder beside the path for the unfinished file; ERR_OUTPUT_INVALID if it cannot be made. */
export async function partialBeside(path: string): Promise<Partial> {
  return await Partial.create(path).catch((cause) => {
    throw invalidOutput(path, `nothing can be written beside it (${cause.code})`, cause);
  });
}

/** The absolute path; its folder must exist and be writable. */
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
      throw invalidOutput(path, 'is also the input; choose another name');
    }
  }
}

export function invalidOutput(path: string, reason: string, cause?: unknown): FramelaneError {
  return new FramelaneError('ERR_OUTPUT_INVALID', `${path}: ${reason}`, { cause });
}

export function outputExists(path: string): FramelaneError {
  const message = `${path}: already exists; set overwrite to replace it`;
  return new FramelaneError('ERR_OUTPUT_EXISTS', message);
}
