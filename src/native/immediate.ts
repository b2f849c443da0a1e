/** When the addon runs calls of the immediate API; for tests. */

export interface ImmediatePolicy {
  readonly mode: 'deferred' | 'eager' | 'random';
  readonly seed?: number;
  readonly fold?: boolean;
  readonly failLaunch?: number;
  readonly faultLaunch?: number;
}

/** What the immediate API has done in this environment. */
export interface ImmediateStats {
  /** Calls that waited. */
  readonly recorded: number;
  /** Chains of them that were run, in so many passes. */
  readonly launched: number;
  readonly passes: number;
  /** Stores that nobody could have seen. */
  readonly killed: number;
}

export interface ImmediateAddon {
  /**
   * When calls of the immediate API are run, here: `deferred` when their pixels are wanted, `eager` at once, `random` at
   * times drawn from `seed`. `fold: false` keeps affine operations apart, so that all three give the same bits. For tests,
   * as are `failLaunch`, the launch from now on that fails, and `faultLaunch`, the one whose work turns out to have failed.
   */
  immediatePolicy(policy: ImmediatePolicy): void;
  immediateStats(): ImmediateStats;
}
