/**
 * What must not be left behind: undone when this process exits, by itself or by a signal that nobody handles. Only while there
 * is something to undo are signals listened to. A program with a handler of its own decides alone; for any other the signal
 * has the effect that it had, only later by the undoing.
 */
import { isMainThread } from 'node:worker_threads';

const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** Node delivers signals to the main thread alone; the kernel keeps those from process 1 that it does not handle. */
const listens = isMainThread && process.pid !== 1;

class Undoings {
  readonly #all = new Set<() => void>();

  constructor() {
    process.on('exit', this.#undo);
  }

  add(undo: () => void): void {
    if (this.#all.size === 0 && listens) {
      // Before those of the program, of which one that listens once would be gone by then.
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

/** Listeners of the package signal-exit, which wait for the same: that they are the only ones. */
function likeUs(): number {
  const newer = Reflect.get(globalThis, Symbol.for('signal-exit emitter'));
  const older = Reflect.get(process, '__signal_exit_emitter__');
  return [newer, older].reduce((sum: number, emitter) => sum + (Number(emitter?.count) || 0), 0);
}

/** One for all copies of this package in the process, which must not take each other for a handler of the program. */
const shared = globalThis as unknown as Record<symbol, Undoings | undefined>;
const name = Symbol.for('framelane at exit');
shared[name] ??= new Undoings();
const undoings = shared[name];

/** Keeps `undo`, which must not throw, for the end of the process; returns what takes it back. */
export function atExit(undo: () => void): () => void {
  undoings.add(undo);
  return () => undoings.delete(undo);
}
