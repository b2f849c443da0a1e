/** Frames of a source through a pipeline, at the moment they are to be shown. */
import { EventEmitter } from 'node:events';
import type { DeviceId } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { expectOpened, invalidArgument } from '../../errors/invalid-argument.ts';
import { checkNames } from '../../errors/option-names.ts';
import type { NativeShape } from '../../native/native.ts';
import { type Pipeline, pipelineOption } from '../../pipeline/pipeline.ts';
import { abortError, untilAborted } from '../../system/abort.ts';
import { whenAborted } from '../../system/limits.ts';
import { toNumber } from '../../video/format/rational.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { checkInput } from '../../video/input/options.ts';
import { openSound } from './audio.ts';
import { Coalesced } from './coalesced.ts';
import { Feed } from './feed.ts';
import { deviceFor, openPreviewInput, type PlayerInput, type PreviewInput } from './preview-input.ts';
import { Look, type LookOptions } from './compiled-pipeline.ts';
import { pictureAfter, pictureAt, pictureBefore } from './navigate.ts';
import {
  type PlayerEvents,
  type PlayerOptions,
  type PlayerStats,
  playerOptionNames,
  type ShownFrame,
} from './options.ts';
import { Pacer } from './pacer.ts';
import { type Due, type Picture, release } from './rendered-frame.ts';
import { checkSpeed } from './speeds.ts';

/**
 * Plays a source through a pipeline against a clock that its caller reads: `frameAt(now)` never waits, and tells which frame
 * is to be shown now. Reading, decoding and processing go on in native threads.
 *
 * @example
 * await using player = await Player.open('in.mp4', { pipeline: pipeline().contrast(1.2) })
 * const next = player.frameAt(performance.now() / 1000)
 * if (next) console.log(next.timestamp, next.frame.shape.format)
 */
export class Player extends EventEmitter<PlayerEvents> implements AsyncDisposable {
  readonly info: VideoInfo;
  readonly device: DeviceId;
  /** What is assumed, approximated or left out. */
  readonly warnings: string[];
  readonly #input: PreviewInput;
  #look: LookOptions;
  #pipeline: Pick<Pipeline, 'stages'>;
  readonly #feed: Feed;
  readonly #pacer: Pacer;
  readonly #seeks = new Coalesced<number>((seconds) => this.#seekTo(Math.max(0, seconds)));
  readonly #renewals = new Coalesced<number>(() => this.#renew());
  #forgetSignal = () => {};
  #shown: Picture | undefined;
  #due: Due | undefined;
  /** Where the clock went on while the frame that is shown was on display. */
  #anchor = 0;
  #paused: boolean = false;
  #speed = 1;
  #failure: FramelaneError | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #pipelines = 0;
  #closing: Promise<void> | undefined;

  private constructor(
    input: PreviewInput,
    look: Look,
    pipeline: Pick<Pipeline, 'stages'>,
    options: LookOptions,
    signal?: AbortSignal,
  ) {
    super();
    expectOpened('Player', look instanceof Look);
    this.info = input.info;
    this.device = options.device;
    this.warnings = [...(input.video?.warnings ?? [])];
    this.#input = input;
    this.#look = options;
    this.#pipeline = pipeline;
    this.#feed = new Feed(input, options.device, look, {
      idle: () => this.#paused,
      due: (timestamp) => !this.#paused && this.#pacer.isDue(timestamp),
      overtaken: (following) => this.#pacer.isOvertaken(following),
      failed: (error) => this.#fail(error),
    });
    this.#pacer = new Pacer(this.#feed, input.info);
    this.#forgetSignal = whenAborted(signal, () => void this.close());
  }

  /** Opens a source and waits for its first frame; rejects with what is wrong with the source or the pipeline. */
  static async open(input: PlayerInput, options: PlayerOptions = {}): Promise<Player> {
    checkNames(options, playerOptionNames);
    checkInput(options);
    const { format, squarePixels, signal, assets } = options;
    const pipeline = pipelineOption(options.pipeline);
    const device = deviceFor(input, options.device);
    const source = await openPreviewInput(input, device, options);
    let player: Player | undefined;
    try {
      const lookOptions = { device, format, squarePixels, assets };
      const look = await Look.compile(pipeline, source.info, source.shape, lookOptions);
      player = new Player(source, look, pipeline, lookOptions, signal);
      if (options.audio !== false) await player.#openSound(options.ffmpeg);
      await untilAborted(player.#start(), `opening ${source.info.path}`, signal);
      return player;
    } catch (error) {
      await (player?.close() ?? source[Symbol.asyncDispose]());
      throw signal?.aborted ? abortError(`opening ${source.info.path}`, signal) : error;
    }
  }

  async #openSound(ffmpeg: string | undefined): Promise<void> {
    const warn = (warning: string) => {
      this.#pacer.sound = undefined;
      this.warnings.push(warning);
      this.emit('warning', warning);
    };
    this.#pacer.sound = await openSound(this.info, ffmpeg, warn);
  }

  async #start(): Promise<void> {
    await this.#feed.restart(0);
    const picture = await this.#feed.first();
    if (picture !== undefined) return this.#present(picture, picture.timestamp);
    if (this.#failure !== undefined) throw this.#failure;
    this.#requireOpen();
    const message = `${this.info.path}: no frame could be decoded`;
    throw new FramelaneError('ERR_INPUT_INVALID', message);
  }

  /** Whether the source comes at its own pace: newest frames are shown as they come, and nothing can be sought. */
  get live(): boolean {
    return this.info.live;
  }

  /** Seconds; undefined where the source does not say. */
  get duration(): number | undefined {
    return this.info.duration;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Of the frames that are shown. */
  get shape(): NativeShape {
    return this.#feed.look.shape;
  }

  /** Seconds from the start of the source to the frame that is shown, or to the moment in its display that was sought. */
  get position(): number {
    return Math.max(this.#current?.timestamp ?? 0, this.#due?.anchor ?? this.#anchor);
  }

  /** Where it is being sought, within the source as far as that is known; else the position. */
  get destination(): number {
    const wanted = this.#seeks.value ?? this.position;
    return Math.min(Math.max(0, wanted), this.duration ?? wanted);
  }

  /** Whether it has been closed, by whomever. */
  get closed(): boolean {
    return this.#isClosed();
  }

  /** Whether the last frame is shown and no other will come. */
  get ended(): boolean {
    return this.#due === undefined && !this.#seeks.pending && this.#feed.drained;
  }

  /** What broke the source off; undefined while it is well. */
  get failure(): FramelaneError | undefined {
    return this.#failure;
  }

  /** Seconds of the source a second, 0.25 to 4. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    checkSpeed(speed);
    if (speed === this.#speed) return;
    if (speed !== 1) this.#requireSeekable('played at another speed');
    this.#speed = speed;
    this.#pacer.setSpeed(speed);
  }

  get #current(): Picture | undefined {
    return this.#due?.picture ?? this.#shown;
  }

  /** The frame to show now, in seconds of a clock that does not go back; undefined where it is still the last one. */
  frameAt(now: number): ShownFrame | undefined {
    if (this.#isClosed()) return undefined;
    const due = this.#due;
    this.#due = undefined;
    if (due?.anchor !== undefined) {
      this.#anchor = due.anchor;
      this.#pacer.anchor(now, due.anchor, !this.#paused);
    }
    const waits = this.#paused || this.#seeks.pending;
    const picture = due?.picture ?? (waits ? undefined : this.#pacer.take(now));
    if (picture === undefined) return undefined;
    if (this.#shown !== undefined) release(this.#shown);
    this.#shown = picture;
    this.#pacer.shown(picture, now);
    return {
      frame: picture.result.frame,
      before: picture.source.frame,
      timestamp: picture.timestamp,
    };
  }

  #present(picture: Picture, anchor: number | undefined): void {
    if (this.#due !== undefined) release(this.#due.picture);
    this.#due = { picture, anchor };
  }

  play(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#feed.forget();
    if (this.live) this.#feed.dropReady(); // from before the pause
    this.#feed.wake();
  }

  /** Keeps the frame that is shown; a live source goes on unseen. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#pacer.halt();
    this.#feed.refresh();
  }

  /**
   * Shows the frame on display at a time, in seconds from the start; beyond the end, the last one. The frame that is shown
   * stays until then. Of calls that come faster than they can be done, the last one counts.
   */
  seek(seconds: number): Promise<void> {
    if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
      return Promise.reject(invalidArgument('seconds', 'a finite number', seconds));
    }
    return this.#seeks.run(seconds, (work) => this.#enqueue(work));
  }

  async #seekTo(seconds: number): Promise<void> {
    this.#requireSeekable('sought');
    this.#pacer.halt();
    this.#failure = undefined;
    const picture = await pictureAt(this.#feed, seconds, this.duration);
    if (picture !== undefined) {
      const { timestamp } = picture;
      const within = seconds < (this.duration ?? 0);
      this.#present(picture, within ? Math.max(timestamp, seconds) : timestamp);
    }
    this.#requireWell();
  }

  /** Pauses and shows the next frame, or the one before; at either end nothing changes. */
  step(frames: 1 | -1): Promise<void> {
    if (frames !== 1 && frames !== -1) {
      return Promise.reject(invalidArgument('frames', '1 or -1', frames));
    }
    return this.#enqueue(async () => {
      this.#requireSeekable('stepped through');
      this.pause();
      const shown = this.#current;
      if (shown === undefined) return;
      const picture =
        frames > 0
          ? await pictureAfter(this.#feed, shown)
          : await pictureBefore(this.#feed, shown, 1 / toNumber(this.info.frameRate));
      if (picture !== undefined) this.#present(picture, picture.timestamp);
      this.#requireWell();
    });
  }

  /**
   * Processes by another pipeline from the next frame on, and the frame that is shown while nothing moves. One that cannot be
   * compiled rejects and changes nothing; of several at once the last one counts.
   */
  async setPipeline(pipeline: Pick<Pipeline, 'stages'>): Promise<void> {
    const revision = ++this.#pipelines;
    this.#requireOpen();
    const look = await Look.compile(pipeline, this.info, this.#input.shape, this.#look);
    if (this.#isClosed() || revision !== this.#pipelines) {
      look[Symbol.dispose]();
      return this.#requireOpen();
    }
    this.#pipeline = pipeline;
    this.#feed.setLook(look);
    if (!this.#feed.broken) this.#failure = undefined; // it was the pipeline's
    await this.#renewals.run(revision, (work) => Promise.resolve().then(work));
  }

  /** Shows the frame that is shown once more, by the pipeline of now, where no other one is about to come. */
  async #renew(): Promise<void> {
    for (;;) {
      const current = this.#current;
      const waits = this.#due !== undefined || this.#paused || this.ended || this.#failure;
      if (current === undefined || !waits) return;
      const picture = await this.#feed.renew(current);
      if (current === this.#current && !this.#isClosed()) {
        return this.#present(picture, this.#due?.anchor);
      }
      release(picture);
      this.#requireOpen();
    }
  }

  /** Makes frames of another format, as `setPipeline` changes the pipeline. */
  setFormat(format: NonNullable<PlayerOptions['format']>): Promise<void> {
    this.#look = { ...this.#look, format };
    return this.setPipeline(this.#pipeline);
  }

  stats(): PlayerStats {
    const { dropped, waiting } = this.#feed.counts();
    return {
      decoded: waiting,
      queued: this.#feed.queued,
      ready: this.#feed.ready,
      ...this.#pacer.counts,
      dropped,
      passes: this.#feed.look.passTimes(),
      processing: this.#feed.processing.quantiles(),
    };
  }

  /** One after the other, whatever becomes of those before. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(() => {
      this.#requireOpen();
      return work();
    });
    this.#work = done.catch(() => {});
    return done;
  }

  #fail(error: unknown): void {
    const failure =
      error instanceof FramelaneError
        ? error
        : new FramelaneError('ERR_INTERNAL', String(error), { cause: error });
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#pacer.sound?.stop();
    this.emit('failure', failure);
  }

  #requireSeekable(what: string): void {
    if (!this.live) return;
    const message = `${this.info.path}: a live source cannot be ${what}`;
    throw new FramelaneError('ERR_UNSUPPORTED_OP', message);
  }

  #requireWell(): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#requireOpen();
  }

  /** A call of its own, because close() may come while something else is waited for. */
  #isClosed(): boolean {
    return this.#closing !== undefined;
  }

  #requireOpen(): void {
    if (!this.#isClosed()) return;
    const message = `${this.info.path}: the player has been closed`;
    throw new FramelaneError('ERR_DISPOSED', message);
  }

  /** Ends everything that belongs to it; what is under way rejects with ERR_DISPOSED. Closing again does nothing. */
  close(): Promise<void> {
    this.#forgetSignal();
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #release(): Promise<void> {
    await Promise.resolve(); // from here on the player is closed to those who look
    await this.#pacer.sound?.close();
    await this.#feed[Symbol.asyncDispose]();
    await this.#work;
    if (this.#due !== undefined) release(this.#due.picture);
    if (this.#shown !== undefined) release(this.#shown);
    await this.#input[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
