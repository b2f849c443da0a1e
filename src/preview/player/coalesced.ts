/** Work that is requested faster than it can be done. */

/** Repeats its work until the last value given is done; values in between may be skipped. */
export class Coalesced<T> {
  readonly #work: (value: T) => Promise<void>;
  #pending: { value: T; readonly done: Promise<void> } | undefined;

  constructor(work: (value: T) => Promise<void>) {
    this.#work = work;
  }

  get pending(): boolean {
    return this.#pending !== undefined;
  }

  /** The last value given; undefined when no work is pending. */
  get value(): T | undefined {
    return this.#pending?.value;
  }

  /** `queue` decides when the work begins. Settles with the last work. */
  run(value: T, queue: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    if (this.#pending !== undefined) {
      this.#pending.value = value;
      return this.#pending.done;
    }
    const done = queue(() => this.#untilLast()).finally(() => {
      this.#pending = undefined;
    });
    this.#pending = { value, done };
    return done;
  }

  async #untilLast(): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) return;
    let done: T;
    do {
      done = pending.value;
      await this.#work(done);
    } while (!Object.is(done, pending.value));
  }
}
