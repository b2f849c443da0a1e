/** Reading whole files, which may be streams, with limits on size and silence. */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { FramelaneError } from '../errors/errors.ts';
import {
  descriptorOf,
  descriptorStats,
  isStream,
  kindOf,
  readDescriptor,
  readFifo,
} from './input-stream.ts';
import { patience, streamLimits } from './patience.ts';

export interface ReadWhole {
  /** For the message, with its article: `a pipeline file`. */
  readonly what: string;
  /** The most bytes. */
  readonly most: number;
}

/**
 * The bytes of a file or a pipe. A folder, a device, too many bytes, or a pipe that is silent for too long is
 * ERR_INPUT_INVALID; rejects like `open` if the file does not exist.
 */
export async function readWhole(path: string, wanted: ReadWhole): Promise<Buffer> {
  const piped = await readPiped(path, wanted);
  if (piped !== undefined) return piped;
  // Does not block if a FIFO has replaced the file meanwhile.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (!stats.isFile()) throw unexpected(path, wanted, kindOf(stats));
  if (stats.size > wanted.most) throw tooLarge(path, wanted);
  const chunks: Buffer[] = [];
  let total = 0;
  // Files in /proc report no size, and any file may grow.
  for (let atEnd = false; !atEnd; ) {
    const buffer = Buffer.allocUnsafe(Math.max(64 << 10, stats.size - total + 1));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    atEnd = bytesRead === 0;
    total += bytesRead;
    if (total > wanted.most) throw tooLarge(path, wanted);
    chunks.push(buffer.subarray(0, bytesRead));
  }
  return Buffer.concat(chunks);
}

/** The same for a pipe; undefined for a file, ERR_INPUT_INVALID for anything else. */
export async function readPiped(path: string, wanted: ReadWhole): Promise<Buffer | undefined> {
  const descriptor = descriptorOf(path);
  const stats = descriptor === undefined ? await stat(path) : descriptorStats(descriptor);
  if (stats === undefined) {
    const message = `${path}: expected ${wanted.what}, but no such descriptor is open`;
    throw new FramelaneError('ERR_INPUT_INVALID', message);
  }
  if (stats.isFile()) return undefined;
  if (descriptor !== undefined && isStream(stats)) {
    return await collect(path, readDescriptor(descriptor), wanted);
  }
  if (stats.isFIFO()) return await collect(path, readFifo(path), wanted);
  throw unexpected(path, wanted, kindOf(stats));
}

async function collect(path: string, stream: Readable, wanted: ReadWhole): Promise<Buffer> {
  const silence = patience(streamLimits);
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const message = `${path}: expected ${wanted.what}, received nothing for ${silence} s`;
      stream.destroy(new FramelaneError('ERR_INPUT_INVALID', message));
    }, silence * 1000);
  };
  const chunks: Buffer[] = [];
  let total = 0;
  try {
    wait();
    for await (const chunk of stream) {
      wait();
      total += chunk.length;
      if (total > wanted.most) throw tooLarge(path, wanted);
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}

function unexpected(path: string, { what }: ReadWhole, kind: string) {
  return new FramelaneError('ERR_INPUT_INVALID', `${path}: expected ${what}, received ${kind}`);
}

function sizeText(bytes: number): string {
  return bytes < 1 << 20 ? `${bytes >> 10} KiB` : `${bytes >> 20} MiB`;
}

function tooLarge(path: string, { what, most }: ReadWhole): FramelaneError {
  const message = `${path}: expected ${what} of at most ${sizeText(most)}, received more`;
  return new FramelaneError('ERR_INPUT_INVALID', message);
}
