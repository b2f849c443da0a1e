/** One loop for all windows of the process: each looks for a new frame in turn, and only one of them waits for the screen. */
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';

export interface Presentable {
  /** Whether its buffer swap is the one that waits for the screen. */
  waitsForScreen: boolean;
  /** Handles what has happened and draws where something is new; false where nothing was drawn. */
  present(now: number): boolean;
}

const windows = new Set<Presentable>();
/** Milliseconds until an unchanged window is looked at again: a fraction of a frame of any rate. */
const idle = 2;
let running = false;

export function addToLoop(window: Presentable): void {
  windows.add(window);
  if (!running) void run();
}

export function removeFromLoop(window: Presentable): void {
  windows.delete(window);
}

/** `present` does not throw; it tells its owner and leaves the loop. */
async function run(): Promise<void> {
  running = true;
  await immediate(); // whoever opened the first one can listen to it
  while (windows.size > 0) {
    const [first] = windows;
    let drawn = false;
    for (const window of windows) {
      window.waitsForScreen = window === first;
      drawn = window.present(performance.now() / 1000) || drawn;
    }
    await (drawn ? immediate() : delay(idle));
  }
  running = false;
}
