/** FFmpeg as a child process, in its own process group: its stderr is always drained, and it never outlives us. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { FramelaneError } from '../errors/errors.ts';
import { logger, shellQuoted } from '../log.ts';
import { atExit } from '../system/at-exit.ts';
import { whenAborted } from '../system/limits.ts';
import { FfmpegMessages } from './ffmpeg-messages.ts';
import { launched, launchFailure } from './launcher.ts';
import { type Limits, questionLimits, textLimit } from './limits.ts';
import { Watch } from './watch.ts';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  /** Becomes descriptor 3 of the child. */
  readonly descriptor?: number;
  /** Whether its stdout is discarded, shared with ours, or collected in `stdout`. */
  readonly stdout?: 'ignore' | 'inherit' | 'pipe';
  /** Receives a piped stdout, instead of `stdout`. */
  readonly onStdout?: (text: string) => void;
}

const log = logger('ffmpeg');

/**
 * The builds that npm installs are linked statically against a glibc that crashes when it loads the system's character sets,
 * as ffprobe does for the service name of any MPEG-TS. Without the character sets it falls back.
 */
export const bundledPrograms = new Set<string>();

/** A running program. */
export class Child {
  readonly path: string;
  readonly messages: FfmpegMessages;
  /** Resolves when the program has ended and its output is drained; rejects if it could not be started. */
  readonly exited: Promise<Exit>;
  readonly #process: ChildProcess;
  readonly #release: () => void;
  #stdout = '';
  #said = 0;
  #exit: Exit | undefined;
  /** Why `end()` ended it. */
  #fault: string | undefined;

  constructor(path: string, args: readonly string[], options: ChildOptions = {}) {
    this.path = path;
    const stdio: StdioOptions = ['ignore', options.stdout ?? 'ignore', 'pipe'];
    if (options.descriptor !== undefined) stdio.push(options.descriptor);
    // Ctrl-C in a terminal signals our whole process group; `detached` keeps the child out of it.
    const own = {
      LC_ALL: 'C',
      ...(bundledPrograms.has(path) ? { GCONV_PATH: '/nonexistent' } : {}),
    };
    const env = { ...process.env, ...own };
    const [program, all] = launched(path, args);
    this.#process = spawn(program, all, { stdio, env, detached: true });
    // Nobody would stop a child that outlives us.
    this.#release = atExit(() => this.kill());
    const { pid } = this;
    log.info?.('start', { pid }, shellQuoted([...assignments(own), path, ...args]));
    this.messages = new FfmpegMessages(
      log.debug && ((line) => log.debug?.('stderr', { pid }, line)),
    );
    const stderr = this.#process.stderr?.setEncoding('utf8');
    stderr?.on('data', (text: string) => {
      this.#said += text.length;
      this.messages.add(text);
    });
    stderr?.once('end', () => this.messages.end());
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (options.onStdout) options.onStdout(text);
      else if (this.#stdout.length + text.length <= textLimit) this.#stdout += text;
      else this.end(`it printed more than ${textLimit >> 20} MiB`);
    });
    this.exited = this.#wait();
    this.exited.catch(() => {}); // callers that wait for it see the rejection
  }

  #wait(): Promise<Exit> {
    return new Promise((resolve, reject) => {
      const notStarted = (reason: string, cause?: unknown) => {
        const message = `${this.path}: cannot be started (${reason})`;
        reject(new FramelaneError('ERR_FFMPEG_NOT_FOUND', message, { cause }));
      };
      this.#process.once('error', (cause: NodeJS.ErrnoException) => {
        this.#release();
        notStarted(cause.code ?? cause.message, cause);
      });
      this.#process.once('exit', (code, signal) => {
        this.#release();
        this.#exit = { code, signal };
        log.info?.('exit', {
          pid: this.pid,
          code: code ?? undefined,
          signal: signal ?? undefined,
        });
        const finish = () => {
          const failure = launchFailure(code, this.messages.last);
          if (failure === undefined) resolve({ code, signal });
          else notStarted(failure);
        };
        this.#process.once('close', finish);
        // A process that it left behind may keep its stderr open.
        void delay(1000, undefined, { ref: false }).then(finish);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Characters written to stderr. */
  get said(): number {
    return this.#said;
  }

  /** The reason given to `end()`; undefined where that was not called. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Set once the program has ended. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Kills the program and its process group. */
  kill(): void {
    if (this.#exit !== undefined || this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }

  /** Kills it for a reason that its failure then reports. */
  end(reason: string): void {
    if (this.#exit !== undefined) return;
    this.#fault ??= reason;
    this.kill();
  }

  /** Ends it if it hangs; `progress` as for `Watch`. */
  watch(limits: Limits, progress?: () => number | undefined): Disposable {
    return new Watch(this, limits, progress);
  }

  /** Sets whether the program keeps the event loop alive. */
  hold(keep: boolean): void {
    const { stdout, stderr } = this.#process;
    // At run time they are sockets, which have ref() and unref(); the types do not say so.
    const pipes = [stdout, stderr] as unknown as readonly (ChildProcess | null)[];
    for (const handle of [this.#process, ...pipes]) keep ? handle?.ref() : handle?.unref();
  }

  /** The error of a program that failed. */
  failure(role: string, cause?: unknown): FramelaneError {
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    const said = this.messages.last;
    if (this.#fault !== undefined) {
      const message = `${role}: ${this.path} was ended, because ${this.#fault}`;
      const words = said === '' ? '' : `:\n${said}`;
      return new FramelaneError('ERR_FFMPEG_FAILED', `${message}${words}`, { cause });
    }
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    return new FramelaneError(
      'ERR_FFMPEG_FAILED',
      `${role}: FFmpeg ended with ${how}${said === '' ? ' and no message' : `:\n${said}`}`,
      { cause },
    );
  }
}

/** Waits for the end of a program, but not longer than a time; undefined where it still runs. */
export async function exitWithin(child: Child, milliseconds: number): Promise<Exit | undefined> {
  const timer = new AbortController();
  const timeout = delay(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([child.exited, timeout]);
  } finally {
    timer.abort();
  }
}

/** Waits for the end of a program; ends one that hangs, which then has a `fault`. */
export async function exitOf(child: Child, limits: Limits): Promise<Exit> {
  using _ = child.watch(limits);
  return await child.exited;
}

export interface CaptureOptions {
  readonly limits?: Limits;
  /** What the error message names; the last argument by default. */
  readonly about?: string | undefined;
  /** Receives the answer piece by piece, instead of `stdout`; each piece counts as a result, so it has no time limit. */
  readonly onStdout?: (text: string) => void;
}

/**
 * Runs a program to its end and collects its stdout, whatever its exit code. An abort kills it and resolves with what there is
 * so far. ERR_FFMPEG_FAILED for a program that hangs or prints without end.
 */
export async function capture(
  path: string,
  args: readonly string[],
  signal?: AbortSignal,
  { limits = questionLimits, about = args.at(-1), onStdout }: CaptureOptions = {},
): Promise<Child> {
  let received = 0;
  const take = (text: string) => {
    received += text.length;
    onStdout?.(text);
  };
  const child = new Child(path, args, {
    stdout: 'pipe',
    ...(onStdout && { onStdout: take }),
  });
  const forget = whenAborted(signal, () => child.kill());
  try {
    using _ = child.watch(limits, () => received);
    await child.exited;
  } finally {
    forget();
  }
  if (child.fault !== undefined) throw child.failure(`asking for ${about}`);
  return child;
}

function assignments(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}
