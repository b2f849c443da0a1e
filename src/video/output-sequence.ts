/** The numbered pictures of a sequence, which appear together: written into a folder of their own and moved at the end. */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  invalidOutput,
  type Output,
  type OutputFileOptions,
  outputExists,
  partialPath,
  pathInFolder,
  refuseInputs,
  removePartial,
} from '../output-file.ts';
import { sequencePattern } from './encoder-options.ts';

export class OutputSequence implements Output {
  readonly path: string;
  readonly writePath: string;
  readonly #folder: string;

  private constructor(path: string) {
    this.path = path;
    this.#folder = partialPath(path.replace(sequencePattern, ''));
    this.writePath = join(this.#folder, basename(path));
  }

  /** `path` is `frame_%04d.png`; with `overwrite` the pictures of the sequence that are there make place for the new ones. */
  static async create(path: string, options: OutputFileOptions = {}): Promise<OutputSequence> {
    if (basename(path).replace(sequencePattern, '').includes('%') || dirname(path).includes('%')) {
      throw invalidOutput(path, 'expected one number such as %04d, in the name of the file');
    }
    const full = await pathInFolder(path);
    for (const name of await picturesOf(full)) {
      const existing = join(dirname(full), name);
      const info = await stat(existing);
      if (!info.isFile()) throw invalidOutput(existing, 'exists and is not a file');
      await refuseInputs(path, info, options.inputs);
      if (!options.overwrite) throw outputExists(existing);
    }
    const sequence = new OutputSequence(full);
    await mkdir(sequence.#folder);
    return sequence;
  }

  async commit(): Promise<void> {
    const folder = dirname(this.path);
    const written = await readdir(this.#folder);
    const old = await picturesOf(this.path);
    for (const name of written) await rename(join(this.#folder, name), join(folder, name));
    // A shorter sequence must not end in pictures of the one before.
    for (const name of old) if (!written.includes(name)) await rm(join(folder, name));
    await removePartial(this.#folder);
  }

  discard(): Promise<void> {
    return removePartial(this.#folder);
  }
}

/** The files that FFmpeg would read as this sequence. */
async function picturesOf(path: string): Promise<string[]> {
  const name = basename(path);
  const width = Number(sequencePattern.exec(name)?.[1] ?? 0);
  const [before = '', after = ''] = name.replace(sequencePattern, '\0').split('\0');
  const names = await readdir(dirname(path));
  return names.filter((file) => {
    if (!file.startsWith(before) || !file.endsWith(after)) return false;
    const digits = file.slice(before.length, file.length - after.length);
    return /^\d+$/.test(digits) && digits === String(Number(digits)).padStart(width, '0');
  });
}
