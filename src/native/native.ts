/** The addon's interface, written by hand; a test compares `manifest()` with the table of operations. */
import type { FramelaneError } from '../errors/errors.ts';
import type { KindName } from '../schema/kinds.ts';
import type { CacheCount, DeviceList, MemoryCount } from './devices.ts';
import type { GLAddon } from './gl.ts';
import type { ImmediateAddon } from './immediate.ts';
import type { InteropAddon } from './interop.ts';
import type { KernelAddon } from './kernels.ts';
import type { MediaAddon } from './media.ts';
import type {
  ImageHandle,
  NativeShape,
  NativeStage,
  PlanHandle,
  PlanRequest,
  PlanRunnerHandle,
} from './plan.ts';
import type { FrameResult } from './results.ts';
import type { StreamAddon } from './streams.ts';

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

export interface Addon
  extends MediaAddon,
    GLAddon,
    ImmediateAddon,
    KernelAddon,
    InteropAddon,
    StreamAddon {
  /** Passes the class that native errors are made of. Once per environment. */
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
  /** Fused passes that have been compiled as programs of their own: see native/cuda/specialised. */
  specialised(): {
    readonly running: number;
    readonly compiled: number;
    readonly failure: string;
  };
  /** A program for every point operation, for RGBA and for YUV. None in a build without CUDA. */
  specialisedPrograms(): readonly {
    readonly source: string;
    readonly options: readonly string[];
    readonly headers: Readonly<Record<string, string>>;
  }[];
  /** A handle for the image of that id; the caller keeps its owner alive. */
  readonly ImageHandle: new (
    id: number,
  ) => ImageHandle;
  /**
   * Allocates pixels that live as long as their owner and returns their id. Device 0 is the CPU, n + 1 is cuda:n; `bytes` is 1, or
   * 0 for floats. Takes plain numbers because images are made for every frame.
   */
  makeImage(owner: object, device: number, bytes: number, width: number, height: number): number;
  makeFrame(owner: object, device: string, shape: NativeShape): number;
  /** Host memory of a device, pinned on CUDA; freed by the garbage collector. */
  hostMemory(device: string, bytes: number): ArrayBuffer;
  readonly PlanHandle: new (request: PlanRequest) => PlanHandle;
  readonly PlanRunnerHandle: new (device: string) => PlanRunnerHandle;
  /**
   * The options that `record` reads, in the order of the declaration: a number as it is, true as 1, an enum as its index, a
   * colour as four numbers, an image as its id, a LUT as nine numbers; NaN for an optional one that is absent.
   */
  slots(): Float64Array;
  /** The number of an operation; ERR_UNKNOWN_OP. */
  opId(name: string): number;
  /**
   * Like `apply` with the one operation that the slots describe. Images and streams are ids; 0 is no `temp`, and the device's own stream. `alive` holds the owners of the
   * ids: a number does not protect its image from the garbage collector, an argument does.
   */
  record(
    op: number,
    source: number,
    destination: number,
    temp: number,
    stream: number,
    ...alive: readonly unknown[]
  ): void;
  /** The size of what `record` would make of the source: width * 65536 + height. */
  recordedSize(op: number, source: number): number;
  /** Copies pixels between images, converting them; the destination takes the size of the source. */
  recordCopy(
    destination: number,
    source: number,
    stream?: number,
    ...alive: readonly unknown[]
  ): void;
  imageWidth(image: number): number;
  imageHeight(image: number): number;
  freeImage(image: number): void;
  /** The size of `stages` applied to an image of that size. */
  outputSize(
    stages: readonly NativeStage[],
    width: number,
    height: number,
  ): { width: number; height: number };
  /** Runs the stages from `source` into `destination` (may be the source); `temp` lends its memory for intermediate images. */
  apply(
    stages: readonly NativeStage[],
    source: ImageHandle,
    destination: ImageHandle,
    temp: ImageHandle | null,
    stream?: number,
  ): void;
  /** Runs a measuring stage on an image and waits for its result. */
  measure(stage: NativeStage, image: ImageHandle, stream?: number): FrameResult;
}
