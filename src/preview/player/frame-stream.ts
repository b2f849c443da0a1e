import type { Frame } from '../../image/frame.ts';
import type { SourceCounts } from '../../native/native.ts';

/** The frames of a source in display order. */
export interface FrameStream {
  /** Loads the next frame; its time in seconds from the start of the source, or null at the end. */
  next(into: Frame): Promise<number | null>;
  counts(): SourceCounts;
  /** Ends pending calls of `next`. Closing again does nothing. */
  close(): Promise<void>;
}
