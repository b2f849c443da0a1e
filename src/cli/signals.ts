/** Ctrl-C and its relatives. */

interface Stoppable {
  stop(): void;
  abort(reason: unknown): void;
}

/** A terminal that is closed, Ctrl-C, Ctrl-\, and what `kill` sends. */
const numbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 };

/** The first signal stops in good order, the second and SIGQUIT at once; the exit code tells which signal it was. */
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
