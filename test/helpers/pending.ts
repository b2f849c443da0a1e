/** What the immediate API holds back: images of one value whose calls have not been run, and counts of what has been. */
import { Adjust, type AnyImage, type DeviceId, download, Image, ImageU8, upload } from 'framelane';
import { expect } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import type { ImmediateStats } from '../../src/native/immediate.ts';

/** What a call does to the counts. */
export function counts(run: () => unknown): ImmediateStats {
  const before = addon().immediateStats();
  run();
  return since(before);
}

export function since(before: ImmediateStats): ImmediateStats {
  const after = addon().immediateStats();
  return {
    recorded: after.recorded - before.recorded,
    launched: after.launched - before.launched,
    passes: after.passes - before.passes,
    killed: after.killed - before.killed,
  };
}

export const stats = () => addon().immediateStats();

const width = 6;
const height = 5;

/** Opaque gray in memory. */
export function gray(value: number, device: DeviceId): Image {
  const image = new Image(width, height, { device });
  upload(
    image,
    Float32Array.from({ length: width * height * 4 }, (_, i) => (i % 4 < 3 ? value : 1)),
  );
  return image;
}

export function bytes(code: number, device: DeviceId): ImageU8 {
  const image = new ImageU8(width, height, { device });
  upload(
    image,
    Uint8Array.from({ length: width * height * 4 }, (_, i) => (i % 4 < 3 ? code : 255)),
  );
  return image;
}

/** `value` + 1/4, which waits. Quarters are exact, so that sums of them are. */
export function pending(value: number, device: DeviceId): Image {
  return Adjust.brightness(gray(value, device), 0.25);
}

/** Every pixel is that gray, to the last bit. */
export function expectGray(image: AnyImage, value: number): void {
  const samples = download(image as Image);
  expect(samples.length).toBe(image.width * image.height * 4);
  expect([...new Set(samples.filter((_, i) => i % 4 < 3))]).toEqual([value]);
}
