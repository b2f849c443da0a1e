/** The addon's interface, by hand; `manifest()` lets a test hold the operations against the table. */
import type { FramelaneError } from './errors.ts';

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

export interface ManifestParameter {
  readonly name: string;
  readonly kind: 'number' | 'integer' | 'boolean' | 'color' | 'enum' | 'image';
  readonly optional: boolean;
  readonly values?: readonly string[];
}

export interface ManifestOp {
  readonly name: string;
  readonly kind: 'affine' | 'point' | 'source' | 'view' | 'area';
  readonly parameters: readonly ManifestParameter[];
}

/** An operation with every option present (defaults filled in); images are handles, colours are [r, g, b, a]. */
export type NativeStage = { readonly op: string } & Readonly<Record<string, unknown>>;

export type NativePixelFormat = 'rgba8' | 'rgbaf32' | 'gray8' | 'yuv420p' | 'yuv422p' | 'yuv444p';
export type NativeMatrix = 'bt601' | 'bt709' | 'bt2020';
export type NativeRange = 'limited' | 'full';

export interface NativeShape {
  readonly format: NativePixelFormat;
  readonly width: number;
  readonly height: number;
  readonly matrix: NativeMatrix;
  readonly range: NativeRange;
}

export interface ImageHandle {
  readonly width: number;
  readonly height: number;
  readonly capacity: number;
  resize(width: number, height: number): void;
  /** Exactly width * height * 4 samples of the image's own element type; f32 images also take bytes (u8, divided by 255). */
  upload(data: ArrayBufferView): void;
  download(into: ArrayBufferView): void;
  /** As above in a thread, through pinned memory; resolves to the array. */
  uploadAsync<T extends ArrayBufferView>(data: T): Promise<T>;
  downloadAsync<T extends ArrayBufferView>(into: T): Promise<T>;
  copyFrom(source: ImageHandle): void;
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
  free(): void;
}

export interface PlanRequest {
  readonly device: string;
  readonly stages: readonly NativeStage[];
  readonly input: NativeShape;
  readonly outputFormat: NativePixelFormat;
  readonly outputMatrix: NativeMatrix;
  readonly outputRange: NativeRange;
  readonly planar: boolean;
}

export interface PlanHandle {
  readonly output: NativeShape;
  readonly passthrough: boolean;
  readonly workspaceBytes: number;
  describe(): string[];
  /** One tightly packed frame from bytes to bytes. */
  run(input: ArrayBufferView, output: ArrayBufferView): void;
  /** Microseconds a frame, run back to back over `sets` pairs of buffers, and those of a copy of the input's bytes. */
  benchmark(iterations: number, sets: number): { readonly plan: number; readonly copy: number };
}

/** Frames from FFmpeg, read ahead by a native thread. */
export interface FrameSourceHandle {
  /** Loads the next frame into the image; its time in seconds, or null at the end. */
  next(plan: PlanHandle, image: ImageHandle): Promise<number | null>;
  /** Once: ends what waits, settles when memory, threads and descriptors are given back. */
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

/** Times are in seconds, added up over all frames. */
export interface SessionStats {
  readonly framesIn: number;
  readonly framesOut: number;
  /** Reader thread: reading from the decoder and waiting for it; waiting for a free slot. */
  readonly read: number;
  readonly slotWait: number;
  /** Processing thread: waiting for a frame; running the plan (on CUDA: enqueueing it); waiting for room behind it. */
  readonly inputWait: number;
  readonly process: number;
  readonly outputWait: number;
  /** Writer thread: waiting for the device; writing to the encoder and waiting for it. */
  readonly deviceWait: number;
  readonly write: number;
}

/** FFmpeg to FFmpeg through a plan, on native threads. */
export interface SessionHandle {
  run(): Promise<void>;
  /** Reads no further; what was read is processed and written. */
  finish(): void;
  abort(): void;
  stats(): SessionStats;
  close(): Promise<void>;
}

type Rational = readonly [numerator: number, denominator: number];

/** Constructors own the descriptors from the call on, even when they throw; -1 is no output. */
interface MediaAddon {
  /** Two connected sockets with large buffers. */
  socketPair(): { readonly local: number; readonly remote: number };
  closeDescriptor(descriptor: number): void;
  readonly FrameSourceHandle: new (input: number, plan: PlanHandle) => FrameSourceHandle;
  readonly FrameSinkHandle: new (
    output: number,
    plan: PlanHandle,
    timeBase: Rational,
    frameRate: Rational,
  ) => FrameSinkHandle;
  readonly SessionHandle: new (
    input: number,
    output: number,
    plan: PlanHandle,
    frameRate: Rational,
  ) => SessionHandle;
}

export interface Addon extends MediaAddon {
  /** Hands over the error class; native errors are made with it. Once per environment. */
  initialize(errorClass: typeof FramelaneError): void;
  manifest(): ManifestOp[];
  devices(): DeviceList;
  memoryUsage(device: string): { readonly device: MemoryCount; readonly host: MemoryCount };
  setMemoryBudget(device: string, kind: 'device' | 'host', bytes: number): void;
  trimMemory(device: string): void;
  synchronize(device: string): void;
  readonly ImageHandle: new (
    device: string,
    element: 'f32' | 'u8',
    width: number,
    height: number,
  ) => ImageHandle;
  /** Host memory of a device, pinned on CUDA; freed by the garbage collector. */
  hostMemory(device: string, bytes: number): ArrayBuffer;
  readonly PlanHandle: new (request: PlanRequest) => PlanHandle;
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
}
