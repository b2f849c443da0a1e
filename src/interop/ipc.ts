/** Memory of a device in another process: CUDA IPC. */
import type { DeviceId } from '../device.ts';
import { listDevices } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { addon } from '../native/binding.ts';
import { type DeviceArray, view } from './array-view.ts';
import { bufferOf, type CudaBuffer } from './buffer.ts';
import { type DType, dtypeInfo, dtypeOf } from './dtype.ts';
import { checkShape, countOf, isPacked, packedStrides } from './strides.ts';

/** What another process needs to open the memory; goes through JSON unchanged. */
export interface IpcHandle {
  /** The 64 bytes of a cudaIpcMemHandle_t in hexadecimal. */
  readonly handle: string;
  /** Bytes from the start of what the handle opens. */
  readonly offset: number;
  readonly byteLength: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** The UUID of the device in hexadecimal: its number may differ in the other process. */
  readonly device: string;
  /** The process that the memory belongs to. */
  readonly process: number;
}

/**
 * A handle by which another process opens the memory of a packed buffer or tensor, after all work on it: what the other changes
 * is seen here. The memory must stay until the other has closed it. ERR_UNSUPPORTED_OP on the CPU device.
 *
 * @example
 * socket.write(JSON.stringify(ipcHandle(buffer)))
 */
export function ipcHandle(array: DeviceArray): IpcHandle {
  const { memory, offset, shape, strides, dtype, device } = array[view];
  const { bytes } = dtypeInfo(dtype);
  const exported = addon().exportMemory(memory);
  if (!isPacked(shape, strides, bytes)) {
    throw invalidArgument('array', 'a packed array; toContiguous() makes one', strides);
  }
  return {
    handle: exported.handle.toString('hex'),
    offset: exported.offset + offset,
    byteLength: countOf(shape) * bytes,
    shape,
    dtype,
    device: addon().deviceUuid(device),
    process: process.pid,
  };
}

/**
 * Opens the memory of another process; `free()` closes it. The other process must have waited for its work on it.
 * ERR_INVALID_ARGUMENT: not a handle, or one of this process, which CUDA does not open twice. ERR_DEVICE_UNAVAILABLE: its device
 * is not here.
 *
 * @example
 * using frame = fromIpc(JSON.parse(line))
 */
export function fromIpc(given: IpcHandle): CudaBuffer {
  const { handle, offset, shape, dtype, device: uuid, process: owner } = given;
  checkShape(shape);
  const type = dtypeOf(dtype);
  if (typeof handle !== 'string' || !/^[0-9a-f]{128}$/i.test(handle)) {
    throw invalidArgument('handle', '64 bytes in hexadecimal', handle);
  }
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw invalidArgument('offset', 'bytes, 0 or more', offset);
  }
  if (owner === process.pid) {
    throw invalidArgument('process', 'memory of another process', `this one (${owner})`);
  }
  const device = deviceOf(uuid);
  const { bytes } = dtypeInfo(type);
  const end = offset + countOf(shape) * bytes;
  const memory = new (addon().MemoryHandle)(device, end, Buffer.from(handle, 'hex'));
  const strides = packedStrides(shape, bytes);
  return bufferOf({ memory, offset, shape, strides, dtype: type, device, readOnly: false });
}

function deviceOf(uuid: string): DeviceId {
  const { devices, cudaReason } = listDevices();
  const cuda = devices.filter(({ kind }) => kind === 'cuda');
  const found = cuda.find(({ id }) => addon().deviceUuid(id) === uuid);
  if (found) return found.id as DeviceId;
  const reason = cudaReason || `its UUID ${uuid} is none of ${cuda.map(({ id }) => id).join(', ')}`;
  throw new FramelaneError('ERR_DEVICE_UNAVAILABLE', `the memory's device is not here: ${reason}`);
}
