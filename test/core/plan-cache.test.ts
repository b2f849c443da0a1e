/** Plans are kept by structure and prepared filters by values; what is kept computes what a new one would. */
import { expect } from 'vitest';
import {
  Adjust,
  type DeviceId,
  download,
  Filter,
  Image,
  memoryUsage,
  Resize,
  trimMemory,
  upload,
} from '../../src/index.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { makeRandom } from '../helpers/random.ts';

function noise(device: DeviceId, width: number, height: number): Image {
  const image = new Image(width, height, { device });
  const random = makeRandom(width * 1000 + height);
  upload(
    image,
    Float32Array.from({ length: width * height * 4 }, () => random()),
  );
  return image;
}

const counts = (device: DeviceId) => {
  const { plans, coefficients } = memoryUsage(device);
  return { plans: plans.count, coefficients: coefficients.count };
};

onEachDevice('a slider takes one plan and every value is its own', (device) => {
  using image = noise(device, 33, 21);
  const before = download(image);
  trimMemory(device);
  for (let i = 0; i < 50; i++) {
    upload(image, before);
    Adjust.brightness(image, i / 50);
    const worst = download(image).reduce((most, value, at) => {
      const expected = (before[at] as number) + (at % 4 === 3 ? 0 : i / 50);
      return Math.max(most, Math.abs(value - expected));
    }, 0);
    expect(worst, `brightness ${i / 50}`).toBeLessThan(1e-6);
  }
  expect(counts(device)).toEqual({ plans: 1, coefficients: 0 });
});

onEachDevice(
  'a radius slider takes one plan, and a filter that is kept is the one that was made',
  (device) => {
    using image = noise(device, 160, 90);
    using result = new Image(160, 90, { device });
    trimMemory(device);
    const blurred = (radius: number) => {
      Filter.gaussianBlur(image, { radius, dst: result });
      return download(result);
    };
    const first = Array.from({ length: 50 }, (_, radius) => blurred(radius));
    expect(counts(device)).toEqual({ plans: 1, coefficients: 50 });
    for (const radius of [49, 3, 0, 20, 36, 7]) {
      expect(blurred(radius), `radius ${radius}, kept`).toEqual(first[radius]);
    }
    expect(counts(device)).toEqual({ plans: 1, coefficients: 50 });
    trimMemory(device);
    expect(counts(device)).toEqual({ plans: 0, coefficients: 0 });
    expect(blurred(20), 'made again').toEqual(first[20]);
  },
);

onEachDevice('no more is kept than there is room for, and what had to go comes back', (device) => {
  using image = noise(device, 40, 30);
  trimMemory(device);
  const resized = (width: number) => {
    using result = Resize.lanczos(image, { width, height: 8 });
    return download(result);
  };
  const first = resized(1);
  for (let width = 2; width <= 300; width++) resized(width);
  expect(counts(device)).toEqual({ plans: 256, coefficients: 64 });
  expect(resized(1)).toEqual(first);
  // Each takes more than a megabyte of weights: 16 MiB are full before 64 are.
  using tall = new Image(4, 30000, { device });
  for (let height = 20000; height < 20040; height++) {
    Resize.lanczos(tall, { width: 4, height, antialias: true }).free();
  }
  const { count, bytes } = memoryUsage(device).coefficients;
  expect(bytes).toBeLessThanOrEqual(16 * 2 ** 20);
  expect(count).toBeLessThan(40);
});

onEachDevice(
  'filters that differ in one value, or in alpha alone, are not mistaken for each other',
  (device) => {
    using image = noise(device, 31, 17);
    trimMemory(device);
    const results = [
      Resize.bilinear(image, { width: 15, height: 9 }),
      Resize.bilinear(image, { width: 15, height: 9, antialias: false }),
      Resize.bicubic(image, { width: 15, height: 9 }),
      Resize.lanczos(image, { width: 15, height: 9 }),
    ];
    const kept = results.map((result) => download(result));
    for (const [i, a] of kept.entries()) {
      for (const b of kept.slice(i + 1)) expect(a).not.toEqual(b);
    }
    for (const result of results) result.free();
  },
);
