/** A few threads for JavaScript that would block the event loop; started when needed, ended when idle. */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FramelaneError } from '../errors/errors.ts';
import { type Limits, throwIfAborted, untilLimit } from '../system/limits.ts';
import { type Answer, type Question, type TaskName, unpackValue } from './messages.ts';

const most = Math.min(4, availableParallelism());
const idleMilliseconds = 10_000;

interface Thread {
  readonly worker: Worker;
  idle: NodeJS.Timeout | undefined;
}

const free: Thread[] = [];
const waiting: ((thread: Thread) => void)[] = [];
let count = 0;

/** Shorter work, in nanoseconds, is not worth a thread: starting one takes as long. */
const worthwhile = 20e6;

/** Runs a task in a thread, or at once if its estimate in nanoseconds is short. */
export async function perform<A extends readonly unknown[], R>(
  name: TaskName,
  task: (...args: A) => R,
  args: A,
  nanoseconds: number,
  limits: Limits = {},
): Promise<R> {
  if (nanoseconds >= worthwhile) return (await inThread(name, args, limits)) as R;
  throwIfAborted(limits.signal);
  return task(...args);
}

/**
 * Runs a task in a thread that is ended at its time limit or an abort. Arguments are copied, the result is not.
 *
 * @throws FramelaneError ERR_TIME_LIMIT, ERR_ABORTED, and what the task throws.
 */
async function inThread(
  name: TaskName,
  args: readonly unknown[],
  limits: Limits,
): Promise<unknown> {
  const thread = await acquire();
  try {
    const answer = await untilLimit(ask(thread, { name, args }), limits, () => end(thread));
    if ('value' in answer) return unpackValue(answer.value);
    const { message, code, path, isRange } = answer.error;
    if (code !== undefined) throw new FramelaneError(code, message, { path });
    throw isRange ? new RangeError(message) : new Error(message);
  } finally {
    release(thread);
  }
}

async function acquire(): Promise<Thread> {
  const thread = free.pop();
  if (thread !== undefined) {
    clearTimeout(thread.idle);
    return thread;
  }
  if (count < most) return start();
  return new Promise((resolve) => waiting.push(resolve));
}

function release(thread: Thread): void {
  if (ended.has(thread)) {
    const next = waiting.shift();
    if (next !== undefined) next(start());
    return;
  }
  const next = waiting.shift();
  if (next !== undefined) {
    next(thread);
    return;
  }
  free.push(thread);
  thread.idle = setTimeout(() => end(thread), idleMilliseconds).unref();
}

async function ask({ worker }: Thread, question: Question): Promise<Answer> {
  const settled = new AbortController();
  const { signal } = settled;
  worker.ref();
  try {
    const { name, args } = question;
    // Copies only the part of each buffer that the argument views; the caller keeps the buffer.
    const own = args.map((arg) => (arg instanceof Uint8Array ? new Uint8Array(arg) : arg));
    const transfer = own.flatMap((arg) =>
      arg instanceof Uint8Array ? [arg.buffer as ArrayBuffer] : [],
    );
    worker.postMessage({ name, args: own } satisfies Question, transfer);
    const exit = once(worker, 'exit', { signal }).then(() => {
      throw new Error('the worker thread ended');
    });
    const [answer] = (await Promise.race([once(worker, 'message', { signal }), exit])) as [Answer];
    return answer;
  } finally {
    settled.abort();
    worker.unref();
  }
}

const ended = new WeakSet<Thread>();

function end(thread: Thread): void {
  if (ended.has(thread)) return;
  ended.add(thread);
  count--;
  const at = free.indexOf(thread);
  if (at >= 0) free.splice(at, 1);
  void thread.worker.terminate();
}

/** From sources, the built file is used: a thread starts from JavaScript that Node can run directly. */
const file = import.meta.url.endsWith('.ts') ? '../../dist/thread.js' : '../thread.js';

function start(): Thread {
  count++;
  // Node options of the program may not suit a thread.
  const worker = new Worker(new URL(file, import.meta.url), { execArgv: [] });
  worker.unref();
  const thread: Thread = { worker, idle: undefined };
  worker.once('exit', () => end(thread));
  worker.on('error', () => {}); // reported through the pending answer
  return thread;
}
