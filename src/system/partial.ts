/**
 * The folder for an unfinished output: private and beside the output, so that the last step is a rename. Nobody else can enter
 * it to plant a link for us or FFmpeg to follow, and no two writers share it.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { atExit } from './at-exit.ts';
import { ownerMark, removeStalePartials } from './stale-partials.ts';

/** Bytes of the output's name in that of the folder, to recognise it; long names leave no room for more. */
const repeated = 60;
/** FFmpeg knows no longer extension. */
const longestExtension = 16;

export class Partial {
  readonly folder: string;
  readonly #release: () => void;

  private constructor(folder: string) {
    this.folder = folder;
    this.#release = atExit(() => {
      try {
        rmSync(folder, { force: true, recursive: true });
      } catch {
        // Tried again beside the next output.
      }
    });
  }

  /** Makes the folder, and removes those left beside it by dead processes. Rejects like `mkdir`. */
  static async create(path: string): Promise<Partial> {
    await removeStalePartials(dirname(path));
    const start = Buffer.from(basename(path, extname(path)))
      .subarray(0, repeated)
      .toString();
    const name = `.${start.replace(/\uFFFD+$/, '')}.${ownerMark()}${randomBytes(9).toString('hex')}.partial`;
    const folder = join(dirname(path), name);
    await mkdir(folder, { mode: 0o700 });
    return new Partial(folder);
  }

  /** A path in it, with the extension of `path`. */
  file(path: string): string {
    const extension = extname(path);
    return join(this.folder, `output${extension.length > longestExtension ? '' : extension}`);
  }

  /** Can be called again. Failures are ignored, because an earlier error is more useful. */
  async remove(): Promise<void> {
    await rm(this.folder, { force: true, recursive: true }).catch(() => {});
    this.#release();
  }
}
