/** What runs in a session: the FFmpegs and the native threads between them. */
import { resolve } from 'node:path';
import { addon } from '../binding.ts';
import type { DeviceId } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { openFfmpeg } from '../ffmpeg/ffmpeg.ts';
import { type Child, exitWithin } from '../ffmpeg/process.ts';
import type {
  FrameTapHandle,
  Latency,
  NativeSection,
  NativeSessionOutput,
  SessionHandle,
  SessionStats,
} from '../native.ts';
import type { Pipeline } from '../pipeline.ts';
import { abortError, untilAborted } from './abort.ts';
import { type CutSubtitles, cutSubtitles } from './cut-subtitles.ts';
import { decoderWarnings } from './decoder.ts';
import { VideoInput } from './input.ts';
import type { SessionOutputOptions, SharedOptions } from './options.ts';
import { nativeSection } from './section.ts';
import { nullOutput, SessionOutput } from './session-output.ts';
import { withSocketPair } from './sockets.ts';
import { probeTail, sectionEnding } from './tail.ts';
import type { VideoInfo } from './video-info.ts';

const noTime: Latency = { count: 0, total: 0, fps: 0, p50: 0, p95: 0, p99: 0, max: 0 };

/** Before anything runs. */
export const noStats: SessionStats = {
  framesIn: 0,
  queue: 0,
  read: noTime,
  slotWait: noTime,
  inputWait: noTime,
  outputs: [],
};

/** How long a failure of the frames' stream waits for the FFmpeg that tells more. */
const patience = 2000;

export class Transcode implements AsyncDisposable {
  readonly input: VideoInfo;
  readonly outputs: readonly SessionOutput[];
  readonly #source: VideoInput;
  readonly #section: NativeSection;
  readonly #subtitles: CutSubtitles;
  #handle: SessionHandle | undefined;
  #lastStats: SessionStats | undefined;
  #decoder: Child | undefined;
  /** Whether the input was read to its end, and without complaints. */
  #whole: boolean = false;
  /** Of the decoder, complete when it has ended. */
  #complaints: readonly string[] = [];

  private constructor(
    source: VideoInput,
    section: NativeSection,
    outputs: readonly SessionOutput[],
    subtitles: CutSubtitles,
  ) {
    this.#subtitles = subtitles;
    this.#source = source;
    this.#section = section;
    this.input = source.info;
    this.outputs = outputs;
  }

  /** Looks at the files, compiles the plans and refuses what cannot work; starts nothing yet. */
  static async open(
    pipeline: Pick<Pipeline, 'stages'>,
    inputPath: string,
    outputs: readonly SessionOutputOptions[],
    device: DeviceId,
    options: SharedOptions,
  ): Promise<Transcode> {
    const input = await VideoInput.open(inputPath, options);
    const opened: SessionOutput[] = [];
    let subtitles: CutSubtitles | undefined;
    try {
      const { signal } = options;
      const asked = Promise.all([openFfmpeg(options.ffmpeg), probeTail(input.info, options)]);
      const [ffmpeg, tail] = await untilAborted(asked, 'the session', signal);
      const ending = sectionEnding(tail, options);
      const wanted = outputs.some(
        (output) => output.subtitles !== 'none' && output.path !== nullOutput,
      );
      subtitles = await cutSubtitles(ffmpeg, input.info, wanted ? options : {}, signal);
      const source = { input, pipeline, options, device, ffmpeg, ending, subtitles };
      for (const output of outputs) {
        opened.push(await SessionOutput.open(source, output));
        if (signal?.aborted) throw abortError('the session', signal);
      }
      return new Transcode(input, nativeSection(input.info, options), opened, subtitles);
    } catch (error) {
      for (const output of opened) await output[Symbol.asyncDispose]();
      await subtitles?.[Symbol.asyncDispose]();
      await input[Symbol.asyncDispose]();
      throw error;
    }
  }

  get warnings(): readonly string[] {
    return [
      ...this.#source.warnings,
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

  /** Frames that have been written to the output that has most of them. */
  get framesOut(): number {
    return Math.max(0, ...this.stats().outputs.map(({ framesOut }) => framesOut));
  }

  /** Starts the FFmpegs and what lies between. */
  start(): void {
    withSocketPair((input) => {
      this.#connect(input.local, []);
      this.#decoder = this.#source.start(input.remote);
    });
  }

  /** A socket pair and an encoder for one output after the other, then the native session between all of them. */
  #connect(input: number, connected: readonly NativeSessionOutput[]): void {
    const output = this.outputs[connected.length];
    if (output === undefined) {
      this.#handle = new (addon().SessionHandle)(input, connected, this.#section);
    } else if (output.encodes) {
      withSocketPair((pair) => {
        this.#connect(input, [...connected, output.native(pair.local)]);
        output.start(pair.remote, () => this.#handle?.abort());
      });
    } else {
      this.#connect(input, [...connected, output.native(-1)]);
    }
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
    const decoded = await this.#decoder?.exited;
    if (decoded?.code !== 0 && whole) throw this.#decoderFailure();
    // One that is ended early complains of that.
    if (this.#decoder !== undefined && whole) {
      this.#complaints = decoderWarnings(this.input, this.#decoder);
      this.#whole = this.#decoder.messages.summary === undefined;
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
    const code = error instanceof FramelaneError ? error.code : undefined;
    if (this.#decoder !== undefined && code === 'ERR_STREAM_TRUNCATED') {
      const exit = await exitWithin(this.#decoder, patience);
      if (exit !== undefined && exit.code !== 0) return this.#decoderFailure(error);
    }
    return error;
  }

  #decoderFailure(cause?: unknown): FramelaneError {
    return (this.#decoder as Child).failure(`decoding ${this.input.path}`, cause);
  }

  stop(): void {
    this.#handle?.finish();
  }

  abort(): void {
    this.#handle?.abort();
    this.#decoder?.kill();
    for (const output of this.outputs) output.kill();
  }

  /** The outputs take their names; one without a frame is an error, and then none does. */
  async commit(): Promise<void> {
    const { outputs } = this.stats();
    for (const [index, output] of this.outputs.entries()) {
      if ((outputs[index]?.framesOut ?? 0) === 0) throw output.empty();
    }
    for (const [index, output] of this.outputs.entries()) {
      await output.commit(this.#whole ? outputs[index]?.lastTime : undefined);
    }
  }

  /** Ends what still runs and removes what has not been committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    await Promise.allSettled([
      this.#decoder?.exited,
      ...this.outputs.map((output) => output.gone()),
    ]);
    this.#lastStats = this.#handle?.stats();
    await this.#handle?.close();
    for (const output of this.outputs) await output[Symbol.asyncDispose]();
    await this.#subtitles[Symbol.asyncDispose]();
    await this.#source[Symbol.asyncDispose]();
  }
}

/** Outputs that would replace one another. */
export function duplicatePath(outputs: readonly SessionOutputOptions[]): string | undefined {
  const paths = outputs.map(({ path }) => path);
  const files = paths.map((path) => (path === '-' ? path : resolve(path)));
  return paths.find(
    (path, index) => path !== nullOutput && files.indexOf(files[index] ?? '') < index,
  );
}
