/** What programs upload, and the LUTs they use. */
import { type AnyImage, Lut } from 'framelane';
import type { Element } from '../image.ts';
import { makeRandom } from '../random.ts';

export type Samples = Float32Array | Uint8Array;

/** Noise of all values; floats also beyond 0..1 unless `tame`, where every pixel is opaque, too. */
export function noise(count: number, element: Element, seed: number, tame: boolean): Samples {
  const random = makeRandom(seed);
  const samples = element === 'u8' ? new Uint8Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const isAlpha = i % 4 === 3;
    const value = random();
    const opaque = isAlpha && (tame || value < 0.4);
    const wide = !tame && !isAlpha && value > 0.8 ? value * 9 - 7.8 : value;
    const inRange = opaque ? 1 : isAlpha && value > 0.9 ? 0 : wide;
    samples[i] = element === 'u8' ? Math.min(255, Math.max(0, Math.round(inRange * 255))) : inRange;
  }
  return samples;
}

const bent = (size: number, entries: number, channel: (x: number, c: number) => number) =>
  Array.from({ length: 3 * entries }, (_, i) => {
    const [entry, c] = [Math.floor(i / 3), i % 3];
    return channel((Math.floor(entry / size ** (entries > size ? c : 0)) % size) / (size - 1), c);
  });

export const luts: readonly Lut[] = [
  new Lut({ size: 5, entries: bent(5, 125, (x, c) => 0.9 * x ** (1.3 - 0.1 * c) + 0.05) }),
  new Lut({ dimensions: 1, size: 9, entries: bent(9, 9, (x, c) => x ** (0.8 + 0.1 * c)) }),
];

/** The samples of an image's own memory, from its first pixel. */
export const viewOf = (image: AnyImage, memory: ArrayBuffer): Samples => {
  const count = image.width * image.height * 4;
  return image.element === 'f32'
    ? new Float32Array(memory, 0, count)
    : new Uint8Array(memory, 0, count);
};
