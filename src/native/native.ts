/** The addon's interface, by hand; `manifest()` lets a test hold the operations against the table. */
import type { FramelaneError } from '../errors/errors.ts';
import type { KindName } from '../schema/kinds.ts';
import type { GLAddon } from './gl.ts';
import type { ImmediateAddon } from './immediate.ts';
import type {
  ImageHandle,
  NativeShape,
  NativeStage,
  PlanHandle,
  PlanRequest,
  PlanRunnerHandle,
} from './plan.ts';
import type { FrameResult, ResultTapHandle } from './results.ts';

export type * from './plan.ts';

export interface DeviceInfo {
  readonly id: string;
  readonly kind: 'cpu' | 'cuda';
  readonly name: string;
  readonly detail: string;
  readonly memoryBytes: number;
}

export interface DeviceList {
  readonly devices: readonly DeviceInfo[];
  /** Why there is no CUDA device; empty when there is one. */
  readonly cudaReason: string;
}

export interface MemoryCount {
  readonly live: number;
  readonly pooled: number;
  readonly peak: number;
  /** How often the system has been asked for memory. */
  readonly allocations: number;
}

export interface CacheCount {
  readonly count: number;
  readonly bytes: number;
}

export interface ManifestParameter {
  readonly name: string;
  readonly kind: KindName;
  readonly optional: boolean;
  readonly values?: readonly string[];
}

export interface ManifestOp {
  readonly name: string;
  readonly parameters: readonly ManifestParameter[];
}

/** Frames from FFmpeg, read ahead by a native thread. */
export interface FrameSourceHandle {
  /** Loads the next frame into the image; its time in seconds, or null at the end. */
  next(plan: PlanHandle, image: ImageHandle): Promise<number | null>;
  counts(): SourceCounts;
  /** Once: ends what waits, settles when memory, threads and descriptors are given back. */
  close(): Promise<void>;
}

export interface SourceCounts {
  /** Read from FFmpeg; of these left out for newer ones; read and not taken yet. */
  readonly frames: number;
  readonly dropped: number;
  readonly waiting: number;
}

/** The frames of a session's output for those who watch it. */
export interface FrameTapHandle {
  /** Loads the next frame that is written into an image of its shape; its time in seconds, or null when there are no more. */
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
  /** By a constant rate: frames that were left out, and times that one was shown again. */
  readonly dropped: number;
  readonly repeated: number;
  /** Frames before the start of the output. */
  readonly skipped: number;
  /** Frames whose time was not after the one before: shown a tick after that. */
  readonly late: number;
  /** Seconds at which the last frame is shown; -1 before there is one. */
  readonly lastTime: number;
  /** Frames that wait to be written now. */
  readonly queue: number;
  /** Processing thread: running the plan (on CUDA: enqueueing it); waiting for room behind it. */
  readonly process: Latency;
  readonly outputWait: Latency;
  /** Writer thread: waiting for the device; writing to the encoder and waiting for it. */
  readonly deviceWait: Latency;
  readonly write: Latency;
}

/** What has gone through a session, and where it spends its time. */
export interface SessionStats {
  readonly framesIn: number;
  /** Passes over frames that the device has run; what outputs share is run once. */
  readonly passes: number;
  /** Frames that have been read and wait to be processed now. */
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
  /** Of the source, 0 unknown: a hint for the encoder, and how long the last frame lasts at a constant rate. */
  readonly frameRate: Rational;
  /** Frames are dropped and repeated, as by FFmpeg's filter fps with round=near, to this rate; null keeps their times. */
  readonly constantRate: Rational | null;
  /** Seconds; the first frame is the one on display there. 0: every frame is wanted. */
  readonly start: number;
  /** When the last frame ends, where that is known; else it is as long as others are. */
  readonly ending?: NativeEnding | undefined;
  /** The encoder sees the end after as many; 0: all. */
  readonly maxFrames: number;
}

/** Seconds from the start of the section. */
export interface NativeEnding {
  /** Of the frame that is meant, where FFmpeg gets as far; -1 is any. */
  readonly last: number;
  readonly end: number;
}

/** Seconds of the decoder's times. */
export interface NativeSection {
  /** Of the frames until there only the one on display is wanted; 0: every frame is. */
  readonly start: number;
  /** What times are counted from; where it is above 0, the one on display is shown from there. */
  readonly origin: number;
}

/** One FFmpeg to any number of them, each through a plan of its own, on native threads. */
export interface SessionHandle {
  /**
   * Settles when every output has its frames; false where reading ended before the input did. The failure of one output
   * ends all. An output that gets not one frame is left untouched: its FFmpeg waits.
   */
  run(): Promise<boolean>;
  /**
   * A plan for each output, for all frames that are begun from now on; the number of the first of them, counted from 0 as they
   * come in; after the last frame there is none. Plans for other frames are ERR_INVALID_ARGUMENT, and nothing changes.
   */
  setPlans(plans: readonly PlanHandle[]): number;
  /** Reads no further; what was read is processed and written. */
  finish(): void;
  abort(): void;
  stats(): SessionStats;
  /** Whether the decoder is waited for. */
  readonly reading: boolean;
  /** Whether the encoder of that output is waited for. */
  writing(output: number): boolean;
  /** Which output run() rejected for; -1 where the input or the session itself failed, or nothing has. */
  readonly failedOutput: number;
  close(): Promise<void>;
}

/** Constructors own the descriptors from the call on, even when they throw; -1 is no output. */
interface MediaAddon {
  /** Two connected sockets with large buffers. */
  socketPair(): { readonly local: number; readonly remote: number };
  closeDescriptor(descriptor: number): void;
  /** Whether a write to the descriptor would not have to wait. */
  takesMore(descriptor: number): boolean;
  /** `newest` keeps only the last frame that nobody has taken yet; without it FFmpeg waits. */
  readonly FrameSourceHandle: new (
    input: number,
    plan: PlanHandle,
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
  /** Before the session is run. */
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

export interface Addon extends MediaAddon, GLAddon, ImmediateAddon {
  /** Hands over the error class; native errors are made with it. Once per environment. */
  initialize(errorClass: typeof FramelaneError): void;
  manifest(): ManifestOp[];
  devices(): DeviceList;
  memoryUsage(device: string): {
    readonly device: MemoryCount;
    readonly host: MemoryCount;
    readonly plans: CacheCount;
    readonly coefficients: CacheCount;
  };
  setMemoryBudget(device: string, kind: 'device' | 'host', bytes: number): void;
  trimMemory(device: string): void;
  synchronize(device: string): void;
  /** Of an image by its id; the caller keeps the owner alive. */
  readonly ImageHandle: new (
    id: number,
  ) => ImageHandle;
  /**
   * The id of new pixels that go with their owner; device 0 is the CPU, n + 1 the n-th of CUDA, `bytes` 1 or 0 (floats). By
   * numbers, as images are made for every frame.
   */
  makeImage(owner: object, device: number, bytes: number, width: number, height: number): number;
  makeFrame(owner: object, device: string, shape: NativeShape): number;
  /** Host memory of a device, pinned on CUDA; freed by the garbage collector. */
  hostMemory(device: string, bytes: number): ArrayBuffer;
  readonly PlanHandle: new (request: PlanRequest) => PlanHandle;
  readonly PlanRunnerHandle: new (device: string) => PlanRunnerHandle;
  /**
   * What `record` reads the options of an operation from, in the order of its declaration: numbers as they are, true as 1, an
   * enum as its index, a colour as four, an image as its id, a LUT as nine; NaN for an optional one that is absent.
   */
  slots(): Float64Array;
  /** The number of an operation; ERR_UNKNOWN_OP. */
  opId(name: string): number;
  /**
   * As `apply` with the one operation that the slots describe; images are ids, `temp` 0 is none. `alive` are the objects that the
   * ids belong to: a number does not keep its image from being collected, an argument does.
   */
  record(
    op: number,
    source: number,
    destination: number,
    temp: number,
    ...alive: readonly unknown[]
  ): void;
  /** The size that `record` would make of the source: width * 65536 + height. */
  recordedSize(op: number, source: number): number;
  /** Copies pixels between images, converting them; the destination takes the size of the source. */
  recordCopy(destination: number, source: number): void;
  imageWidth(image: number): number;
  imageHeight(image: number): number;
  freeImage(image: number): void;
  /** The size of `stages` applied to an image of that size. */
  outputSize(
    stages: readonly NativeStage[],
    width: number,
    height: number,
  ): { width: number; height: number };
  /** Runs the stages from `source` into `destination` (which may be the source); `temp` lends memory for what lies between. */
  apply(
    stages: readonly NativeStage[],
    source: ImageHandle,
    destination: ImageHandle,
    temp: ImageHandle | null,
  ): void;
  /** What the operation of a stage finds out about an image, which waits. */
  measure(stage: NativeStage, image: ImageHandle): FrameResult;
}
