/** What a feed asks its player before it spends time on a frame, and where it reports failures. */
export interface FeedPolicy {
  /** Whether frames of a live source are not wanted now. */
  idle(): boolean;
  /** Whether the clock has reached this time. */
  due(timestamp: number): boolean;
  /** Whether the frame that follows at this time is already due, so that the one before it can be dropped. */
  overtaken(following: number): boolean;
  failed(error: unknown): void;
}
