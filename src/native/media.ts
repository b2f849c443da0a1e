/** The addon's interface to FFmpeg: frames in and out, and sessions, through pipes on native threads. */
import type { ImageHandle, NativeShape, PlanHandle } from './plan.ts';
import type { ResultTapHandle } from './results.ts';

/** Frames from FFmpeg, read ahead by a native thread. */
export interface FrameSourceHandle {
  /** Loads the next frame into the image, through the plan if there is one; its time in seconds, or null at the end. */
  next(image: ImageHandle, plan?: PlanHandle): Promise<number | null>;
  counts(): SourceCounts;
  /** Ends pending calls; settles when memory, threads and descriptors are released. Call it once. */
  close(): Promise<void>;
}

export interface SourceCounts {
  /** Read from FFmpeg. */
  readonly frames: number;
  /** Of these, replaced by newer ones before they were taken. */
  readonly dropped: number;
  /** Read and not taken yet. */
  readonly waiting: number;
}

/** Copies of the frames of a session's output, for a viewer. */
export interface FrameTapHandle {
  /** Loads the next written frame into an image of its shape; its time in seconds, or null at the end. */
  next(image: ImageHandle): Promise<number | null>;
  close(): Promise<void>;
}

/** Images to FFmpeg, written by a native thread. */
export interface FrameSinkHandle {
  /** Settles when the frame is queued; waits while FFmpeg is behind. */
  write(plan: PlanHandle, image: ImageHandle, ticks: number): Promise<void>;
  /** Settles when every frame is written; FFmpeg then sees the end. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** How long a stage takes, frame by frame, in seconds; quantiles are at most 1/32 too long. */
export interface Latency {
  readonly count: number;
  /** Added up over all frames. */
  readonly total: number;
  /** Frames a second that this stage alone would do. */
  readonly fps: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** One output of a session. */
export interface OutputStats {
  /** Taken by the encoder. */
  readonly framesOut: number;
  /** Frames that the constant rate dropped, and repetitions that it added. */
  readonly dropped: number;
  readonly repeated: number;
  /** Frames before the start of the output. */
  readonly skipped: number;
  /** Frames whose time did not rise: shown one tick after the frame before. */
  readonly late: number;
  /** Seconds at which the last frame is shown; -1 before the first. */
  readonly lastTime: number;
  /** Frames waiting to be written. */
  readonly queue: number;
  /** Processing thread: running the plan (on CUDA: enqueueing it); waiting for room behind it. */
  readonly process: Latency;
  readonly outputWait: Latency;
  /** Writer thread: waiting for the device; writing to the encoder and waiting for it. */
  readonly deviceWait: Latency;
  readonly write: Latency;
}

/** How many frames a session has processed, and where it spends its time. */
export interface NativeSessionStats {
  readonly framesIn: number;
  /** Passes that the device has run; passes shared by outputs count once. */
  readonly passes: number;
  /** Frames read and waiting to be processed. */
  readonly queue: number;
  /** Reader thread: reading from the decoder and waiting for it; waiting for a free slot. */
  readonly read: Latency;
  readonly slotWait: Latency;
  /** Processing thread: waiting for a frame. */
  readonly inputWait: Latency;
  readonly outputs: readonly OutputStats[];
}

type Rational = readonly [numerator: number, denominator: number];

export interface NativeSessionOutput {
  /** -1: frames are processed and dropped. */
  readonly descriptor: number;
  /** All plans of a session have the same input and device. */
  readonly plan: PlanHandle;
  /** Of the source, 0 if unknown: a hint for the encoder, and the duration of the last frame at a constant rate. */
  readonly frameRate: Rational;
  /** Frames are dropped and repeated, as by FFmpeg's filter fps with round=near, to this rate; null keeps their times. */
  readonly constantRate: Rational | null;
  /** Seconds; output begins with the frame on display then. 0 keeps every frame. */
  readonly start: number;
  /** When the last frame ends, if known; else it lasts as long as the others. */
  readonly ending?: NativeEnding | undefined;
  /** The encoder sees the end after so many frames; 0 is no limit. */
  readonly maxFrames: number;
}

/** Seconds from the start of the section. */
export interface NativeEnding {
  /** Time of the frame that `end` belongs to, if FFmpeg gets that far; -1 is any frame. */
  readonly last: number;
  readonly end: number;
}

/** Seconds of the decoder's times. */
export interface NativeSection {
  /** Of the frames up to there only the one on display is kept; 0 keeps every frame. */
  readonly start: number;
  /** Zero of the output's times; above 0, the frame on display then is shown from there. */
  readonly origin: number;
}

/** Frames from one decoder to any number of encoders, each through its own plan, on native threads. */
export interface SessionHandle {
  /**
   * Settles when every output has its frames; false if reading ended before the input did. The failure of one output ends all.
   * An output without a single frame stays untouched: its FFmpeg waits.
   */
  run(): Promise<boolean>;
  /**
   * Replaces the plan of each output from the next frame on and returns the number of that frame, counted from 0 as they are read;
   * after the last frame nothing uses it. Plans for frames of another shape are ERR_INVALID_ARGUMENT, and nothing changes.
   */
  setPlans(plans: readonly PlanHandle[]): number;
  /** Stops reading; frames already read are processed and written. */
  finish(): void;
  abort(): void;
  stats(): NativeSessionStats;
  /** Whether it waits for the decoder. */
  readonly reading: boolean;
  /** Whether it waits for the encoder of that output. */
  writing(output: number): boolean;
  /** The output that made run() reject; -1 if the input or the session failed, or nothing did. */
  readonly failedOutput: number;
  close(): Promise<void>;
}

/** Constructors own the descriptors from the call on, even if they throw; -1 is no output. */
export interface MediaAddon {
  /** Two connected sockets with large buffers. */
  socketPair(): { readonly local: number; readonly remote: number };
  closeDescriptor(descriptor: number): void;
  /** Whether a write to the descriptor would not block. */
  takesMore(descriptor: number): boolean;
  /** `shape` is that of FFmpeg's frames. `newest` drops older frames that were not taken; without it FFmpeg waits. */
  readonly FrameSourceHandle: new (
    input: number,
    device: string,
    shape: NativeShape,
    newest?: boolean,
    section?: NativeSection,
  ) => FrameSourceHandle;
  readonly FrameSinkHandle: new (
    output: number,
    plan: PlanHandle,
    timeBase: Rational,
    frameRate: Rational,
  ) => FrameSinkHandle;
  readonly FrameTapHandle: new (session: SessionHandle, output: number) => FrameTapHandle;
  /** Must be made before the session runs. */
  readonly ResultTapHandle: new (
    session: SessionHandle,
    output: number,
  ) => ResultTapHandle;
  readonly SessionHandle: new (
    input: number,
    outputs: readonly NativeSessionOutput[],
    section?: NativeSection,
  ) => SessionHandle;
}
