/** Wakes everyone who waits for a condition, whenever the state behind it may have changed. */
export class Signal {
  #waiters: (() => void)[] = [];
  #closed: boolean = false;

  get closed(): boolean {
    return this.#closed;
  }

  notify(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }

  /** Settles when the condition holds or the signal is closed. */
  async until(condition: () => boolean): Promise<void> {
    while (!this.#closed && !condition()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  close(): void {
    this.#closed = true;
    this.notify();
  }
}
