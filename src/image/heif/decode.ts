/** HEIC files, which sharp's libvips cannot read for want of an HEVC decoder, through libheif in a thread of its own. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FramelaneError } from '../../errors.ts';
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
  | { readonly header: HeifHeader; readonly data?: Uint8Array };

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();
let idle: NodeJS.Timeout | undefined;
const idleMilliseconds = 10_000;

/** What the file says of image `page`; its size already as its rotation and crop make it. */
export async function readHeifHeader(bytes: Buffer, page: number): Promise<HeifHeader> {
  return (await ask(bytes, page, 0)).header;
}

/** RGBA of image `page` with straight alpha, in the colours of the file. */
export async function heifDecode(bytes: Buffer, page: number): Promise<HostPixels> {
  const { header, data } = await ask(bytes, page, Number.POSITIVE_INFINITY);
  if (data === undefined) throw new FramelaneError('ERR_INTERNAL', 'libheif: gave no pixels');
  const { width, height, bits } = header;
  const samples = bits > 8 ? wide(data, bits) : data;
  return { width, height, data: header.premultiplied ? divideByAlpha(samples) : samples };
}

/** One at a time, in the order of the calls: a photo takes libheif hundreds of megabytes. */
function ask(bytes: Buffer, page: number, pixelLimit: number) {
  const answer = last.then(() => post({ bytes, page, pixelLimit }));
  last = answer.catch(() => {});
  return answer;
}

async function post(question: unknown) {
  clearTimeout(idle);
  worker ??= start();
  const thread = worker;
  const settled = new AbortController();
  thread.ref();
  try {
    const { signal } = settled;
    thread.postMessage(question);
    const [answer] = (await Promise.race([
      once(thread, 'message', { signal }),
      once(thread, 'exit', { signal }).then(() => {
        throw new Error('the thread of libheif ended');
      }),
    ])) as [Answer];
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

/** Samples of 9 to 16 bits as 16-bit codes. */
function wide(data: Uint8Array, bits: number): Uint16Array {
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const scale = 65535 / (2 ** bits - 1);
  return samples.map((sample) => Math.round(sample * scale));
}

function divideByAlpha<T extends Uint8Array | Uint16Array>(samples: T): T {
  const maximum = 2 ** (8 * samples.BYTES_PER_ELEMENT) - 1;
  for (let i = 0; i < samples.length; i += 4) {
    const alpha = samples[i + 3] as number;
    for (let c = i; c < i + 3 && alpha > 0; c++) {
      samples[c] = Math.min(maximum, Math.round(((samples[c] as number) * maximum) / alpha));
    }
  }
  return samples;
}
