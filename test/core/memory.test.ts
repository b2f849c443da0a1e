/** Images as owners of memory: the ledger, budgets, garbage collection and threads. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import {
  Adjust,
  apply,
  type DeviceId,
  deviceSync,
  Filter,
  Image,
  memoryUsage,
  pipeline,
  Resize,
  setMemoryBudget,
  Transform,
  trimMemory,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeImage } from '../helpers/image.ts';
import { expectSameSamples, imageFrom, samplesIn } from '../helpers/run.ts';

const ledger = (device: DeviceId) => memoryUsage(device).device;

describe('the ledger', () => {
  onEachDevice('counts what is in use, kept and held at most', (device) => {
    deviceSync(device);
    trimMemory(device);
    const before = ledger(device);
    expect(before.pooled).toBe(0);
    const bytes = 640 * 480 * 16;
    const image = new Image(640, 480, { device });
    const during = ledger(device);
    expect(during.live - before.live).toBeGreaterThanOrEqual(bytes);
    expect(during.live - before.live).toBeLessThan(bytes * 1.2);
    expect(during.allocations - before.allocations).toBe(1);
    expect(during.peak).toBeGreaterThanOrEqual(during.live);
    image.free();
    const after = ledger(device);
    expect(after.live).toBe(before.live);
    expect(after.pooled).toBe(during.live - before.live);
    using _again = new Image(640, 480, { device });
    expect(ledger(device)).toMatchObject({
      pooled: 0,
      live: during.live,
      allocations: during.allocations,
    });
    trimMemory(device);
    expect(ledger(device).live).toBe(during.live);
  });

  onEachDevice('with dst and temp nothing is allocated, nor taken from the pool', (device) => {
    using image = imageFrom(makeImage({ width: 200, height: 150 }), 'f32', device) as Image;
    using dst = new Image(400, 300, { device });
    using temp = new Image(800, 600, { device });
    const round = () => {
      Filter.gaussianBlur(image, { radius: 7, dst, temp });
      Resize.lanczos(image, { width: 333, height: 111, dst, temp });
      Transform.flip(image, { dst, temp });
      apply(pipeline().gaussianBlur(3).vignette().resize({ width: 50 }).hue(20), image, {
        dst,
        temp,
      });
      Adjust.gamma(image, 1.01);
    };
    trimMemory(device);
    round(); // what filters need is prepared
    const before = memoryUsage(device);
    for (let i = 0; i < 20; i++) round();
    const after = memoryUsage(device);
    expect(after.device.allocations).toBe(before.device.allocations);
    expect(after.host.allocations).toBe(before.host.allocations);
    expect(after.device.pooled).toBe(0);
    expect(after.device.live).toBe(before.device.live);
  });

  onEachDevice('without them the second round allocates nothing', (device) => {
    using image = imageFrom(makeImage({ width: 200, height: 150 }), 'f32', device) as Image;
    const round = () => {
      using blurred = Filter.gaussianBlur(image, { radius: 7 });
      using _small = Resize.bicubic(blurred, { width: 90 });
    };
    round();
    const { allocations } = ledger(device);
    for (let i = 0; i < 20; i++) round();
    expect(ledger(device).allocations).toBe(allocations);
  });
});

describe('budget', () => {
  onEachDevice('what would exceed it is refused, naming need and have', (device) => {
    trimMemory(device);
    using small = new Image(100, 100, { device });
    const { live } = ledger(device);
    setMemoryBudget({ device: live + 2 ** 20 }, device);
    try {
      const error = errorOf(() => new Image(1024, 1024, { device }));
      expect(error.code).toBe('ERR_OUT_OF_MEMORY');
      expect(error.message).toMatch(/need 16777216 bytes, have 1048576 of a budget of \d+/);
      expect(ledger(device).live).toBe(live);
      using fits = new Image(200, 200, { device });
      expect(fits.width).toBe(200);
      // The result would fit, the room to work in does not.
      expect(errorOf(() => Resize.bilinear(small, { width: 32768, height: 1 })).code).toBe(
        'ERR_OUT_OF_MEMORY',
      );
      expect(samplesIn(small)).toHaveLength(40000);
    } finally {
      setMemoryBudget({ device: 0 }, device);
    }
    using _large = new Image(1024, 1024, { device });
  });

  it('bytes of at least 0', () => {
    // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
    for (const bytes of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5'] as any[]) {
      expect(errorOf(() => setMemoryBudget({ device: bytes }, 'cpu')).code).toBe(
        'ERR_INVALID_ARGUMENT',
      );
    }
  });
});

describe('garbage collection', () => {
  onEachDevice('gives dropped images back, and in time', async (device) => {
    const script = new URL('../helpers/drop-images.mjs', import.meta.url).pathname;
    const count = 150;
    const args = ['--expose-gc', script, device, String(count), '1024', '512'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { peak, live } = JSON.parse(stdout);
    expect(live).toBe(0);
    expect(peak).toBeLessThan((count * 1024 * 512 * 16) / 2);
  });
});

describe('worker threads', () => {
  onEachDevice('share a device', async (device) => {
    const before = ledger(device).live;
    const seeds = [1, 2, 3, 4];
    const script = new URL('../helpers/image-worker.mjs', import.meta.url);
    const answers = await Promise.all(
      seeds.map(async (seed) => {
        const worker = new Worker(script, { workerData: { device, seed, rounds: 25 } });
        const [results] = (await once(worker, 'message')) as [Float32Array[]];
        await worker.terminate();
        return results;
      }),
    );
    for (const results of answers) {
      for (const result of results) expectSameSamples(result, results[0] as Float32Array);
    }
    expect(new Set(answers.map((results) => results[0]?.join())).size).toBe(seeds.length);
    expect(ledger(device).live).toBe(before);
  });

  onEachDevice('that are stopped half-way leave nothing behind', async (device) => {
    const before = ledger(device).live;
    const script = new URL('../helpers/image-worker.mjs', import.meta.url);
    // At different moments: a stopped worker refuses every call, even the one that would throw.
    for (const milliseconds of [0, 20, 60, 130, 250, 300]) {
      const worker = new Worker(script, { workerData: { device, seed: 9, rounds: 1_000_000 } });
      await once(worker, 'online');
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await worker.terminate();
    }
    expect(ledger(device).live).toBe(before);
  });
});
