/** Who listens to a window, and whether it is to be closed. */
import type { WindowEvent } from './window.ts';

export class WindowEvents {
  readonly #listeners: ((event: WindowEvent) => void)[] = [];
  #pending: WindowEvent[] = [];
  closed = false;

  on(listener: (event: WindowEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** To be delivered with the next `deliver()`. */
  add(event: WindowEvent): void {
    this.#pending.push(event);
  }

  /** Hands over what has been added; what listeners add meanwhile waits for the next time. */
  deliver(): void {
    const events = this.#pending;
    this.#pending = [];
    for (const event of events) {
      if (event.type === 'close') this.closed = true;
      for (const listener of this.#listeners) listener(event);
    }
  }

  /** Of a window that is freed, nothing more is told; not even the rest of what is being delivered. */
  end(): void {
    this.closed = true;
    this.#listeners.length = 0;
  }
}
