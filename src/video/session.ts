/** File to file through a pipeline, natively: JavaScript starts, observes and stops. */
import { EventEmitter } from 'node:events';
import { type DeviceId, resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { checkPath } from '../invalid-argument.ts';
import { invalidOption } from '../invalid-option.ts';
import { logger } from '../log.ts';
import type { SessionStats as FrameStats, FrameTapHandle, NativeShape } from '../native.ts';
import { checkNames } from '../option-names.ts';
import { type Pipeline, pipelineOf, pipelineOption } from '../pipeline.ts';
import type { ClockJump } from './clock-jumps.ts';
import { checkInput } from './input-options.ts';
import {
  encodingOptionNames,
  type SessionOptions,
  type SessionOutputOptions,
  type SharedOptions,
  sessionOptionNames,
  sessionOutputNames,
  sharedOptionNames,
} from './options.ts';
import { toNumber } from './rational.ts';
import { sectionDuration } from './section.ts';
import { checkOutput, type SessionOutput } from './session-output.ts';
import { duplicatePath, noStats, Transcode } from './transcode.ts';
import type { VideoInfo } from './video-info.ts';

export interface OutputResult {
  /** Undefined where the frames were discarded. */
  readonly path: string | undefined;
  readonly frames: number;
  /** By `fps`: frames that were left out, and times that one was shown again. */
  readonly dropped: number;
  readonly repeated: number;
  /** Frames whose time was not after that of the one before, and which are shown a tick after it. */
  readonly late: number;
}

export interface SessionResult {
  /** The first output; undefined where it was discarded. */
  readonly output: string | undefined;
  readonly outputs: readonly OutputResult[];
  /** Of the output that has most of them. */
  readonly frames: number;
  readonly seconds: number;
  readonly fps: number;
  readonly device: DeviceId;
  /** Whether `stop()` ended it before its end. */
  readonly stopped: boolean;
  /** Where the clock of the input jumped; what follows goes on without a gap. */
  readonly clockJumps: readonly ClockJump[];
  /** What was left out or assumed. */
  readonly warnings: readonly string[];
}

/** What has gone through a session, and where it spends its time. */
export interface SessionStats extends FrameStats {
  /** How often the clock of the input jumps; see `SessionResult`. */
  readonly clockJumps: number;
}

export interface SessionProgress {
  readonly frames: number;
  /** How many there will be, as far as the file says. */
  readonly totalFrames: number | undefined;
  readonly seconds: number;
  readonly fps: number;
  /** 1, and 2 in the second of two passes; frames and seconds are those of the pass. */
  readonly pass: 1 | 2;
  readonly passes: 1 | 2;
}

/** What a session is about, once the files have been looked at. */
export interface SessionStart {
  readonly input: VideoInfo;
  readonly device: DeviceId;
  /** The passes of each output's plan, none where frames are forwarded as they are. */
  readonly passes: readonly (readonly string[])[];
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

/** The frames of one output, for those who watch a session; see `Player.open`. */
export interface WatchedOutput {
  /** What the source's frames have become. */
  readonly info: VideoInfo;
  readonly shape: NativeShape;
  watch(): FrameTapHandle;
}

/** A running session: events `start` and `progress`, the promise `finished`, and two ways to stop. */
export class Session extends EventEmitter<SessionEvents> {
  /** The result; rejects where the session failed or was aborted, and then nothing has been written. */
  readonly finished: Promise<SessionResult>;
  readonly device: DeviceId;
  #begin = performance.now();
  #pass: 1 | 2 = 1;
  #passes: 1 | 2 = 1;
  #transcode: Transcode | undefined;
  #stopped: boolean = false;
  #aborted: FramelaneError | undefined;
  readonly #abortion = new AbortController();
  #totalFrames: number | undefined;
  #running = { resolve: () => {} };
  readonly #started = new Promise<void>((resolve) => {
    this.#running = { resolve };
  });

  constructor(
    pipeline: Pick<Pipeline, 'stages'>,
    input: string,
    outputs: readonly SessionOutputOptions[],
    options: SharedOptions,
  ) {
    super();
    const stages = pipelineOf(pipeline);
    checkInput(options);
    checkOutputs(outputs);
    this.device = resolveDevice(options.device);
    this.finished = this.#run(stages, input, outputs, options);
  }

  /** Reads no further; what has been read is finished into a playable file, and `finished` resolves. */
  stop(): void {
    this.#stopped = true;
    this.#transcode?.stop();
    // There is nothing to finish: whatever is still waited for need not come.
    if (this.#transcode === undefined) this.#abortion.abort();
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
    const stats = this.#transcode?.stats() ?? noStats;
    return { ...stats, clockJumps: this.#transcode?.input.clockJumps.length ?? 0 };
  }

  /** The frames of an output as they are written, from when the session runs; rejects with what kept it from running. */
  async frames(output = 0): Promise<WatchedOutput> {
    await Promise.race([this.#started, this.finished]);
    const { path: source } = this.#transcode?.input ?? {};
    const { plan, path } = this.#transcode?.outputs[output] ?? {};
    const transcode = this.#transcode;
    if (transcode === undefined || plan === undefined) {
      const count = transcode?.outputs.length ?? 0;
      throw invalidOption('output', `an integer from 0 to ${count - 1}`, output);
    }
    const { width, height, format } = plan.output;
    const info: VideoInfo = {
      ...transcode.input,
      path: path ?? source ?? '',
      width,
      height,
      rotation: 0,
      mirrored: false,
      pixelFormat: format,
      duration: undefined,
      audio: [],
      live: true,
    };
    return { info, shape: plan.output, watch: () => transcode.watch(output) };
  }

  async #run(
    pipeline: Pick<Pipeline, 'stages'>,
    input: string,
    outputs: readonly SessionOutputOptions[],
    options: SharedOptions,
  ): Promise<SessionResult> {
    const { signal } = options;
    const onAbort = () => this.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    const paths = outputs.map(({ path }) => path).join(',');
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.resolve(); // listeners can be added before the first event
      this.#throwIfAborted();
      await using transcode = await Transcode.open(pipeline, input, outputs, this.device, {
        ...options,
        signal: this.#abortion.signal,
      });
      this.#transcode = transcode;
      this.#throwIfAborted();
      log.info?.('start', { input, output: paths, device: this.device });
      for (const { plan } of transcode.outputs) {
        for (const pass of plan.describe()) planLog.info?.('pass', {}, pass);
      }
      this.#announce(transcode, options);
      this.#throwIfAborted();
      if (this.#stopped) throw this.#nothingYet();
      timer = setInterval(() => this.emit('progress', this.#progress()), progressInterval);
      timer.unref();
      const begin = performance.now();
      await this.#firstPass(transcode);
      transcode.start();
      this.#running.resolve();
      await transcode.run();
      this.#throwIfAborted();
      const frames = transcode.framesOut;
      if (frames === 0) throw this.#nothingYet();
      // Listeners may throw, which must not look as if nothing had been written.
      this.emit('progress', this.#progress());
      await transcode.commit(() => this.#throwIfAborted());
      const seconds = (performance.now() - begin) / 1000;
      for (const warning of transcode.warnings) log.warn?.('warning', {}, warning);
      log.info?.('end', {
        output: paths,
        frames,
        seconds: seconds.toFixed(3),
        stopped: this.#stopped,
      });
      return {
        output: transcode.outputs[0]?.path,
        outputs: outputResults(transcode),
        frames,
        seconds,
        fps: frames / seconds,
        device: this.device,
        stopped: this.#stopped,
        clockJumps: transcode.input.clockJumps,
        warnings: transcode.warnings,
      };
    } catch (error) {
      const stoppedEarly = this.#stopped && this.#transcode === undefined;
      const failure = this.#aborted ?? (stoppedEarly ? this.#nothingYet() : error);
      log.error?.('failure', { input, output: paths }, String(failure));
      throw failure;
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Where an output is encoded in two passes. */
  async #firstPass(transcode: Transcode): Promise<void> {
    await using first = await transcode.firstPass();
    if (first === undefined) return;
    this.#passes = 2;
    this.#transcode = first;
    this.#throwIfAborted();
    if (this.#stopped) throw this.#nothingYet();
    first.start();
    await first.run();
    this.emit('progress', this.#progress());
    this.#throwIfAborted();
    if (this.#stopped || first.framesOut === 0) throw this.#nothingYet();
    this.#transcode = transcode;
    this.#begin = performance.now();
    this.#pass = 2;
  }

  #announce({ input, outputs, warnings }: Transcode, options: SharedOptions): void {
    this.#totalFrames = expectedFrames(input, outputs, options);
    const passes = outputs.map(({ plan }) => plan.describe());
    const totalFrames = this.#totalFrames;
    this.emit('start', { input, device: this.device, passes, totalFrames, warnings });
  }

  #progress(): SessionProgress {
    const frames = this.#transcode?.framesOut ?? 0;
    const seconds = (performance.now() - this.#begin) / 1000;
    const [pass, passes] = [this.#pass, this.#passes];
    return { frames, totalFrames: this.#totalFrames, seconds, fps: frames / seconds, pass, passes };
  }

  #throwIfAborted(): void {
    if (this.#aborted !== undefined) throw this.#aborted;
  }

  #nothingYet(): FramelaneError {
    return this.#stopped
      ? new FramelaneError(
          'ERR_ABORTED',
          'the session was stopped before its first frame was written',
        )
      : new FramelaneError('ERR_INPUT_INVALID', 'no frame could be decoded');
  }
}

function checkOutputs(outputs: readonly SessionOutputOptions[]): void {
  if (!Array.isArray(outputs))
    throw invalidOption('outputs', 'a path or an array of outputs', outputs);
  if (outputs.length === 0) throw invalidOption('outputs', 'at least one output', outputs);
  for (const [index, output] of outputs.entries()) {
    checkNames(output, sessionOutputNames, `outputs[${index}]`);
    checkPath(output.path, `outputs[${index}].path`);
    if (output.pipeline !== undefined)
      pipelineOption(output.pipeline, `outputs[${index}].pipeline`);
    checkOutput(output);
  }
  const twice = duplicatePath(outputs);
  if (twice !== undefined) throw invalidOption('outputs', 'each path once', twice);
}

/** Of the output that will have most of them. */
function expectedFrames(
  input: VideoInfo,
  outputs: readonly SessionOutput[],
  options: SharedOptions,
): number | undefined {
  const videos = outputs.filter(({ isPicture }) => !isPicture);
  if (videos.length === 0) return 1;
  const rates = videos.map(({ fps }) => fps);
  const whole = options.from === undefined && options.to === undefined;
  if (whole && rates.every((fps) => fps === undefined)) return input.frameCount;
  const duration = sectionDuration(input, options);
  const most = Math.max(...rates.map((fps) => toNumber(fps ?? input.frameRate)));
  return duration === undefined ? undefined : Math.round(duration * most);
}

function outputResults(transcode: Transcode): OutputResult[] {
  const { outputs } = transcode.stats();
  return transcode.outputs.map(({ path }, index) => {
    const { framesOut: frames = 0, dropped = 0, repeated = 0, late = 0 } = outputs[index] ?? {};
    return { path, frames, dropped, repeated, late };
  });
}

/**
 * Runs a pipeline over a whole video: frames in and out are the same in number and time, audio and subtitles are carried
 * over. Several outputs share one decode, each with stages and an encoder of its own; `null:` discards the frames, for
 * measuring.
 *
 * @example
 * const session = runSession(pipeline().contrast(1.1), 'in.mp4', 'out.mp4', { crf: 18 })
 * session.on('progress', ({ frames, fps }) => console.log(frames, fps))
 * console.log((await session.finished).fps)
 *
 * @example
 * const small = pipeline().resize({ height: 360 })
 * await runSession(pipeline(), 'in.mp4', [
 *   { path: 'full.mp4', crf: 20 },
 *   { path: 'small.mp4', pipeline: small },
 *   { path: 'poster.png', at: 2 },
 * ]).finished
 */
export function runSession(
  pipeline: Pick<Pipeline, 'stages'>,
  input: string,
  output: string,
  options?: SessionOptions,
): Session;
export function runSession(
  pipeline: Pick<Pipeline, 'stages'>,
  input: string,
  outputs: readonly SessionOutputOptions[],
  options?: SharedOptions,
): Session;
export function runSession(
  pipeline: Pick<Pipeline, 'stages'>,
  input: string,
  output: string | readonly SessionOutputOptions[],
  options: SessionOptions | SharedOptions = {},
): Session {
  if (typeof output === 'string') {
    checkNames(options, sessionOptionNames);
    const encoding = Object.entries(options).filter(([name]) => encodingOptionNames.includes(name));
    const outputs = [{ ...Object.fromEntries(encoding), path: output }];
    return new Session(pipeline, input, outputs, options);
  }
  checkNames(options, sharedOptionNames);
  return new Session(pipeline, input, output, options);
}
