/** What operations find out about the frames of a session, on its way to whoever listens. */
import type { FoundResults, ResultTapHandle } from '../../native/results.ts';

/** What the operations with a result have found out about one frame. */
export interface FrameResults extends FoundResults {
  /** Which output shows the frame. */
  readonly output: number;
}

/** Settles when every frame has been told; what `tell` throws ends it. */
export async function tellResults(
  taps: readonly ResultTapHandle[],
  tell: (results: FrameResults) => void,
): Promise<void> {
  await Promise.all(taps.map((tap, output) => tellOf(tap, (found) => tell({ output, ...found }))));
}

async function tellOf(tap: ResultTapHandle, tell: (found: FoundResults) => void): Promise<void> {
  try {
    for (;;) {
      const found = await tap.next();
      if (found === null) return;
      for (const one of found) tell(one);
    }
  } finally {
    await tap.close(); // nobody waits for room any more
  }
}
