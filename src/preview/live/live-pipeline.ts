/** A pipeline file in a running preview: reloaded when it is saved, changed from the window, written back. */
import { EventEmitter } from 'node:events';
import { describeValue, FramelaneError, reasonOf } from '../../errors/errors.ts';
import { invalidArgument } from '../../errors/invalid-argument.ts';
import type { Stage, StageInput } from '../../ops/index.ts';
import { parsePipelineFile, readPipelineText, type VariableValues } from '../../pipeline/file.ts';
import { type Pipeline, pipeline } from '../../pipeline/pipeline.ts';
import { type Changes, changesFrom, type Draft, draftOf, rebase } from './draft.ts';
import type { PlacedParameter } from './list-parameters.ts';
import type { LiveParameter, ParameterValue } from './live-parameter.ts';
import { stepped } from './parameter-steps.ts';
import { replaceFile } from './replace-file.ts';
import { watchFile } from './watch-file.ts';

/** A stage of the file, which the window can turn off. */
export interface LiveStage {
  readonly stage: Stage;
  readonly on: boolean;
}

interface LivePipelineEvents {
  /** There is a new pipeline, or the file is valid again. */
  change: [pipeline: Pipeline];
  /** The file is invalid or missing; the last valid pipeline stays. */
  error: [error: FramelaneError];
}

/** Attempts, and milliseconds between them, before a missing file is an error: an editor may remove the old file first. */
const missingRetries = 5;
const missingDelay = 100;
/** Milliseconds between attempts after that, and for files that cannot be watched: no watch survives its folder. */
const pollDelay = 500;

/**
 * Follows a pipeline file. Changes from the window override the values of the file until they are saved; if the file is
 * edited meanwhile, the newer value of each place wins.
 *
 * @example
 * using live = await LivePipeline.open('look.json', { strength: 0.7 })
 * live.on('change', (pipeline) => player.setPipeline(pipeline)).on('error', ({ message }) => show(message))
 */
export class LivePipeline extends EventEmitter<LivePipelineEvents> implements Disposable {
  readonly path: string;
  /** Undefined once closed. */
  #watcher: Disposable | undefined;
  #draft: Draft;
  #pipeline: Pipeline;
  #off: ReadonlySet<number> = new Set();
  /** The last text on disk, valid or not. */
  #seen: string;
  #error: FramelaneError | undefined;
  #jobs: Promise<unknown> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;

  private constructor(path: string, draft: Draft) {
    super();
    this.path = path;
    this.#draft = draft;
    this.#seen = draft.base;
    this.#pipeline = pipeline(draft.stages as readonly StageInput[]);
    this.#watcher = this.#watch();
  }

  /**
   * Reads the file and starts watching it. `values` replace the variables' defaults, and `save` writes them like other
   * changes. Rejects what `readPipeline` rejects.
   */
  static async open(path: string, values: VariableValues = {}): Promise<LivePipeline> {
    const text = await readPipelineText(path);
    const file = parsePipelineFile(path, text);
    await file.build(values);
    const draft = await draftOf(path, text, changesFrom(path, file, values));
    const live = new LivePipeline(path, draft);
    void live.#reload(); // for what was saved before the watch began
    return live;
  }

  /** The pipeline of the file with the changes, without the stages that are off. */
  get pipeline(): Pipeline {
    return this.#pipeline;
  }

  /** Every stage of the file. */
  get stages(): readonly LiveStage[] {
    return this.#draft.stages.map((stage, index) => ({ stage, on: !this.#off.has(index) }));
  }

  /** The values that can be changed: variables first, then the options of the stages. */
  get parameters(): readonly LiveParameter[] {
    return this.#draft.parameters;
  }

  /** Whether there are unsaved changes. */
  get isChanged(): boolean {
    return this.#draft.changes.size > 0;
  }

  /** Why the file on disk cannot be used; undefined while it can. */
  get error(): FramelaneError | undefined {
    return this.#error;
  }

  /**
   * Changes a parameter by steps: numbers stop at the ends of their range, choices wrap around. This and the other changes
   * settle when the new pipeline is built; a value that the pipeline rejects changes nothing.
   */
  async change(name: string, steps: number): Promise<void> {
    if (!Number.isInteger(steps)) {
      throw invalidArgument('steps', 'an integer', steps);
    }
    return this.#edit(name, (parameter) => stepped(parameter, steps));
  }

  /** Gives a parameter a value. */
  set(name: string, value: ParameterValue): Promise<void> {
    return this.#edit(name, () => value);
  }

  /** Discards the unsaved change of a parameter, or of the whole colour if it is a channel. */
  reset(name: string): Promise<void> {
    return this.#enqueue(async () => {
      const changes = new Map(this.#draft.changes);
      if (changes.delete(this.#find(name).place)) await this.#apply(changes);
    });
  }

  /** Turns a stage of the file off or on; the file does not change. */
  toggleStage(index: number): Promise<void> {
    return this.#enqueue(async () => {
      const count = this.#draft.stages.length;
      if (!Number.isInteger(index) || index < 0 || index >= count) {
        const number = Number.isInteger(index) ? index + 1 : describeValue(index);
        throw missing('stage', `there is no stage ${number}; the pipeline has ${count}`);
      }
      const off = new Set(this.#off);
      if (!off.delete(index)) off.add(index);
      this.#use(this.#draft, off);
    });
  }

  /**
   * Writes the changed values to their places in the file and keeps the rest of its text. Rejects with ERR_OUTPUT_CHANGED,
   * and writes nothing, if the file has changed since it was read.
   */
  save(): Promise<void> {
    return this.#enqueue(async () => {
      const { base, text } = this.#draft;
      await replaceFile(this.path, base, text);
      this.#seen = text;
      this.#draft = await draftOf(this.path, text, new Map());
    });
  }

  /** Stops watching; pending work ends without an event. */
  close(): void {
    clearTimeout(this.#retry);
    this.#watcher?.[Symbol.dispose]();
    this.#watcher = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #edit(name: string, next: (parameter: LiveParameter) => ParameterValue): Promise<void> {
    return this.#enqueue(async () => {
      const parameter = this.#find(name);
      const value = next(parameter);
      if (typeof value !== typeof parameter.value || Number.isNaN(value)) {
        throw invalidArgument(name, `a ${typeof parameter.value}`, value);
      }
      const { place, written } = parameter;
      await this.#apply(new Map(this.#draft.changes).set(place, written(value)));
    });
  }

  #find(name: string): PlacedParameter {
    const found = this.#draft.parameters.find((parameter) => parameter.name === name);
    if (found) return found;
    throw missing('parameter', `${this.path} has no parameter ${describeValue(name)}`);
  }

  async #apply(changes: Changes): Promise<void> {
    const draft = await draftOf(this.path, this.#draft.base, changes);
    if (draft.text !== this.#draft.text) this.#use(draft, this.#off);
  }

  /** Runs jobs in order, so that each starts from the result of the one before. */
  #enqueue(job: () => Promise<void>): Promise<void> {
    const done = this.#jobs.then(job);
    this.#jobs = done.catch(() => {});
    return done;
  }

  #reload(retries = missingRetries): Promise<void> {
    return this.#enqueue(async () => {
      const text = await readPipelineText(this.path).catch((error: FramelaneError) => error);
      if (this.#watcher === undefined) return;
      if (text instanceof FramelaneError) {
        if (retries === 0 && text.message !== this.#error?.message) this.#fail(text);
        this.#retryLater(retries);
        return;
      }
      if (text === '' && retries > 0) return this.#retryLater(retries); // between truncating and writing
      if (retries < missingRetries && text !== '') {
        this.#watcher[Symbol.dispose]();
        this.#watcher = this.#watch();
        void this.#reload(); // what was saved before the watch began
        return;
      }
      if (text === this.#seen && this.#error === undefined) return;
      this.#seen = text;
      const result = await rebase(this.path, text, this.#draft).catch((error: unknown) =>
        asError(error, this.path),
      );
      if (result instanceof FramelaneError) return this.#fail(result);
      this.#error = undefined;
      this.#use(result, this.#stillOff(result.stages));
    });
  }

  #retryLater(retries: number): void {
    clearTimeout(this.#retry);
    const delay = retries > 0 ? missingDelay : pollDelay;
    this.#retry = setTimeout(() => void this.#reload(Math.max(0, retries - 1)), delay).unref();
  }

  #watch(): Disposable {
    return watchFile(
      this.path,
      () => void this.#reload(),
      () => this.#retryLater(0),
    );
  }

  #stillOff(stages: readonly Stage[]): ReadonlySet<number> {
    const before = this.#draft.stages;
    return new Set([...this.#off].filter((index) => before[index]?.op === stages[index]?.op));
  }

  #use(draft: Draft, off: ReadonlySet<number>): void {
    const on = draft.stages.filter((_, index) => !off.has(index));
    this.#draft = draft;
    this.#off = off;
    this.#pipeline = pipeline(on as readonly StageInput[]);
    if (this.#watcher !== undefined) this.emit('change', this.#pipeline);
  }

  #fail(error: FramelaneError): void {
    this.#error = error;
    if (this.#watcher !== undefined) this.emit('error', error);
  }
}

function asError(error: unknown, path: string): FramelaneError {
  if (error instanceof FramelaneError) return error;
  const message = `${path}: ${reasonOf(error)}`;
  return new FramelaneError('ERR_INVALID_PIPELINE', message, { cause: error });
}

function missing(what: string, message: string): FramelaneError {
  return new FramelaneError('ERR_INVALID_ARGUMENT', `${what}: ${message}`, { path: what });
}
