/** What runs in a session: two FFmpegs and the native threads between them. */
import { addon } from '../binding.ts';
import type { DeviceId } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { type Ffmpeg, openFfmpeg } from '../ffmpeg/ffmpeg.ts';
import { type Child, exitWithin } from '../ffmpeg/process.ts';
import type { PlanHandle, SessionHandle, SessionStats } from '../native.ts';
import { OutputFile } from '../output-file.ts';
import type { Pipeline } from '../pipeline.ts';
import { compileStages, type PreparedStages, prepareStages } from '../plan.ts';
import type { ColorInfo } from './color.ts';
import { type CopiedStreams, copiedStreams } from './copied-streams.ts';
import { frameShape, requireKnownMatrix, startDecoder } from './decoder.ts';
import { outputFormat, startEncoder } from './encoder.ts';
import { lengthenLastFrame } from './mp4-end.ts';
import type { SessionOptions } from './options.ts';
import { probe, type VideoInfo } from './probe.ts';
import { encoderTick } from './section.ts';
import { type SocketPair, withSocketPair } from './sockets.ts';

/** The name of an output that discards what it gets. */
export const nullOutput = 'null:';

/** Before anything runs. */
export const noStats: SessionStats = {
  framesIn: 0,
  framesOut: 0,
  read: 0,
  slotWait: 0,
  inputWait: 0,
  process: 0,
  outputWait: 0,
  deviceWait: 0,
  write: 0,
};

export class Transcode implements AsyncDisposable {
  readonly input: VideoInfo;
  readonly warnings: string[];
  readonly #options: SessionOptions;
  readonly #ffmpeg: Ffmpeg;
  readonly #plan: PlanHandle;
  readonly #prepared: PreparedStages;
  readonly #file: OutputFile | undefined;
  readonly #copied: CopiedStreams | undefined;
  #handle: SessionHandle | undefined;
  #lastStats: SessionStats | undefined;
  #decoder: Child | undefined;
  #encoder: Child | undefined;
  #stopped: boolean = false;

  private constructor(
    input: VideoInfo,
    ffmpeg: Ffmpeg,
    plan: PlanHandle,
    prepared: PreparedStages,
    file: OutputFile | undefined,
    options: SessionOptions,
  ) {
    this.input = input;
    this.#ffmpeg = ffmpeg;
    this.#plan = plan;
    this.#prepared = prepared;
    this.#file = file;
    this.#options = options;
    this.#copied = file && copiedStreams(input, file.path, options);
    this.warnings = [...assumptions(input), ...(this.#copied?.warnings ?? [])];
  }

  /** Looks at the files, compiles the plan and refuses what cannot work; starts nothing yet. */
  static async open(
    pipeline: Pick<Pipeline, 'stages'>,
    inputPath: string,
    outputPath: string,
    device: DeviceId,
    options: SessionOptions,
  ): Promise<Transcode> {
    const discard = outputPath === nullOutput;
    const [input, ffmpeg] = await Promise.all([
      probe(inputPath, options),
      openFfmpeg(options.ffmpeg),
    ]);
    const shape = frameShape(input);
    const format = discard ? shape.format : await outputFormat(ffmpeg, options, shape.format);
    const { overwrite } = options;
    const prepared = await prepareStages(pipeline, device);
    try {
      const output = { ...shape, format };
      const plan = compileStages(prepared.stages, shape, { device, output });
      if (!plan.passthrough) requireKnownMatrix(input);
      const inputs = [inputPath];
      const file = discard ? undefined : await OutputFile.create(outputPath, { overwrite, inputs });
      return new Transcode(input, ffmpeg, plan, prepared, file, options);
    } catch (error) {
      prepared[Symbol.dispose]();
      throw error;
    }
  }

  get output(): string | undefined {
    return this.#file?.path;
  }

  get passes(): string[] {
    return this.#plan.describe();
  }

  stats(): SessionStats {
    return this.#lastStats ?? this.#handle?.stats() ?? noStats;
  }

  /** Starts both FFmpegs and what lies between. */
  start(): void {
    const { num, den } = this.input.frameRate;
    const connect = (input: SocketPair, output: SocketPair | undefined) => {
      const Handle = addon().SessionHandle;
      this.#handle = new Handle(input.local, output?.local ?? -1, this.#plan, [num, den]);
      this.#decoder = startDecoder(this.#ffmpeg, this.input, this.#options, input.remote);
      if (output !== undefined) this.#encoder = this.#startEncoder(output.remote);
    };
    withSocketPair((input) =>
      this.#file === undefined
        ? connect(input, undefined)
        : withSocketPair((output) => connect(input, output)),
    );
  }

  #startEncoder(descriptor: number): Child {
    const file = this.#file as OutputFile;
    const request = {
      options: this.#options,
      format: this.#plan.output.format,
      color: this.#outputColor(),
      path: file.partialPath,
      copied: this.#copied,
      tick: encoderTick(this.input, this.#options),
    };
    const encoder = startEncoder(this.#ffmpeg, request, descriptor);
    // It may end before the first frame comes, and the next write would come late to notice.
    const end = () => this.#handle?.abort();
    encoder.exited.then(({ code }) => (code === 0 ? undefined : end()), end);
    return encoder;
  }

  #outputColor(): ColorInfo {
    // Frames of an RGB file become YUV by the matrix that is assumed for their size.
    const isRgb = this.input.frameFormat === 'rgba8';
    return isRgb ? { ...this.input, colorSpace: undefined } : this.input;
  }

  /** Settles when every frame has been written and both FFmpegs have ended well. */
  async run(): Promise<void> {
    try {
      await this.#handle?.run();
    } catch (error) {
      throw await this.#blame(error);
    }
    const early = this.#encoder?.exit;
    if (early !== undefined && early.code !== 0) throw this.#encoderFailure();
    if (this.#stopped) this.#decoder?.kill();
    const decoded = await this.#decoder?.exited;
    if (decoded?.code !== 0 && !this.#stopped) throw this.#decoderFailure();
    if (this.stats().framesOut === 0) return; // the encoder has nothing to finish
    const encoded = await this.#encoder?.exited;
    if (encoded !== undefined && encoded.code !== 0) throw this.#encoderFailure();
  }

  /** Which of the three is to blame when frames no longer flow: an FFmpeg that ends badly tells more than a broken stream. */
  async #blame(error: unknown): Promise<unknown> {
    const code = error instanceof FramelaneError ? error.code : undefined;
    if (this.#encoder !== undefined && code === 'ERR_FFMPEG_FAILED') {
      const exit = await exitWithin(this.#encoder, 2000);
      if (exit !== undefined && exit.code !== 0) return this.#encoderFailure(error);
    }
    if (this.#decoder !== undefined && code === 'ERR_STREAM_TRUNCATED') {
      const exit = await exitWithin(this.#decoder, 2000);
      if (exit !== undefined && exit.code !== 0) return this.#decoderFailure(error);
    }
    return error;
  }

  #encoderFailure(cause?: unknown): FramelaneError {
    return (this.#encoder as Child).failure(`encoding ${this.#file?.path}`, cause);
  }

  #decoderFailure(cause?: unknown): FramelaneError {
    return (this.#decoder as Child).failure(`decoding ${this.input.path}`, cause);
  }

  stop(): void {
    this.#stopped = true;
    this.#handle?.finish();
  }

  abort(): void {
    this.#handle?.abort();
    this.#decoder?.kill();
    this.#encoder?.kill();
  }

  /** The output takes its name. */
  async commit(): Promise<void> {
    if (this.#file === undefined) return;
    await lengthenLastFrame(this.#file.partialPath, this.input.frameRate);
    await this.#file.commit();
  }

  /** Ends what still runs and removes what has not been committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    const children = [this.#decoder, this.#encoder].map((child) => child?.exited);
    await Promise.allSettled(children); // run() has told
    this.#lastStats = this.#handle?.stats();
    await this.#handle?.close();
    await this.#file?.discard();
    this.#prepared[Symbol.dispose]();
  }
}

function assumptions(input: VideoInfo): string[] {
  if (!input.converted) return [];
  return [
    `${input.path}: ${input.pixelFormat} is decoded to ${input.frameFormat}; matrix and range stay as they are`,
  ];
}
