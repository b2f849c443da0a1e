/** Plays a source through a pipeline and hands out each frame when it is due. */
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
import { Coalesced } from './coalesced.ts';
import { CompiledPipeline, type CompileOptions } from './compiled-pipeline.ts';
import { Feed } from './feed.ts';
import { findFrameAfter, findFrameAt, findFrameBefore } from './find-frame.ts';
import { openSound } from './open-sound.ts';
import {
  type PlayerEvents,
  type PlayerOptions,
  type PlayerStats,
  playerOptionNames,
  type ShownFrame,
} from './options.ts';
import { Pacer } from './pacer.ts';
import { PipelineSwitch } from './pipeline-switch.ts';
import {
  deviceFor,
  openPreviewInput,
  type PlayerInput,
  type PreviewInput,
} from './preview-input.ts';
import { checkSpeed } from './speeds.ts';
import { Transport } from './transport.ts';

/**
 * Plays a source through a pipeline by a clock that the caller reads: `frameAt(now)` returns the frame to show and never
 * waits. Reading, decoding and processing run in native threads.
 *
 * @example
 * await using player = await Player.open('in.mp4', { pipeline: pipeline().contrast(1.2) })
 * const next = player.frameAt(performance.now() / 1000)
 * if (next) console.log(next.timestamp, next.frame.shape.format)
 */
export class Player extends EventEmitter<PlayerEvents> implements AsyncDisposable {
  readonly info: VideoInfo;
  readonly device: DeviceId;
  /** What is assumed about the source, approximated or left out. */
  readonly warnings: string[];
  readonly #input: PreviewInput;
  readonly #feed: Feed;
  readonly #pacer: Pacer;
  readonly #transport: Transport;
  readonly #pipeline: PipelineSwitch;
  readonly #seeks = new Coalesced<number>((seconds) => this.#seekTo(Math.max(0, seconds)));
  #forgetSignal = () => {};
  #failure: FramelaneError | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  private constructor(
    input: PreviewInput,
    compiled: CompiledPipeline,
    pipeline: Pick<Pipeline, 'stages'>,
    options: CompileOptions,
    signal?: AbortSignal,
  ) {
    super();
    expectOpened('Player', compiled instanceof CompiledPipeline);
    this.info = input.info;
    this.device = options.device;
    this.warnings = [...(input.video?.warnings ?? [])];
    this.#input = input;
    this.#feed = new Feed(input, options.device, compiled, {
      idle: () => this.paused,
      due: (timestamp) => !this.paused && this.#pacer.isDue(timestamp),
      overtaken: (following) => this.#pacer.isOvertaken(following),
      failed: (error) => this.#fail(error),
    });
    this.#pacer = new Pacer(this.#feed, input.info);
    this.#transport = new Transport(this.#feed, this.#pacer, this.live);
    this.#pipeline = new PipelineSwitch(input, this.#feed, this.#transport, pipeline, options, {
      isClosed: () => this.#isClosed(),
      requireOpen: () => this.#requireOpen(),
      isStill: () => this.paused || this.ended || this.#failure !== undefined,
      replaced: () => {
        if (!this.#feed.broken) this.#failure = undefined; // the old pipeline's
      },
    });
    this.#forgetSignal = whenAborted(signal, () => void this.close());
  }

  /** Opens a source and waits for its first frame; rejects if the source or the pipeline is invalid. */
  static async open(input: PlayerInput, options: PlayerOptions = {}): Promise<Player> {
    checkNames(options, playerOptionNames);
    checkInput(options);
    const { format, squarePixels, signal, assets } = options;
    const pipeline = pipelineOption(options.pipeline);
    const device = deviceFor(input, options.device);
    const source = await openPreviewInput(input, device, options);
    let player: Player | undefined;
    try {
      const { info, shape } = source;
      const compileOptions = { device, format, squarePixels, assets };
      const compiled = await CompiledPipeline.compile(pipeline, info, shape, compileOptions);
      player = new Player(source, compiled, pipeline, compileOptions, signal);
      if (options.audio !== false) await player.#openSound(options.ffmpeg);
      await untilAborted(player.#start(), `opening ${info.path}`, signal);
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
    const frame = await this.#feed.first();
    if (frame !== undefined) return this.#transport.present(frame, frame.timestamp);
    this.#requireWell();
    const message = `${this.info.path}: no frame could be decoded`;
    throw new FramelaneError('ERR_INPUT_INVALID', message);
  }

  /** Whether the source sets the pace: its newest frame is shown on arrival, and it cannot be sought. */
  get live(): boolean {
    return this.info.live;
  }

  /** In seconds; undefined if the source does not say. */
  get duration(): number | undefined {
    return this.info.duration;
  }

  get paused(): boolean {
    return this.#transport.paused;
  }

  /** Of the frames that are shown. */
  get shape(): NativeShape {
    return this.#feed.pipeline.shape;
  }

  /** Seconds from the start of the source to the frame shown, or to the moment within its display that was sought. */
  get position(): number {
    return this.#transport.position;
  }

  /** The target of a seek under way, within the source as far as its duration is known; else the position. */
  get destination(): number {
    const wanted = this.#seeks.value ?? this.position;
    return Math.min(Math.max(0, wanted), this.duration ?? wanted);
  }

  /** Whether `close` was called or the signal aborted. */
  get closed(): boolean {
    return this.#isClosed();
  }

  /** Whether the last frame is shown and no other follows. */
  get ended(): boolean {
    return !this.#transport.isDue && !this.#seeks.pending && this.#feed.drained;
  }

  /** Why the source or the pipeline stopped; undefined while both work. */
  get failure(): FramelaneError | undefined {
    return this.#failure;
  }

  /** Playback speed, 0.25 to 4; 1 is normal. */
  get speed(): number {
    return this.#pacer.speed;
  }

  set speed(speed: number) {
    checkSpeed(speed);
    if (speed === this.speed) return;
    if (speed !== 1) this.#requireSeekable('played at another speed');
    this.#pacer.setSpeed(speed);
  }

  /** The frame to show now, in seconds of a monotonic clock; undefined while the last one stays. */
  frameAt(now: number): ShownFrame | undefined {
    return this.#isClosed() ? undefined : this.#transport.frameAt(now, this.#seeks.pending);
  }

  play(): void {
    this.#transport.play();
  }

  /** Keeps the frame shown; a live source goes on unseen. */
  pause(): void {
    this.#transport.pause();
  }

  /**
   * Shows the frame on display at a time, in seconds from the start; beyond the end, the last one. The frame shown stays until
   * then. If calls come faster than seeks finish, the last one counts.
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
    const frame = await findFrameAt(this.#feed, seconds, this.duration);
    if (frame !== undefined) {
      const { timestamp } = frame;
      const within = seconds < (this.duration ?? 0);
      this.#transport.present(frame, within ? Math.max(timestamp, seconds) : timestamp);
    }
    this.#requireWell();
  }

  /** Pauses and shows the next or the previous frame; at either end nothing changes. */
  step(frames: 1 | -1): Promise<void> {
    if (frames !== 1 && frames !== -1) {
      return Promise.reject(invalidArgument('frames', '1 or -1', frames));
    }
    return this.#enqueue(async () => {
      this.#requireSeekable('stepped through');
      this.pause();
      const shown = this.#transport.current;
      if (shown === undefined) return;
      const frame =
        frames > 0
          ? await findFrameAfter(this.#feed, shown)
          : await findFrameBefore(this.#feed, shown, 1 / toNumber(this.info.frameRate));
      if (frame !== undefined) this.#transport.present(frame, frame.timestamp);
      this.#requireWell();
    });
  }

  /**
   * Processes by another pipeline from the next frame on; while nothing moves, the frame shown is processed again. A pipeline
   * that does not compile rejects and changes nothing. If calls come faster than pipelines compile, the last one counts.
   */
  setPipeline(pipeline: Pick<Pipeline, 'stages'>): Promise<void> {
    return this.#pipeline.setPipeline(pipeline);
  }

  /** Makes frames of another format, as `setPipeline` changes the pipeline. */
  setFormat(format: NonNullable<PlayerOptions['format']>): Promise<void> {
    return this.#pipeline.setFormat(format);
  }

  stats(): PlayerStats {
    const { dropped, waiting } = this.#feed.counts();
    return {
      decoded: waiting,
      queued: this.#feed.queued,
      ready: this.#feed.ready,
      ...this.#pacer.counts,
      dropped,
      passes: this.#feed.pipeline.passTimes(),
      processing: this.#feed.processingTimes(),
    };
  }

  /** Runs work in the order of calls; a failure does not stop what follows. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(() => {
      this.#requireOpen();
      return work();
    });
    this.#work = done.catch(() => {});
    return done;
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    const failure =
      error instanceof FramelaneError
        ? error
        : new FramelaneError('ERR_INTERNAL', String(error), { cause: error });
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

  /** A call rather than a comparison: TypeScript would narrow the field across an `await`. */
  #isClosed(): boolean {
    return this.#closing !== undefined;
  }

  #requireOpen(): void {
    if (!this.#isClosed()) return;
    const message = `${this.info.path}: the player is closed`;
    throw new FramelaneError('ERR_DISPOSED', message);
  }

  /** Ends playback and frees everything; pending calls reject with ERR_DISPOSED. Closing again does nothing. */
  close(): Promise<void> {
    this.#forgetSignal();
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #release(): Promise<void> {
    await Promise.resolve(); // lets close() set #closing first
    await this.#pacer.sound?.close();
    await this.#feed[Symbol.asyncDispose]();
    await this.#work;
    this.#transport.free();
    await this.#input[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
