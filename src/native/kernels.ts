/** The addon's interface to CUDA code of the user. */

export interface CompileJob {
  readonly source: string;
  /** `sm_90` for machine code, `compute_90` for PTX. */
  readonly architecture: string;
  readonly options: readonly string[];
  readonly headerNames: readonly string[];
  readonly headerTexts: readonly string[];
  /** Instances of templates. */
  readonly names: readonly string[];
  /** For tests: instead of the environment's folder, with a limit. */
  readonly cacheFolder?: string;
  readonly cacheBytes?: number;
}

export type CompileOutcome =
  | { readonly failure: string; readonly log: string }
  | {
      readonly failure?: undefined;
      readonly log: string;
      readonly code: Uint8Array<ArrayBuffer>;
      /** Of the names, in their order. */
      readonly symbols: readonly string[];
      readonly wasCached: boolean;
    };

export type CodeFormat = 'cubin' | 'fatbin' | 'ptx';

export interface NativeKernel {
  readonly place: number;
  readonly registers: number;
  readonly sharedBytes: number;
  readonly constantBytes: number;
  readonly localBytes: number;
  readonly maxThreads: number;
  readonly maxDynamicSharedBytes: number;
  /** Null where the driver does not tell. */
  readonly parameters: readonly KernelParameter[] | null;
}

export interface KernelParameter {
  readonly offset: number;
  readonly bytes: number;
}

export interface LaunchLimits {
  readonly grid: readonly [number, number, number];
  readonly block: readonly [number, number, number];
  /** Of a block. */
  readonly threads: number;
}

/** Code on a device. Kernels are numbers, variables are symbols. */
export interface ModuleHandle {
  readonly limits: LaunchLimits;
  /** `name` is for errors. */
  kernel(symbol: string, name: string): NativeKernel;
  /** Enqueues what the launch block describes, with so many arguments that are memory, on a stream or 0. */
  launch(kernel: number, memories: number, stream: number): void;
  /** Microseconds of a launch of the same, in a loop without JavaScript. */
  benchmark(kernel: number, times: number): number;
  /** Blocks that run on a multiprocessor at once. */
  activeBlocks(kernel: number, threads: number, sharedBytes: number): number;
  suggestBlock(
    kernel: number,
    sharedBytes: number,
  ): { readonly threads: number; readonly leastBlocks: number };
  global(symbol: string): { readonly pointer: bigint; readonly byteLength: number };
  readGlobal(symbol: string, offset: number, into: ArrayBufferView): void;
  writeGlobal(symbol: string, offset: number, data: ArrayBufferView): void;
  free(): void;
}

export interface KernelAddon {
  compileCode(job: CompileJob): CompileOutcome;
  compileCodeAsync(job: CompileJob): Promise<CompileOutcome>;
  codeCompiler(): {
    readonly path: string;
    readonly version: string;
    /** 10 × major + minor. */
    readonly capabilities: readonly number[];
  };
  /** What the compiler makes for a device: its machine code, or PTX if it does not know the device. */
  codeArchitecture(device: string): string;
  /** ERR_INPUT_INVALID or ERR_INPUT_TRUNCATED for what the driver could not load safely. */
  codeFormat(code: ArrayBufferView): CodeFormat;
  /**
   * 32-bit grid[3], block[3], sharedBytes, count, offsets[1016]; from byte 4096 on the arguments; from byte 36864 on four doubles
   * for each that is memory: the number of its handle or 0, of its image or 0, the offset in it, and where among the arguments the
   * address goes.
   */
  launchBlock(): ArrayBuffer;
  readonly ModuleHandle: new (device: string, code: ArrayBufferView) => ModuleHandle;
}
