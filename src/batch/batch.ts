/** Many pictures through one pipeline: decoders and encoders in parallel around one device. */
import { EventEmitter } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { checkNames, expectOptions } from '../errors/option-names.ts';
import { type EncodeOptions, encodeNames } from '../image/encode-options.ts';
import { type ReadOptions, readNames } from '../image/load.ts';
import { logger } from '../log.ts';
import type { NativeStage } from '../native/plan.ts';
import { invalidOutput } from '../output-file.ts';
import type { AssetOptions } from '../pipeline/assets.ts';
import { type Pipeline, pipelineOf } from '../pipeline/pipeline.ts';
import { prepareStages } from '../plan.ts';
import { whenAborted } from '../system/limits.ts';
import { PictureBuffers, Workspace } from './buffers.ts';
import { expandInputs } from './inputs.ts';
import { type Job, planJobs } from './jobs.ts';
import { type PictureSize, processPicture } from './process-picture.ts';

export interface BatchOptions
  extends ReadOptions,
    Omit<EncodeOptions, 'u8' | 'delay' | 'loop'>,
    AssetOptions {
  readonly device?: DeviceOption | undefined;
  /** Replace outputs that exist; false by default. An output is never one of the inputs. */
  readonly overwrite?: boolean | undefined;
  /**
   * How many pictures are in progress at once, which bounds the memory. By default one more than can be decoded and encoded at
   * the same time, limited by the cores and by libuv's threads (4, or UV_THREADPOOL_SIZE).
   */
  readonly concurrency?: number | undefined;
}

/** The outcome of one picture. */
export interface BatchFile {
  readonly input: string;
  readonly output: string;
  /** The size of the output; undefined where there is none. */
  readonly size: PictureSize | undefined;
  /** Why there is no output; undefined on success. */
  readonly error: FramelaneError | undefined;
}

export interface BatchProgress {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly seconds: number;
}

export interface BatchResult extends BatchProgress {
  /** In the order of the inputs; after `stop()`, only the pictures that were started. */
  readonly files: readonly BatchFile[];
  readonly device: DeviceId;
  /** Whether `stop()` ended it early. */
  readonly stopped: boolean;
}

interface BatchEvents {
  start: [{ readonly total: number; readonly device: DeviceId }];
  file: [BatchFile];
  progress: [BatchProgress];
}

const optionNames = [
  ...readNames,
  ...encodeNames.filter((name) => !['u8', 'delay', 'loop'].includes(name)),
  ...['device', 'overwrite', 'concurrency', 'signal', 'assets'],
];

const log = logger('batch');

/** A running batch: events `start`, `file` and `progress`, the promise `finished`, and two ways to stop. */
export class Batch extends EventEmitter<BatchEvents> {
  /** The result, including failed pictures; rejects if nothing could be started, or the batch was aborted. */
  readonly finished: Promise<BatchResult>;
  readonly device: DeviceId;
  readonly #begin = performance.now();
  #stopped: boolean = false;
  #aborted: FramelaneError | undefined;
  /** Aborts running decoders. */
  readonly #decoding = new AbortController();
  #total = 0;
  #failed = 0;
  readonly #files: BatchFile[] = [];

  constructor(
    pipeline: Pick<Pipeline, 'stages'>,
    inputs: string | readonly string[],
    output: string,
    options: BatchOptions,
  ) {
    super();
    expectOptions(options);
    const stages = pipelineOf(pipeline);
    const concurrency = concurrencyOf(options);
    this.device = resolveDevice(options.device);
    this.finished = this.#run(stages, inputs, output, { ...options, concurrency });
  }

  /** Starts no further picture, finishes those in progress, and resolves `finished`. */
  stop(): void {
    this.#stopped = true;
  }

  /** Writes no further picture; `finished` rejects with ERR_ABORTED. Pictures already written stay. */
  abort(reason?: unknown): void {
    this.#aborted ??= new FramelaneError('ERR_ABORTED', 'the batch was aborted', { cause: reason });
    this.#decoding.abort(reason);
  }

  async #run(
    pipeline: Pick<Pipeline, 'stages'>,
    inputs: string | readonly string[],
    template: string,
    options: BatchOptions & { readonly concurrency: number },
  ): Promise<BatchResult> {
    const { signal, overwrite = false, concurrency, assets, ...rest } = options;
    const forget = whenAborted(signal, () => this.abort(signal?.reason));
    try {
      await Promise.resolve(); // listeners can be added before the first event
      this.#proceed();
      checkNames(options, optionNames);
      const settings = { ...split({ ...rest, signal: this.#decoding.signal }), overwrite };
      const jobs = await planJobs(await expandInputs(inputs), template, settings);
      this.#total = jobs.length;
      using prepared = await prepareStages(pipeline, this.device, {}, { assets });
      this.#proceed();
      log.info?.('start', { pictures: jobs.length, device: this.device, concurrency });
      this.emit('start', { total: jobs.length, device: this.device });
      const queue = jobs.values();
      using workspace = new Workspace(this.device);
      const work = async () => {
        using buffers = new PictureBuffers(this.device, workspace);
        for (const job of queue) {
          if (this.#stopped || this.#aborted) return;
          await this.#process(job, prepared.stages, settings, buffers);
        }
      };
      const ways = Array.from({ length: Math.min(concurrency, jobs.length) }, work);
      try {
        await Promise.all(ways);
      } catch (error) {
        // A listener has thrown: the other workers must not go on.
        this.abort(error);
        await Promise.allSettled(ways);
        throw error;
      }
      this.#proceed();
      return this.#result(jobs);
    } finally {
      forget();
    }
  }

  async #process(
    job: Job,
    stages: readonly NativeStage[],
    settings: ReturnType<typeof split> & { readonly overwrite: boolean },
    buffers: PictureBuffers,
  ): Promise<void> {
    const { input, output } = job;
    const proceed = () => this.#proceed();
    let size: PictureSize | undefined;
    let error: FramelaneError | undefined;
    try {
      await makeFolderOf(output);
      size = await processPicture(stages, job, { ...settings, proceed }, buffers);
    } catch (cause) {
      if (this.#aborted) return;
      error = asFramelaneError(cause);
      log.warn?.('failed', { input, code: error.code }, error.message);
      this.#failed++;
    }
    this.#report({ input, output, size, error });
  }

  #report(file: BatchFile): void {
    this.#files.push(file);
    this.emit('file', file);
    this.emit('progress', this.#progress());
  }

  #proceed(): void {
    if (this.#aborted) throw this.#aborted;
  }

  #progress(): BatchProgress {
    const seconds = (performance.now() - this.#begin) / 1000;
    const failed = this.#failed;
    return { done: this.#files.length - failed, failed, total: this.#total, seconds };
  }

  #result(jobs: readonly Job[]): BatchResult {
    const byInput = new Map(this.#files.map((file) => [file.input, file]));
    const files = jobs.flatMap(({ input }) => byInput.get(input) ?? []);
    const stopped = files.length < jobs.length;
    const result = { ...this.#progress(), files, device: this.device, stopped };
    const { done, failed, seconds } = result;
    log.info?.('end', { done, failed, seconds: seconds.toFixed(3), stopped });
    return result;
  }
}

/** Separates the options of the decoder from those of the encoder. */
function split({ device: _, autorotate, page, colorspace, signal, ...rest }: BatchOptions) {
  const { pixelLimit, timeLimit, memoryLimit, ...encoding } = rest;
  const limits = { pixelLimit, timeLimit, memoryLimit };
  return { reading: { autorotate, page, colorspace, signal, ...limits }, encoding };
}

async function makeFolderOf(output: string): Promise<void> {
  const folder = dirname(output);
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw invalidOutput(output, `the folder ${folder} cannot be created (${cause.code})`, cause);
  });
}

function concurrencyOf({ concurrency }: BatchOptions): number {
  const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
  if (concurrency === undefined) return Math.min(availableParallelism(), threads) + 1;
  if (Number.isInteger(concurrency) && concurrency >= 1) return concurrency;
  throw invalidOption('concurrency', 'an integer of at least 1', concurrency);
}

function asFramelaneError(error: unknown): FramelaneError {
  if (error instanceof FramelaneError) return error;
  const message = `unexpected error: ${reasonOf(error)}`;
  return new FramelaneError('ERR_INTERNAL', message, { cause: error });
}

/**
 * Runs a pipeline on many pictures. `inputs` are paths and patterns (`photos/*.jpg`); `output` names each result with the
 * placeholders {name}, {ext}, {dir} and {index}, and its extension chooses the format. 16-bit and float pictures keep their
 * depth in the pipeline, and in formats that support it. A picture that fails does not stop the others.
 *
 * @throws FramelaneError through `finished`, before any work: ERR_INPUT_NOT_FOUND, ERR_INVALID_OPTION, ERR_UNSUPPORTED_FORMAT,
 * ERR_OUTPUT_EXISTS, ERR_OUTPUT_INVALID if two inputs share an output or an output is an input.
 * @example
 * const { done, failed } = await runBatch(look, 'photos/*.jpg', 'out/{name}.webp', { quality: 80 }).finished
 */
export function runBatch(
  pipeline: Pick<Pipeline, 'stages'>,
  inputs: string | readonly string[],
  output: string,
  options: BatchOptions = {},
): Batch {
  return new Batch(pipeline, inputs, output, options);
}
