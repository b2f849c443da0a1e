/** The frames that a session writes: `next` loads the newest one. */
import type { Frame } from '../../image/frame.ts';
import type { FrameTapHandle, SourceCounts } from '../../native/native.ts';
import type { FrameStream } from './frame-stream.ts';

export class WatchedStream implements FrameStream {
  readonly #tap: FrameTapHandle;
  #frames = 0;
  #closing: Promise<void> | undefined;

  constructor(tap: FrameTapHandle) {
    this.#tap = tap;
  }

  async next(into: Frame): Promise<number | null> {
    const seconds = await this.#tap.next(into.handle);
    if (seconds !== null) this.#frames++;
    return seconds;
  }

  counts(): SourceCounts {
    return { frames: this.#frames, dropped: 0, waiting: 0 };
  }

  close(): Promise<void> {
    this.#closing ??= this.#tap.close();
    return this.#closing;
  }
}
