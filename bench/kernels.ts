/** Launching an own kernel: what JavaScript adds to the launch itself. */
import { type DeviceId, devicePointer, deviceSync, f32, gridFor, i32, Module } from 'framelane';
import { median, round } from './statistics.ts';

export interface KernelResult {
  readonly launchMicroseconds: number;
  /** The same launch in a loop in C++. */
  readonly nativeMicroseconds: number;
  readonly addedMicroseconds: number;
}

const times = 500; // fewer than the driver queues before it waits
const rounds = 50;

export function benchKernels(device: DeviceId): KernelResult {
  const source = '__global__ void nothing(float* to, int width, int height, float amount) {}';
  using module = Module.compile(source, { device });
  const kernel = module.kernel('nothing');
  const block = [32, 8] as const;
  const launch = () =>
    kernel.launch(
      { grid: gridFor(64, 64, block), block },
      devicePointer(0n),
      i32(64),
      i32(64),
      f32(0.5),
    );
  const measured = Array.from({ length: rounds }, () => {
    deviceSync(device);
    const begin = performance.now();
    for (let i = 0; i < times; i++) launch();
    const own = ((performance.now() - begin) * 1000) / times;
    deviceSync(device);
    return { own, native: kernel.benchmark(times) };
  });
  const own = median(measured.map((one) => one.own));
  const native = median(measured.map((one) => one.native));
  return {
    launchMicroseconds: round(own),
    nativeMicroseconds: round(native),
    addedMicroseconds: round(own - native),
  };
}
