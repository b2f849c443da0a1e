/** Files through images that are given: nothing is allocated, and memory is flat however many there are. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type DeviceId,
  download,
  encode,
  Image,
  ImageU8,
  load,
  loadU8,
  memoryUsage,
  save,
  trimMemory,
  upload,
} from 'framelane';
import { describe, expect } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { ffmpegFile, noise, rgbaOf, temporaryFolder } from '../helpers/files.ts';
import { makeNaturalImage, samplesOf } from '../helpers/image.ts';

const folder = temporaryFolder('memory');
const counts = (device: DeviceId) => {
  const { device: own, host } = memoryUsage(device);
  return { device: own.allocations, host: host.allocations, pooled: own.pooled, live: own.live };
};

function picture(width: number, height: number, device: DeviceId): ImageU8 {
  const image = new ImageU8(width, height, { device });
  upload(image, samplesOf(makeNaturalImage({ width, height }), 'u8'));
  return image;
}

describe('given buffers', () => {
  onEachDevice('take every picture that fits, and nothing is allocated', async (device) => {
    const files = await Promise.all(
      [
        [64, 48],
        [96, 32],
        [10, 7],
      ].map(async ([width, height]) => {
        using image = picture(width as number, height as number, device);
        return encode(image, 'png');
      }),
    );
    const wide = ffmpegFile(noise(30, 20, 4, 16), 'rgba64le', ['-c:v', 'png']);
    using f32 = new Image(64, 48, { device });
    using u8 = new ImageU8(64, 48, { device });
    const round = async () => {
      for (const file of files) {
        expect(await load(file, { f32, u8 })).toBe(f32);
        expect([u8.width, u8.height]).toEqual([f32.width, f32.height]);
        await save(f32, join(folder, `${device}.webp`.replace(':', '')), { u8, effort: 0 });
        expect(await loadU8(file, { u8 })).toBe(u8);
      }
      expect(await load(wide, { f32, u8 })).toBe(f32);
    };
    await round();
    trimMemory(device);
    const before = counts(device);
    expect(before.pooled).toBe(0);
    for (let i = 0; i < 5; i++) await round();
    expect(counts(device)).toEqual(before);
    expect([f32.width, f32.height]).toEqual([30, 20]);
    expect(f32.getMaxCapacity()).toEqual({ width: 64, height: 48 });
  });

  onEachDevice('hold the same pixels as new images', async (device) => {
    const source = noise(33, 21, 4);
    const file = ffmpegFile(source, 'rgba', ['-c:v', 'png']);
    using fresh = await load(file, { device });
    using f32 = new Image(100, 100, { device });
    using u8 = new ImageU8(100, 100, { device });
    expect(download(await load(file, { f32 }))).toEqual(download(fresh));
    expect(download(await load(file, { f32, u8 }))).toEqual(download(fresh));
    expect([...download(u8)]).toEqual(rgbaOf(source));
  });
});

describe('a loop of load, blur, saturation and save', () => {
  const count = Number(process.env['FRAMELANE_LOOP'] ?? 1000);
  for (const style of ['collected', 'using', 'manual'] as const) {
    onEachDevice(`${style}: memory is flat over ${count} images`, async (device) => {
      const input = join(folder, `loop-${style}.jpg`);
      using image = picture(128, 96, device);
      await save(image, input);
      const script = new URL('../helpers/loop-images.mjs', import.meta.url).pathname;
      const args = [style, device, String(count), input, join(folder, 'loop-out.jpg')];
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--expose-gc',
        script,
        ...args,
      ]);
      const { before, after } = JSON.parse(stdout);
      expect(after.rss - before.rss).toBeLessThan(48 * 2 ** 20);
      if (style === 'collected') {
        // V8 collects when enough bytes hang on dropped images, however many those are; all would be 400 MB.
        expect(after.peak).toBeLessThan(96 * 2 ** 20);
      } else {
        expect(after.allocations).toBe(before.allocations);
        expect(after.live).toBe(before.live);
        expect(after.peak).toBe(before.peak);
      }
    });
  }
});
