/** Inputs that can be read only once, in order: stdin, inherited descriptors, FIFOs, `<(a program)`. */
import {
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** The descriptor of this process that a path names, such as `/dev/stdin`, `/dev/fd/63` or `/proc/self/fd/63`. */
export function descriptorOf(path: string): number | undefined {
  if (path === '/dev/stdin') return 0;
  const own = new RegExp(`^/(?:dev|proc/(?:self|thread-self|${process.pid}))/fd/(\\d+)$`);
  const number = own.exec(path)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** The stats of an inherited descriptor; undefined if it is not open, or belongs to this process itself. */
export function descriptorStats(descriptor: number): Stats | undefined {
  try {
    const stats = fstatSync(descriptor);
    return descriptor === 0 || !isStream(stats) || isHandedOver(descriptor, stats)
      ? stats
      : undefined;
  } catch {
    return undefined;
  }
}

const closeOnExec = 0o2000000;
const accessMode = 3;
/** Node sets close-on-exec on these at startup, even if inherited. */
const flaggedByNode = 15;

/** Descriptors opened by this process are close-on-exec; of its own pipes it also holds the write end. */
function isHandedOver(descriptor: number, stats: Stats): boolean {
  if ((flagsOf(descriptor) & closeOnExec) === 0) return true;
  if (descriptor > flaggedByNode || !stats.isFIFO()) return false;
  return !readdirSync('/proc/self/fd')
    .map(Number)
    .some((other) => isWritten(other, stats.ino));
}

function isWritten(descriptor: number, pipe: number): boolean {
  try {
    const isEnd = readlinkSync(`/proc/self/fd/${descriptor}`) === `pipe:[${pipe}]`;
    return isEnd && (flagsOf(descriptor) & accessMode) !== constants.O_RDONLY;
  } catch {
    return false; // the descriptor of the folder listing, closed since
  }
}

function flagsOf(descriptor: number): number {
  const text = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
  return Number.parseInt(/^flags:\s*(\d+)$/m.exec(text)?.[1] ?? '', 8);
}

export function isStream(stats: Stats): boolean {
  return stats.isFIFO() || stats.isSocket();
}

/**
 * Reads a descriptor that is a pipe or a socket. Uses the descriptor itself: a pipe reopened by path does not report its end
 * if the writer exited before.
 */
export function readDescriptor(descriptor: number): Readable {
  if (descriptor === 0) return process.stdin;
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

/** Reads a FIFO and waits for a writer; a thread blocked in `open` could not be interrupted. */
export function readFifo(path: string): Readable {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

/** The name of a file type other than file or stream, for messages. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSocket()) return 'a socket';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isFile() ? 'a file' : 'a device';
}
