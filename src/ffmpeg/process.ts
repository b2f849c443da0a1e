/** FFmpeg as a child process: in a process group of its own, its stderr always drained, dead at the latest with us. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { FramelaneError } from '../errors/errors.ts';
import { logger, shellQuoted } from '../log.ts';
import { atExit } from '../system/at-exit.ts';
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
  /** Where its stdout goes: nowhere, to ours, or into `stdout`. */
  readonly stdout?: 'ignore' | 'inherit' | 'pipe';
  /** Takes what comes from a piped stdout, instead of `stdout`. */
  readonly onStdout?: (text: string) => void;
}

const log = logger('ffmpeg');

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
  readonly #release: () => void;
  #stdout = '';
  #said = 0;
  #exit: Exit | undefined;
  /** Why it was ended from here. */
  #fault: string | undefined;

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
    const [program, all] = launched(path, args);
    this.#process = spawn(program, all, { stdio, env, detached: true });
    // A child that survives us would go on without anyone to stop it.
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
      else this.end(`it answered with more than ${textLimit >> 20} MiB`);
    });
    this.exited = this.#wait();
    this.exited.catch(() => {}); // whoever waits for it sees the rejection
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
        // A program that it started and left behind may keep its stderr open.
        void delay(1000, undefined, { ref: false }).then(finish);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Characters that it has written to stderr. */
  get said(): number {
    return this.#said;
  }

  /** Why it was ended; undefined where it was not, or by kill(). */
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

  /** Ends the program and what it started, at once. */
  kill(): void {
    if (this.#exit !== undefined || this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // It ended in this moment.
    }
  }

  /** Ends it for a reason, which is then that of its failure. */
  end(reason: string): void {
    if (this.#exit !== undefined) return;
    this.#fault ??= reason;
    this.kill();
  }

  /** Ends it should it hang; `progress` as for `Watch`. */
  watch(limits: Limits, progress?: () => number | undefined): Disposable {
    return new Watch(this, limits, progress);
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
    const said = this.messages.last;
    if (this.#fault !== undefined) {
      const message = `${role}: ${this.path} was ended, because ${this.#fault}`;
      const words = said === '' ? '' : `:\n${said}`;
      return new FramelaneError('ERR_FFMPEG_FAILED', `${message}${words}`, { cause });
    }
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
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

/** Waits for the end of a program; one that hangs is ended, and then has a `fault`. */
export async function exitOf(child: Child, limits: Limits): Promise<Exit> {
  using _ = child.watch(limits);
  return await child.exited;
}

export interface CaptureOptions {
  readonly limits?: Limits;
  /** For the message; the last argument by default. */
  readonly about?: string | undefined;
  /** Takes the answer piece by piece, instead of `stdout`; each is a result, so that it may take as long as it likes. */
  readonly onStdout?: (text: string) => void;
}

/**
 * Runs a program to its end and returns what it wrote to stdout, whatever its exit code. An abort kills it, and it is over as
 * it is then. One that hangs or answers without end is ERR_FFMPEG_FAILED.
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
  const kill = () => child.kill();
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted) kill();
  try {
    using _ = child.watch(limits, () => received);
    await child.exited;
  } finally {
    signal?.removeEventListener('abort', kill);
  }
  if (child.fault !== undefined) throw child.failure(`asking for ${about}`);
  return child;
}

function assignments(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}
