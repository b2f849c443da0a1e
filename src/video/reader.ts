/** Frames of a video file as images, one at a time. */
import { addon } from '../binding.ts';
import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { openFfmpeg } from '../ffmpeg/ffmpeg.ts';
import { type Child, exitWithin } from '../ffmpeg/process.ts';
import { type AnyImage, handleOf, Image } from '../image/image.ts';
import type { FrameSourceHandle, NativeShape, PlanHandle } from '../native.ts';
import { compileStages } from '../plan.ts';
import { frameShape, requireKnownMatrix, startDecoder } from './decoder.ts';
import { checkSection, type SectionOptions } from './input-options.ts';
import { probe, type VideoInfo } from './probe.ts';
import { withSocketPair } from './sockets.ts';

export interface VideoReaderOptions extends SectionOptions {
  /** Where the images live; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

/**
 * Reads a video frame by frame; the next frames are decoded meanwhile.
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
  readonly #child: Child;
  readonly #plans = new Map<string, PlanHandle>();
  #timestamp = 0;
  #state: 'open' | 'ended' | 'closed' = 'open';
  #closing: Promise<void> | undefined;

  private constructor(
    info: VideoInfo,
    device: DeviceId,
    shape: NativeShape,
    source: FrameSourceHandle,
    child: Child,
  ) {
    this.info = info;
    this.device = device;
    this.#shape = shape;
    this.#source = source;
    this.#child = child;
  }

  static async open(path: string, options: VideoReaderOptions = {}): Promise<VideoReader> {
    checkSection(options);
    const device = resolveDevice(options.device);
    const [info, ffmpeg] = await Promise.all([probe(path, options), openFfmpeg(options.ffmpeg)]);
    requireKnownMatrix(info);
    const shape = frameShape(info);
    const plan = loadPlan(shape, 'f32', device);
    const { source, child } = withSocketPair((pair) => ({
      source: new (addon().FrameSourceHandle)(pair.local, plan),
      child: startDecoder(ffmpeg, info, options, pair.remote),
    }));
    child.hold(false); // a reader that is forgotten does not keep the process alive
    const reader = new VideoReader(info, device, shape, source, child);
    reader.#plans.set('f32', plan);
    return reader;
  }

  /** Seconds from the start of the section at which the last frame is shown. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /**
   * Loads the next frame into an image, which takes the video's size; false at the end.
   *
   * @example
   * using image = new Image(reader.info.width, reader.info.height)
   * while (await reader.readInto(image)) save(image, `${n++}.png`)
   */
  async readInto(image: AnyImage): Promise<boolean> {
    const handle = handleOf(image);
    if (this.#state === 'closed') throw this.#disposed();
    if (this.#state === 'ended') return false;
    const plan =
      this.#plans.get(image.element) ?? loadPlan(this.#shape, image.element, this.device);
    this.#plans.set(image.element, plan);
    if (handle.width !== this.info.width || handle.height !== this.info.height) {
      handle.resize(this.info.width, this.info.height);
    }
    const seconds = await this.#source.next(plan, handle).catch((error) => this.#failed(error));
    if (this.#isClosed()) throw this.#disposed();
    if (seconds === null) {
      this.#state = 'ended';
      await this.#expectGoodEnd();
      return false;
    }
    this.#timestamp = seconds;
    return true;
  }

  /** Every frame in one image, which the next frame overwrites and the end frees; closes the reader when it is left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Image, void, undefined> {
    const { width, height } = this.info;
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
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #release(): Promise<void> {
    this.#child.kill();
    this.#child.hold(true);
    await Promise.allSettled([this.#source.close(), this.#child.exited]); // readInto has told
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A call of its own, because close() may have come while something else was waited for. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #disposed(): FramelaneError {
    return new FramelaneError('ERR_DISPOSED', `${this.info.path}: the reader has been closed`);
  }

  async #expectGoodEnd(): Promise<void> {
    this.#child.hold(true);
    const { code } = await this.#child.exited;
    if (code !== 0) throw this.#child.failure(`decoding ${this.info.path}`);
  }

  /** A stream that breaks off is the decoder's failure, if it tells one. */
  async #failed(error: unknown): Promise<never> {
    if (error instanceof FramelaneError && error.code === 'ERR_STREAM_TRUNCATED') {
      const exit = await exitWithin(this.#child, 1000);
      if (exit !== undefined && exit.code !== 0 && !this.#isClosed()) {
        throw this.#child.failure(`decoding ${this.info.path}`, error);
      }
    }
    throw error;
  }
}

function loadPlan(shape: NativeShape, element: AnyImage['element'], device: DeviceId): PlanHandle {
  const format = element === 'f32' ? 'rgbaf32' : 'rgba8';
  return compileStages([], shape, { device, output: { format } });
}
