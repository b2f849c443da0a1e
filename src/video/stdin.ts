/** Stdin as a file: the decoder and the encoder (for the sound) both read it, and containers such as MP4 are not read in order. */
import { randomUUID } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { FramelaneError } from '../errors.ts';

export interface StdinFile {
  readonly file: string;
  close(): Promise<void>;
}

/** A file redirected to stdin is read where it is; anything else is first kept, to its end, in a temporary file. */
export async function openStdin(signal: AbortSignal | undefined): Promise<StdinFile> {
  if (fstatSync(0).isFile()) {
    return { file: `/proc/${process.pid}/fd/0`, close: async () => {} };
  }
  if (process.stdin.isTTY) {
    throw new FramelaneError('ERR_INPUT_INVALID', 'stdin: expected a video, received a terminal');
  }
  const handle = await openNameless();
  try {
    const stream = signal === undefined ? process.stdin : addAbortSignal(signal, process.stdin);
    for await (const chunk of stream) await handle.appendFile(chunk);
    if ((await handle.stat()).size === 0) {
      throw new FramelaneError('ERR_INPUT_INVALID', 'stdin: expected a video, received nothing');
    }
  } catch (error) {
    await handle.close();
    if (error instanceof FramelaneError) throw error;
    if (signal?.aborted) {
      throw new FramelaneError('ERR_ABORTED', 'stdin: the wait for its end was aborted', {
        cause: error,
      });
    }
    const { code } = error as NodeJS.ErrnoException;
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `stdin: could not be kept in ${tmpdir()} (${code}); TMPDIR names another folder`,
      { cause: error },
    );
  }
  return { file: `/proc/${process.pid}/fd/${handle.fd}`, close: () => handle.close() };
}

/** Without a name from the start, the file goes with this process however that ends. */
export async function openNameless(input = 'stdin'): Promise<FileHandle> {
  const path = join(tmpdir(), `framelane-stdin-${process.pid}-${randomUUID()}`);
  try {
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return handle;
  } catch (cause) {
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${input}: no temporary file can be made in ${tmpdir()}; TMPDIR names another folder`,
      { cause },
    );
  }
}
