/** Runs the pipeline on frames that were read, and keeps the results until they are taken. */
import type { DeviceId } from '../../device.ts';
import { addon } from '../../native/binding.ts';
import type { PlanRunnerHandle } from '../../native/native.ts';
import type { CompiledPipeline } from './compiled-pipeline.ts';
import type { FeedPolicy } from './feed-policy.ts';
import type { PooledFrame } from './frame-pool.ts';
import { type RenderedFrame, release } from './rendered-frame.ts';
import { Samples } from './samples.ts';
import type { Signal } from './signal.ts';
import type { SourceFrame } from './source-queue.ts';
import type { SourceReader } from './source-reader.ts';

/** Enough to bridge a slow frame; each one costs memory and delays a change of the pipeline. */
const mostReady = 3;

export class Processor {
  /** Seconds that the pipeline took per frame. */
  readonly times = new Samples();
  readonly #reader: SourceReader;
  readonly #live: boolean;
  readonly #signal: Signal;
  readonly #policy: FeedPolicy;
  readonly #runner: PlanRunnerHandle;
  readonly #loop: Promise<void>;
  #pipeline: CompiledPipeline;
  /** The pipeline that failed on a frame; processing stops until it is replaced or reading restarts. */
  #failed: CompiledPipeline | undefined;
  #busy: boolean = false;
  #gap: boolean = false;
  #ready: RenderedFrame[] = [];
  #dropped = 0;

  constructor(
    reader: SourceReader,
    live: boolean,
    device: DeviceId,
    pipeline: CompiledPipeline,
    signal: Signal,
    policy: FeedPolicy,
  ) {
    this.#reader = reader;
    this.#live = live;
    this.#pipeline = pipeline;
    this.#signal = signal;
    this.#policy = policy;
    this.#runner = new (addon().PlanRunnerHandle)(device);
    this.#loop = this.#process();
  }

  get pipeline(): CompiledPipeline {
    return this.#pipeline;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get isStuck(): boolean {
    return this.#pipeline === this.#failed;
  }

  get ready(): number {
    return this.#ready.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** The time of the next result. */
  get next(): number | undefined {
    return this.#ready[0]?.timestamp;
  }

  take(): RenderedFrame | undefined {
    const frame = this.#ready.shift();
    if (frame !== undefined) this.#signal.notify();
    return frame;
  }

  drop(frame: RenderedFrame): void {
    this.#dropped++;
    release(frame);
  }

  dropReady(): void {
    for (const frame of this.#ready.splice(0)) this.drop(frame);
  }

  clear(): void {
    for (const frame of this.#ready.splice(0)) release(frame);
    this.#gap = false;
  }

  /** Lets a pipeline that failed try again. */
  retry(): void {
    this.#failed = undefined;
  }

  /** Replaces the pipeline; results that are ready are processed again. */
  setPipeline(pipeline: CompiledPipeline): void {
    const old = this.#pipeline;
    this.#pipeline = pipeline;
    this.requeue(({ outdated }) => !outdated);
    old[Symbol.dispose]();
    this.#signal.notify();
  }

  /** Processes again what a replaced pipeline made; for when there is time. */
  refresh(): void {
    if (!this.#ready.some(({ outdated }) => outdated)) return;
    this.requeue();
    this.#signal.notify();
  }

  /** Puts results back in the queue, by default all, to be processed in order of time. */
  requeue(which = (_: RenderedFrame) => true): void {
    for (const frame of this.#ready.splice(0)) {
      const { source, result, timestamp } = frame;
      if (which(frame)) {
        result.release();
        this.#reader.queue.insert({ source, timestamp });
      } else this.#ready.push(frame);
    }
  }

  /** Processes one frame out of turn, and releases it if that fails. */
  async render(frame: SourceFrame, gap = false): Promise<RenderedFrame> {
    const { source, timestamp } = frame;
    try {
      const result = await this.#pipeline.render(this.#runner, frame, this.#reader.run);
      return { source, result, timestamp, gap };
    } catch (error) {
      source.release();
      throw error;
    }
  }

  async #process(): Promise<void> {
    const { queue } = this.#reader;
    const hasRoom = () => this.#live || this.#ready.length < mostReady;
    const canStart = () => queue.length > 0 && hasRoom() && !this.isStuck;
    for (;;) {
      await this.#signal.until(canStart);
      if (this.#signal.closed) return;
      const frame = queue.shift();
      if (frame === undefined) continue; // cleared before this loop resumed
      const following = queue.first?.timestamp;
      if (following !== undefined && this.#policy.overtaken(following)) {
        this.#dropped++;
        this.#gap = true;
        frame.source.release();
      } else {
        this.#busy = true;
        await this.#renderNext(frame);
        this.#busy = false;
      }
      this.#signal.notify();
    }
  }

  async #renderNext(frame: SourceFrame): Promise<void> {
    const { queue, run } = this.#reader;
    const pipeline = this.#pipeline;
    const { source, timestamp } = frame;
    const begin = performance.now();
    let result: PooledFrame;
    try {
      result = await pipeline.render(this.#runner, frame, run);
    } catch (error) {
      if (run !== this.#reader.run) return source.release();
      queue.insert(frame);
      if (pipeline === this.#pipeline) this.#fail(pipeline, error);
      return;
    }
    const outdated = pipeline !== this.#pipeline;
    if (run !== this.#reader.run) {
      source.release();
      result.release();
    } else if (this.#comesLater(frame) || (outdated && !this.#isUrgent(frame))) {
      result.release();
      queue.insert({ source, timestamp, again: outdated });
    } else {
      this.times.add((performance.now() - begin) / 1000);
      if (this.#live) this.dropReady();
      this.#ready.push({ source, result, timestamp, gap: this.#gap, outdated });
      this.#gap = false;
    }
  }

  /** Whether an earlier frame has been put back meanwhile. */
  #comesLater({ timestamp }: SourceFrame): boolean {
    const { first } = this.#reader.queue;
    return first !== undefined && first.timestamp < timestamp;
  }

  /** Whether another attempt would freeze the picture, because pipelines change faster than frames are processed. */
  #isUrgent({ timestamp, again = false }: SourceFrame): boolean {
    return again && this.#policy.due(timestamp);
  }

  #fail(pipeline: CompiledPipeline, error: unknown): void {
    this.#failed = pipeline;
    if (!this.#signal.closed) this.#policy.failed(error);
    this.#signal.notify();
  }

  /** Settles when the last frame is processed, after the signal was closed. */
  stopped(): Promise<void> {
    return this.#loop;
  }

  async free(): Promise<void> {
    await this.#runner.close();
    this.#pipeline[Symbol.dispose]();
  }
}
