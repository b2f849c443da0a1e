/** The listeners and pending events of a window. */
import type { WindowEvent } from './window.ts';

export class WindowEvents {
  readonly #listeners: ((event: WindowEvent) => void)[] = [];
  #pending: WindowEvent[] = [];
  closed = false;

  on(listener: (event: WindowEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Queues an event for the next `deliver()`. */
  add(event: WindowEvent): void {
    this.#pending.push(event);
  }

  /** Delivers the queued events; those that listeners add meanwhile wait for the next call. */
  deliver(): void {
    const events = this.#pending;
    this.#pending = [];
    for (const event of events) {
      if (event.type === 'close') this.closed = true;
      for (const listener of this.#listeners) listener(event);
    }
  }

  /** Ends delivery for a freed window, including events that are being delivered. */
  end(): void {
    this.closed = true;
    this.#listeners.length = 0;
  }
}
