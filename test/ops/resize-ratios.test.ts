/** Resizing over several blocks of a device and by ratios up to 1:300, each of which it does in its own way. */
import { describe, expect } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { describeWorst, makeImage, maxDifference, nearest } from '../helpers/image.ts';
import { findMethod, imageFrom, pixelsIn } from '../helpers/run.ts';
import { resize } from '../reference/resize.ts';

const cases = [
  { name: 'half', from: [530, 38], to: [265, 19] },
  { name: 'two thirds', from: [603, 33], to: [402, 22] },
  { name: 'half along x alone', from: [530, 9], to: [265, 9] },
  { name: 'half along y alone', from: [301, 38], to: [301, 19] },
  { name: 'a twelfth', from: [700, 61], to: [58, 5] },
  { name: '1:300 along x', from: [1200, 11], to: [4, 3] },
  { name: '1:300 along y', from: [11, 1200], to: [3, 4] },
  { name: 'to one pixel', from: [300, 300], to: [1, 1] },
  { name: 'of one row', from: [777, 1], to: [259, 1] },
  { name: 'of one column', from: [1, 777], to: [1, 259] },
  { name: 'smaller and larger', from: [301, 20], to: [100, 51] },
  { name: 'larger', from: [95, 13], to: [290, 39] },
] as const;

for (const { name, from, to } of cases) {
  describe(`${name}, ${from.join('x')} to ${to.join('x')}`, () => {
    for (const element of ['f32', 'u8'] as const) {
      onEachDevice(`${element}, by every method`, (device) => {
        const input = makeImage({ width: from[0], height: from[1] }, { element, seed: 3 });
        using image = imageFrom(input, element, device);
        for (const method of ['nearest', 'bilinear', 'bicubic', 'lanczos'] as const) {
          for (const antialias of [true, false]) {
            const options = { width: to[0], height: to[1], method, antialias };
            const found = findMethod('resize', options);
            using made = found.method(image, found.rest);
            const received = pixelsIn(made);
            const worst = maxDifference(nearest([resize(input, options)], received), received, {
              tolerance: 2e-5,
              element,
              dividesByAlpha: true,
              slack: () => 0,
            });
            const where = `${method}, antialias ${antialias}: ${describeWorst(worst)}`;
            expect(worst.excess, where).toBeLessThanOrEqual(1);
          }
        }
      });
    }
  });
}
