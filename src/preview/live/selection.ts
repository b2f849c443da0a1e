/** The parameter of a pipeline file that the keys change. */
import type { LivePipeline } from './live-pipeline.ts';

export class Selection {
  readonly #live: LivePipeline | undefined;
  #index = 0;

  constructor(live: LivePipeline | undefined) {
    this.#live = live;
  }

  /** Clamped, because an edit of the file may have removed parameters. */
  get index(): number {
    return Math.min(this.#index, Math.max(0, this.#count - 1));
  }

  /** Empty without parameters. */
  get name(): string {
    return this.#live?.parameters[this.index]?.name ?? '';
  }

  /** Wraps around at both ends. */
  move(steps: number): void {
    if (this.#count > 0) this.#index = (this.index + steps + this.#count) % this.#count;
  }

  get #count(): number {
    return this.#live?.parameters.length ?? 0;
  }
}
