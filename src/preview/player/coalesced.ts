/** Work that is asked for faster than it can be done. */

/** Repeats its work until it has been done for the last value it was given; values in between may be left out. */
export class Coalesced<T> {
  readonly #work: (value: T) => Promise<void>;
  #pending: { value: T; readonly done: Promise<void> } | undefined;

  constructor(work: (value: T) => Promise<void>) {
    this.#work = work;
  }

  get pending(): boolean {
    return this.#pending !== undefined;
  }

  /** For what its work is done last; undefined where nothing is to be done. */
  get value(): T | undefined {
    return this.#pending?.value;
  }

  /** `queue` says when the work may begin. Settles as the last work does. */
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
