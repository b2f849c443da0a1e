/** The addon's memory by its address, and copies. */
import type { ImageHandle } from './plan.ts';

/** `__cuda_array_interface__`: where an array of a CUDA device is. */
export interface CudaArrayInterface {
  readonly shape: readonly number[];
  /** NumPy's, such as `<f4`. */
  readonly typestr: string;
  /** The address of the first element, 0n without elements, and whether it may only be read. */
  readonly data: readonly [address: bigint, readOnly: boolean];
  /** Bytes; null for packed rows. */
  readonly strides: readonly number[] | null;
  readonly version: 3;
  /** What reads the array waits for that stream: 1 the legacy default one, 2 the thread's, else a handle; null for none. */
  readonly stream: null | 1 | 2 | bigint;
}

/** Bytes on a device: from its pool, somebody else's CUDA memory, or an image's own. */
export interface MemoryHandle {
  /** For launches, which name memory by it; never used again. */
  readonly number: number;
  /** 0n where there are no bytes. */
  readonly address: bigint;
  readonly byteLength: number;
  readonly device: string;
  /** The handle of the CUDA stream that used the memory last; null on the CPU. */
  readonly stream: bigint | null;
  free(): void;
}

/** What a DLPack array is, and the memory that a MemoryHandle is made of. */
export interface ImportedArray {
  readonly memory: object;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: string;
  readonly device: string;
  readonly readOnly: boolean;
}

/** A DLManagedTensor or DLManagedTensorVersioned until another addon takes it. */
export interface CapsuleHandle {
  readonly taken: boolean;
  /** The External of it, whose deleter the caller calls. ERR_DISPOSED the second time. */
  take(): object;
  free(): void;
}

/** Each side: memory, the offset of its first element, its strides; then the sizes and the bytes of an element, and a stream's number or 0. */
type CopyArguments = readonly [
  to: MemoryHandle | ArrayBufferView,
  toOffset: number,
  toStrides: readonly number[],
  from: MemoryHandle | ArrayBufferView,
  fromOffset: number,
  fromStrides: readonly number[],
  sizes: readonly number[],
  elementBytes: number,
  stream: number,
];

export interface InteropAddon {
  readonly MemoryHandle: {
    new (device: string, bytes: number): MemoryHandle;
    /** ERR_INVALID_ARGUMENT where CUDA does not know the memory. */
    new (address: bigint, bytes: number): MemoryHandle;
    /** The first bytes of another process's allocation by its 64-byte IPC handle. */
    new (device: string, bytes: number, handle: Uint8Array): MemoryHandle;
    /** From then on the image's calls run at once. */
    new (image: ImageHandle): MemoryHandle;
    /** Once for each ImportedArray. */
    new (memory: object): MemoryHandle;
  };
  /** `keep` is not called: what it closes over lives until the deleter is called. Offset and strides in bytes. */
  readonly CapsuleHandle: new (
    memory: MemoryHandle,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
    dtype: string,
    readOnly: boolean,
    version: 0 | 1,
    keep: (() => unknown) | undefined,
  ) => CapsuleHandle;
  /** What the External points to is the addon's from then on, refused or not. */
  importDLPack(external: object, version: 0 | 1): ImportedArray;
  /** Waits where one side is an array, which is packed; else it only enqueues. */
  copyMemory(...copy: CopyArguments): void;
  /** Resolves when both sides may be used again. */
  copyMemoryAsync(...copy: CopyArguments): Promise<void>;
  /** The immediate API's work from now on runs after what is on that stream now. */
  awaitStream(device: string, stream: bigint): void;
  /** The IPC handle of the allocation that holds the memory, and where in it; waits for the work on the memory. */
  exportMemory(memory: MemoryHandle): { readonly handle: Buffer; readonly offset: number };
  deviceUuid(device: string): string;
  /** Packed elements of two whole memories of one device: f32 to f16 where `to` has fewer bytes, else f16 to f32. */
  convertHalves(to: MemoryHandle, from: MemoryHandle): void;
  /** As makeImage, over packed pixels in memory. */
  makeImageOver(
    owner: object,
    memory: MemoryHandle,
    offset: number,
    bytes: number,
    width: number,
    height: number,
  ): number;
}
