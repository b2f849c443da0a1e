/** Inputs that are read once, in order: what comes through stdin, a descriptor that was handed over, a FIFO, `<(a program)`. */
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

/** The descriptor of this process that a path names, as `/dev/stdin`, `/dev/fd/63` or `/proc/self/fd/63` do. */
export function descriptorOf(path: string): number | undefined {
  if (path === '/dev/stdin') return 0;
  const own = new RegExp(`^/(?:dev|proc/(?:self|thread-self|${process.pid}))/fd/(\\d+)$`);
  const number = own.exec(path)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** What a descriptor is; undefined where it is not open, or a stream of this process's own, which nobody may take from it. */
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
/** Node sets the flag on these as it starts, whoever has opened them. */
const flaggedByNode = 15;

/** What this process opens is closed where a program is started; of its own pipes it has the end that is written to. */
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
    return false; // that of the folder that was read, closed since
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
 * Reads a descriptor that is a pipe or a socket. By its own number: a pipe that is opened again does not tell its end where
 * whoever wrote to it has gone before.
 */
export function readDescriptor(descriptor: number): Readable {
  if (descriptor === 0) return process.stdin;
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

/** Reads a FIFO, and waits for someone who writes to it; a thread that waited in `open` could not be interrupted. */
export function readFifo(path: string): Readable {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

/** How a message calls what is neither a file nor a stream. */
export function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSocket()) return 'a socket';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isFile() ? 'a file' : 'a device';
}
