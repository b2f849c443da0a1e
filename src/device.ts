/** Choosing a device, and information about devices and their memory. */

import { describeValue, FramelaneError } from './errors/errors.ts';
import { invalidArgument } from './errors/invalid.ts';
import { checkNames } from './errors/option-names.ts';
import { addon } from './native/binding.ts';
import type { CacheCount, DeviceInfo, DeviceList, MemoryCount } from './native/devices.ts';

/** A device by its name. */
export type DeviceId = 'cpu' | `cuda:${number}`;

/** `auto` is the first CUDA device, or the CPU without one; `cuda` is `cuda:0`. */
export type DeviceOption = DeviceId | 'auto' | 'cuda';

export interface MemoryUsage {
  /** Frame memory of the device, in bytes. */
  readonly device: MemoryCount;
  /** Staging memory on the host (pinned for CUDA), in bytes. */
  readonly host: MemoryCount;
  /** Compiled plans cached for pipelines and calls of the same structure: at most 256. */
  readonly plans: CacheCount;
  /** Filter coefficients cached by their parameters: at most 64, and 16 MiB of tables. */
  readonly coefficients: CacheCount;
}

/**
 * The devices of this machine, the CPU first, and the reason if there is no CUDA device.
 *
 * @example
 * for (const device of listDevices().devices) console.log(device.id, device.name)
 */
export function listDevices(): DeviceList {
  return addon().devices();
}

let listed: DeviceList | undefined; // does not change during the process

/**
 * Resolves a device option: the option itself, else FRAMELANE_DEVICE, else `auto`. An unavailable device is
 * ERR_DEVICE_UNAVAILABLE with the reason; there is no silent fallback.
 *
 * @example
 * const device = resolveDevice('auto') // 'cuda:0' or 'cpu'
 */
export function resolveDevice(option?: DeviceOption): DeviceId {
  const wanted = option ?? (process.env['FRAMELANE_DEVICE'] || 'auto');
  if (wanted === 'cpu') return 'cpu';
  if (typeof wanted !== 'string' || !/^(auto|cuda(:\d{1,2})?)$/.test(wanted)) {
    throw invalidArgument('device', 'auto, cpu, cuda or cuda:n', wanted);
  }
  listed ??= listDevices();
  const { devices, cudaReason } = listed;
  const cuda = devices.filter((device) => device.kind === 'cuda');
  if (wanted === 'auto') return (cuda[0]?.id ?? 'cpu') as DeviceId;
  const id = wanted === 'cuda' ? 'cuda:0' : wanted;
  if (cuda.some((device) => device.id === id)) return id as DeviceId;
  const reason =
    cudaReason || `the available ones are ${cuda.map((device) => device.id).join(', ')}`;
  throw new FramelaneError('ERR_DEVICE_UNAVAILABLE', `device ${id} is not available: ${reason}`, {
    path: 'device',
  });
}

/** Name, kind and memory of a device. */
export function deviceInfo(device?: DeviceOption): DeviceInfo {
  const id = resolveDevice(device);
  const info = listDevices().devices.find((candidate) => candidate.id === id);
  if (info) return info;
  throw new FramelaneError('ERR_DEVICE_UNAVAILABLE', `device ${id} is not available`);
}

/**
 * Waits until all work of the immediate API on the device is done.
 *
 * @example
 * Adjust.brightness(image, 0.1); deviceSync()
 */
export function deviceSync(device?: DeviceOption): void {
  addon().synchronize(resolveDevice(device));
}

/**
 * Bytes in use, pooled for reuse and at the peak, and the number of allocations from the system.
 *
 * @example
 * console.log(memoryUsage('cpu').device.live)
 */
export function memoryUsage(device?: DeviceOption): MemoryUsage {
  return addon().memoryUsage(resolveDevice(device));
}

/**
 * Limits the bytes in use; 0 removes the limit. An allocation beyond it is ERR_OUT_OF_MEMORY.
 *
 * @example
 * setMemoryBudget({ device: 2 ** 30 }, 'cuda:0')
 */
export function setMemoryBudget(
  budget: { readonly device?: number; readonly host?: number },
  device?: DeviceOption,
): void {
  checkNames(budget, ['device', 'host'], 'budget');
  const id = resolveDevice(device);
  for (const kind of ['device', 'host'] as const) {
    const bytes = budget[kind];
    if (bytes === undefined) continue;
    if (!Number.isFinite(bytes) || bytes < 0) {
      throw new FramelaneError(
        'ERR_INVALID_ARGUMENT',
        `memory budget: expected bytes of at least 0 for ${kind}, received ${describeValue(bytes)}`,
        { path: kind },
      );
    }
    addon().setMemoryBudget(id, kind, bytes);
  }
}

/** Releases pooled memory to the system. */
export function trimMemory(device?: DeviceOption): void {
  addon().trimMemory(resolveDevice(device));
}
