/** An image sequence as an output: written to a temporary folder, and moved to its names together at the end. */
import { readdirSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  invalidOutput,
  type Output,
  type OutputFileOptions,
  outputExists,
  partialBeside,
  pathInFolder,
  ReplacedFile,
  refuseInputs,
} from '../../output-file.ts';
import type { Partial } from '../../system/partial.ts';
import { sequencePattern } from './encoder-options.ts';

export class OutputSequence implements Output {
  readonly path: string;
  readonly writePath: string;
  readonly #partial: Partial;
  #replaced: readonly ReplacedFile[] = [];

  private constructor(path: string, partial: Partial) {
    this.path = path;
    this.#partial = partial;
    this.writePath = join(partial.folder, basename(path));
  }

  /** `path` is `frame_%04d.png`; `overwrite` replaces existing pictures of the sequence. */
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
    // FFmpeg would read a % in the name of the folder as a placeholder.
    const partial = await partialBeside(full.replace(sequencePattern, ''));
    return new OutputSequence(full, partial);
  }

  progress(): number {
    return readdirSync(this.#partial.folder).length;
  }

  async commit(revertible = false): Promise<void> {
    const folder = dirname(this.path);
    const written = await readdir(this.#partial.folder);
    const old = await picturesOf(this.path);
    if (revertible) {
      const names = [...new Set([...written, ...old])];
      this.#replaced = names.map((name) => {
        return new ReplacedFile(join(folder, name), join(this.#partial.folder, `replaced ${name}`));
      });
      for (const replaced of this.#replaced) await replaced.keep();
    }
    try {
      for (const name of written)
        await rename(join(this.#partial.folder, name), join(folder, name));
      // Pictures of a longer previous sequence must not follow the new ones.
      for (const name of old) if (!written.includes(name)) await rm(join(folder, name));
    } catch (cause) {
      await this.revert();
      const { code } = cause as NodeJS.ErrnoException;
      throw invalidOutput(
        this.path,
        `the pictures cannot be moved to their names (${code})`,
        cause,
      );
    }
    if (!revertible) await this.#partial.remove();
  }

  async revert(): Promise<boolean> {
    const restored = await Promise.all(this.#replaced.map((replaced) => replaced.restore()));
    return restored.length > 0 && restored.every(Boolean);
  }

  discard(): Promise<void> {
    return this.#partial.remove();
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
