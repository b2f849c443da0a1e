/** Results of measuring operations, as the addon returns them. */

/** One value for each channel, and for the luma of BT.709. */
type Measured<T> = { readonly [C in 'r' | 'g' | 'b' | 'a' | 'luma']: T };

/** The number of pixels with each of the 256 codes. */
export type Histogram = Measured<Uint32Array>;

export interface ChannelStatistics {
  /** All three are NaN if every value is NaN. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Number of NaN pixels. */
  readonly nans: number;
}

export type Statistics = Measured<ChannelStatistics>;

/** The results, by operation. */
export interface Results {
  readonly histogram: Histogram;
  readonly statistics: Statistics;
}

/** The result of one operation, with the `name` of its stage. */
export type ResultOf<N extends keyof Results> = {
  readonly op: N;
  readonly name?: string;
} & Results[N];

/** The result of any measuring stage; `op` distinguishes them. */
export type FrameResult = { [N in keyof Results]: ResultOf<N> }[keyof Results];

/** The results of a plan for one frame, in the order of the stages. */
export interface PlanOutcome {
  readonly results: readonly FrameResult[];
}

/** The results for one frame of an output, in the order of the stages. */
export interface FoundResults extends PlanOutcome {
  /** Seconds at which the output shows the frame. */
  readonly time: number;
}

/** The results for the frames of a session's output. */
export interface ResultTapHandle {
  /** Results of one or more frames, in order; null at the end. The session waits while results are not taken. */
  next(): Promise<readonly FoundResults[] | null>;
  close(): Promise<void>;
}
