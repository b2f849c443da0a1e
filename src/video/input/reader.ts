/** Frames of a video file as images, one at a time. */

import { type DeviceId, resolveDevice } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { expectOpened } from '../../errors/invalid.ts';
import { checkNames } from '../../errors/option-names.ts';
import { withSocketPair } from '../../ffmpeg/sockets.ts';
import { type AnyImage, handleOf, Image } from '../../image/image.ts';
import { nativeStages } from '../../image/stages.ts';
import { addon } from '../../native/binding.ts';
import type { FrameSourceHandle } from '../../native/media.ts';
import type { ImageHandle, NativeShape, NativeStage, PlanHandle } from '../../native/plan.ts';
import { compileStages } from '../../plan.ts';
import { abortError } from '../../system/abort.ts';
import { whenAborted } from '../../system/limits.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { type Decoder, requireKnownMatrix } from './decoder.ts';
import { squaringStages, VideoInput } from './input.ts';
import { checkInput } from './options.ts';
import { type SharedOptions, sharedOptionNames } from './run-options.ts';
import { nativeSection } from './section.ts';

/** Milliseconds that a decoder may take to report why it closed its socket. */
const patience = 1000;

/** `signal` ends opening and reading with ERR_ABORTED, and closes the reader; `device` is where the images live. */
export type VideoReaderOptions = SharedOptions;

/**
 * Reads a video frame by frame, and decodes the next frames meanwhile.
 *
 * @example
 * await using reader = await VideoReader.open('in.mp4')
 * for await (const image of reader) Adjust.brightness(image, 0.1)
 */
export class VideoReader implements AsyncDisposable, AsyncIterable<Image> {
  readonly info: VideoInfo;
  readonly device: DeviceId;
  readonly #shape: NativeShape;
  readonly #source: FrameSourceHandle;
  readonly #child: Decoder;
  readonly #input: VideoInput;
  /** The stages that make pixels square, if requested. */
  readonly #stages: readonly NativeStage[];
  readonly #plans = new Map<string, PlanHandle>();
  readonly #signal: AbortSignal | undefined;
  #forgetSignal = () => {};
  #warnings: readonly string[] = [];
  #timestamp = 0;
  #state: 'open' | 'ended' | 'closed' = 'open';
  #closing: Promise<void> | undefined;

  private constructor(
    input: VideoInput,
    device: DeviceId,
    stages: readonly NativeStage[],
    source: FrameSourceHandle,
    child: Decoder,
    signal: AbortSignal | undefined,
  ) {
    expectOpened('VideoReader', input instanceof VideoInput);
    this.info = input.info;
    this.device = device;
    this.#input = input;
    this.#stages = stages;
    this.#shape = input.shape;
    this.#source = source;
    this.#child = child;
    this.#signal = signal;
    this.#forgetSignal = whenAborted(signal, () => void this.close());
  }

  static async open(path: string, options: VideoReaderOptions = {}): Promise<VideoReader> {
    checkNames(options, sharedOptionNames);
    checkInput(options);
    const device = resolveDevice(options.device);
    const input = await VideoInput.open(path, options);
    try {
      requireKnownMatrix(input.info);
      const stages = nativeStages(squaringStages(input.info, options), device);
      const { source, child } = withSocketPair((pair) => ({
        source: new (addon().FrameSourceHandle)(
          pair.local,
          device,
          input.shape,
          false,
          nativeSection(input.info, options),
        ),
        child: input.start(pair.remote),
      }));
      child.hold(false); // an unused reader must not keep the process alive
      return new VideoReader(input, device, stages, source, child, options.signal);
    } catch (error) {
      await input[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The warnings of the decoder; complete once the last frame has been read. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Seconds from the start of the section at which the last frame is shown. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /**
   * Loads the next frame into an image, which takes the video's size (with square pixels, if requested); false at the end.
   *
   * @example
   * using image = new Image(reader.info.width, reader.info.height)
   * while (await reader.readInto(image)) save(image, `${n++}.png`)
   */
  async readInto(image: AnyImage): Promise<boolean> {
    const handle = handleOf(image);
    if (this.#state === 'closed') throw this.#disposed();
    if (this.#state === 'ended') return false;
    const plan = this.#plan(image.element);
    const { width, height } = plan.output;
    if (handle.width !== width || handle.height !== height) handle.resize(width, height);
    const seconds = await this.#next(plan, handle);
    if (this.#isClosed()) throw this.#disposed();
    if (seconds === null) {
      this.#state = 'ended';
      await this.#expectGoodEnd();
      return false;
    }
    this.#timestamp = seconds;
    return true;
  }

  async #next(plan: PlanHandle, handle: ImageHandle): Promise<number | null> {
    using _ = this.#child.watchFrames();
    return await this.#source.next(handle, plan).catch(async (error) => {
      const blamed = await this.#child.blame(error, patience);
      throw this.#isClosed() ? error : blamed;
    });
  }

  #plan(element: AnyImage['element']): PlanHandle {
    const plan =
      this.#plans.get(element) ?? loadPlan(this.#shape, element, this.device, this.#stages);
    this.#plans.set(element, plan);
    return plan;
  }

  /** Yields every frame in the same image, which is freed at the end; leaving the loop closes the reader. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Image, void, undefined> {
    const { width, height } = this.#plan('f32').output;
    const image = new Image(width, height, { device: this.device });
    try {
      while (await this.readInto(image)) yield image;
    } finally {
      image.free();
      await this.close();
    }
  }

  /** Ends the decoder. Closing again does nothing. */
  close(): Promise<void> {
    this.#state = 'closed';
    this.#forgetSignal();
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #release(): Promise<void> {
    this.#child.kill();
    this.#child.hold(true);
    await Promise.allSettled([this.#source.close(), this.#child.exited]); // readInto() reports failures
    await this.#input[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A method, because TypeScript does not expect close() to change the state during an await. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #disposed(): FramelaneError {
    if (this.#signal?.aborted) return abortError('the reader', this.#signal);
    return new FramelaneError('ERR_DISPOSED', `${this.info.path}: the reader has been closed`);
  }

  async #expectGoodEnd(): Promise<void> {
    this.#child.hold(true);
    const failure = await this.#child.ended();
    if (this.#isClosed()) throw this.#disposed();
    if (failure !== undefined) throw failure;
    this.#warnings = this.#child.warnings;
  }
}

function loadPlan(
  shape: NativeShape,
  element: AnyImage['element'],
  device: DeviceId,
  stages: readonly NativeStage[],
): PlanHandle {
  const format = element === 'f32' ? 'rgbaf32' : 'rgba8';
  return compileStages(stages, shape, { device, output: { format } });
}
