/** Images, stages and plans of the addon. */
import type { PlanOutcome } from './results.ts';

/** A LUT on a device: `size`^`dimensions` RGBA entries, red fastest, from the start of an f32 image. */
export interface NativeLut {
  readonly table: ImageHandle;
  readonly dimensions: 1 | 3;
  readonly size: number;
  readonly domainMin: readonly [number, number, number];
  readonly domainMax: readonly [number, number, number];
}

/** The code of an operation that the program defines. */
export interface NativeCode {
  readonly name: string;
  readonly words: Uint32Array;
  readonly constants: number;
  readonly instructions: number;
  readonly positional: boolean;
  readonly opaque: 'keeps' | 'makes' | 'breaks';
  /** Of a stencil. */
  readonly radius?: number;
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
  /** Identifies the image in calls that take numbers; never reused. */
  readonly id: number;
  readonly width: number;
  readonly height: number;
  /** Pixels. */
  readonly capacity: number;
  /** Size of the tightly packed frame. */
  readonly byteLength: number;
  resize(width: number, height: number): void;
  /** Every sample, tightly packed, of the format's own element type; rgba8 and rgbaf32 take both bytes and floats and convert. */
  upload(data: ArrayBufferView, stream?: number): void;
  download(into: ArrayBufferView, stream?: number): void;
  /** The same in a thread, through pinned memory; resolves to the array. */
  uploadAsync<T extends ArrayBufferView>(data: T, stream?: number): Promise<T>;
  downloadAsync<T extends ArrayBufferView>(into: T, stream?: number): Promise<T>;
  /** Copies a rectangle that lies inside both images; they have the same format. */
  copyRegion(
    source: ImageHandle,
    fromX: number,
    fromY: number,
    toX: number,
    toY: number,
    width: number,
    height: number,
    stream?: number,
  ): void;
  /** The image's own memory, or null if the host cannot access it. */
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
  /** Further inputs, by the names that stages refer to. */
  readonly inputs?: Readonly<Record<string, NativeShape>> | undefined;
}

/** Further frames that a plan reads. */
export interface PlanFrames {
  /** By the names of the plan's inputs. */
  readonly inputs?: Readonly<Record<string, ArrayBufferView>>;
  /** The frames before the input, the latest first; the oldest one replaces missing ones. */
  readonly previous?: readonly ArrayBufferView[];
}

export interface PlanHandle {
  readonly output: NativeShape;
  readonly passthrough: boolean;
  /** Whether every pixel of the result is opaque, before conversion to the output's format. */
  readonly opaque: boolean;
  readonly workspaceBytes: number;
  describe(): string[];
  /** Runs one tightly packed frame from bytes to bytes; returns the results of measuring operations, in order. */
  run(input: ArrayBufferView, output: ArrayBufferView, frames?: PlanFrames): PlanOutcome;
  /**
   * Microseconds per frame, run back to back over `sets` pairs of buffers, the same as a recording where the device has them, and
   * of a copy of the input's bytes.
   */
  benchmark(
    iterations: number,
    sets: number,
  ): { readonly plan: number; readonly replayed?: number; readonly copy: number };
  /** Releases its pictures and tables without waiting for the garbage collector; runs in progress finish. */
  free(): void;
}

/** A native thread that runs plans on its own queue. */
export interface PlanRunnerHandle {
  /**
   * Runs a plan from image to image, one call after the other; resolves to the seconds of each pass. Plans may read previous
   * frames as long as times rise within a sequence.
   */
  run(
    plan: PlanHandle,
    source: ImageHandle,
    target: ImageHandle,
    sequence: number,
    time: number,
  ): Promise<readonly number[]>;
  close(): Promise<void>;
}
