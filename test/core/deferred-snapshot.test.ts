/** downloadAsync gives what the image held at the call, whatever is done to it before the thread comes to it. */
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import {
  Adjust,
  Blend,
  convertFloatToU8,
  copy,
  type DeviceId,
  download,
  downloadAsync,
  Fill,
  Filter,
  Image,
  ImageU8,
  memoryUsage,
  setMemoryBudget,
  Transform,
  trimMemory,
  upload,
  uploadAsync,
} from 'framelane';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { bytes, expectGray, gray, pending } from '../helpers/pending.ts';

/** Keeps every thread of libuv's pool busy, so that what is asked of it next waits. */
let busy: Promise<unknown>;
beforeEach(() => {
  addon().immediatePolicy({ mode: 'deferred' });
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
  const task = () => promisify(pbkdf2)('framelane', 'salt', 100_000, 64, 'sha512');
  busy = Promise.all(Array.from({ length: threads }, task));
});
afterEach(() => busy);

const size = { width: 6, height: 5 };
const samples = new Float32Array(6 * 5 * 4).fill(0.75);

const grays = (values: Float32Array) => [...new Set(values.filter((_, i) => i % 4 < 3))];

describe('is not changed by', () => {
  const writes: Readonly<Record<string, (image: Image, device: DeviceId) => unknown>> = {
    'a call in place': (image) => Adjust.brightness(image, 0.25),
    'a call in place that does not wait': (image) => Filter.sobel(image),
    'a fill': (image) => Fill.color(image, [0.75, 0.75, 0.75, 1]),
    'a blend over it': (image, device) => Blend.normal(image, gray(0.75, device)),
    'a copy into it': (image, device) => copy(image, gray(0.75, device)),
    'a blur into it': (image, device) =>
      Filter.gaussianBlur(gray(0.75, device), { radius: 1, dst: image }),
    'a view into it': (image, device) =>
      Transform.flip(gray(0.75, device), { direction: 'both', dst: image }),
    'an upload': (image) => upload(image, samples),
    'an upload of a region': (image) =>
      upload(image, samples.subarray(0, 16), { region: { x: 1, y: 1, width: 2, height: 2 } }),
    uploadAsync: (image) => uploadAsync(image, samples),
    'its use as temp': (image, device) => {
      const large = Fill.color(new Image(3, 3, { device }), [0.75, 0.75, 0.75, 1]);
      Filter.gaussianBlur(large, { radius: 2, dst: large, temp: image });
    },
    'a new size': (image) => image.resize(2, 2),
    'free()': (image) => image.free(),
  };
  for (const [name, write] of Object.entries(writes)) {
    onEachDevice(name, async (device) => {
      for (const image of [gray(0.25, device), pending(0, device)]) {
        const before = downloadAsync(image);
        const writing = write(image, device);
        if (name !== 'free()') download(image); // runs what waits
        expect(grays(await before)).toEqual([0.25]);
        await writing;
      }
    });
  }

  it('a view of its memory', async () => {
    const image = gray(0.25, 'cpu');
    const before = downloadAsync(image);
    const pixels = image.asPinned();
    pixels.fill(0.75);
    expect(grays(await before)).toEqual([0.25]);
    const later = downloadAsync(image);
    pixels.fill(0.5);
    expect(grays(await later)).toEqual([0.75]);
  });
});

onEachDevice('each has its own moment, and its own samples', async (device) => {
  const image = gray(0, device);
  const downloads = [0, 1, 2, 3].map((i) => {
    const at = i % 2 === 0 ? downloadAsync(image) : downloadAsync(image, { as: 'u8' });
    Adjust.brightness(image, 0.25);
    return at;
  });
  const found = (await Promise.all(downloads)).map((values) => [
    ...new Set([...values].filter((_, i) => i % 4 < 3)),
  ]);
  expect(found).toEqual([[0], [64], [0.5], [191]]);
  expectGray(image, 1);
});

onEachDevice('reads bytes that floats are rounded to later', async (device) => {
  const [image, floats] = [bytes(51, device), gray(1, device)];
  const before = downloadAsync(image, { into: new Float32Array(size.width * size.height * 4) });
  convertFloatToU8(image, floats);
  expect(download(image)[0]).toBe(255);
  expect((await before)[0]).toBeCloseTo(0.2, 6);
});

onEachDevice('that finds no memory is rejected, and the image goes on', async (device) => {
  const image = new ImageU8(64, 64, { device });
  Fill.color(image, [1, 1, 1, 1]);
  download(image);
  trimMemory(device);
  setMemoryBudget({ device: memoryUsage(device).device.live + 1024 }, device);
  try {
    const refused = downloadAsync(image, { as: 'f32' });
    Filter.invert(image);
    await expect(refused).rejects.toMatchObject({ code: 'ERR_OUT_OF_MEMORY' });
  } finally {
    setMemoryBudget({ device: 0 }, device);
  }
  expect(download(image)[0]).toBe(0);
});
