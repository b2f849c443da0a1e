/** Ctrl-C and its relatives. */

interface Stoppable {
  stop(): void;
  abort(reason: unknown): void;
}

const numbers = { SIGINT: 2, SIGTERM: 15 };

/** The first signal stops in good order, the second at once; the exit code tells which signal it was. */
export function stopOnSignals(work: Stoppable, onStop: () => void): () => void {
  let asked = false;
  const stop = (signal: NodeJS.Signals) => {
    if (asked) return work.abort(signal);
    asked = true;
    process.exitCode = 128 + numbers[signal as keyof typeof numbers];
    onStop();
    return work.stop();
  };
  for (const signal of Object.keys(numbers)) process.on(signal, stop);
  return () => {
    for (const signal of Object.keys(numbers)) process.off(signal, stop);
  };
}
