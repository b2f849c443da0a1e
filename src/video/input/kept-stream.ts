/** Saves a stream as a file, because decoder and encoder (for the audio) both read it, and MP4 needs seeking. */
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

/** Uses a file redirected to a descriptor directly; saves a stream first. `name` is for messages. */
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

/** Saves what is written to a FIFO; writing must begin within a time limit. */
export async function keepFifo(path: string, signal: AbortSignal | undefined): Promise<KeptFile> {
  return await keep(() => readFifo(path), path, signal, patience(streamLimits));
}

function receivedKind(stats: Stats | undefined): string {
  return stats === undefined ? 'a descriptor that is not open' : kindOf(stats);
}

/** Reads a stream to its end into a temporary file. */
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
      const message = `${name}: expected a video, but nothing was written to the pipe for ${secondsToStart} s`;
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
        ? `could not be saved in ${tmpdir()} (${code}); set TMPDIR to another folder`
        : `could not be read (${code})`;
    throw new FramelaneError('ERR_INPUT_INVALID', `${name}: ${what}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
  return { file: `/proc/${process.pid}/fd/${handle.fd}`, close: () => handle.close() };
}

/** A temporary file without a name, so that it vanishes with this process, however that ends. `name` is for messages. */
export async function openNameless(name: string): Promise<FileHandle> {
  const path = join(tmpdir(), `framelane-kept-${process.pid}-${randomUUID()}`);
  try {
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return handle;
  } catch (cause) {
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${name}: cannot create a temporary file in ${tmpdir()}; set TMPDIR to another folder`,
      { cause },
    );
  }
}
