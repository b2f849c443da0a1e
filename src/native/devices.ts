/** Devices and their memory, as the addon counts them. */
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
