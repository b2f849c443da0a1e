/**
 * Ends a program that hangs: one that does nothing while a caller waits for it, or works and prints without a result for too
 * long. A slow program goes on, and so does one that is stopped, or that nobody waits for.
 */

import { patience } from '../system/patience.ts';
import { type Activity, activityOf, hasWorked } from './activity.ts';
import { type Limits, textLimit } from './limits.ts';

const interval = 1000;

interface Program {
  readonly pid: number | undefined;
  /** Characters on stderr. */
  readonly said: number;
  end(reason: string): void;
}

export class Watch implements Disposable {
  readonly #program: Program;
  readonly #limits: Limits;
  readonly #progress: () => number | undefined;
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();
  #reached: number | undefined;
  #saidBefore: number;
  #activity: Activity | undefined;
  /** Milliseconds. */
  #silence = 0;
  #work = 0;

  /** `progress` grows with the results; it is undefined while nobody waits for one. */
  constructor(program: Program, limits: Limits, progress: () => number | undefined = () => 0) {
    this.#program = program;
    this.#limits = limits;
    this.#progress = progress;
    this.#saidBefore = program.said;
    this.#timer = setInterval(() => this.#look(), interval).unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { pid, said } = this.#program;
    const now = performance.now();
    // This process may itself have been stopped, or its event loop blocked.
    const passed = Math.min(now - this.#last, 2 * interval);
    this.#last = now;
    const progress = this.#progress();
    if (pid === undefined || progress === undefined || progress !== this.#reached) {
      this.#reached = progress;
      this.#saidBefore = said;
      this.#activity = pid === undefined ? undefined : activityOf(pid);
      this.#silence = 0;
      this.#work = 0;
      return;
    }
    const before = this.#activity;
    this.#activity = activityOf(pid);
    if (this.#activity?.stopped) return;
    this.#work += passed;
    if (before !== undefined && this.#activity !== undefined) {
      if (hasWorked(before, this.#activity, passed)) this.#silence = 0;
      else if (!this.#activity.busy) this.#silence += passed;
    }
    const reason = this.#judge(said - this.#saidBefore);
    if (reason !== undefined) this.#program.end(reason);
  }

  #judge(said: number): string | undefined {
    const silence = patience(this.#limits);
    if (this.#silence >= silence * 1000) return `it did nothing for ${silence} s`;
    const { work } = this.#limits;
    if (this.#work >= work * 1000) return `it worked for ${work} s without a result`;
    return said > textLimit
      ? `it printed more than ${textLimit >> 20} MiB without a result`
      : undefined;
  }
}
