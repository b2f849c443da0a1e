/** Images to a video file, one at a time. */

import { type DeviceId, type DeviceOption, resolveDevice } from '../../device.ts';
import { describeValue, FramelaneError } from '../../errors/errors.ts';
import { expectOpened, invalidOption } from '../../errors/invalid.ts';
import { checkNames, namesOf } from '../../errors/option-names.ts';
import { openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import { frameLimits } from '../../ffmpeg/limits.ts';
import { type Child, exitWithin } from '../../ffmpeg/process.ts';
import { withSocketPair } from '../../ffmpeg/sockets.ts';
import { type AnyImage, handleOf } from '../../image/image.ts';
import { addon } from '../../native/binding.ts';
import type { FrameSinkHandle } from '../../native/media.ts';
import type { NativeShape, PlanHandle } from '../../native/plan.ts';
import type { Output } from '../../output-file.ts';
import { compileStages } from '../../plan.ts';
import { isPlainObject } from '../../schema/declaration.ts';
import { abortError, untilAborted } from '../../system/abort.ts';
import { whenAborted } from '../../system/limits.ts';
import { assumedMatrix } from '../format/color.ts';
import {
  type FrameRate,
  frameRateOf,
  type Rational,
  rationalOf,
  toNumber,
} from '../format/rational.ts';
import { openProbed } from '../input/probe.ts';
import { startEncoder } from './encoder.ts';
import { encoderFailure } from './encoder-failure.ts';
import { encodingOptionNames, resolveEncoding } from './encoder-options.ts';
import { requireCapabilities } from './encoder-support.ts';
import type { EncoderOptions, Encoding } from './encoding.ts';
import { outputFormat } from './format.ts';
import { completeOutput, openOutput } from './output.ts';
import { requireKnownParams } from './private-params.ts';
import { carriedStreams } from './streams.ts';

/** The options of a writer besides those of its encoder. */
export interface WriterFrames {
  readonly width: number;
  readonly height: number;
  readonly frameRate: FrameRate;
  /** The unit that timestamps are rounded to; that of the source keeps them exact. A fraction of a frame by default. */
  readonly timeBase?: Rational | undefined;
  /** Where the images live; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** Whether the alpha of the images is written, if the encoder supports it; false by default. */
  readonly alpha?: boolean | undefined;
  /** A file whose audio, subtitles, chapters and tags are copied. */
  readonly audioFrom?: string | undefined;
  /** Ends opening and writing with ERR_ABORTED, and removes what was written. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

const frameNames = namesOf<WriterFrames>({
  width: true,
  height: true,
  frameRate: true,
  timeBase: true,
  device: true,
  alpha: true,
  audioFrom: true,
  signal: true,
  ffmpeg: true,
  ffprobe: true,
});

/** Without `fps`, which is for sessions: frames keep their timestamps. */
export type VideoWriterOptions = EncoderOptions & { readonly fps?: undefined } & WriterFrames;

/**
 * Writes a video frame by frame. The file gets its name when `close()` succeeds; leaving a block of `await using` by an error
 * removes it.
 *
 * @example
 * const { width, height, frameRate } = reader.info
 * await using writer = await VideoWriter.open('out.mp4', { width, height, frameRate, audioFrom: 'in.mp4' })
 * for await (const image of reader) await writer.write(image, { timestamp: reader.timestamp })
 * await writer.close()
 */
export class VideoWriter implements AsyncDisposable {
  readonly path: string;
  readonly device: DeviceId;
  readonly warnings: readonly string[];
  readonly #file: Output;
  readonly #encoding: Encoding;
  readonly #shape: NativeShape;
  readonly #timeBase: Rational;
  readonly #frameRate: Rational;
  readonly #sink: FrameSinkHandle;
  readonly #child: Child;
  readonly #plans: Map<string, PlanHandle>;
  readonly #signal: AbortSignal | undefined;
  /** The files that the encoder copies audio and other streams from. */
  readonly #held: readonly AsyncDisposable[];
  #forgetSignal = () => {};
  #frames = 0;
  #end: Promise<void> | undefined;

  private constructor(fields: {
    device: DeviceId;
    warnings: readonly string[];
    file: Output;
    encoding: Encoding;
    shape: NativeShape;
    timeBase: Rational;
    frameRate: Rational;
    sink: FrameSinkHandle;
    child: Child;
    plan: PlanHandle;
    signal: AbortSignal | undefined;
    held: readonly AsyncDisposable[];
  }) {
    expectOpened('VideoWriter', isPlainObject(fields) && 'sink' in fields);
    this.path = fields.file.path;
    this.device = fields.device;
    this.warnings = fields.warnings;
    this.#file = fields.file;
    this.#encoding = fields.encoding;
    this.#shape = fields.shape;
    this.#timeBase = fields.timeBase;
    this.#frameRate = fields.frameRate;
    this.#sink = fields.sink;
    this.#child = fields.child;
    this.#plans = new Map([['f32', fields.plan]]);
    this.#signal = fields.signal;
    this.#held = fields.held;
    this.#forgetSignal = whenAborted(this.#signal, () => void this.abort());
  }

  static async open(path: string, options: VideoWriterOptions): Promise<VideoWriter> {
    checkNames(options, [...encodingOptionNames, ...frameNames]);
    const encoding = resolveEncoding(path, options);
    if (encoding.fps !== undefined) throw invalidOption('fps', 'frameRate instead', options.fps);
    if (encoding.parameters['twoPass']) {
      throw invalidOption('twoPass', 'nothing, because a writer gets every frame once', true);
    }
    const { width, height, audioFrom } = options;
    const frameRate = frameRateOf(options.frameRate);
    const timeBase = options.timeBase
      ? rationalOf(options.timeBase, 'timeBase')
      : ticksOf(frameRate);
    const device = resolveDevice(options.device);
    const { signal } = options;
    const unlessAborted = <T>(work: Promise<T>) => untilAborted(work, 'the writer', signal);
    const ffmpeg = await unlessAborted(openFfmpeg(options.ffmpeg));
    requireCapabilities(ffmpeg, encoding, options);
    await unlessAborted(requireKnownParams(ffmpeg, encoding));
    const { ffprobe } = options;
    const held: AsyncDisposable[] = [];
    try {
      const source =
        audioFrom === undefined ? undefined : await openProbed(audioFrom, { ffprobe, signal });
      if (source) held.push(source);
      const matrix = assumedMatrix(height);
      const frames = { format: 'rgba8', matrix, range: 'limited', alpha: options.alpha } as const;
      const format = await unlessAborted(outputFormat(ffmpeg, encoding, frames));
      const shape = {
        width,
        height,
        format: format.format,
        matrix: format.matrix,
        range: format.range,
        chromaLocation: format.chromaLocation,
      };
      const plan = storePlan(shape, 'f32', device);
      const inputs = audioFrom === undefined ? [] : [audioFrom];
      const carried = source && (await carriedStreams(ffmpeg, source.info, encoding));
      if (carried) held.push(carried);
      const file = await openOutput(path, encoding, { overwrite: options.overwrite, inputs });
      if (signal?.aborted) {
        await file.discard();
        throw abortError('the writer', signal);
      }
      const untagged = { colorSpace: undefined, primaries: undefined, transfer: undefined };
      const color = { ...untagged, matrix: shape.matrix, range: shape.range };
      const tick = undefined;
      const size = { width, height };
      const request = { encoding, format, size, color, path: file.writePath, carried, tick };
      const { sink, child } = withSocketPair((pair) => ({
        sink: new (addon().FrameSinkHandle)(
          pair.local,
          plan,
          [timeBase.num, timeBase.den],
          [frameRate.num, frameRate.den],
        ),
        child: startEncoder(ffmpeg, request, pair.remote),
      }));
      child.hold(false); // an unused writer must not keep the process alive
      const warnings = [...format.warnings, ...(carried?.warnings ?? [])];
      return new VideoWriter({
        device,
        warnings,
        file,
        encoding,
        shape,
        timeBase,
        frameRate,
        sink,
        child,
        plan,
        signal,
        held,
      });
    } catch (error) {
      for (const one of held) await one[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Frames written so far. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Adds a frame, at the next time by the frame rate or at `timestamp` seconds. Resolves when the image may be changed again;
   * waits while the encoder is busy.
   *
   * @example
   * await writer.write(image, { timestamp: reader.timestamp })
   */
  async write(image: AnyImage, options: { readonly timestamp?: number } = {}): Promise<void> {
    const handle = handleOf(image);
    checkNames(options, ['timestamp']);
    const { timestamp } = options;
    if (this.#signal?.aborted) throw abortError('the writer', this.#signal);
    if (this.#end !== undefined) {
      throw new FramelaneError('ERR_DISPOSED', `${this.path}: the writer has been closed`);
    }
    if (this.#encoding.kind === 'picture' && this.#frames > 0) {
      const message = `${this.path}: holds one picture; for a sequence use a name such as frame_%04d.png`;
      throw new FramelaneError('ERR_OUTPUT_INVALID', message);
    }
    const { width, height } = this.#shape;
    if (handle.width !== width || handle.height !== height) {
      throw new FramelaneError(
        'ERR_INVALID_SIZE',
        `image: expected ${width}x${height} as the video has, received ${handle.width}x${handle.height}`,
      );
    }
    const plan =
      this.#plans.get(image.element) ?? storePlan(this.#shape, image.element, this.device);
    this.#plans.set(image.element, plan);
    const ticks = this.#ticks(timestamp);
    this.#frames++;
    using _ = this.#watch();
    await this.#sink.write(plan, handle, ticks).catch((error) => this.#failed(error));
  }

  /** Finishes the file and gives it its name. Closing again does nothing. */
  close(): Promise<void> {
    if (this.#signal?.aborted) {
      const error = abortError('the writer', this.#signal);
      return this.abort().then(() => Promise.reject(error));
    }
    this.#end ??= this.#finish().catch(async (error) => {
      await this.#discard();
      throw this.#signal?.aborted ? abortError('the writer', this.#signal) : error;
    });
    return this.#end.finally(() => this.#forgetSignal());
  }

  /** Ends the encoder and removes what was written; a file that close() has finished stays. */
  async abort(): Promise<void> {
    this.#child.kill();
    this.#end ??= this.#discard();
    await this.#end.catch(() => {}); // close() reports it
  }

  /** Aborts a writer that was not closed. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.abort();
  }

  #ticks(timestamp: number | undefined): number {
    const seconds = timestamp ?? this.#frames / toNumber(this.#frameRate);
    if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) {
      throw new FramelaneError(
        'ERR_INVALID_OPTION',
        `timestamp: expected seconds of at least 0, received ${describeValue(timestamp)}`,
        { path: 'timestamp' },
      );
    }
    return Math.round(seconds / toNumber(this.#timeBase));
  }

  async #finish(): Promise<void> {
    if (this.#frames === 0) {
      throw new FramelaneError('ERR_OUTPUT_INVALID', `${this.path}: no frame was written`);
    }
    using _ = this.#watch();
    await this.#sink.finish().catch((error) => this.#failed(error));
    this.#child.hold(true);
    const { code } = await this.#child.exited;
    if (code !== 0) throw this.#encoderFailure();
    await this.#sink.close();
    await completeOutput(this.#file, this.#encoding, this.#frameRate, this.#child);
    await this.#file.commit();
    await this.#release();
  }

  async #discard(): Promise<void> {
    this.#child.kill();
    this.#child.hold(true);
    await Promise.allSettled([this.#sink.close(), this.#child.exited]); // write() reports failures
    await this.#file.discard();
    await this.#release();
  }

  /** Frees the files that the encoder has read. */
  async #release(): Promise<void> {
    for (const one of this.#held) await one[Symbol.asyncDispose]();
  }

  /** Watches the encoder while a caller waits for it, except while it waits for the reader of stdout. */
  #watch(): Disposable {
    return this.#child.watch(frameLimits, () => this.#file.progress());
  }

  #encoderFailure(cause?: unknown): FramelaneError {
    return encoderFailure(this.#child, this.#encoding, this.path, cause);
  }

  /** Throws the encoder's failure where it has one, because it tells more than the failed write. */
  async #failed(error: unknown): Promise<never> {
    if (this.#signal?.aborted) throw abortError('the writer', this.#signal);
    const exit = await exitWithin(this.#child, 1000);
    const wasEnded = exit?.signal === 'SIGKILL' && this.#child.fault === undefined;
    if (exit !== undefined && exit.code !== 0 && !wasEnded) {
      throw this.#encoderFailure(error);
    }
    throw error;
  }
}

/** Fine enough for any timestamp, and a whole number of ticks per frame. */
function ticksOf({ num }: Rational): Rational {
  return { num: 1, den: num * Math.ceil(10_000 / num) };
}

function storePlan(shape: NativeShape, element: AnyImage['element'], device: DeviceId): PlanHandle {
  const format = element === 'f32' ? 'rgbaf32' : 'rgba8';
  return compileStages([], { ...shape, format }, { device, output: shape });
}
