/** What is changed in a session's pipelines, while it is opened and while it runs. */

import { type ErrorCode, FramelaneError } from '../../errors/errors.ts';
import { checkNames, namesOf } from '../../errors/option-names.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import { type VariableValues, withVariables } from '../../pipeline/file.ts';
import { type Pipeline, pipelineOf } from '../../pipeline/pipeline.ts';
import type { PreparedStages } from '../../plan.ts';
import type { NextPlan } from './output-plan.ts';
import { type Part, partOf, SessionPipelines, withSource, withValueIn } from './pipelines.ts';
import type { Transcode } from './transcode.ts';

export interface ChangeOptions {
  /** Index of the output whose own pipeline is meant; that of the session, for all outputs, by default. */
  readonly output?: number | undefined;
}

const changeNames = namesOf<ChangeOptions>({ output: true });

type Output = number | undefined;

/** Files that were loaded for outputs, by their index; the others keep theirs. */
type Loaded = ReadonlyMap<number, PreparedStages>;

export class SessionChanges {
  #pipelines: SessionPipelines;
  #transcode: Transcode | undefined;
  /** How many there have been, once no more come. */
  #frames: number | undefined;
  /** Why nothing can be changed any more. */
  #refusal: readonly [ErrorCode, string] | undefined;
  #opened = { resolve: (_: Transcode) => {}, reject: (_: unknown) => {} };
  readonly #opening = new Promise<Transcode>((resolve, reject) => {
    this.#opened = { resolve, reject };
  });
  /** What reads files, one after the other. */
  #jobs: Promise<unknown> = Promise.resolve();

  constructor(pipeline: Pipeline, own: readonly Pipeline[]) {
    this.#pipelines = SessionPipelines.of(pipeline, own);
    this.#opening.catch(() => {}); // whoever waits for it hears of it
  }

  /** As they are now. */
  get pipelines(): SessionPipelines {
    return this.#pipelines;
  }

  set(path: string, value: unknown, options: ChangeOptions): number {
    const output = this.#outputOf(options);
    const next = this.#with(output, (part) => withValueIn(part, path, value));
    if (this.#transcode !== undefined) return this.#publish(this.#transcode, next, output);
    this.#pipelines = next;
    return 0;
  }

  async setPipeline(pipeline: Pick<Pipeline, 'stages'>, options: ChangeOptions): Promise<number> {
    const output = this.#outputOf(options);
    const part = partOf(pipelineOf(pipeline));
    return await this.#enqueue(async (transcode) => {
      const load = await loadFiles(transcode, this.#pipelines.with(output, part), output);
      return this.#publishLoaded(transcode, output, () => part, load);
    });
  }

  async setVariables(
    values: VariableValues,
    options: ChangeOptions,
    assets: AssetOptions,
  ): Promise<number> {
    const output = this.#outputOf(options);
    return await this.#enqueue(async (transcode) => {
      const source = await withVariables(this.#pipelines.part(output).source, values, assets);
      const change = (part: Part) => withSource(part, source);
      const next = this.#with(output, change);
      const known = next.concerned(output).every((index) => {
        return transcode.outputs[index]?.plan.hasFiles(next.stagesOf(index));
      });
      // Pictures that are named already need not be read for each step of a slider.
      const loaded = known ? new Map() : await loadFiles(transcode, next, output);
      return this.#publishLoaded(transcode, output, change, loaded);
    });
  }

  /**
   * The outputs have been opened, by the pipelines that were there when that began, and nothing runs yet. What has been asked
   * for since holds from the first frame on. Disposing of the result says that no frame comes any more.
   */
  async open(transcode: Transcode, begun: SessionPipelines): Promise<Disposable> {
    if (this.#pipelines !== begun) this.#publish(transcode, this.#pipelines, undefined);
    this.#transcode = transcode;
    this.#opened.resolve(transcode);
    await this.#jobs;
    if (transcode.isTwoPass) {
      const why =
        'twoPass: nothing is changed while it runs, because both passes must see the same';
      this.#refusal = ['ERR_INVALID_ARGUMENT', why];
    }
    return {
      [Symbol.dispose]: () => {
        this.#frames = transcode.stats().framesIn;
      },
    };
  }

  /** The session is over; what waits for its beginning fails as it did. */
  end(reason: unknown): void {
    this.#refusal = ['ERR_DISPOSED', 'the session has ended'];
    this.#opened.reject(reason);
  }

  #outputOf(options: ChangeOptions): Output {
    checkNames(options, changeNames);
    this.#requireOpen();
    this.#pipelines.part(options.output);
    return options.output;
  }

  #requireOpen(): void {
    if (this.#refusal !== undefined) throw new FramelaneError(...this.#refusal);
  }

  #with(output: Output, change: (part: Part) => Part): SessionPipelines {
    return this.#pipelines.with(output, change(this.#pipelines.part(output)));
  }

  #enqueue(job: (transcode: Transcode) => Promise<number>): Promise<number> {
    const done = this.#jobs.then(() => this.#opening).then(job);
    this.#jobs = done.catch(() => {});
    return done;
  }

  /** The change of a part as it is by now. */
  #publishLoaded(
    transcode: Transcode,
    output: Output,
    change: (part: Part) => Part,
    loaded: Loaded,
  ): number {
    try {
      return this.#publish(transcode, this.#with(output, change), output, loaded);
    } catch (error) {
      free(loaded);
      throw error;
    }
  }

  /** Everything is compiled and checked before anything changes; the number of the first frame that is computed so. */
  #publish(
    transcode: Transcode,
    next: SessionPipelines,
    output: Output,
    loaded: Loaded = new Map(),
  ): number {
    this.#requireOpen();
    if (this.#frames !== undefined) {
      free(loaded);
      return this.#frames;
    }
    const plans = new Map<number, NextPlan>();
    try {
      for (const index of next.concerned(output)) {
        const { plan } = transcode.outputs[index] ?? {};
        if (plan !== undefined)
          plans.set(index, plan.next(next.stagesOf(index), loaded.get(index)));
      }
      const frame = transcode.use(plans);
      this.#pipelines = next;
      return frame;
    } catch (error) {
      for (const { handle } of plans.values()) handle.free();
      throw error;
    }
  }
}

async function loadFiles(
  transcode: Transcode,
  pipelines: SessionPipelines,
  output: Output,
): Promise<Loaded> {
  const loaded = new Map<number, PreparedStages>();
  try {
    for (const index of pipelines.concerned(output)) {
      const prepared = await transcode.outputs[index]?.plan.prepare(pipelines.stagesOf(index));
      if (prepared !== undefined) loaded.set(index, prepared);
    }
    return loaded;
  } catch (error) {
    free(loaded);
    throw error;
  }
}

function free(loaded: Loaded): void {
  for (const prepared of loaded.values()) prepared[Symbol.dispose]();
}
