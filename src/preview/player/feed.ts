/** A short queue of frames to show next: reads a source ahead, processes it, and steps back through its history. */
import type { DeviceId } from '../../device.ts';
import type { SourceCounts } from '../../native/native.ts';
import type { CompiledPipeline } from './compiled-pipeline.ts';
import type { FeedPolicy } from './feed-policy.ts';
import type { PreviewInput } from './preview-input.ts';
import { Processor } from './processor.ts';
import type { RenderedFrame } from './rendered-frame.ts';
import type { Quantiles } from './samples.ts';
import { Signal } from './signal.ts';
import { SourceReader } from './source-reader.ts';
import { StepHistory } from './step-history.ts';

export class Feed implements AsyncDisposable {
  readonly #signal = new Signal();
  readonly #history = new StepHistory();
  readonly #reader: SourceReader;
  readonly #processor: Processor;

  constructor(
    input: PreviewInput,
    device: DeviceId,
    pipeline: CompiledPipeline,
    policy: FeedPolicy,
  ) {
    const { live } = input.info;
    this.#reader = new SourceReader(input, device, this.#history, this.#signal, {
      wantsLiveFrame: () => !this.#processor.busy && !policy.idle(),
      failed: (error) => policy.failed(error),
    });
    this.#processor = new Processor(this.#reader, live, device, pipeline, this.#signal, policy);
  }

  /** Whether every frame up to the end has been taken. */
  get drained(): boolean {
    const { done, queue } = this.#reader;
    const { busy, ready } = this.#processor;
    return done && !busy && queue.length + ready === 0;
  }

  /** Whether waiting is useless: the source or the pipeline has failed, or the feed is closed. */
  get broken(): boolean {
    return this.#reader.failed || this.#signal.closed || this.#processor.isStuck;
  }

  get queued(): number {
    return this.#reader.queue.length;
  }

  get ready(): number {
    return this.#processor.ready;
  }

  get pipeline(): CompiledPipeline {
    return this.#processor.pipeline;
  }

  counts(): SourceCounts {
    const { frames, dropped, waiting } = this.#reader.counts();
    return { frames, dropped: dropped + this.#processor.dropped, waiting };
  }

  /** Seconds that the pipeline took per frame. */
  processingTimes(): Quantiles {
    return this.#processor.times.quantiles();
  }

  /** The time of the next frame. */
  get next(): number | undefined {
    return this.#processor.next;
  }

  /** The next frame, which the caller releases. */
  take(): RenderedFrame | undefined {
    return this.#processor.take();
  }

  drop(frame: RenderedFrame): void {
    this.#processor.drop(frame);
  }

  dropReady(): void {
    this.#processor.dropReady();
  }

  /** Waits for the next frame; undefined at the end and after a failure. */
  async first(): Promise<RenderedFrame | undefined> {
    const { run } = this.#reader;
    await this.settle();
    return run === this.#reader.run ? this.take() : undefined;
  }

  /** Waits until the next frame is ready, or none can come. */
  async settle(): Promise<void> {
    const { run } = this.#reader;
    const isSettled = () => this.ready > 0 || this.drained || this.#processor.isStuck;
    await this.#signal.until(() => isSettled() || run !== this.#reader.run);
  }

  /** Reads from another time. Frames before `upTo`, if given, are kept to step back through. */
  async restart(from: number, upTo?: number): Promise<void> {
    const run = this.#reader.cancel();
    this.#clear();
    this.#signal.notify();
    await this.#reader.stop();
    if (this.#signal.closed || run !== this.#reader.run) return;
    this.#processor.retry();
    this.#reader.start(from, upTo);
  }

  get hasHistory(): boolean {
    return !this.#history.isEmpty;
  }

  /** The last frame before `time` that the history has. */
  async previous(time: number): Promise<RenderedFrame | undefined> {
    const { run, queue } = this.#reader;
    await this.#signal.until(() => queue.length + this.ready > 0 || this.drained);
    if (run !== this.#reader.run) return undefined;
    const last = this.#history.takeBefore(time);
    return last && (await this.#processor.render(last));
  }

  /** Keeps a frame that a step leaves behind, to step back to it. */
  remember({ source, timestamp }: RenderedFrame): void {
    this.#history.add({ source: source.retain(), timestamp });
  }

  /** Clears the history, because playback leaves gaps in it. */
  forget(): void {
    this.#history.clear();
  }

  /** Puts a frame that was taken back before all others. */
  putBack({ source, timestamp }: RenderedFrame): void {
    this.#processor.requeue();
    this.#reader.queue.insert({ source: source.retain(), timestamp });
    this.#signal.notify();
  }

  /** Processes by another pipeline from now on; frames that are ready are processed again. */
  setPipeline(pipeline: CompiledPipeline): void {
    this.#processor.setPipeline(pipeline);
  }

  /** Processes again what a replaced pipeline made; for when there is time. */
  refresh(): void {
    this.#processor.refresh();
  }

  /** A frame once more, by the current pipeline. */
  renew({ source, timestamp, gap }: RenderedFrame): Promise<RenderedFrame> {
    return this.#processor.render({ source: source.retain(), timestamp }, gap);
  }

  /** The policy's answers have changed. */
  wake(): void {
    this.#signal.notify();
  }

  #clear(): void {
    this.#processor.clear();
    this.#history.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#reader.cancel();
    this.#signal.close();
    await this.#reader.stop();
    await this.#processor.stopped();
    this.#reader.queue.clear();
    this.#clear();
    await this.#processor.free();
    this.#reader.free();
  }
}
