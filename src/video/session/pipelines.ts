/** The pipelines of a session at one moment: the shared one, and one for each output that runs after it. */
import { invalidOption } from '../../errors/invalid.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { withValue } from '../../pipeline/value.ts';

/** A pipeline as it was given, and with the values set in it since. */
export interface Part {
  readonly source: Pipeline;
  readonly values: ReadonlyMap<string, unknown>;
  readonly pipeline: Pipeline;
}

export function partOf(source: Pipeline): Part {
  return { source, values: new Map(), pipeline: source };
}

/** The part with one more value set. */
export function withValueIn(part: Part, path: string, value: unknown): Part {
  const values = new Map(part.values).set(path, value);
  return { ...part, values, pipeline: withValue(part.pipeline, path, value) };
}

/** The same values set in another pipeline. */
export function withSource({ values }: Part, source: Pipeline): Part {
  const pipeline = [...values].reduce((built, change) => withValue(built, ...change), source);
  return { source, values, pipeline };
}

export class SessionPipelines {
  readonly #shared: Part;
  readonly #own: readonly Part[];

  private constructor(shared: Part, own: readonly Part[]) {
    this.#shared = shared;
    this.#own = own;
  }

  static of(shared: Pipeline, own: readonly Pipeline[]): SessionPipelines {
    return new SessionPipelines(partOf(shared), own.map(partOf));
  }

  /** All stages of an output. */
  stagesOf(output: number): Pipeline['stages'] {
    const own = this.#own[output]?.pipeline.stages ?? [];
    return [...this.#shared.pipeline.stages, ...own];
  }

  /** The own pipeline of an output, or the shared one where it is undefined. */
  part(output: number | undefined): Part {
    if (output === undefined) return this.#shared;
    const part = Number.isInteger(output) ? this.#own[output] : undefined;
    if (part !== undefined) return part;
    throw invalidOption('output', `an integer from 0 to ${this.#own.length - 1}`, output);
  }

  with(output: number | undefined, part: Part): SessionPipelines {
    if (output === undefined) return new SessionPipelines(part, this.#own);
    return new SessionPipelines(this.#shared, this.#own.with(output, part));
  }

  /** The outputs whose frames a change of a part affects. */
  affected(output: number | undefined): number[] {
    return output === undefined ? [...this.#own.keys()] : [output];
  }
}
