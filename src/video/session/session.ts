/** File to file through a pipeline, natively: JavaScript starts, observes and stops. */
import { EventEmitter } from 'node:events';
import { type DeviceId, resolveDevice } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { invalidOption } from '../../errors/invalid.ts';
import { checkNames } from '../../errors/option-names.ts';
import { logger } from '../../log.ts';
import type { FrameTapHandle } from '../../native/media.ts';
import type { NativeShape } from '../../native/plan.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import type { VariableValues } from '../../pipeline/file.ts';
import { type Pipeline, pipelineOf } from '../../pipeline/pipeline.ts';
import { whenAborted } from '../../system/limits.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { checkInput } from '../input/options.ts';
import { type SharedOptions, sharedOptionNames } from '../input/run-options.ts';
import { encodingOptionNames } from '../output/encoder-options.ts';
import { type ChangeOptions, SessionChanges } from './changes.ts';
import { type SessionOptions, type SessionOutputOptions, sessionOptionNames } from './options.ts';
import {
  expectedFrames,
  outputResults,
  type SessionProgress,
  type SessionResult,
  type SessionStart,
  type SessionStats,
} from './report.ts';
import { type FrameResults, tellResults } from './results.ts';
import { noStats, Transcode } from './transcode.ts';
import { type WantedOutput, wantedOutputs } from './wanted-output.ts';

interface SessionEvents {
  start: [SessionStart];
  progress: [SessionProgress];
  results: [FrameResults];
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

/**
 * A running session: events `start` and `progress`, the promise `finished`, and two ways to stop. Whoever listens for `results`
 * from the beginning gets what operations such as `histogram` find out about every frame, as it is written; the frames wait for
 * the listener, and `finished` settles when all have been told.
 */
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
  readonly #changes: SessionChanges;
  readonly #assets: AssetOptions;
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
    const checked = pipelineOf(pipeline);
    checkInput(options);
    const wanted = wantedOutputs(outputs);
    const own = wanted.map((output) => output.pipeline);
    this.#changes = new SessionChanges(checked, own);
    this.#assets = { assets: options.assets };
    this.device = resolveDevice(options.device);
    this.finished = this.#run(input, wanted, options);
  }

  /**
   * Gives an option of a stage another value, on every output from the next frame that is begun; returns the number of that
   * frame, counted from 0. Wrong values throw and change nothing. Of files, only those that are in use already can be named.
   *
   * @example
   * const session = runSession(pipeline().gaussianBlur(8).vignette(), 'in.mp4', 'out.mp4')
   * session.set('stages[0].radius', 12)
   */
  set(path: string, value: unknown, options: ChangeOptions = {}): number {
    return this.#changes.set(path, value, options);
  }

  /**
   * Gives variables of a pipeline that was read from a file other values; what `set` has changed stays so. The promise settles
   * when that holds, with the number of the first frame.
   *
   * @example
   * const session = runSession(await readPipeline('pipelines/vintage.json'), 'in.mp4', 'out.mp4')
   * await session.setVariables({ strength: 0.9 })
   */
  setVariables(values: VariableValues, options: ChangeOptions = {}): Promise<number> {
    return this.#changes.setVariables(values, options, this.#assets);
  }

  /**
   * Puts another pipeline in the place of the session's, or of an output's own. Pictures and LUTs are loaded before; the promise
   * settles when it holds, with the number of the first frame. Size and format of the outputs stay as they are.
   *
   * @example
   * const session = runSession(pipeline(), 'in.mp4', [{ path: 'a.mp4' }, { path: 'b.mp4' }])
   * await session.setPipeline(pipeline().sepia(1), { output: 1 })
   */
  setPipeline(pipeline: Pick<Pipeline, 'stages'>, options: ChangeOptions = {}): Promise<number> {
    return this.#changes.setPipeline(pipeline, options);
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
    const { width, height, format } = plan.shape;
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
    return { info, shape: plan.shape, watch: () => transcode.watch(output) };
  }

  async #run(
    input: string,
    outputs: readonly WantedOutput[],
    options: SharedOptions,
  ): Promise<SessionResult> {
    const { signal } = options;
    const forget = whenAborted(signal, () => this.abort(signal?.reason));
    const paths = outputs.map(({ path }) => path).join(',');
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.resolve(); // listeners can be added before the first event
      this.#throwIfAborted();
      const { pipelines } = this.#changes;
      const current = () => this.#changes.pipelines;
      await using transcode = await Transcode.open(current, input, outputs, this.device, {
        ...options,
        signal: this.#abortion.signal,
      });
      this.#transcode = transcode;
      this.#throwIfAborted();
      using _ = await this.#changes.open(transcode, pipelines);
      this.#throwIfAborted();
      log.info?.('start', { input, output: paths, device: this.device });
      for (const { plan } of transcode.outputs) {
        for (const pass of plan.handle.describe()) planLog.info?.('pass', {}, pass);
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
      await Promise.all([this.#tellResults(transcode), transcode.run()]);
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
      this.#changes.end(failure);
      throw failure;
    } finally {
      this.#changes.end(undefined);
      clearInterval(timer);
      forget();
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

  async #tellResults(transcode: Transcode): Promise<void> {
    if (this.listenerCount('results') === 0) return;
    await tellResults(transcode.watchResults(), (results) => this.emit('results', results));
  }

  #announce({ input, outputs, warnings }: Transcode, options: SharedOptions): void {
    this.#totalFrames = expectedFrames(input, outputs, options);
    const passes = outputs.map(({ plan }) => plan.handle.describe());
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
