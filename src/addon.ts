/** Everything that the addon exports. */
import type { FramelaneError } from './errors.ts';
import type {
  CacheCount,
  DeviceList,
  ImageHandle,
  ManifestOp,
  MediaAddon,
  MemoryCount,
  NativeShape,
  NativeStage,
  PlanHandle,
  PlanRequest,
  PlanRunnerHandle,
} from './native.ts';
import type { GLAddon } from './native-gl.ts';
import type { ImmediateAddon } from './native-immediate.ts';
import type { FrameResult } from './native-results.ts';

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
