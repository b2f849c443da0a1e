/** Custom stencils on both devices: windows, edges, alpha. */

import type { DeviceId } from 'framelane';
import { describe, expect, it } from 'vitest';
import { handleOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import type { NativeStage } from '../../src/native/plan.ts';
import { Assembler, type Operand } from '../helpers/custom-code.ts';
import { onEachDevice } from '../helpers/devices.ts';
import {
  at,
  describeWorst,
  type Element,
  makeImage,
  maxDifference,
  type Pixels,
  paint,
  type Rgba,
} from '../helpers/image.ts';
import { imageFrom, pixelsIn } from '../helpers/run.ts';

type Tap = readonly [dx: number, dy: number, weight: number];

/** The weighted sum of neighbours, channel by channel; with `alpha`, of that one too. */
function sumOf(taps: readonly Tap[], radius: number, alpha: boolean): NativeStage {
  const code = new Assembler();
  for (let channel = 0; channel < (alpha ? 4 : 3); channel++) {
    let sum: Operand | undefined;
    for (const [dx, dy, weight] of taps) {
      const product = code.add('mul', [code.tap(dx, dy, channel), weight], 1);
      sum = code.add(sum ? 'add' : 'mov', sum ? [sum, product] : [product], 0);
    }
    code.out(channel, sum as Operand);
  }
  return code.stage({ radius, opaque: alpha ? 'breaks' : 'keeps' });
}

/** The same in doubles: colours count by their alpha. */
function expectedSum(input: Pixels, taps: readonly Tap[], alpha: boolean): Pixels {
  const clamp = (v: number, count: number) => Math.min(Math.max(v, 0), count - 1);
  return paint(input, (x, y) => {
    const sum = [0, 0, 0, 0];
    for (const [dx, dy, weight] of taps) {
      const pixel = at(input, clamp(x + dx, input.width), clamp(y + dy, input.height));
      for (let c = 0; c < 4; c++) {
        sum[c] = (sum[c] as number) + weight * (pixel[c] as number) * (c < 3 ? pixel[3] : 1);
      }
    }
    const a = alpha ? (sum[3] as number) : at(input, x, y)[3];
    return a < 1e-6 ? [0, 0, 0, 0] : ([...sum.slice(0, 3).map((v) => v / a), a] as unknown as Rgba);
  });
}

function applied(
  stages: readonly NativeStage[],
  input: Pixels,
  element: Element,
  device: DeviceId,
) {
  using image = imageFrom(input, element, device);
  addon().apply(stages, handleOf(image), handleOf(image), null);
  return pixelsIn(image);
}

function expectSum(
  size: readonly [number, number],
  taps: readonly Tap[],
  radius: number,
  how: { device: DeviceId; element?: Element; alpha?: boolean; opaque?: boolean },
) {
  const { device, element = 'f32', alpha = true, opaque = false } = how;
  const input = makeImage({ width: size[0], height: size[1] }, { element, opaque, seed: 8 });
  const received = applied([sumOf(taps, radius, alpha)], input, element, device);
  const expected = expectedSum(input, taps, alpha);
  const worst = maxDifference(expected, received, {
    tolerance: 1e-5,
    element,
    dividesByAlpha: true,
  });
  expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
}

const box: readonly Tap[] = [-1, 0, 1].flatMap((dy) =>
  [-1, 0, 1].map((dx): Tap => [dx, dy, 1 / 9]),
);
const lopsided: readonly Tap[] = [
  [-8, 8, 0.5],
  [8, -3, 0.25],
  [0, 0, 0.125],
  [5, 8, 0.125],
];

describe('a weighted sum', () => {
  for (const size of [
    [1, 1],
    [3, 2],
    [33, 35],
    [1031, 4],
    [129, 41],
  ] as const) {
    onEachDevice(`of 3x3 at ${size.join('x')}`, (device) => expectSum(size, box, 1, { device }));
    onEachDevice(`of far neighbours at ${size.join('x')}`, (device) =>
      expectSum(size, lopsided, 8, { device }),
    );
  }
  onEachDevice('of opaque frames', (device) =>
    expectSum([45, 23], box, 1, { device, opaque: true }),
  );
  onEachDevice('that leaves alpha alone', (device) =>
    expectSum([45, 23], box, 1, { device, alpha: false }),
  );
  onEachDevice('of bytes', (device) => expectSum([45, 23], box, 2, { device, element: 'u8' }));
  onEachDevice('of no more than the pixel', (device) =>
    expectSum([45, 23], [[0, 0, 1]], 0, { device }),
  );
});

onEachDevice('inputs are the middle of the window, and what is not written stays', (device) => {
  const input = makeImage({ width: 37, height: 11 }, { seed: 2 });
  const code = new Assembler();
  for (const [i, c] of (['r', 'g', 'b', 'a'] as const).entries()) {
    code.out(
      i,
      code.add('sub', [code.add('add', [c, 0.25]), code.add('sub', [code.tap(0, 0, i), c])]),
    );
  }
  const same = new Assembler().out(1, 'g').stage({ radius: 1, opaque: 'keeps' });
  const worst = maxDifference(
    paint(input, (x, y) => (at(input, x, y)[3] < 1e-6 ? [0, 0, 0, 0] : at(input, x, y))),
    applied([same], input, 'f32', device),
    { tolerance: 1e-6, dividesByAlpha: true },
  );
  expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
  const shifted = applied([code.stage({ radius: 1 })], input, 'f32', device);
  const expected = paint(input, (x, y) => {
    const [r, g, b, a] = at(input, x, y);
    return [
      (r * a + 0.25) / (a + 0.25),
      (g * a + 0.25) / (a + 0.25),
      (b * a + 0.25) / (a + 0.25),
      a + 0.25,
    ];
  });
  const other = maxDifference(expected, shifted, { tolerance: 1e-5 });
  expect(other.excess, describeWorst(other)).toBeLessThanOrEqual(1);
});

onEachDevice('an opaque frame that it makes transparent has straight alpha', (device) => {
  const input = makeImage({ width: 21, height: 5 }, { opaque: true });
  const code = new Assembler().out(3, 0.5).stage({ radius: 1 });
  const opaque = new Assembler().out(3, 1).stage({ opaque: 'makes' });
  const received = applied([opaque, code], input, 'f32', device);
  const expected = paint(input, (x, y) => {
    const [r, g, b] = at(input, x, y);
    return [2 * r, 2 * g, 2 * b, 0.5];
  });
  const worst = maxDifference(expected, received, { tolerance: 1e-5 });
  expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
});

onEachDevice('position, size and parameters', (device) => {
  const code = new Assembler();
  code
    .out(0, 'x')
    .out(1, 'y')
    .out(2, code.add('add', ['width', code.parameter(3)]))
    .out(3, 1);
  const stage = code.stage({
    radius: 2,
    positional: true,
    opaque: 'makes',
    parameters: [0, 0, 0, 0.5],
  });
  for (const [width, height] of [
    [1, 1],
    [300, 21],
  ] as const) {
    const received = applied([stage], makeImage({ width, height }), 'f32', device);
    expect(received).toEqual(paint({ width, height }, (x, y) => [x, y, width + 0.5, 1]));
  }
});

it('taps beyond the radius are refused', () => {
  const input = makeImage({ width: 2, height: 2 });
  const stage = new Assembler();
  stage.out(0, stage.tap(2, 0, 0));
  expect(() => applied([stage.stage({ radius: 1, opaque: 'keeps' })], input, 'f32', 'cpu')).toThrow(
    'words: instruction 0: tap dx: expected -1 to 1, received 2',
  );
});
