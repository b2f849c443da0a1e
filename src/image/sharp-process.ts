/** Processes that decode with sharp: a few, started when needed, ended when idle, killed at a limit. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Metadata } from 'sharp';
import { FramelaneError } from '../errors/errors.ts';
import { untilLimit } from '../system/limits.ts';
import { type Message, MessageReader, packed } from './messages.ts';
import type { HostPixels } from './pixels.ts';
import type { ChildQuestion } from './sharp-child.ts';
import type { ReadLimits, SharpHeader, SharpOptions } from './sharp-decode.ts';

const most = Math.min(4, availableParallelism());
const idleMilliseconds = 10_000;
const largePicture = 2 ** 26;
/** Our kill comes later than the process's own exit, which reports the reason. */
const graceSeconds = 2;

/** Like `readHeader`, in a process. */
export async function readHeaderApart(
  bytes: Buffer,
  options: SharpOptions,
  limits: ReadLimits,
): Promise<Metadata> {
  const { head } = await ask(bytes, undefined, options, limits);
  return (head as { readonly header: Metadata }).header;
}

/** Like `sharpDecode`, in a process. */
export async function sharpDecodeApart(
  bytes: Buffer,
  header: SharpHeader,
  options: SharpOptions,
  limits: ReadLimits,
): Promise<HostPixels> {
  const { depth, space, pages, bitsPerSample, hasProfile } = header;
  const needed = { depth, space, pages, bitsPerSample, hasProfile };
  const { head, bytes: samples } = await ask(bytes, needed, options, limits);
  const { bytesPerSample, ...size } = head as Omit<HostPixels, 'data'> & {
    bytesPerSample: 1 | 2 | 4;
  };
  const kind = { 1: Uint8Array, 2: Uint16Array, 4: Float32Array }[bytesPerSample];
  const data = new kind(samples.buffer as ArrayBuffer, 0, samples.length / bytesPerSample);
  return { ...size, data };
}

interface Refusal {
  readonly error?: string;
  readonly code?: FramelaneError['code'];
  readonly path?: string;
}

async function ask(
  bytes: Buffer,
  header: SharpHeader | undefined,
  options: SharpOptions,
  { timeLimit, memoryLimit, signal }: ReadLimits,
): Promise<Message> {
  const child = await acquire();
  try {
    const question: ChildQuestion = { header, options, timeLimit, memoryLimit };
    const limits = { timeLimit: timeLimit + graceSeconds, signal };
    const answer = await untilLimit(child.ask(question, bytes), limits, () => child.kill());
    const { error, code, path } = answer.head as Refusal;
    // It exits by itself at a limit; and after a large image it may keep the memory.
    if (code?.endsWith('_LIMIT') || answer.bytes.length > largePicture) child.kill();
    if (error === undefined) return answer;
    throw code === undefined ? new Error(error) : new FramelaneError(code, error, { path });
  } finally {
    release(child);
  }
}

const living = new Set<Decoder>();
const free: Decoder[] = [];
const waiting: ((child: Decoder) => void)[] = [];

process.on('exit', () => {
  for (const child of living) child.kill();
});

async function acquire(): Promise<Decoder> {
  const child = free.pop();
  if (child !== undefined) return child;
  if (living.size < most) return new Decoder();
  return new Promise((resolve) => waiting.push(resolve));
}

function release(child: Decoder): void {
  const next = waiting.shift();
  if (next !== undefined) next(child.hasEnded ? new Decoder() : child);
  else if (!child.hasEnded) free.push(child);
}

/** From sources, the built file is used: a process starts from JavaScript that Node can run directly. */
const file = import.meta.url.endsWith('.ts')
  ? '../../dist/image/sharp-child.js'
  : './sharp-child.js';

class Decoder {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  #idle: NodeJS.Timeout | undefined;
  #settle: ((result: Message | Error) => void) | undefined;
  hasEnded: boolean = false;

  constructor() {
    // Node options of the program may not suit a decoder; we handle Ctrl-C in a terminal ourselves.
    const { NODE_OPTIONS: _, ...env } = process.env;
    const path = fileURLToPath(new URL(file, import.meta.url));
    this.#process = spawn(process.execPath, [path], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env,
      detached: true,
    });
    living.add(this);
    const { stdin, stdout } = this.#process;
    const reader = new MessageReader((message) => this.#settle?.(message));
    stdout.on('data', (bytes: Buffer) => reader.add(bytes));
    stdin.on('error', () => {}); // it exited: 'exit' reports it
    this.#process.once('error', (error) => this.#end(error));
    // After the end of its output.
    this.#process.once('close', (code, signal) => {
      this.#end(new Error(`the decoding process ended (${signal ?? `exit code ${code}`})`));
    });
    this.#hold(false);
  }

  async ask(question: ChildQuestion, bytes: Buffer): Promise<Message> {
    clearTimeout(this.#idle);
    this.#hold(true);
    const { head, bytes: file } = packed(question, bytes);
    const answer = new Promise<Message>((resolve, reject) => {
      this.#settle = (result) => (result instanceof Error ? reject(result) : resolve(result));
    });
    this.#process.stdin.write(head);
    this.#process.stdin.write(file);
    try {
      return await answer;
    } finally {
      this.#settle = undefined;
      this.#hold(false);
      this.#idle = setTimeout(() => this.kill(), idleMilliseconds).unref();
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
    this.#end(new Error('the decoding process was killed'));
  }

  #end(error: Error): void {
    this.hasEnded = true;
    living.delete(this);
    const at = free.indexOf(this);
    if (at >= 0) free.splice(at, 1);
    this.#settle?.(error);
  }

  /** Whether it keeps the event loop alive. */
  #hold(keep: boolean): void {
    const { stdin, stdout } = this.#process;
    // They are sockets, despite their types.
    const pipes = [stdin, stdout] as unknown as readonly ChildProcess[];
    for (const handle of [this.#process, ...pipes]) keep ? handle.ref() : handle.unref();
  }
}
