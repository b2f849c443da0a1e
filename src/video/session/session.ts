/** A session as its caller holds it: events, changes while it runs, and two ways to stop. */
import { EventEmitter } from 'node:events';
import { type DeviceId, resolveDevice } from '../../device.ts';
import { invalidOption } from '../../errors/invalid.ts';
import { checkNames } from '../../errors/option-names.ts';
import type { FrameTapHandle } from '../../native/media.ts';
import type { NativeShape } from '../../native/plan.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import type { VariableValues } from '../../pipeline/file.ts';
import { type Pipeline, pipelineOf } from '../../pipeline/pipeline.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { checkInput } from '../input/options.ts';
import { type SharedOptions, sharedOptionNames } from '../input/run-options.ts';
import { encodingOptionNames } from '../output/encoder-options.ts';
import { type ChangeOptions, SessionChanges } from './changes.ts';
import { type SessionOptions, type SessionOutputOptions, sessionOptionNames } from './options.ts';
import type { SessionEvents, SessionResult, SessionStats } from './report.ts';
import { SessionRun } from './session-run.ts';
import { wantedOutputs } from './wanted-output.ts';

/** The frames of one output, for a player that shows a running session; see `Player.open`. */
export interface WatchedOutput {
  /** The input as the output's frames show it. */
  readonly info: VideoInfo;
  readonly shape: NativeShape;
  watch(): FrameTapHandle;
}

/**
 * A running session: events `start` and `progress`, the promise `finished`, and two ways to stop. A listener for `results` that
 * is added before the start receives the results of operations such as `histogram` for every frame as it is written. Frames
 * wait for the listener, and `finished` settles after the last results.
 */
export class Session extends EventEmitter<SessionEvents> {
  /** The result; rejects if the session fails or is aborted, and then no output is left. */
  readonly finished: Promise<SessionResult>;
  readonly device: DeviceId;
  readonly #run: SessionRun;
  readonly #changes: SessionChanges;
  readonly #assets: AssetOptions;

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
    const request = { input, outputs: wanted, device: this.device, options };
    this.#run = new SessionRun(request, this.#changes, this);
    this.finished = this.#run.run();
  }

  /**
   * Sets an option of a stage, on every output from the next frame that starts; returns the number of that frame, counted from
   * 0. Invalid values throw and change nothing. A value that names a file must name one that is already in use.
   *
   * @example
   * const session = runSession(pipeline().gaussianBlur(8).vignette(), 'in.mp4', 'out.mp4')
   * session.set('stages[0].radius', 12)
   */
  set(path: string, value: unknown, options: ChangeOptions = {}): number {
    return this.#changes.set(path, value, options);
  }

  /**
   * Sets variables of a pipeline that was read from a file; values set by `set` stay. The promise resolves with the number of
   * the first frame that has them.
   *
   * @example
   * const session = runSession(await readPipeline('pipelines/vintage.json'), 'in.mp4', 'out.mp4')
   * await session.setVariables({ strength: 0.9 })
   */
  setVariables(values: VariableValues, options: ChangeOptions = {}): Promise<number> {
    return this.#changes.setVariables(values, options, this.#assets);
  }

  /**
   * Replaces the pipeline of the session, or an output's own. Its pictures and LUTs are loaded first; the promise resolves with
   * the number of the first frame that it computes. Size and format of the outputs cannot change.
   *
   * @example
   * const session = runSession(pipeline(), 'in.mp4', [{ path: 'a.mp4' }, { path: 'b.mp4' }])
   * await session.setPipeline(pipeline().sepia(1), { output: 1 })
   */
  setPipeline(pipeline: Pick<Pipeline, 'stages'>, options: ChangeOptions = {}): Promise<number> {
    return this.#changes.setPipeline(pipeline, options);
  }

  /** Stops reading, finishes the frames already read into a playable file, and resolves `finished`. */
  stop(): void {
    this.#run.stop();
  }

  /** Ends everything at once and removes what was written; `finished` rejects with ERR_ABORTED. */
  abort(reason?: unknown): void {
    this.#run.abort(reason);
  }

  /** Frames and times of the stages up to now. */
  stats(): SessionStats {
    return this.#run.stats();
  }

  /** The frames of an output as they are written, once the session runs; rejects with the error that kept it from running. */
  async frames(output = 0): Promise<WatchedOutput> {
    await Promise.race([this.#run.started, this.finished]);
    const { transcode } = this.#run;
    const { plan, path } = transcode?.outputs[output] ?? {};
    if (transcode === undefined || plan === undefined) {
      const count = transcode?.outputs.length ?? 0;
      throw invalidOption('output', `an integer from 0 to ${count - 1}`, output);
    }
    const { width, height, format } = plan.shape;
    const info: VideoInfo = {
      ...transcode.input,
      path: path ?? transcode.input.path,
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
