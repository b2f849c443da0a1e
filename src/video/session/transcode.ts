/** What runs in a session: the FFmpegs and the native threads between them. */

import type { DeviceId } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import { SocketPairs } from '../../ffmpeg/sockets.ts';
import { addon } from '../../native/binding.ts';
import type { FrameTapHandle, Latency, SessionHandle, SessionStats } from '../../native/native.ts';
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

/** Before anything runs. */
export const noStats: SessionStats = {
  framesIn: 0,
  passes: 0,
  queue: 0,
  read: noTime,
  slotWait: noTime,
  inputWait: noTime,
  outputs: [],
};

/** How long a failure of the frames' stream waits for the FFmpeg that tells more. */
const patience = 2000;

/** The native name of an output whose frames go nowhere. */
const noDescriptor = -1;

/** The pipelines of a session, which may change. */
export type CurrentPipelines = () => SessionPipelines;

/** What belongs to a session and not to one of its passes. */
interface Belongings {
  readonly passes?: TwoPass | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Transcode implements AsyncDisposable {
  readonly input: VideoInfo;
  readonly outputs: readonly TranscodeOutput[];
  readonly #source: OutputSource;
  readonly #own: Belongings;
  /** Whether the input ends with it. */
  readonly #ownsInput: boolean;
  #handle: SessionHandle | undefined;
  #lastStats: SessionStats | undefined;
  #decoder: Decoder | undefined;
  #watch: Disposable | undefined;
  /** Whether the input was read to its end, and without complaints. */
  #whole: boolean = false;
  /** Of the decoder, complete when it has ended. */
  #complaints: readonly string[] = [];

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

  /** Looks at the files, compiles the plans and refuses what cannot work; starts nothing yet. */
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

  /** The first of two passes, of those outputs that need it; undefined where none does. It reads the same input. */
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
   * Other plans for some of the outputs, from one frame on, whose number it returns, counted from 0. Where they are refused
   * they belong to the caller, and nothing has changed.
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
      ...this.#complaints,
    ];
  }

  stats(): SessionStats {
    return this.#lastStats ?? this.#handle?.stats() ?? noStats;
  }

  /** The frames of an output as they are written, once it has been started. */
  watch(output: number): FrameTapHandle {
    if (this.#handle !== undefined) return new (addon().FrameTapHandle)(this.#handle, output);
    throw new FramelaneError('ERR_DISPOSED', 'the session has ended: its output can be read');
  }

  /** What is found out about the frames of each output, once it has been started and before it is run. */
  watchResults(): ResultTapHandle[] {
    const handle = this.#handle;
    if (handle === undefined) return [];
    return this.outputs.map((_, output) => new (addon().ResultTapHandle)(handle, output));
  }

  /** Frames that have been written to the output that has most of them. */
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

  /** Settles when every frame has been written and all FFmpegs have ended well. */
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
    // One that is ended early complains of that.
    if (this.#decoder !== undefined && whole) {
      this.#complaints = this.#decoder.warnings;
      this.#whole = this.#decoder.damage === undefined;
    }
    const { outputs } = this.stats();
    for (const [index, output] of this.outputs.entries()) {
      // An encoder without frames has nothing to finish.
      if ((outputs[index]?.framesOut ?? 0) > 0) await output.encoded();
    }
  }

  /** Which FFmpeg is to blame when frames no longer flow: one that ends badly tells more than a broken stream. */
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
   * The outputs take their names; one without a frame, or that is not whole, is an error, and then none does. `proceed`
   * throws where they are not to, before the first of them does.
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
      throw await takenBack(committed, error);
    }
  }

  /** Ends what still runs and removes what has not been committed. */
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

/** The error, once the outputs are as they were; it names those that could not be taken back. */
async function takenBack(committed: readonly TranscodeOutput[], error: unknown): Promise<unknown> {
  const left: string[] = [];
  for (const output of committed.toReversed()) {
    if (output.path !== undefined && !(await output.revert())) left.unshift(output.path);
  }
  if (left.length === 0 || !(error instanceof FramelaneError)) return error;
  const message = `${error.message}; written nevertheless: ${left.join(', ')}`;
  return new FramelaneError(error.code, message, { path: error.path, cause: error });
}
