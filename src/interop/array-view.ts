/** Elements of memory as copies and tensors see them. */
import type { DeviceId } from '../device.ts';
import type { MemoryHandle } from '../native/interop.ts';
import type { DType } from './dtype.ts';

/** A part of a device's memory with a shape; offset and strides in bytes. */
export interface ArrayView {
  readonly memory: MemoryHandle;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: DType;
  readonly device: DeviceId;
  readonly readOnly: boolean;
}

export const view: unique symbol = Symbol('view');

/** A CudaBuffer or a Tensor. Reading the view of a freed one is ERR_DISPOSED. */
export interface DeviceArray {
  readonly [view]: ArrayView;
}
