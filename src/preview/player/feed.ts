/** Reads a source ahead and runs a pipeline on its frames: a short queue of what can be shown next. */

import type { DeviceId } from '../../device.ts';
import { addon } from '../../native/binding.ts';
import type { PlanRunnerHandle, SourceCounts } from '../../native/native.ts';
import { isOpaque } from '../../video/format/frame-format.ts';
import type { FeedPolicy } from './feed-policy.ts';
import { FramePool, type PooledFrame } from './frame-pool.ts';
import type { FrameStream } from './frame-stream.ts';
import type { PreviewInput } from './preview-input.ts';
import type { Look } from './compiled-pipeline.ts';
import { type Picture, release } from './rendered-frame.ts';
import { Samples } from './samples.ts';

/** Read and not processed yet. */
interface Read {
  readonly source: PooledFrame;
  readonly timestamp: number;
  /** Whether it has been processed already, by a pipeline that was replaced meanwhile. */
  readonly again?: boolean;
}

/** Enough to bridge a slow frame; each costs memory, and delays a change of the pipeline. */
const ahead = 3;
const readAhead = 2;
/** Frames before a position that are kept to step back through. */
const historyLength = 8;
/** Times of a frame that was decoded twice are equal but for rounding. */
const rounding = 1e-6;

export class Feed implements AsyncDisposable {
  readonly #input: PreviewInput;
  readonly #policy: FeedPolicy;
  readonly #sources: FramePool;
  readonly #runner: PlanRunnerHandle;
  readonly #processing: Promise<void>;
  #look: Look;
  #stream: FrameStream | undefined;
  #reading: Promise<void> = Promise.resolve();
  /** Rises with every position that reading starts from. */
  #run = 0;
  #busy: boolean = false;
  #gap: boolean = false;
  #read: Read[] = [];
  #ready: Picture[] = [];
  #history: Read[] = [];
  #ended: boolean = false;
  #failed: boolean = false;
  /** By which a frame could not be processed: nothing goes on until there is another. */
  #refused: Look | undefined;
  #closed: boolean = false;
  #waiters: (() => void)[] = [];
  #dropped = 0;
  /** Seconds that the pipeline took. */
  readonly processing = new Samples();

  constructor(input: PreviewInput, device: DeviceId, look: Look, policy: FeedPolicy) {
    this.#input = input;
    this.#policy = policy;
    this.#look = look;
    this.#sources = new FramePool(input.shape, device, { opaque: isOpaque(input.info) });
    this.#runner = new (addon().PlanRunnerHandle)(device);
    this.#processing = this.#process();
  }

  /** Whether every frame up to the end has been taken. */
  get drained(): boolean {
    return (
      (this.#ended || this.#failed) && !this.#busy && this.#read.length + this.#ready.length === 0
    );
  }

  /** Whether there is nothing more to wait for: the source or the pipeline has failed, or the feed is closed. */
  get broken(): boolean {
    return this.#failed || this.#closed || this.#isStuck;
  }

  get #isStuck(): boolean {
    return this.#look === this.#refused;
  }

  get queued(): number {
    return this.#read.length;
  }

  get ready(): number {
    return this.#ready.length;
  }

  get look(): Look {
    return this.#look;
  }

  counts(): SourceCounts {
    const { frames, dropped, waiting } = this.#stream?.counts() ?? {
      frames: 0,
      dropped: 0,
      waiting: 0,
    };
    return { frames, dropped: dropped + this.#dropped, waiting };
  }

  /** The time of the next picture. */
  get next(): number | undefined {
    return this.#ready[0]?.timestamp;
  }

  /** The next picture, which the caller releases. */
  take(): Picture | undefined {
    const picture = this.#ready.shift();
    if (picture !== undefined) this.#signal();
    return picture;
  }

  drop(picture: Picture): void {
    this.#dropped++;
    release(picture);
  }

  dropReady(): void {
    for (const picture of this.#ready.splice(0)) this.drop(picture);
  }

  /** Waits for the next picture; undefined at the end and after a failure. */
  async first(): Promise<Picture | undefined> {
    const run = this.#run;
    await this.settle();
    return run === this.#run ? this.take() : undefined;
  }

  /** Waits until there is a next picture, or until it is known that there is none. */
  async settle(): Promise<void> {
    const run = this.#run;
    const settled = () => this.#ready.length > 0 || this.drained || this.#isStuck;
    await this.#until(() => settled() || run !== this.#run);
  }

  /** Reads on from another time. Frames before `upTo`, if it is given, are kept to step back through. */
  async restart(from: number, upTo?: number): Promise<void> {
    const run = ++this.#run;
    this.#clear();
    this.#signal();
    await this.#stop();
    if (this.#closed || run !== this.#run) return;
    this.#ended = false;
    this.#failed = false;
    this.#refused = undefined;
    try {
      this.#stream = this.#input.start(from);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#reading = this.#readAll(this.#stream, run, upTo ?? Number.NEGATIVE_INFINITY);
  }

  /** The last frame before `time` among those that were kept. */
  async previous(time: number): Promise<Picture | undefined> {
    const run = this.#run;
    await this.#until(() => this.#read.length + this.#ready.length > 0 || this.drained);
    if (run !== this.#run) return undefined;
    const last = this.#history.at(-1);
    if (last === undefined || last.timestamp >= time - rounding) return undefined;
    this.#history.pop();
    try {
      const result = await this.#look.render(this.#runner, last, this.#run);
      return { source: last.source, result, timestamp: last.timestamp, gap: false };
    } catch (error) {
      last.source.release();
      throw error;
    }
  }

  get hasHistory(): boolean {
    return this.#history.length > 0;
  }

  /** Keeps a picture that is left behind by a step, to step back to it. */
  remember({ source, timestamp }: Picture): void {
    this.#keep({ source: source.retain(), timestamp });
  }

  /** Pictures are not left behind one by one any more. */
  forget(): void {
    for (const { source } of this.#history.splice(0)) source.release();
  }

  /** Puts a picture that was taken back before all others. */
  untake({ source, timestamp }: Picture): void {
    this.#requeue();
    this.#unread({ source: source.retain(), timestamp });
    this.#signal();
  }

  /** From now on frames are processed by another pipeline, those that are ready once more. */
  setLook(look: Look): void {
    const old = this.#look;
    this.#look = look;
    this.#requeue(({ outdated }) => !outdated);
    old[Symbol.dispose]();
    this.#signal();
  }

  /** There is time to process all of it by the pipeline of now. */
  refresh(): void {
    if (!this.#ready.some(({ outdated }) => outdated)) return;
    this.#requeue();
    this.#signal();
  }

  /** A picture once more, by the pipeline of now. */
  async renew({ source, timestamp, gap }: Picture): Promise<Picture> {
    const held = source.retain();
    try {
      const result = await this.#look.render(this.#runner, { source: held, timestamp }, this.#run);
      return { source: held, result, timestamp, gap };
    } catch (error) {
      held.release();
      throw error;
    }
  }

  /** Something outside has changed: the policy's answers. */
  wake(): void {
    this.#signal();
  }

  async #readAll(stream: FrameStream, run: number, upTo: number): Promise<void> {
    const current = () => run === this.#run;
    for (;;) {
      await this.#until(() => !current() || this.#wantsMore());
      if (!current()) return;
      let source: PooledFrame | undefined;
      let timestamp: number | null;
      try {
        source = this.#sources.take();
        timestamp = await stream.next(source.frame);
      } catch (error) {
        source?.release();
        if (current()) this.#fail(error);
        return;
      }
      if (!current() || timestamp === null) {
        source.release();
        if (current()) this.#ended = true;
        this.#signal();
        return;
      }
      const read = { source, timestamp };
      if (timestamp < upTo - rounding) this.#keep(read);
      else this.#read.push(read);
      this.#signal();
    }
  }

  #keep(read: Read): void {
    this.#history.push(read);
    if (this.#history.length > historyLength) this.#history.shift()?.source.release();
  }

  #wantsMore(): boolean {
    if (this.#input.info.live) {
      return this.#read.length === 0 && !this.#busy && !this.#policy.idle();
    }
    return this.#read.length < readAhead;
  }

  async #process(): Promise<void> {
    for (;;) {
      const live = this.#input.info.live;
      const room = () => live || this.#ready.length < ahead;
      const ready = () => this.#read.length > 0 && room() && !this.#isStuck;
      await this.#until(() => this.#closed || ready());
      if (this.#closed) return;
      const read = this.#read.shift();
      if (read === undefined) continue; // taken away before this went on
      const following = this.#read[0]?.timestamp;
      if (following !== undefined && this.#policy.overtaken(following)) {
        this.#dropped++;
        this.#gap = true;
        read.source.release();
      } else {
        this.#busy = true;
        await this.#render(read);
        this.#busy = false;
      }
      this.#signal();
    }
  }

  async #render(read: Read): Promise<void> {
    const [run, look] = [this.#run, this.#look];
    const { source, timestamp } = read;
    const begin = performance.now();
    let result: PooledFrame;
    try {
      result = await look.render(this.#runner, read, run);
    } catch (error) {
      if (run !== this.#run) return source.release();
      this.#unread(read);
      if (look === this.#look) this.#refuse(look, error);
      return;
    }
    if (run !== this.#run) {
      source.release();
      result.release();
    } else if (this.#comesLater(read) || (look !== this.#look && !this.#isUrgent(read))) {
      result.release();
      this.#unread({ source, timestamp, again: look !== this.#look });
    } else {
      this.processing.add((performance.now() - begin) / 1000);
      if (this.#input.info.live) this.dropReady();
      const outdated = look !== this.#look;
      this.#ready.push({ source, result, timestamp, gap: this.#gap, outdated });
      this.#gap = false;
    }
  }

  /** Whether another frame has been put before it. */
  #comesLater({ timestamp }: Read): boolean {
    const [first] = this.#read;
    return first !== undefined && first.timestamp < timestamp;
  }

  /** Whether nothing would be shown any more if it had to be the pipeline of now: that changes faster than it is computed. */
  #isUrgent({ timestamp, again = false }: Read): boolean {
    return again && this.#policy.due(timestamp);
  }

  /** What is ready is processed again, after what comes before it. */
  #requeue(which = (_: Picture) => true): void {
    for (const picture of this.#ready.splice(0)) {
      const { source, result, timestamp } = picture;
      if (which(picture)) {
        result.release();
        this.#unread({ source, timestamp });
      } else this.#ready.push(picture);
    }
  }

  #unread(read: Read): void {
    const later = this.#read.findIndex(({ timestamp }) => timestamp > read.timestamp);
    this.#read.splice(later < 0 ? this.#read.length : later, 0, read);
  }

  #fail(error: unknown): void {
    this.#failed = true;
    if (!this.#closed) this.#policy.failed(error);
    this.#signal();
  }

  #refuse(look: Look, error: unknown): void {
    this.#refused = look;
    if (!this.#closed) this.#policy.failed(error);
    this.#signal();
  }

  #clear(): void {
    for (const picture of this.#ready.splice(0)) release(picture);
    for (const { source } of this.#read.splice(0)) source.release();
    this.forget();
    this.#gap = false;
  }

  async #stop(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    this.#dropped += stream?.counts().dropped ?? 0;
    await stream?.close();
    await this.#reading;
  }

  #signal(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (!this.#closed && !condition()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#run++;
    this.#signal();
    await this.#stop();
    await this.#processing;
    this.#clear();
    await this.#runner.close();
    this.#look[Symbol.dispose]();
    this.#sources[Symbol.dispose]();
  }
}
