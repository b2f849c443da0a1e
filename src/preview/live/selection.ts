/** Which parameter of a pipeline file the keys change. */
import type { LivePipeline } from './live-pipeline.ts';

export class Selection {
  readonly #live: LivePipeline | undefined;
  #index = 0;

  constructor(live: LivePipeline | undefined) {
    this.#live = live;
  }

  /** The file may have lost parameters since they were counted. */
  get index(): number {
    return Math.min(this.#index, Math.max(0, this.#count - 1));
  }

  /** Empty where there is none. */
  get name(): string {
    return this.#live?.parameters[this.index]?.name ?? '';
  }

  /** Goes round at both ends. */
  move(steps: number): void {
    if (this.#count > 0) this.#index = (this.index + steps + this.#count) % this.#count;
  }

  get #count(): number {
    return this.#live?.parameters.length ?? 0;
  }
}
