/** What operations find out about images and frames, as the addon hands it over. */

/** What is known of a pixel: its channels, and the luma of BT.709. */
type Measured<T> = { readonly [C in 'r' | 'g' | 'b' | 'a' | 'luma']: T };

/** How many pixels have each of the 256 codes. */
export type Histogram = Measured<Uint32Array>;

export interface ChannelStatistics {
  /** All three are NaN where there is no number. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** How many pixels are none. */
  readonly nans: number;
}

export type Statistics = Measured<ChannelStatistics>;

/** What each operation with a result finds out. */
export interface Results {
  readonly histogram: Histogram;
  readonly statistics: Statistics;
}

/** The result of one operation, with the `name` that its stage has. */
export type ResultOf<N extends keyof Results> = {
  readonly op: N;
  readonly name?: string;
} & Results[N];

/** What a stage has found out about a frame; `op` tells which. */
export type FrameResult = { [N in keyof Results]: ResultOf<N> }[keyof Results];

/** What the operations of a plan have found out about one frame, in the order of the stages. */
export interface PlanOutcome {
  readonly results: readonly FrameResult[];
}

/** What has been found out about one frame of an output, in the order of the stages. */
export interface FoundResults extends PlanOutcome {
  /** Seconds at which the output shows the frame. */
  readonly time: number;
}

/** What is found out about the frames of a session's output. */
export interface ResultTapHandle {
  /** Of one or more frames, in their order; null when there are no more. Frames are not written faster than they are taken. */
  next(): Promise<readonly FoundResults[] | null>;
  close(): Promise<void>;
}
