/** A stream as a file: the decoder and the encoder (for the sound) both read it, and containers such as MP4 are not read in order. */
import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { FramelaneError } from '../../errors/errors.ts';
import {
  descriptorStats,
  isStream,
  kindOf,
  readDescriptor,
  readFifo,
} from '../../system/input-stream.ts';
import { patience, streamLimits } from '../../system/patience.ts';

export interface KeptFile {
  readonly file: string;
  close(): Promise<void>;
}

/** A file redirected to a descriptor is read where it is; what comes through it in order is kept first. `name` is for messages. */
export async function keepDescriptor(
  descriptor: number,
  name: string,
  signal: AbortSignal | undefined,
): Promise<KeptFile> {
  const stats = descriptorStats(descriptor);
  if (stats?.isFile()) {
    return { file: `/proc/${process.pid}/fd/${descriptor}`, close: async () => {} };
  }
  if (stats !== undefined && isStream(stats)) {
    return await keep(() => readDescriptor(descriptor), name, signal);
  }
  const kind = isatty(descriptor) ? 'a terminal' : receivedKind(stats);
  throw new FramelaneError('ERR_INPUT_INVALID', `${name}: expected a video, received ${kind}`);
}

/** A FIFO of the file system, to which someone must begin to write within a time. */
export async function keepFifo(path: string, signal: AbortSignal | undefined): Promise<KeptFile> {
  return await keep(() => readFifo(path), path, signal, patience(streamLimits));
}

function receivedKind(stats: Stats | undefined): string {
  return stats === undefined ? 'a descriptor that nobody handed over' : kindOf(stats);
}

/** To its end, in a temporary file. */
async function keep(
  read: () => Readable,
  name: string,
  signal: AbortSignal | undefined,
  secondsToStart?: number,
): Promise<KeptFile> {
  const handle = await openNameless(name);
  let timer: NodeJS.Timeout | undefined;
  try {
    const stream = signal === undefined ? read() : addAbortSignal(signal, read());
    if (secondsToStart !== undefined) {
      const message = `${name}: expected a video, but nobody wrote to the pipe for ${secondsToStart} s`;
      const late = () => stream.destroy(new FramelaneError('ERR_INPUT_INVALID', message));
      timer = setTimeout(late, secondsToStart * 1000);
    }
    for await (const chunk of stream) {
      clearTimeout(timer);
      await handle.appendFile(chunk);
    }
    if ((await handle.stat()).size === 0) {
      throw new FramelaneError('ERR_INPUT_INVALID', `${name}: expected a video, received nothing`);
    }
  } catch (error) {
    await handle.close();
    if (error instanceof FramelaneError) throw error;
    if (signal?.aborted) {
      throw new FramelaneError('ERR_ABORTED', `${name}: the wait for its end was aborted`, {
        cause: error,
      });
    }
    const { code, syscall } = error as NodeJS.ErrnoException;
    const what =
      syscall === 'write' || code === 'ENOSPC'
        ? `could not be kept in ${tmpdir()} (${code}); TMPDIR names another folder`
        : `could not be read (${code})`;
    throw new FramelaneError('ERR_INPUT_INVALID', `${name}: ${what}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  return { file: `/proc/${process.pid}/fd/${handle.fd}`, close: () => handle.close() };
}

/** Without a name from the start, the file goes with this process however that ends. `name` is for messages. */
export async function openNameless(name: string): Promise<FileHandle> {
  const path = join(tmpdir(), `framelane-kept-${process.pid}-${randomUUID()}`);
  try {
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return handle;
  } catch (cause) {
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${name}: no temporary file can be made in ${tmpdir()}; TMPDIR names another folder`,
      { cause },
    );
  }
}
