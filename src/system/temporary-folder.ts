/** A private folder, removed at the latest when this process exits. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './at-exit.ts';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** `purpose` is part of its name, to recognise folders left after SIGKILL. */
export async function temporaryFolder(purpose: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `framelane-${purpose}-`));
  const forget = atExit(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
      forget();
    },
  };
}
