/** The addon's interface to streams and events. */

export interface StreamHandle {
  /** For calls that run on it; never used again. */
  readonly number: number;
  /** Of CUDA; null on the CPU. */
  readonly handle: bigint | null;
  /** What is enqueued here from now on runs after all that is on the other stream now. */
  waitFor(stream: number): void;
  sync(): void;
  idle(): Promise<void>;
  free(): void;
}

export interface EventHandle {
  record(stream: number): void;
  /** What is enqueued on the stream from now on runs after the moment. */
  holdBack(stream: number): void;
  readonly done: boolean;
  wait(): Promise<undefined>;
  secondsSince(earlier: EventHandle): number;
  free(): void;
}

export interface StreamAddon {
  /** A new stream by its priority, one that exists by its address, or the device's own. */
  readonly StreamHandle: new (
    device: string,
    kind: 'normal' | 'high' | 'immediate' | bigint,
  ) => StreamHandle;
  readonly EventHandle: new (device: string, timing: boolean) => EventHandle;
}
