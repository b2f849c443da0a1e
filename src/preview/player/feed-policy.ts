/** What the player knows of frames that would come too late. */
export interface FeedPolicy {
  /** Whether nobody wants frames of a live source now. */
  idle(): boolean;
  /** Whether a frame of this time is waited for now. */
  due(timestamp: number): boolean;
  /** Whether the frame that follows at this time is due already, so that the one before it need not be computed. */
  overtaken(following: number): boolean;
  failed(error: unknown): void;
}
