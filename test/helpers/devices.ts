/** One test per device; a device that is not there is a skip with its reason, or a failure where one is required. */
import { type DeviceId, listDevices } from 'framelane';
import { it, type TestContext } from 'vitest';

export const deviceIds: readonly DeviceId[] = ['cpu', 'cuda:0'];

export function requireDevice(context: TestContext, device: DeviceId): void {
  const { devices, cudaReason } = listDevices();
  if (devices.some(({ id }) => id === device)) return;
  if (process.env['FRAMELANE_REQUIRE_CUDA'] === '1') {
    throw new Error(`FRAMELANE_REQUIRE_CUDA=1, but ${device} is missing: ${cudaReason}`);
  }
  context.skip(cudaReason);
}

export function onEachDevice(name: string, body: (device: DeviceId) => void | Promise<void>): void {
  for (const device of deviceIds) {
    it(`${name} on ${device}`, (context) => {
      requireDevice(context, device);
      return body(device);
    });
  }
}
