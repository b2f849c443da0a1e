/** What the addon takes and gives, by hand; `manifest()` lets a test hold the operations against the table. */
import type { PlanOutcome, ResultTapHandle } from './native-results.ts';
import type { KindName } from './schema/kinds.ts';

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

/** A LUT on a device: `size`^`dimensions` RGBA entries, red fastest, from the start of an f32 image. */
export interface NativeLut {
  readonly table: ImageHandle;
  readonly dimensions: 1 | 3;
  readonly size: number;
  readonly domainMin: readonly [number, number, number];
  readonly domainMax: readonly [number, number, number];
}

/** An operation with every option present (defaults filled in); images are handles, LUTs NativeLuts, colours [r, g, b, a]. */
export type NativeStage = { readonly op: string } & Readonly<Record<string, unknown>>;

/** Samples of more than 8 bits are 16-bit words that use the low bits; `yuva` has a full-resolution alpha plane last. */
export type NativePixelFormat =
  | 'rgba8'
  | 'rgba16'
  | 'rgbaf32'
  | `gray${8 | 10 | 12 | 16}`
  | `${'yuv' | 'yuva'}${420 | 422 | 444}p${'' | 10 | 12 | 16}`;
export type NativeMatrix = 'bt601' | 'bt709' | 'bt2020';
export type NativeRange = 'limited' | 'full';
/** Where 4:2:0 and 4:2:2 chroma samples lie among the luma samples. */
export type NativeChromaLocation = 'left' | 'center' | 'topLeft';

export interface NativeShape {
  readonly format: NativePixelFormat;
  readonly width: number;
  readonly height: number;
  readonly matrix: NativeMatrix;
  readonly range: NativeRange;
  /** `left` by default. */
  readonly chromaLocation?: NativeChromaLocation | undefined;
}

export interface ImageHandle {
  /** The number by which the addon's plain calls find the image; of no other image, ever. */
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** Pixels. */
  readonly capacity: number;
  /** Of the tightly packed frame. */
  readonly byteLength: number;
  resize(width: number, height: number): void;
  /** Every sample, tightly packed, of the format's own element type; rgba8 and rgbaf32 take both bytes and floats and convert. */
  upload(data: ArrayBufferView): void;
  download(into: ArrayBufferView): void;
  /** As above in a thread, through pinned memory; resolves to the array. */
  uploadAsync<T extends ArrayBufferView>(data: T): Promise<T>;
  downloadAsync<T extends ArrayBufferView>(into: T): Promise<T>;
  /** A rectangle inside both images, which are of one kind. */
  copyRegion(
    source: ImageHandle,
    fromX: number,
    fromY: number,
    toX: number,
    toY: number,
    width: number,
    height: number,
  ): void;
  /** The image's own memory, or null where the host cannot reach it. */
  memory(): ArrayBuffer | null;
}

export interface PlanRequest {
  readonly device: string;
  readonly stages: readonly NativeStage[];
  readonly input: NativeShape;
  readonly outputFormat: NativePixelFormat;
  readonly outputMatrix: NativeMatrix;
  readonly outputRange: NativeRange;
  readonly outputChromaLocation?: NativeChromaLocation | undefined;
  readonly planar: boolean;
  /** Whether the input's alpha is known to be 1 everywhere. */
  readonly opaque: boolean;
}

export interface PlanHandle {
  readonly output: NativeShape;
  readonly passthrough: boolean;
  /** Whether no pixel of the result is transparent, whatever the output makes of alpha. */
  readonly opaque: boolean;
  readonly workspaceBytes: number;
  describe(): string[];
  /** One tightly packed frame from bytes to bytes; what operations find out about it, in their order. */
  run(input: ArrayBufferView, output: ArrayBufferView): PlanOutcome;
  /** Microseconds a frame, run back to back over `sets` pairs of buffers, and those of a copy of the input's bytes. */
  benchmark(iterations: number, sets: number): { readonly plan: number; readonly copy: number };
  /** Lets go of the pictures and tables it holds, without waiting for the garbage collector; what runs it goes on. */
  free(): void;
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

/** A native thread that runs plans on a queue of its own. */
export interface PlanRunnerHandle {
  /** Runs a plan from image to image, one call after the other; settles when it is done, with the seconds of each pass. */
  run(plan: PlanHandle, source: ImageHandle, target: ImageHandle): Promise<readonly number[]>;
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
export interface MediaAddon {
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
