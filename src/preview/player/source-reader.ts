/** Reads a source ahead from any position into a short queue. */
import type { DeviceId } from '../../device.ts';
import type { SourceCounts } from '../../native/native.ts';
import { isOpaque } from '../../video/format/frame-format.ts';
import { FramePool, type PooledFrame } from './frame-pool.ts';
import type { FrameStream } from './frame-stream.ts';
import type { PreviewInput } from './preview-input.ts';
import type { Signal } from './signal.ts';
import { SourceQueue } from './source-queue.ts';
import { isBefore, type StepHistory } from './step-history.ts';

/** Enough to keep the pipeline busy; each frame costs memory. */
const readAhead = 2;

export interface ReaderOwner {
  /** Whether a frame of a live source would be processed at once. */
  wantsLiveFrame(): boolean;
  failed(error: unknown): void;
}

export class SourceReader {
  readonly queue = new SourceQueue();
  readonly #input: PreviewInput;
  readonly #history: StepHistory;
  readonly #signal: Signal;
  readonly #owner: ReaderOwner;
  readonly #frames: FramePool;
  #stream: FrameStream | undefined;
  #reading: Promise<void> = Promise.resolve();
  #run = 0;
  #ended: boolean = false;
  #failed: boolean = false;
  /** By streams that have been closed. */
  #dropped = 0;

  constructor(
    input: PreviewInput,
    device: DeviceId,
    history: StepHistory,
    signal: Signal,
    owner: ReaderOwner,
  ) {
    this.#input = input;
    this.#history = history;
    this.#signal = signal;
    this.#owner = owner;
    this.#frames = new FramePool(input.shape, device, { opaque: isOpaque(input.info) });
  }

  /** Counts the positions that were read from; work begun in an earlier run is stale. */
  get run(): number {
    return this.#run;
  }

  /** Whether no more frames will be read in this run. */
  get done(): boolean {
    return this.#ended || this.#failed;
  }

  get failed(): boolean {
    return this.#failed;
  }

  counts(): SourceCounts {
    const { frames, dropped, waiting } = this.#stream?.counts() ?? {
      frames: 0,
      dropped: 0,
      waiting: 0,
    };
    return { frames, dropped: dropped + this.#dropped, waiting };
  }

  /** Makes everything that was read stale, and returns the number of the new run. */
  cancel(): number {
    this.queue.clear();
    return ++this.#run;
  }

  async stop(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    this.#dropped += stream?.counts().dropped ?? 0;
    await stream?.close();
    await this.#reading;
  }

  /** Reads from a time; frames before `upTo` go to the history. The previous stream must have stopped. */
  start(from: number, upTo = Number.NEGATIVE_INFINITY): void {
    this.#ended = false;
    this.#failed = false;
    try {
      this.#stream = this.#input.start(from);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#reading = this.#readAll(this.#stream, this.#run, upTo);
  }

  async #readAll(stream: FrameStream, run: number, upTo: number): Promise<void> {
    const isCurrent = () => run === this.#run;
    for (;;) {
      await this.#signal.until(() => !isCurrent() || this.#wantsMore());
      if (!isCurrent()) return;
      let source: PooledFrame | undefined;
      let timestamp: number | null;
      try {
        source = this.#frames.take();
        timestamp = await stream.next(source.frame);
      } catch (error) {
        source?.release();
        if (isCurrent()) this.#fail(error);
        return;
      }
      if (!isCurrent() || timestamp === null) {
        source.release();
        if (isCurrent()) this.#ended = true;
        this.#signal.notify();
        return;
      }
      const frame = { source, timestamp };
      if (isBefore(frame, upTo)) this.#history.add(frame);
      else this.queue.push(frame);
      this.#signal.notify();
    }
  }

  #wantsMore(): boolean {
    if (this.#input.info.live) return this.queue.length === 0 && this.#owner.wantsLiveFrame();
    return this.queue.length < readAhead;
  }

  #fail(error: unknown): void {
    this.#failed = true;
    if (!this.#signal.closed) this.#owner.failed(error);
    this.#signal.notify();
  }

  /** Frees the frames; those on loan are freed when they are released. */
  free(): void {
    this.#frames[Symbol.dispose]();
  }
}
