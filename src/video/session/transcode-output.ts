/** One output of a session: its plan, its file, and the FFmpeg that encodes it. */

import type { DeviceId } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { invalidOption } from '../../errors/invalid.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { frameLimits } from '../../ffmpeg/limits.ts';
import { type Child, exitWithin } from '../../ffmpeg/process.ts';
import type { NativeEnding, NativeSessionOutput } from '../../native/media.ts';
import type { Output } from '../../output-file.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { ColorInfo } from '../format/color.ts';
import { type HdrInfo, hdrLosses } from '../format/hdr.ts';
import type { Rational } from '../format/rational.ts';
import type { CutSubtitles } from '../input/cut-subtitles.ts';
import type { VideoInput } from '../input/input.ts';
import type { InputOptions } from '../input/options.ts';
import { latestTime, sectionDuration } from '../input/section.ts';
import { type CaptionTrack, captionTrack } from '../output/caption-track.ts';
import { startEncoder } from '../output/encoder.ts';
import { encoderFailure } from '../output/encoder-failure.ts';
import { requireCapabilities } from '../output/encoder-support.ts';
import type { EncoderPass } from '../output/encoders/declaration.ts';
import type { Encoding } from '../output/encoding.ts';
import { type FieldsAfter, fieldChromaLosses, fieldLosses } from '../output/fields.ts';
import { type OutputFormat, outputFormat } from '../output/format.ts';
import { completeOutput, openOutput } from '../output/output.ts';
import { requireKnownParams } from '../output/private-params.ts';
import { constantRateOf, outputTick } from '../output/rate.ts';
import { type CarriedStreams, carriedStreams } from '../output/streams.ts';
import { type OutputTimecode, outputTimecode } from '../output/timecode.ts';
import { type ChooseFormat, OutputPlan } from './output-plan.ts';
import type { WantedOutput } from './wanted-output.ts';

/** Shared by all outputs of a session. */
export interface OutputSource {
  readonly input: VideoInput;
  /** All stages of an output, with the changes so far. */
  stagesOf(output: WantedOutput): Pipeline['stages'];
  readonly options: InputOptions & AssetOptions;
  readonly device: DeviceId;
  readonly ffmpeg: Ffmpeg;
  /** When the last frame ends; undefined where that is unknown. */
  readonly ending: NativeEnding | undefined;
  /** Subtitles cut to the section. */
  readonly subtitles: CutSubtitles;
}

/** The file that is written, and how. */
interface Target {
  readonly encoding: Encoding;
  readonly format: OutputFormat;
  readonly color: ColorInfo;
  readonly file: Output;
  readonly carried: CarriedStreams | undefined;
  readonly fields: FieldsAfter;
  readonly pass: EncoderPass | undefined;
  readonly timecode: OutputTimecode;
}

export class TranscodeOutput implements AsyncDisposable {
  readonly plan: OutputPlan;
  readonly #source: OutputSource;
  readonly #wanted: WantedOutput;
  readonly #target: Target | undefined;
  #encoder: Child | undefined;
  #watch: Disposable | undefined;
  /** Whether the encoder has received all frames. */
  #isEnding: boolean = false;

  private constructor(
    source: OutputSource,
    wanted: WantedOutput,
    plan: OutputPlan,
    target: Target | undefined,
  ) {
    this.#source = source;
    this.#wanted = wanted;
    this.plan = plan;
    this.#target = target;
  }

  /** Compiles the plan and rejects what cannot be written; starts nothing yet. */
  static async open(
    source: OutputSource,
    wanted: WantedOutput,
    pass?: EncoderPass,
  ): Promise<TranscodeOutput> {
    const { input, device, ffmpeg } = source;
    const { assets, squarePixels } = source.options;
    const { encoding } = wanted;
    if (encoding !== undefined) {
      requireCapabilities(ffmpeg, encoding, input.shape);
      await requireKnownParams(ffmpeg, encoding);
    }
    const choose: ChooseFormat = async ({ matrix = input.shape.matrix }, alpha) => {
      if (encoding === undefined) return undefined;
      return await outputFormat(ffmpeg, encoding, { ...input.shape, matrix, alpha });
    };
    const planned = { input, device, assets, squarePixels, name: wanted.path };
    const plan = await OutputPlan.open(planned, source.stagesOf(wanted), choose);
    try {
      const { format, color, fields } = plan;
      if (encoding === undefined || format === undefined) {
        return new TranscodeOutput(source, wanted, plan, undefined);
      }
      requireCapabilities(ffmpeg, encoding, plan.shape);
      const chosen = { encoding, format, color, fields, pass };
      const target = await openTarget(source, wanted.path, chosen);
      return new TranscodeOutput(source, wanted, plan, target);
    } catch (error) {
      plan[Symbol.dispose]();
      throw error;
    }
  }

  /** Undefined where frames are discarded. */
  get path(): string | undefined {
    return this.#target?.file.path;
  }

  /** How errors name it. */
  get name(): string {
    return this.#wanted.path;
  }

  get warnings(): readonly string[] {
    if (this.#target === undefined) return [];
    const { format, carried, encoding, fields, timecode } = this.#target;
    const { codec, encoder, container } = encoding;
    const keepsLight = encoding.encoder?.lightLevels ?? false;
    const light = hdrLosses(this.#hdr, encoding.codec, keepsLight);
    return [
      ...[...format.warnings, ...light, ...fields.warnings],
      ...fieldLosses(fields.order, codec, encoder, container),
      ...fieldChromaLosses(fields.order, this.#source.input.shape.format, format.format),
      ...[...(carried?.warnings ?? []), ...timecode.warnings, ...this.#lateWarnings],
    ];
  }

  get #lateWarnings(): string[] {
    const { at = 0 } = this.#wanted;
    const end = sectionDuration(this.#source.input.info, this.#source.options);
    if (end === undefined || at < end) return [];
    const why = `at (${at}) is not before the end, ${end.toFixed(3)} s`;
    return [`${this.name}: shows the last frame, because ${why}`];
  }

  /** Whether an encoder waits for frames. */
  get encodes(): boolean {
    return this.#target !== undefined;
  }

  /** The constant rate that frames are converted to. */
  get fps(): Rational | undefined {
    const { input, options } = this.#source;
    return this.#target && constantRateOf(this.#target.encoding, input.info, options);
  }

  get isPicture(): boolean {
    return this.#target?.encoding.kind === 'picture';
  }

  /** Light levels; none where HDR is mapped to SDR. */
  get #hdr(): HdrInfo {
    const { info } = this.#source.input;
    return this.#target?.color.transfer === info.transfer ? info : {};
  }

  /** The output as the native session takes it. */
  native(descriptor: number): NativeSessionOutput {
    const { info } = this.#source.input;
    const { num, den } = info.frameRate;
    const { fps } = this;
    const { at = 0 } = this.#wanted;
    return {
      descriptor,
      plan: this.plan.handle,
      frameRate: [num, den],
      constantRate: fps === undefined ? null : [fps.num, fps.den],
      start: at === 0 ? 0 : latestTime(info, at),
      ending: this.isPicture ? undefined : this.#source.ending,
      maxFrames: this.isPicture ? 1 : 0,
    };
  }

  /**
   * Starts the encoder; `onFailure` is called if it fails by itself. `taken` counts the frames that it has taken, undefined
   * while it waits for one.
   */
  start(descriptor: number, onFailure: () => void, taken: () => number | undefined): void {
    const { input, options, ffmpeg } = this.#source;
    const { file, encoding, fields, timecode, ...target } = this.#target as Target;
    const { info } = input;
    const request = {
      ...target,
      encoding,
      size: this.plan.shape,
      fieldOrder: fields.order,
      tags: timecode.args,
      hdr: this.#hdr,
      sampleAspect: options.squarePixels ? { num: 1, den: 1 } : undefined,
      path: file.writePath,
      tick: outputTick(encoding, info, options),
      finalDelay: this.#finalDelay,
    };
    this.#encoder = startEncoder(ffmpeg, request, descriptor);
    const progress = () => {
      const written = file.progress(); // undefined while the reader of stdout is slow
      return this.#isEnding ? written : written === undefined ? undefined : taken();
    };
    this.#watch = this.#encoder.watch(frameLimits, progress);
    // It may fail before the first frame, long before a write would notice.
    this.#encoder.exited.then(({ code }) => (code === 0 ? undefined : onFailure()), onFailure);
  }

  /** The failure of an encoder that has failed, or does so within `patience` ms. */
  async failure(cause?: unknown, patience = 0): Promise<FramelaneError | undefined> {
    const encoder = this.#encoder;
    if (encoder === undefined || this.#target === undefined) return undefined;
    const exit = encoder.exit ?? (patience > 0 ? await exitWithin(encoder, patience) : undefined);
    if (exit === undefined || exit.code === 0) return undefined;
    return encoderFailure(encoder, this.#target.encoding, this.#target.file.path, cause);
  }

  /** Waits until the encoder has ended without an error. */
  async encoded(): Promise<void> {
    this.#isEnding = true;
    await this.#encoder?.exited;
    const failure = await this.failure();
    if (failure !== undefined) throw failure;
  }

  /** Seconds for which the last frame is shown; undefined where that is unknown beforehand. */
  get #finalDelay(): number | undefined {
    const { ending } = this.#source;
    if (ending === undefined || this.fps !== undefined) return undefined;
    return ending.end - ending.last;
  }

  /** Completes the written file; throws if it is not whole. `lastTime` is that of the last frame, if it is the section's last. */
  async complete(lastTime: number | undefined): Promise<void> {
    if (this.#target === undefined || this.#encoder === undefined) return;
    const { file, encoding } = this.#target;
    const rate = this.fps ?? this.#source.input.info.frameRate;
    const { audio, subtitles } = this.#source.input.info;
    const alone = audio.length + subtitles.length === 0;
    await completeOutput(file, encoding, rate, this.#encoder, this.#end(lastTime), alone);
  }

  /** Gives the output its name; see `Output`. */
  async commit(revertible: boolean): Promise<void> {
    await this.#target?.file.commit(revertible);
  }

  /** Undoes `commit`; whether nothing of it is left. */
  async revert(): Promise<boolean> {
    return (await this.#target?.file.revert()) ?? true;
  }

  /** When its last frame ends, in seconds; undefined where its length is that of the other frames. */
  #end(lastTime: number | undefined): number | undefined {
    const { ending } = this.#source;
    if (ending === undefined || lastTime === undefined || this.fps !== undefined) return undefined;
    const meant = Math.abs(ending.last - lastTime) < 1e-3;
    return meant && ending.end > lastTime ? ending.end : undefined;
  }

  /** The error if no frame came. */
  empty(): FramelaneError {
    const { at } = this.#wanted;
    return at === undefined
      ? new FramelaneError('ERR_INPUT_INVALID', `${this.name}: no frame could be decoded`)
      : invalidOption('at', `a time within the video for ${this.name}`, at);
  }

  kill(): void {
    this.#encoder?.kill();
  }

  /** Settles when the encoder, which was killed or has ended, is gone. */
  async gone(): Promise<void> {
    await Promise.allSettled([this.#encoder?.exited]); // encoded() reports a failure
    this.#watch?.[Symbol.dispose]();
  }

  /** Removes what has not been committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#target?.file.discard();
    await this.#target?.carried?.[Symbol.asyncDispose]();
    this.plan[Symbol.dispose]();
  }
}

/** Adds the input and the output track of the captions. */
function withCaptions(
  carried: CarriedStreams | undefined,
  captions: CaptionTrack,
): CarriedStreams | undefined {
  return (
    carried && {
      ...carried,
      inputArgs: [...carried.inputArgs, ...captions.inputArgs],
      outputArgs: [...carried.outputArgs, ...captions.outputArgs],
      warnings: [...carried.warnings, ...captions.warnings],
    }
  );
}

/** The output of a first pass, which writes nothing but its log. */
function nowhere(path: string): Output {
  const nothing = async () => {};
  const progress = () => 0;
  return {
    path,
    writePath: path,
    progress,
    commit: nothing,
    revert: async () => true,
    discard: nothing,
  };
}

async function openTarget(
  { input, options: section, ffmpeg, subtitles }: OutputSource,
  path: string,
  target: Omit<Target, 'file' | 'carried' | 'timecode'>,
): Promise<Target> {
  const { encoding, pass } = target;
  const { overwrite } = encoding.output;
  if (pass?.number === 1) {
    const timecode = { args: [], warnings: [] };
    return { ...target, file: nowhere(path), carried: undefined, timecode };
  }
  const file = await openOutput(path, encoding, { overwrite, inputs: [input.info.path] });
  try {
    const { streams } = subtitles;
    const carried = await carriedStreams(ffmpeg, input.info, encoding, section, streams);
    const place = { input: carried?.nextInput ?? 1, subtitle: carried?.subtitles ?? 0 };
    const captions = captionTrack(input.info, encoding, section, place);
    const fps = constantRateOf(encoding, input.info, section);
    const timecode = outputTimecode(input.info, encoding, section, fps);
    return { ...target, file, carried: withCaptions(carried, captions), timecode };
  } catch (error) {
    await file.discard();
    throw error;
  }
}
