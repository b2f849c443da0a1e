/** The addon's memory by its address, and copies. */
import type { ImageHandle } from './plan.ts';

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
  };
  /** Waits where one side is an array, which is packed; else it only enqueues. */
  copyMemory(...copy: CopyArguments): void;
  /** Resolves when both sides may be used again. */
  copyMemoryAsync(...copy: CopyArguments): Promise<void>;
  /** The immediate API's work from now on runs after what is on that stream now. */
  awaitStream(device: string, stream: bigint): void;
  /** The IPC handle of the allocation that holds the memory, and where in it; waits for the work on the memory. */
  exportMemory(memory: MemoryHandle): { readonly handle: Buffer; readonly offset: number };
  deviceUuid(device: string): string;
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
