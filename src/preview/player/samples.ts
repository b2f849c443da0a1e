/** Quantiles of the latest measurements. */

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** A ring of measurements; adding one allocates nothing. */
export class Samples {
  readonly #values: Float64Array;
  #count = 0;

  constructor(capacity = 256) {
    this.#values = new Float64Array(capacity);
  }

  add(value: number): void {
    this.#values[this.#count++ % this.#values.length] = value;
  }

  /** By nearest rank; 0 without measurements. */
  quantiles(): Quantiles {
    const sorted = this.#values.slice(0, Math.min(this.#count, this.#values.length)).sort();
    const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
