/**
 * Clean-up when this process exits, by itself or by an unhandled signal. Signals are listened to only while there is something
 * to clean up. A program with its own handler decides alone; otherwise the signal has its default effect after the
 * clean-up.
 */
import { isMainThread } from 'node:worker_threads';

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** Node delivers signals only to the main thread; the kernel withholds unhandled signals from process 1. */
const listens = isMainThread && process.pid !== 1;

class Undoings {
  readonly #all = new Set<() => void>();

  constructor() {
    process.on('exit', this.#undo);
  }

  add(undo: () => void): void {
    if (this.#all.size === 0 && listens) {
      // Before the program's listeners, because a `once` listener would already be removed.
      for (const signal of signals) process.prependListener(signal, this.#onSignal);
    }
    this.#all.add(undo);
  }

  delete(undo: () => void): void {
    if (this.#all.delete(undo) && this.#all.size === 0) this.#ignoreSignals();
  }

  readonly #undo = () => {
    for (const undo of this.#all) undo();
  };

  readonly #onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1 + likeUs()) return;
    this.#undo();
    this.#ignoreSignals();
    process.kill(process.pid, signal);
  };

  #ignoreSignals(): void {
    for (const signal of signals) process.removeListener(signal, this.#onSignal);
  }
}

/** Listeners of the package signal-exit, which also act only if they are the only ones. */
function likeUs(): number {
  const newer = Reflect.get(globalThis, Symbol.for('signal-exit emitter'));
  const older = Reflect.get(process, '__signal_exit_emitter__');
  return [newer, older].reduce((sum: number, emitter) => sum + (Number(emitter?.count) || 0), 0);
}

/** Shared by all copies of this package in the process, which must not mistake each other for a handler of the program. */
const shared = globalThis as unknown as Record<symbol, Undoings | undefined>;
const name = Symbol.for('framelane at exit');
shared[name] ??= new Undoings();
const undoings = shared[name];

/** Registers `undo`, which must not throw, for the end of the process; returns a function that unregisters it. */
export function atExit(undo: () => void): () => void {
  undoings.add(undo);
  return () => undoings.delete(undo);
}
