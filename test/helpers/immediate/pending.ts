/** Images whose last write may still wait, and what they show once it has happened. */
import {
  Adjust,
  type AnyImage,
  copy,
  type DeviceId,
  download,
  Fill,
  type Image,
  upload,
} from 'framelane';
import { expect } from 'vitest';
import { handleOf as handle } from '../../../src/image/image.ts';
import type { ImageHandle } from '../../../src/native/plan.ts';
import { newImage } from '../run.ts';

export const size = { width: 6, height: 5 } as const;
export const pixels = size.width * size.height;
export const shape = { format: 'rgba8', ...size, matrix: 'bt709', range: 'full' } as const;

type Code = readonly [number, number, number, number];
/** What images hold before, what is then written, and what an export writes over both. */
export const before: Code = [10, 20, 30, 255];
export const written: Code = [115, 179, 83, 255];
export const inverted: Code = [140, 76, 172, 255];
export const other: Code = [201, 7, 99, 255];

/** In `size`, each pixel of that code. */
export const all = (code: Code, count = pixels) =>
  Uint8Array.from({ length: 4 * count }, (_, i) => code[i % 4] as number);

export const handleOf = (image: AnyImage): ImageHandle => handle(image);

export function filled(element: 'f32' | 'u8', device: DeviceId, code: Code = before): AnyImage {
  const image = newImage(size, element, device);
  upload(image, all(code));
  return image;
}

/** 64 + 51, 128 + 51 and 32 + 51 codes: two calls that may become one pass, some time. */
export function write(image: AnyImage): void {
  Fill.color(image, [64 / 255, 128 / 255, 32 / 255, 1]);
  Adjust.brightness(image, 51 / 255);
}

/** Holds `before`, and will show `written`. */
export function pending(element: 'f32' | 'u8', device: DeviceId): AnyImage {
  const image = filled(element, device);
  write(image);
  return image;
}

export function expectAll(image: AnyImage, code: Code, what = 'the image'): void {
  const samples = download(image as Image, { as: 'u8' });
  expect([...samples], what).toEqual([...all(code, samples.length / 4)]);
}

/** Runs something that overwrites an image while another still has to read what was there, and its own write waits, too. */
export async function overwriting(
  image: AnyImage,
  overwrite: () => unknown,
  code: Code,
): Promise<void> {
  using reader = newImage(size, image.element, image.device);
  write(image);
  copy(reader, image);
  Adjust.brightness(image, 0.1);
  await overwrite();
  expectAll(reader, written, 'who read it before');
  expectAll(image, code, 'what was overwritten');
}
