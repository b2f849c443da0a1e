/** File to file through a pipeline, natively: JavaScript starts, observes and stops. */
import { EventEmitter } from 'node:events';
import { type DeviceId, resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { logger } from '../log.ts';
import type { SessionStats } from '../native.ts';
import type { Pipeline } from '../pipeline.ts';
import { checkEncoder } from './encoder-options.ts';
import { checkSection } from './input-options.ts';
import type { SessionOptions } from './options.ts';
import type { VideoInfo } from './probe.ts';
import { toNumber } from './rational.ts';
import { sectionDuration } from './section.ts';
import { noStats, Transcode } from './transcode.ts';

export interface SessionResult {
  /** Undefined where the output was discarded. */
  readonly output: string | undefined;
  readonly frames: number;
  readonly seconds: number;
  readonly fps: number;
  readonly device: DeviceId;
  /** Whether `stop()` ended it before its end. */
  readonly stopped: boolean;
  /** What was left out or assumed. */
  readonly warnings: readonly string[];
}

export interface SessionProgress {
  readonly frames: number;
  /** How many there will be, as far as the file says. */
  readonly totalFrames: number | undefined;
  readonly seconds: number;
  readonly fps: number;
}

/** What a session is about, once the files have been looked at. */
export interface SessionStart {
  readonly input: VideoInfo;
  readonly device: DeviceId;
  /** The passes of the plan, empty where frames are forwarded as they are. */
  readonly passes: readonly string[];
  readonly totalFrames: number | undefined;
  readonly warnings: readonly string[];
}

interface SessionEvents {
  start: [SessionStart];
  progress: [SessionProgress];
}

const progressInterval = 250;
const log = logger('video');
const planLog = logger('plan');

/** A running session: events `start` and `progress`, the promise `finished`, and two ways to stop. */
export class Session extends EventEmitter<SessionEvents> {
  /** The result; rejects where the session failed or was aborted, and then nothing has been written. */
  readonly finished: Promise<SessionResult>;
  readonly device: DeviceId;
  readonly #begin = performance.now();
  #transcode: Transcode | undefined;
  #stopped: boolean = false;
  #aborted: FramelaneError | undefined;
  readonly #abortion = new AbortController();
  #totalFrames: number | undefined;

  constructor(
    pipeline: Pick<Pipeline, 'stages'>,
    input: string,
    output: string,
    options: SessionOptions,
  ) {
    super();
    checkSection(options);
    checkEncoder(options);
    this.device = resolveDevice(options.device);
    this.finished = this.#run(pipeline, input, output, options);
  }

  /** Reads no further; what has been read is finished into a playable file, and `finished` resolves. */
  stop(): void {
    this.#stopped = true;
    this.#transcode?.stop();
  }

  /** Ends everything at once and removes what was written; `finished` rejects with ERR_ABORTED. */
  abort(reason?: unknown): void {
    if (this.#aborted === undefined) log.info?.('abort', { reason: String(reason) });
    this.#aborted ??= new FramelaneError('ERR_ABORTED', 'the session was aborted', {
      cause: reason,
    });
    this.#abortion.abort(reason);
    this.#transcode?.abort();
  }

  /** Frames and times of the stages up to now. */
  stats(): SessionStats {
    return this.#transcode?.stats() ?? noStats;
  }

  async #run(
    pipeline: Pick<Pipeline, 'stages'>,
    input: string,
    output: string,
    options: SessionOptions,
  ): Promise<SessionResult> {
    const { signal } = options;
    const onAbort = () => this.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.resolve(); // listeners can be added before the first event
      this.#throwIfAborted();
      await using transcode = await Transcode.open(pipeline, input, output, this.device, {
        ...options,
        signal: this.#abortion.signal,
      });
      this.#transcode = transcode;
      this.#throwIfAborted();
      log.info?.('start', { input, output, device: this.device, passes: transcode.passes.length });
      for (const pass of transcode.passes) planLog.info?.('pass', {}, pass);
      this.#announce(transcode, options);
      this.#throwIfAborted();
      if (this.#stopped) throw this.#nothingYet();
      transcode.start();
      timer = setInterval(() => this.emit('progress', this.#progress()), progressInterval);
      timer.unref();
      const begin = performance.now();
      await transcode.run();
      this.#throwIfAborted();
      const { framesOut: frames } = transcode.stats();
      if (frames === 0) throw this.#nothingYet();
      await transcode.commit();
      const seconds = (performance.now() - begin) / 1000;
      for (const warning of transcode.warnings) log.warn?.('warning', {}, warning);
      log.info?.('end', { output, frames, seconds: seconds.toFixed(3), stopped: this.#stopped });
      this.emit('progress', this.#progress());
      return {
        output: transcode.output,
        frames,
        seconds,
        fps: frames / seconds,
        device: this.device,
        stopped: this.#stopped,
        warnings: transcode.warnings,
      };
    } catch (error) {
      const failure = this.#aborted ?? error;
      log.error?.('failure', { input, output }, String(failure));
      throw failure;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #announce({ input, passes, warnings }: Transcode, options: SessionOptions): void {
    const duration = sectionDuration(input, options);
    const whole = options.from === undefined && options.to === undefined;
    const estimate = duration === undefined ? undefined : duration * toNumber(input.frameRate);
    this.#totalFrames = whole ? input.frameCount : estimate && Math.round(estimate);
    const totalFrames = this.#totalFrames;
    this.emit('start', {
      input,
      device: this.device,
      passes,
      totalFrames,
      warnings: [...warnings],
    });
  }

  #progress(): SessionProgress {
    const frames = this.stats().framesOut;
    const seconds = (performance.now() - this.#begin) / 1000;
    return { frames, totalFrames: this.#totalFrames, seconds, fps: frames / seconds };
  }

  #throwIfAborted(): void {
    if (this.#aborted !== undefined) throw this.#aborted;
  }

  #nothingYet(): FramelaneError {
    return this.#stopped
      ? new FramelaneError('ERR_ABORTED', 'the session was stopped before its first frame')
      : new FramelaneError('ERR_INPUT_INVALID', 'no frame could be decoded');
  }
}

/**
 * Runs a pipeline over a whole video file: frames in and out are the same in number and time, audio and subtitles are
 * copied. The output `null:` discards the frames, for measuring.
 *
 * @example
 * const session = runSession(pipeline().contrast(1.1), 'in.mp4', 'out.mp4', { crf: 18 })
 * session.on('progress', ({ frames, fps }) => console.log(frames, fps))
 * console.log((await session.finished).fps)
 */
export function runSession(
  pipeline: Pick<Pipeline, 'stages'>,
  input: string,
  output: string,
  options: SessionOptions = {},
): Session {
  return new Session(pipeline, input, output, options);
}
