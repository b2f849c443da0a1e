/** Frames of a source through a pipeline, at the moment they are to be shown. */
import { EventEmitter } from 'node:events';
import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { describeValue, FramelaneError } from '../errors.ts';
import type { Frame } from '../image/frame.ts';
import type { Pipeline } from '../pipeline.ts';
import { abortError, untilAborted } from '../video/abort.ts';
import { checkInput, type InputOptions } from '../video/input-options.ts';
import { toNumber } from '../video/rational.ts';
import type { VideoInfo } from '../video/video-info.ts';
import { openSound, type Sound } from './audio.ts';
import { Clock } from './clock.ts';
import { Feed, type Picture, release } from './feed.ts';
import type { GeneratedInput } from './generated.ts';
import { Look, type LookOptions, type PassTime } from './look.ts';
import { openPreviewInput, type PreviewInput } from './preview-input.ts';
import type { Quantiles } from './samples.ts';

export interface PlayerOptions extends Omit<InputOptions, 'from' | 'to'> {
  /** What the frames go through; as they are without it. */
  readonly pipeline?: Pick<Pipeline, 'stages'> | undefined;
  /** Where the frames live; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** `auto`: the source's own YUV where no pixel is transparent, else RGBA of 8 bits; `rgba` always the latter. */
  readonly format?: 'auto' | 'rgba' | undefined;
  /** Whether sound is played, where there is some and a device for it; true by default. */
  readonly audio?: boolean | undefined;
  /** Ends opening with ERR_ABORTED, and later closes the player. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

/** What is to be shown; the frames are the player's and stay as they are until `frameAt` returns the next ones. */
export interface ShownFrame {
  readonly frame: Frame;
  /** The same frame as the source has it. */
  readonly before: Frame;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
}

export interface PlayerStats {
  /** Frames that wait: decoded, on the device, and processed. */
  readonly decoded: number;
  readonly queued: number;
  readonly ready: number;
  readonly shown: number;
  /** Never shown, because they would have come too late. */
  readonly dropped: number;
  /** Shown more than the time of a frame after their moment. */
  readonly late: number;
  /** How often the source was too slow, and the clock waited for it. */
  readonly stalls: number;
  /** Seconds of the passes of the pipeline, on the device. */
  readonly passes: readonly PassTime[];
  /** Seconds that the pipeline takes for a frame, with what it waits for. */
  readonly processing: Quantiles;
}

interface PlayerEvents {
  /** The source has broken off; the last frame stays, and `seek` tries again. */
  failure: [FramelaneError];
  warning: [string];
}

/** A frame that is to be shown at once; `anchors` where the clock goes on from it. */
interface Due {
  readonly picture: Picture;
  readonly anchors: boolean;
}

export const speeds = { min: 0.25, max: 4 } as const;
/** Seconds without a frame after which the clock waits for the source. */
const stallAfter = 0.5;
/** However late they are, as many seconds apart frames are shown. */
const longestFreeze = 0.25;
/** Frames that are decoded for a step back. */
const stepBackFrames = 8;
const rounding = 1e-6;

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
  readonly #look: LookOptions;
  readonly #feed: Feed;
  readonly #clock = new Clock();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => void this.close();
  #sound: Sound | undefined;
  #shown: Picture | undefined;
  #due: Due | undefined;
  #paused: boolean = false;
  #speed = 1;
  #now = 0;
  #shownAt = 0;
  #failure: FramelaneError | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #seeking: { seconds: number; readonly done: Promise<void> } | undefined;
  #pipelines = 0;
  #closing: Promise<void> | undefined;
  #counts = { shown: 0, late: 0, stalls: 0 };

  private constructor(input: PreviewInput, look: Look, options: LookOptions, signal?: AbortSignal) {
    super();
    this.info = input.info;
    this.device = options.device;
    this.warnings = [...(input.video?.warnings ?? [])];
    this.#input = input;
    this.#look = options;
    this.#feed = new Feed(input, options.device, look, {
      idle: () => this.#paused,
      overtaken: (following) => this.#isOvertaken(following),
      failed: (error) => this.#fail(error),
    });
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Opens a source and waits for its first frame; rejects with what is wrong with the source or the pipeline. */
  static async open(input: string | GeneratedInput, options: PlayerOptions = {}): Promise<Player> {
    checkInput(options);
    const { pipeline = { stages: [] }, format, squarePixels, signal } = options;
    const device = resolveDevice(options.device);
    const source = await openPreviewInput(input, device, options);
    let player: Player | undefined;
    try {
      const lookOptions = { device, format, squarePixels };
      const look = await Look.compile(pipeline, source.info, source.shape, lookOptions);
      player = new Player(source, look, lookOptions, signal);
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
      this.#sound = undefined;
      this.warnings.push(warning);
      this.emit('warning', warning);
    };
    this.#sound = await openSound(this.info, ffmpeg, warn);
  }

  async #start(): Promise<void> {
    await this.#feed.restart(0);
    const picture = await this.#feed.first();
    if (picture !== undefined) return this.#present(picture, true);
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

  /** Seconds from the start of the source to the frame that is shown. */
  get position(): number {
    return this.#current?.timestamp ?? 0;
  }

  /** Whether the last frame is shown and no other will come. */
  get ended(): boolean {
    return this.#due === undefined && this.#seeking === undefined && this.#feed.drained;
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
    if (typeof speed !== 'number' || !(speed >= speeds.min && speed <= speeds.max)) {
      const expected = `expected a number from ${speeds.min} to ${speeds.max}`;
      const message = `speed: ${expected}, received ${describeValue(speed)}`;
      throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'speed' });
    }
    if (speed === this.#speed) return;
    if (speed !== 1) this.#requireSeekable('played at another speed');
    this.#speed = speed;
    this.#clock.setSpeed(this.#now, speed);
    if (this.#clock.running) this.#sound?.start(this.#clock.at(this.#now), speed);
  }

  get #current(): Picture | undefined {
    return this.#due?.picture ?? this.#shown;
  }

  /** The frame to show now, in seconds of a clock that does not go back; undefined where it is still the last one. */
  frameAt(now: number): ShownFrame | undefined {
    if (this.#closing !== undefined) return undefined;
    this.#now = now;
    if (this.#due !== undefined) {
      const { picture, anchors } = this.#due;
      this.#due = undefined;
      if (anchors) {
        this.#clock.pause(now);
        this.#clock.seek(now, picture.timestamp);
        this.#run(now);
      }
      return this.#show(picture);
    }
    if (this.#paused || this.#seeking !== undefined) return undefined;
    if (this.live) return this.#showNewest();
    if (!this.#clock.running) this.#run(now);
    return this.#showOnTime(now);
  }

  /** Lets the clock run where it may; sound starts first, because it takes longer. */
  #run(now: number): void {
    if (this.live || this.#paused || this.#feed.drained) return;
    if (this.#feed.next === undefined && this.#shown !== undefined && this.#due === undefined) {
      return; // still waiting for the source
    }
    const time = this.#clock.at(now);
    this.#sound?.start(time, this.#speed);
    const startup = this.#sound?.startup ?? 0;
    this.#clock.seek(now, time - startup * this.#speed);
    this.#clock.play(now);
  }

  #halt(): void {
    this.#clock.pause(this.#now);
    this.#sound?.stop();
  }

  #showNewest(): ShownFrame | undefined {
    const picture = this.#feed.take();
    return picture === undefined ? undefined : this.#show(picture);
  }

  #showOnTime(now: number): ShownFrame | undefined {
    const heard = this.#sound?.time();
    if (heard !== undefined && this.#clock.running) this.#clock.follow(now, heard);
    const time = this.#clock.at(now) + rounding;
    let picture: Picture | undefined;
    while (this.#feed.next !== undefined && this.#feed.next <= time) {
      if (picture !== undefined) this.#feed.drop(picture);
      picture = this.#feed.take();
    }
    if (picture === undefined) {
      this.#waitForSource(time);
      return undefined;
    }
    const frame = 1 / toNumber(this.info.frameRate);
    if (time - picture.timestamp > frame * Math.max(1, this.#speed)) this.#counts.late++;
    return this.#show(picture);
  }

  /** A source that is too slow holds the clock; so does its end. */
  #waitForSource(time: number): void {
    if (!this.#clock.running || this.#feed.ready > 0) return;
    if (this.#feed.drained) {
      this.#halt();
      return;
    }
    const behind = (time - (this.#shown?.timestamp ?? 0)) / this.#speed;
    if (behind < stallAfter + 1 / toNumber(this.info.frameRate)) return;
    this.#counts.stalls++;
    this.#halt();
    this.#clock.seek(this.#now, this.#shown?.timestamp ?? 0);
  }

  #show(picture: Picture): ShownFrame {
    if (this.#shown !== undefined) release(this.#shown);
    this.#shown = picture;
    this.#shownAt = this.#now;
    this.#counts.shown++;
    const { source, result, timestamp } = picture;
    return { frame: result.frame, before: source.frame, timestamp };
  }

  /** Processing is not wasted on what is late already, unless the picture would freeze. */
  #isOvertaken(following: number): boolean {
    if (!this.#clock.running || this.#now - this.#shownAt > longestFreeze) return false;
    return following <= this.#clock.at(this.#now);
  }

  #present(picture: Picture, anchors: boolean): void {
    if (this.#due !== undefined) release(this.#due.picture);
    this.#due = { picture, anchors };
  }

  play(): void {
    this.#paused = false;
    this.#feed.forget();
    this.#feed.wake();
  }

  /** Keeps the frame that is shown; a live source goes on unseen. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#halt();
  }

  /**
   * Shows the first frame at or after a time, in seconds from the start; beyond the end, the last one. The frame that is shown
   * stays until then. Of calls that come faster than they can be done, the last one counts.
   */
  seek(seconds: number): Promise<void> {
    if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
      const message = `seconds: expected a finite number, received ${describeValue(seconds)}`;
      return Promise.reject(new FramelaneError('ERR_INVALID_ARGUMENT', message));
    }
    if (this.#seeking !== undefined) {
      this.#seeking.seconds = seconds;
      return this.#seeking.done;
    }
    let began = (_: { seconds: number }) => {};
    const target = new Promise<{ seconds: number }>((resolve) => {
      began = resolve;
    });
    const done = this.#enqueue(async () => {
      const seeking = await target;
      let last: number;
      do {
        last = seeking.seconds;
        await this.#seekTo(Math.max(0, last));
      } while (seeking.seconds !== last);
    }).finally(() => {
      this.#seeking = undefined;
    });
    this.#seeking = { seconds, done };
    began(this.#seeking);
    return done;
  }

  async #seekTo(seconds: number): Promise<void> {
    this.#requireSeekable('sought');
    this.#halt();
    this.#failure = undefined;
    await this.#feed.restart(seconds);
    const picture = (await this.#feed.first()) ?? (await this.#lastBefore(seconds));
    if (picture !== undefined) this.#present(picture, true);
    this.#requireWell();
  }

  /** The last picture, where there is none from a time on: of the seconds before it, then of more of them. */
  async #lastBefore(seconds: number): Promise<Picture | undefined> {
    const end = Math.min(seconds, this.duration ?? seconds);
    for (let span = 1; this.#failure === undefined && !this.#isClosed(); span *= 4) {
      const from = Math.max(0, end - span);
      await this.#feed.restart(from, Number.POSITIVE_INFINITY);
      const picture = await this.#feed.previous(Number.POSITIVE_INFINITY);
      if (picture !== undefined || from === 0) return picture;
    }
    return undefined;
  }

  /** Pauses and shows the next frame, or the one before; at either end nothing changes. */
  step(frames: 1 | -1): Promise<void> {
    return this.#enqueue(async () => {
      this.#requireSeekable('stepped through');
      this.pause();
      const picture = frames > 0 ? await this.#following() : await this.#preceding();
      if (picture !== undefined) this.#present(picture, true);
      this.#requireWell();
    });
  }

  async #following(): Promise<Picture | undefined> {
    let picture = await this.#feed.first();
    const current = this.#current;
    if (picture?.gap && current !== undefined) {
      release(picture);
      await this.#feed.restart(current.timestamp);
      const again = await this.#feed.first();
      if (again !== undefined) release(again);
      picture = await this.#feed.first();
    }
    if (picture !== undefined && current !== undefined) this.#feed.remember(current);
    return picture;
  }

  async #preceding(): Promise<Picture | undefined> {
    const current = this.#current;
    if (current === undefined) return undefined;
    const time = current.timestamp;
    if (this.#feed.hasHistory) {
      const picture = await this.#feed.previous(time);
      if (picture !== undefined) this.#feed.untake(current);
      if (picture !== undefined) return picture;
    }
    const frame = 1 / toNumber(this.info.frameRate);
    for (let span = stepBackFrames * frame; !this.#isClosed(); span *= 4) {
      const from = Math.max(0, time - span);
      await this.#feed.restart(from, time);
      const picture = await this.#feed.previous(time);
      if (picture !== undefined || this.#failure !== undefined) return picture;
      if (from === 0) break;
    }
    const again = await this.#feed.first(); // the first frame, which is shown already
    if (again !== undefined) release(again);
    return undefined;
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
    this.#feed.setLook(look);
    const current = this.#current;
    if (current === undefined || !(this.#paused || this.ended || this.#failure)) return;
    const anchors = this.#due?.anchors ?? false;
    const picture = await this.#feed.renew(current);
    if (current === this.#current && revision === this.#pipelines) this.#present(picture, anchors);
    else release(picture);
  }

  stats(): PlayerStats {
    const { dropped, waiting } = this.#feed.counts();
    return {
      decoded: waiting,
      queued: this.#feed.queued,
      ready: this.#feed.ready,
      ...this.#counts,
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
    this.#sound?.stop();
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
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #release(): Promise<void> {
    await Promise.resolve(); // from here on the player is closed to those who look
    await this.#sound?.close();
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
