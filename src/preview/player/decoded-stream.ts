/** The frames of one decoder run, from a position to the end. */
import type { DeviceId } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { withSocketPair } from '../../ffmpeg/sockets.ts';
import type { Frame } from '../../image/frame.ts';
import { addon } from '../../native/binding.ts';
import type { FrameSourceHandle, SourceCounts } from '../../native/media.ts';
import type { Decoder } from '../../video/input/decoder.ts';
import type { VideoInput } from '../../video/input/input.ts';
import { latestTime } from '../../video/input/section.ts';
import type { FrameStream } from './frame-stream.ts';

/** Milliseconds that a decoder may take to say why it closed its end. */
const patience = 1000;

export class DecodedStream implements FrameStream {
  readonly #input: VideoInput;
  readonly #handle: FrameSourceHandle;
  readonly #child: Decoder;
  #last = 0;
  #closing: Promise<void> | undefined;

  constructor(input: VideoInput, device: DeviceId, from: number) {
    this.#input = input;
    const { live } = input.info;
    const { handle, child } = withSocketPair((pair) => ({
      handle: new (addon().FrameSourceHandle)(pair.local, device, input.shape, live, {
        start: from === 0 ? 0 : latestTime(input.info, from),
        origin: 0,
      }),
      child: input.start(pair.remote, { from }),
    }));
    this.#handle = handle;
    this.#child = child;
    child.hold(false); // a player that was never closed does not keep the process alive
  }

  async next(into: Frame): Promise<number | null> {
    using _ = this.#child.watchFrames();
    const seconds = await this.#unlessSilent(this.#handle.next(into.handle)).catch(
      async (error: unknown) => {
        const blamed = await this.#child.blame(error, patience);
        throw this.#closing === undefined ? blamed : error;
      },
    );
    if (seconds === null) {
      await this.#expectGoodEnd();
      return null;
    }
    this.#last = seconds;
    return seconds;
  }

  counts(): SourceCounts {
    return this.#handle.counts();
  }

  /** The warnings of the decoder; complete at the end. */
  get warnings(): readonly string[] {
    return this.#child.warnings;
  }

  /** FFmpeg's own timeouts cover neither every protocol nor a frozen camera. */
  async #unlessSilent<T>(work: Promise<T>): Promise<T> {
    const { timeout } = this.#input.info.source;
    if (timeout === undefined) return work;
    const limit = timeout * 1000 + patience;
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      const message = `${this.#input.info.path}: no frame within ${limit / 1000} s`;
      timer = setTimeout(
        () => reject(new FramelaneError('ERR_STREAM_TRUNCATED', message)),
        limit,
      ).unref();
    });
    work.catch(() => {}); // after the timeout nobody handles it
    try {
      return await Promise.race([work, silent]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #expectGoodEnd(): Promise<void> {
    const { path, live, source, duration, startTime, videoStart } = this.#input.info;
    this.#child.hold(true);
    const failure = await this.#child.ended();
    if (this.#closing !== undefined) return;
    if (failure !== undefined) throw failure;
    const lost = (how: string) => {
      const said = this.#child.messages.summary()?.replaceAll(source.url, path);
      const message = `${path}: ${how}${said === undefined ? '' : `: ${said}`}`;
      return new FramelaneError('ERR_STREAM_TRUNCATED', message);
    };
    if (live) throw lost('the live stream has ended');
    // FFmpeg reports a lost connection as a warning and the end of the stream.
    if (source.kind !== 'network' || duration === undefined) return;
    const end = duration + videoStart - startTime;
    if (this.#last < end - Math.max(1, end * 0.05)) {
      throw lost(
        `expected ${end.toFixed(1)} s, the connection ended at ${this.#last.toFixed(1)} s`,
      );
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#release();
    return this.#closing;
  }

  async #release(): Promise<void> {
    this.#child.kill();
    this.#child.hold(true);
    await Promise.allSettled([this.#handle.close(), this.#child.exited]); // next() has reported the failure
  }
}
