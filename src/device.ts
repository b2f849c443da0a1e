/** Which device work runs on, and what it and its memory look like. */

import { describeValue, FramelaneError } from './errors/errors.ts';
import { invalidArgument } from './errors/invalid.ts';
import { checkNames } from './errors/option-names.ts';
import { addon } from './native/binding.ts';
import type { CacheCount, DeviceInfo, DeviceList, MemoryCount } from './native/devices.ts';

/** A device by its name. */
export type DeviceId = 'cpu' | `cuda:${number}`;

/** `auto` is the first CUDA device, or the CPU where there is none; `cuda` is `cuda:0`. */
export type DeviceOption = DeviceId | 'auto' | 'cuda';

export interface MemoryUsage {
  /** Frame memory of the device, in bytes. */
  readonly device: MemoryCount;
  /** Staging memory on the host (pinned where the device is CUDA), in bytes. */
  readonly host: MemoryCount;
  /** Compiled plans that are kept for the next pipeline or call of the same structure: at most 256. */
  readonly plans: CacheCount;
  /** Prepared filters that are kept for the next use of the same values: at most 64, and 16 MiB of tables. */
  readonly coefficients: CacheCount;
}

/**
 * The devices of this machine, the CPU first, and why CUDA is not among them.
 *
 * @example
 * for (const device of listDevices().devices) console.log(device.id, device.name)
 */
export function listDevices(): DeviceList {
  return addon().devices();
}

let listed: DeviceList | undefined; // which there are does not change while a process runs

/**
 * The device an option means: the option itself, else FRAMELANE_DEVICE, else `auto`. A device that is asked for and not
 * there is ERR_DEVICE_UNAVAILABLE with the reason; nothing falls back silently.
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
  const reason = cudaReason || `there are ${cuda.map((device) => device.id).join(', ')}`;
  throw new FramelaneError('ERR_DEVICE_UNAVAILABLE', `device ${id} is not available: ${reason}`, {
    path: 'device',
  });
}

/** What is known of a device. */
export function deviceInfo(device?: DeviceOption): DeviceInfo {
  const id = resolveDevice(device);
  const info = listDevices().devices.find((candidate) => candidate.id === id);
  if (info) return info;
  throw new FramelaneError('ERR_DEVICE_UNAVAILABLE', `device ${id} is not available`);
}

/**
 * Waits until everything enqueued on the device by the immediate API is done.
 *
 * @example
 * Adjust.brightness(image, 0.1); deviceSync()
 */
export function deviceSync(device?: DeviceOption): void {
  addon().synchronize(resolveDevice(device));
}

/**
 * Bytes in use, kept for reuse and held at most, and how often the system was asked for memory.
 *
 * @example
 * console.log(memoryUsage('cpu').device.live)
 */
export function memoryUsage(device?: DeviceOption): MemoryUsage {
  return addon().memoryUsage(resolveDevice(device));
}

/**
 * Limits the bytes in use; 0 removes the limit. What would exceed it is ERR_OUT_OF_MEMORY, naming need and have.
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

/** Gives memory that is kept for reuse back to the system. */
export function trimMemory(device?: DeviceOption): void {
  addon().trimMemory(resolveDevice(device));
}
