/** Signals that stop a run: Ctrl-C and the like. */

interface Stoppable {
  stop(): void;
  abort(reason: unknown): void;
}

/** A closed terminal, Ctrl-C, Ctrl-\, and `kill`. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

/** The first signal lets the work finish its files, the second and SIGQUIT abort it; the exit code tells the signal. */
export function stopOnSignals(work: Stoppable, onStop: () => void): () => void {
  let asked = false;
  const stop = (signal: NodeJS.Signals) => {
    if (asked) return work.abort(signal);
    asked = true;
    process.exitCode = 128 + numbers[signal as keyof typeof numbers];
    if (signal === 'SIGQUIT') return work.abort(signal);
    onStop();
    return work.stop();
  };
  for (const signal of Object.keys(numbers)) process.on(signal, stop);
  return () => {
    for (const signal of Object.keys(numbers)) process.off(signal, stop);
  };
}
