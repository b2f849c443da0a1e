/** One loop for all windows of the process: they present in turn, and only one of them waits for the screen. */
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';

export interface Presentable {
  /** Whether this window's buffer swap waits for the screen. */
  waitsForScreen: boolean;
  /** Handles events and draws if anything changed; returns whether it drew. Reports its own errors. */
  present(now: number): boolean;
}

const windows = new Set<Presentable>();
/** Milliseconds between checks while nothing changes: a fraction of a frame at any rate. */
const idle = 2;
let running = false;

export function addToLoop(window: Presentable): void {
  windows.add(window);
  if (!running) void run();
}

export function removeFromLoop(window: Presentable): void {
  windows.delete(window);
}

async function run(): Promise<void> {
  running = true;
  await immediate(); // so that the caller can add its listeners first
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
