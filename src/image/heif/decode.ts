/** HEIC files, which sharp's libvips cannot read for want of an HEVC decoder, through libheif in a thread of its own. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FramelaneError } from '../../errors/errors.ts';
import { type Limits, throwIfAborted, untilLimit } from '../../system/limits.ts';
import type { HostPixels } from '../pixels.ts';

export interface HeifHeader {
  readonly pages: number;
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  readonly premultiplied: boolean;
  readonly bits: number;
  readonly icc: Uint8Array | undefined;
}

type Answer =
  | { readonly error: string; readonly fatal: boolean }
  | { readonly header: HeifHeader; readonly data?: Uint8Array | Uint16Array };

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();
let idle: NodeJS.Timeout | undefined;
const idleMilliseconds = 10_000;

/** What the file says of image `page`; its size already as its rotation and crop make it. */
export async function readHeifHeader(
  bytes: Buffer,
  page: number,
  limits: Limits,
): Promise<HeifHeader> {
  return (await ask(bytes, page, 0, limits)).header;
}

/** RGBA of image `page` with straight alpha, in the colours of the file. */
export async function heifDecode(bytes: Buffer, page: number, limits: Limits): Promise<HostPixels> {
  const { header, data } = await ask(bytes, page, Number.POSITIVE_INFINITY, limits);
  if (data === undefined) throw new FramelaneError('ERR_INTERNAL', 'libheif: gave no pixels');
  const { width, height } = header;
  return { width, height, data };
}

/** One at a time, in the order of the calls: a photo takes libheif hundreds of megabytes. */
function ask(bytes: Buffer, page: number, pixelLimit: number, limits: Limits) {
  const answer = last.then(() => post({ bytes, page, pixelLimit }, limits));
  last = answer.catch(() => {});
  return answer;
}

async function post(question: unknown, limits: Limits) {
  throwIfAborted(limits.signal);
  clearTimeout(idle);
  worker ??= start();
  const thread = worker;
  const settled = new AbortController();
  thread.ref();
  try {
    const { signal } = settled;
    thread.postMessage(question);
    const answered = Promise.race([
      once(thread, 'message', { signal }),
      once(thread, 'exit', { signal }).then(() => {
        throw new Error('the thread of libheif ended');
      }),
    ]) as Promise<[Answer]>;
    const [answer] = await untilLimit(answered, limits, () => void end(thread));
    if (!('error' in answer)) return answer;
    if (answer.fatal) await end(thread);
    throw new Error(answer.error);
  } finally {
    settled.abort();
    thread.unref();
    // Its memory only grows, to what the largest photo took.
    idle = setTimeout(() => end(thread), idleMilliseconds).unref();
  }
}

async function end(thread: Worker): Promise<void> {
  if (worker === thread) worker = undefined;
  await thread.terminate();
}

function start(): Worker {
  // From dist/image/heif as from src/image/heif: a worker needs a file that Node reads as it is.
  const thread = new Worker(new URL('../../../src/image/heif/decode-worker.mjs', import.meta.url), {
    execArgv: [], // the program's own need not fit a thread
  });
  thread.once('exit', () => {
    if (worker === thread) worker = undefined;
  });
  return thread;
}
