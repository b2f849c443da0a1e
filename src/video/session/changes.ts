/** Changes of a session's pipelines, while it opens and while it runs. */

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
  /** The output whose own pipeline is changed, by index; by default the pipeline of the session, which all outputs share. */
  readonly output?: number | undefined;
}

const changeNames = namesOf<ChangeOptions>({ output: true });

type Output = number | undefined;

/** Files newly loaded for outputs, by index; other outputs keep the files they have. */
type Loaded = ReadonlyMap<number, PreparedStages>;

export class SessionChanges {
  #pipelines: SessionPipelines;
  #transcode: Transcode | undefined;
  /** The number of frames, once no more come. */
  #frames: number | undefined;
  /** The error of further changes, once none is possible. */
  #closed: readonly [ErrorCode, string] | undefined;
  #opened = { resolve: (_: Transcode) => {}, reject: (_: unknown) => {} };
  readonly #opening = new Promise<Transcode>((resolve, reject) => {
    this.#opened = { resolve, reject };
  });
  /** The changes that read files, one after the other. */
  #jobs: Promise<unknown> = Promise.resolve();

  constructor(pipeline: Pipeline, own: readonly Pipeline[]) {
    this.#pipelines = SessionPipelines.of(pipeline, own);
    this.#opening.catch(() => {}); // the changes that wait for it report the rejection
  }

  /** The pipelines with all changes so far. */
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
      const known = next.affected(output).every((index) => {
        return transcode.outputs[index]?.plan.hasFiles(next.stagesOf(index));
      });
      // Pictures in use need not be read again for each step of a slider.
      const loaded = known ? new Map() : await loadFiles(transcode, next, output);
      return this.#publishLoaded(transcode, output, change, loaded);
    });
  }

  /**
   * Called when the outputs are open, with the pipelines they were opened by, before anything runs. Applies the changes made
   * since from the first frame on. Disposing of the result declares that no further frame comes.
   */
  async open(transcode: Transcode, begun: SessionPipelines): Promise<Disposable> {
    if (this.#pipelines !== begun) this.#publish(transcode, this.#pipelines, undefined);
    this.#transcode = transcode;
    this.#opened.resolve(transcode);
    await this.#jobs;
    if (transcode.isTwoPass) {
      const why =
        'twoPass: the pipeline cannot change while it runs, because both passes must see the same frames';
      this.#closed = ['ERR_INVALID_ARGUMENT', why];
    }
    return {
      [Symbol.dispose]: () => {
        this.#frames = transcode.stats().framesIn;
      },
    };
  }

  /** The session is over; changes that still wait for its start reject with its error. */
  end(reason: unknown): void {
    this.#closed = ['ERR_DISPOSED', 'the session has ended'];
    this.#opened.reject(reason);
  }

  #outputOf(options: ChangeOptions): Output {
    checkNames(options, changeNames);
    this.#requireOpen();
    this.#pipelines.part(options.output);
    return options.output;
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw new FramelaneError(...this.#closed);
  }

  #with(output: Output, change: (part: Part) => Part): SessionPipelines {
    return this.#pipelines.with(output, change(this.#pipelines.part(output)));
  }

  #enqueue(job: (transcode: Transcode) => Promise<number>): Promise<number> {
    const done = this.#jobs.then(() => this.#opening).then(job);
    this.#jobs = done.catch(() => {});
    return done;
  }

  /** Applies a change to the part as it is now, after its files were loaded. */
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

  /** Compiles and checks all plans before any changes; returns the number of the first frame that they compute. */
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
      for (const index of next.affected(output)) {
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
    for (const index of pipelines.affected(output)) {
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
