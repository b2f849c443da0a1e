/** A file that appears whole or not at all: written beside its name and renamed at the end. */
import { constants, rmSync } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { FramelaneError } from './errors.ts';

const unfinished = new Set<string>();
let count = 0;

process.on('exit', () => {
  for (const path of unfinished) rmSync(path, { force: true });
});

export interface OutputFileOptions {
  readonly overwrite?: boolean | undefined;
  /** Files that are read, which the output must not be. */
  readonly inputs?: readonly string[];
}

export class OutputFile {
  readonly path: string;
  /** Where to write; the same extension, because FFmpeg chooses the container by it. */
  readonly partialPath: string;

  private constructor(path: string) {
    const extension = extname(path);
    const name = `.${basename(path, extension)}.${process.pid}-${++count}.partial${extension}`;
    this.path = path;
    this.partialPath = join(dirname(path), name);
    unfinished.add(this.partialPath);
  }

  /** Refuses what cannot become a file, before any work is done. */
  static async create(path: string, options: OutputFileOptions = {}): Promise<OutputFile> {
    const { overwrite = false, inputs = [] } = options;
    const invalid = (reason: string, cause?: unknown) =>
      new FramelaneError('ERR_OUTPUT_INVALID', `${path}: ${reason}`, { cause });
    if (typeof path !== 'string' || path === '') throw invalid('expected a path');
    const full = resolve(path);
    if (extname(full) === '')
      throw invalid('expected an extension that names the container, such as .mp4');
    const folder = dirname(full);
    const folderInfo = await stat(folder).catch((cause) => {
      throw invalid(`the folder ${folder} does not exist`, cause);
    });
    if (!folderInfo.isDirectory()) throw invalid(`${folder} is not a folder`);
    await access(folder, constants.W_OK).catch((cause) => {
      throw invalid(`the folder ${folder} cannot be written to`, cause);
    });
    const existing = await stat(full).catch(() => undefined);
    if (existing === undefined) return new OutputFile(full);
    if (!existing.isFile()) throw invalid('exists and is not a file');
    for (const input of inputs) {
      const read = await stat(input).catch(() => undefined);
      if (read?.ino === existing.ino && read.dev === existing.dev) {
        throw invalid('is the file that is read; name another');
      }
    }
    if (!overwrite) {
      throw new FramelaneError(
        'ERR_OUTPUT_EXISTS',
        `${path}: exists already; say overwrite to replace it`,
      );
    }
    return new OutputFile(full);
  }

  /** The finished file takes its name. */
  async commit(): Promise<void> {
    await rename(this.partialPath, this.path);
    unfinished.delete(this.partialPath);
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await rm(this.partialPath, { force: true });
    unfinished.delete(this.partialPath);
  }
}
