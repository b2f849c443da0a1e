/** The addon's controls and counters of the immediate API; for tests. */

export interface ImmediatePolicy {
  readonly mode: 'deferred' | 'eager' | 'random';
  readonly seed?: number;
  readonly fold?: boolean;
  readonly failLaunch?: number;
  readonly faultLaunch?: number;
}

/** Counters of the immediate API in this environment. */
export interface ImmediateStats {
  /** Deferred calls. */
  readonly recorded: number;
  /** Chains of deferred calls that ran. */
  readonly launched: number;
  /** Passes of those chains. */
  readonly passes: number;
  /** Stores skipped because nothing could read them. */
  readonly killed: number;
}

export interface ImmediateAddon {
  /**
   * When this environment runs calls: `deferred` when their pixels are read, `eager` at once, `random` at times drawn from
   * `seed`. `fold: false` does not merge affine operations, so that all modes give the same bits. `failLaunch` is the number of
   * the launch from now on that fails, `faultLaunch` of the one whose work on the device fails later.
   */
  immediatePolicy(policy: ImmediatePolicy): void;
  immediateStats(): ImmediateStats;
}
