/**
 * Where something is written before it has its name: a folder of its own beside it, so that the last step is a rename. Only we
 * can enter it, so nobody can plant a link in there for us or for FFmpeg to follow, and no two writers meet.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { atExit } from './at-exit.ts';
import { ownerMark, removeStalePartials } from './stale-partials.ts';

/** Bytes of a name that the folder repeats, for whoever finds it; the longest names leave no room for all. */
const repeated = 60;
/** Longer ones mean nothing to FFmpeg. */
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
        // The next one beside it is tried again.
      }
    });
  }

  /** Makes the place, and removes those that dead processes have left beside it. Rejects as `mkdir` does. */
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

  /** Again does nothing. What went wrong before says more than a failure here. */
  async remove(): Promise<void> {
    await rm(this.folder, { force: true, recursive: true }).catch(() => {});
    this.#release();
  }
}
