/** The FFmpegs of a session and the native session between them, for one pass over the input. */

import type { DeviceId } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import { SocketPairs } from '../../ffmpeg/sockets.ts';
import { addon } from '../../native/binding.ts';
import type {
  FrameTapHandle,
  Latency,
  NativeSessionStats,
  SessionHandle,
} from '../../native/media.ts';
import type { ResultTapHandle } from '../../native/results.ts';
import { abortError, untilAborted } from '../../system/abort.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { type CutSubtitles, cutSubtitles } from '../input/cut-subtitles.ts';
import type { Decoder } from '../input/decoder.ts';
import { VideoInput } from '../input/input.ts';
import type { SharedOptions } from '../input/run-options.ts';
import { nativeSection } from '../input/section.ts';
import { probeTail, sectionEnding } from '../input/tail.ts';
import type { EncoderPass } from '../output/encoders/declaration.ts';
import type { NextPlan } from './output-plan.ts';
import type { SessionPipelines } from './pipelines.ts';
import { type OutputSource, TranscodeOutput } from './transcode-output.ts';
import { TwoPass } from './two-pass.ts';
import type { WantedOutput } from './wanted-output.ts';

const noTime: Latency = { count: 0, total: 0, fps: 0, p50: 0, p95: 0, p99: 0, max: 0 };

/** The statistics before anything runs. */
export const noStats: NativeSessionStats = {
  framesIn: 0,
  passes: 0,
  queue: 0,
  read: noTime,
  slotWait: noTime,
  inputWait: noTime,
  outputs: [],
};

/** Milliseconds for which a broken stream of frames waits for an FFmpeg that fails and tells the reason. */
const patience = 2000;

/** The native name of an output whose frames go nowhere. */
const noDescriptor = -1;

/** The pipelines of a session, which may change. */
export type CurrentPipelines = () => SessionPipelines;

/** What lives as long as the session, not just for one pass. */
interface Belongings {
  readonly passes?: TwoPass | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Transcode implements AsyncDisposable {
  readonly input: VideoInfo;
  readonly outputs: readonly TranscodeOutput[];
  readonly #source: OutputSource;
  readonly #own: Belongings;
  /** Whether it disposes of the input. */
  readonly #ownsInput: boolean;
  #handle: SessionHandle | undefined;
  #lastStats: NativeSessionStats | undefined;
  #decoder: Decoder | undefined;
  #watch: Disposable | undefined;
  /** Whether the input was read to its end without decoding errors. */
  #whole: boolean = false;
  /** Warnings of the decoder, complete when it has ended. */
  #decoderWarnings: readonly string[] = [];

  private constructor(
    source: OutputSource,
    outputs: readonly TranscodeOutput[],
    own: Belongings | undefined,
  ) {
    this.#source = source;
    this.#own = own ?? {};
    this.#ownsInput = own !== undefined;
    this.input = source.input.info;
    this.outputs = outputs;
  }

  /** Probes the input, compiles the plans and rejects what cannot work; starts nothing yet. */
  static async open(
    pipelines: CurrentPipelines,
    inputPath: string,
    outputs: readonly WantedOutput[],
    device: DeviceId,
    options: SharedOptions,
  ): Promise<Transcode> {
    const sureOfRate = outputs.some(
      ({ encoding, at }) => encoding !== undefined && at === undefined,
    );
    const input = await VideoInput.open(inputPath, { ...options, sureOfRate });
    let passes: TwoPass | undefined;
    let subtitles: CutSubtitles | undefined;
    try {
      const { signal } = options;
      const asked = Promise.all([openFfmpeg(options.ffmpeg), probeTail(input.info, options)]);
      const [ffmpeg, tail] = await untilAborted(asked, 'the session', signal);
      const ending = sectionEnding(tail, options);
      const wanted = outputs.some(
        ({ encoding }) => encoding !== undefined && encoding.output.subtitles !== 'none',
      );
      subtitles = await cutSubtitles(ffmpeg, input.info, wanted ? options : {}, signal);
      passes = await TwoPass.open(outputs, input.info);
      const stagesOf = (output: WantedOutput) => {
        return pipelines().stagesOf(outputs.indexOf(output));
      };
      const source = { input, stagesOf, options, device, ffmpeg, ending, subtitles };
      const opened = await openOutputs(source, outputs, (one) => passes?.pass(2, one), signal);
      return new Transcode(source, opened, { passes, signal });
    } catch (error) {
      await passes?.[Symbol.asyncDispose]();
      await subtitles?.[Symbol.asyncDispose]();
      await input[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The first pass of the outputs that are encoded in two, over the same input; undefined where none is. */
  async firstPass(): Promise<Transcode | undefined> {
    const { passes, signal } = this.#own;
    if (passes === undefined) return undefined;
    const pass = (output: WantedOutput) => passes.pass(1, output);
    const opened = await openOutputs(this.#source, passes.outputs, pass, signal);
    return new Transcode(this.#source, opened, undefined);
  }

  /** Whether its outputs see every frame twice. */
  get isTwoPass(): boolean {
    return this.#own.passes !== undefined;
  }

  /**
   * Replaces the plans of some outputs from one frame on; returns the number of that frame, counted from 0. If it throws,
   * nothing has changed, and the caller still owns the plans.
   */
  use(plans: ReadonlyMap<number, NextPlan>): number {
    const handles = this.outputs.map(({ plan }, index) => (plans.get(index) ?? plan).handle);
    const frame = this.#handle?.setPlans(handles) ?? 0;
    for (const [index, next] of plans) this.outputs[index]?.plan.use(next);
    return frame;
  }

  get warnings(): readonly string[] {
    return [
      ...this.#source.input.warnings,
      ...this.outputs.flatMap(({ warnings }) => warnings),
      ...this.#decoderWarnings,
    ];
  }

  stats(): NativeSessionStats {
    return this.#lastStats ?? this.#handle?.stats() ?? noStats;
  }

  /** The frames of an output as they are written, once it has started. */
  watch(output: number): FrameTapHandle {
    if (this.#handle !== undefined) return new (addon().FrameTapHandle)(this.#handle, output);
    throw new FramelaneError('ERR_DISPOSED', 'the session has ended; read its output instead');
  }

  /** The results of the ops on each output, after `start` and before `run`. */
  watchResults(): ResultTapHandle[] {
    const handle = this.#handle;
    if (handle === undefined) return [];
    return this.outputs.map((_, output) => new (addon().ResultTapHandle)(handle, output));
  }

  /** Frames written to the output that has most of them. */
  get framesOut(): number {
    return Math.max(0, ...this.stats().outputs.map(({ framesOut }) => framesOut));
  }

  /** Starts the FFmpegs and the native session between them. */
  start(): void {
    using sockets = new SocketPairs();
    const { input, options } = this.#source;
    const toDecoder = sockets.open();
    const toEncoders = this.outputs.map(({ encodes }) => (encodes ? sockets.open() : undefined));
    const outputs = this.outputs.map((output, index) => {
      return output.native(toEncoders[index]?.local ?? noDescriptor);
    });
    const section = nativeSection(input.info, options);
    this.#handle = new (addon().SessionHandle)(toDecoder.local, outputs, section);
    for (const [index, output] of this.outputs.entries()) {
      const encoder = toEncoders[index];
      if (encoder !== undefined) this.#startEncoder(output, index, encoder.remote);
    }
    this.#decoder = input.start(toDecoder.remote);
    this.#watch = this.#decoder.watchFrames(() => {
      return this.#handle?.reading ? this.#handle.stats().framesIn : undefined;
    });
  }

  #startEncoder(output: TranscodeOutput, index: number, descriptor: number): void {
    const taken = () => {
      return this.#handle?.writing(index) ? this.stats().outputs[index]?.framesOut : undefined;
    };
    output.start(descriptor, () => this.#handle?.abort(), taken);
  }

  /** Settles when every frame is written and all FFmpegs have ended without an error. */
  async run(): Promise<void> {
    let whole: boolean | undefined;
    try {
      whole = await this.#handle?.run();
    } catch (error) {
      throw await this.#blame(error);
    }
    for (const output of this.outputs) {
      const early = await output.failure();
      if (early !== undefined) throw early;
    }
    this.#whole = whole === true;
    if (!whole) this.#decoder?.kill();
    const failure = await this.#decoder?.ended();
    if (failure !== undefined && whole) throw failure;
    // A decoder that is killed early reports errors that do not count.
    if (this.#decoder !== undefined && whole) {
      this.#decoderWarnings = this.#decoder.warnings;
      this.#whole = this.#decoder.damage === undefined;
    }
    const { outputs } = this.stats();
    for (const [index, output] of this.outputs.entries()) {
      // An encoder without frames has nothing to finish.
      if ((outputs[index]?.framesOut ?? 0) > 0) await output.encoded();
    }
  }

  /** The failure of the FFmpeg that stopped the frames, because it tells more than a broken stream; else `error`. */
  async #blame(error: unknown): Promise<unknown> {
    const failed = this.outputs[this.#handle?.failedOutput ?? -1];
    const failure = await failed?.failure(error, patience);
    if (failure !== undefined) return failure;
    return this.#decoder === undefined ? error : await this.#decoder.blame(error, patience);
  }

  stop(): void {
    this.#handle?.finish();
  }

  abort(): void {
    this.#handle?.abort();
    this.#decoder?.kill();
    for (const output of this.outputs) output.kill();
  }

  /**
   * Gives all outputs their names, or none of them: an output that is empty or not whole is an error. `proceed` is called just
   * before the first takes its name, and throws to prevent that.
   */
  async commit(proceed: () => void): Promise<void> {
    const { outputs } = this.stats();
    for (const [index, output] of this.outputs.entries()) {
      if ((outputs[index]?.framesOut ?? 0) === 0) throw output.empty();
    }
    for (const [index, output] of this.outputs.entries()) {
      await output.complete(this.#whole ? outputs[index]?.lastTime : undefined);
    }
    proceed();
    const several = this.outputs.length > 1;
    const committed: TranscodeOutput[] = [];
    try {
      for (const output of this.outputs) {
        await output.commit(several);
        committed.push(output);
      }
    } catch (error) {
      throw await reverted(committed, error);
    }
  }

  /** Ends what still runs and removes outputs that were not committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    this.#watch?.[Symbol.dispose]();
    await Promise.allSettled([
      this.#decoder?.exited,
      ...this.outputs.map((output) => output.gone()),
    ]);
    this.#lastStats = this.#handle?.stats();
    await this.#handle?.close();
    for (const output of this.outputs) await output[Symbol.asyncDispose]();
    await this.#own.passes?.[Symbol.asyncDispose]();
    if (!this.#ownsInput) return;
    await this.#source.subtitles[Symbol.asyncDispose]();
    await this.#source.input[Symbol.asyncDispose]();
  }
}

async function openOutputs(
  source: OutputSource,
  outputs: readonly WantedOutput[],
  passOf: (output: WantedOutput) => EncoderPass | undefined,
  signal: AbortSignal | undefined,
): Promise<TranscodeOutput[]> {
  const opened: TranscodeOutput[] = [];
  try {
    for (const output of outputs) {
      opened.push(await TranscodeOutput.open(source, output, passOf(output)));
      if (signal?.aborted) throw abortError('the session', signal);
    }
    return opened;
  } catch (error) {
    for (const output of opened) await output[Symbol.asyncDispose]();
    throw error;
  }
}

/** Reverts committed outputs after an error; the error names those that could not be reverted. */
async function reverted(committed: readonly TranscodeOutput[], error: unknown): Promise<unknown> {
  const left: string[] = [];
  for (const output of committed.toReversed()) {
    if (output.path !== undefined && !(await output.revert())) left.unshift(output.path);
  }
  if (left.length === 0 || !(error instanceof FramelaneError)) return error;
  const message = `${error.message}; already written: ${left.join(', ')}`;
  return new FramelaneError(error.code, message, { path: error.path, cause: error });
}
