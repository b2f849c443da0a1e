/** The results of the ops on the frames of a session, on their way to its listeners. */
import type { FoundResults, ResultTapHandle } from '../../native/results.ts';

/** The results of the ops on one frame. */
export interface FrameResults extends FoundResults {
  /** Which output shows the frame. */
  readonly output: number;
}

/** Settles when `listener` has received the results of every frame; an error that it throws ends the delivery. */
export async function deliverResults(
  taps: readonly ResultTapHandle[],
  listener: (results: FrameResults) => void,
): Promise<void> {
  await Promise.all(
    taps.map((tap, output) => deliver(tap, (found) => listener({ output, ...found }))),
  );
}

async function deliver(tap: ResultTapHandle, listener: (found: FoundResults) => void) {
  try {
    for (;;) {
      const batch = await tap.next();
      if (batch === null) return;
      for (const found of batch) listener(found);
    }
  } finally {
    await tap.close(); // else the session waits for a reader that is gone
  }
}
