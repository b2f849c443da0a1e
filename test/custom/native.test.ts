/** Custom ops in the addon: what surrounds their instructions, on both devices. */
import { type DeviceId, type FrameShape, Image, ImageU8, upload } from 'framelane';
import { describe, expect } from 'vitest';
import { handleOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import type { NativeStage } from '../../src/native/plan.ts';
import { Assembler, type Operand } from '../helpers/custom-code.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { newFrame, type Samples } from '../helpers/frames.ts';
import { makeImage, type Pixels, paint, type Rgba, samplesOf } from '../helpers/image.ts';
import { runNative } from '../helpers/native-session.ts';
import { nutOf } from '../helpers/nut.ts';
import { makeRandom } from '../helpers/random.ts';
import { expectSameSamples, imageFrom, pixelsIn } from '../helpers/run.ts';

type Stages = readonly NativeStage[];
const brightness: NativeStage = { op: 'brightness', factor: 0.1 };
const gamma: NativeStage = { op: 'gamma', gamma: 1.7 };
const sizes = [
  [1, 1],
  [2, 3],
  [61, 37],
  [129, 2],
  [600, 5],
] as const;

function applied(stages: Stages, input: Pixels, device: DeviceId, element: 'f32' | 'u8' = 'f32') {
  using image = imageFrom(input, element, device);
  addon().apply(stages, handleOf(image), handleOf(image), null);
  return pixelsIn(image);
}

function expectPixels(received: Pixels, expected: Pixels, tolerance = 2e-6): void {
  let worst = 0;
  let place = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const [value, wanted] = [received.data[i] as number, expected.data[i] as number];
    const difference = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    if (difference <= worst) continue;
    worst = difference;
    place = i;
  }
  const where = `channel ${place % 4} of pixel ${place >> 2} in ${expected.width}x${expected.height}`;
  const values = `expected ${expected.data[place]}, received ${received.data[place]}`;
  expect(worst, `${where}: ${values}`).toBeLessThanOrEqual(tolerance);
}

/** c.rgb = mix(c.rgb, rgb * p0 + p1, x / width), by hand. */
function fade(): Assembler {
  const code = new Assembler();
  const [gain, lift] = [code.parameter(0), code.parameter(1)];
  const share = code.add('div', ['x', 'width']);
  for (const [i, channel] of (['r', 'g', 'b'] as const).entries()) {
    const target = code.add('fma', [channel, gain, lift]);
    code.out(i, code.add('mix', [channel, target, share]));
  }
  return code;
}
const fadeStage = (gain: number, lift: number) =>
  fade().stage({ parameters: [gain, lift], positional: true, opaque: 'keeps' });
const faded = (input: Pixels, gain: number, lift: number): Pixels =>
  paint(input, (x, y) => {
    const share = x / input.width;
    const at = 4 * (y * input.width + x);
    const channel = (c: number) => {
      const v = input.data[at + c] as number;
      return v + (v * gain + lift - v) * share;
    };
    return [channel(0), channel(1), channel(2), input.data[at + 3] as number];
  });

describe('pixels', () => {
  for (const [width, height] of sizes) {
    onEachDevice(`position, size and parameters at ${width}x${height}`, (device) => {
      const code = new Assembler();
      code.out(0, code.add('add', ['x', code.parameter(11)]));
      code.out(1, 'y');
      code.out(2, code.add('mul', ['width', 1000]));
      code.out(3, 'height');
      const parameters = Array.from({ length: 12 }, (_, i) => i / 8);
      const stage = code.stage({ parameters, positional: true });
      const received = applied([stage], makeImage({ width, height }), device);
      const expected = paint({ width, height }, (x, y) => [x + 11 / 8, y, width * 1000, height]);
      expectPixels(received, expected, 0);
    });

    onEachDevice(`a whole op at ${width}x${height}`, (device) => {
      const input = makeImage({ width, height }, { seed: 3 });
      expectPixels(applied([fadeStage(0.5, 0.25)], input, device), faded(input, 0.5, 0.25));
    });
  }

  onEachDevice('channels that are not written stay', (device) => {
    const input = makeImage({ width: 19, height: 7 });
    const code = new Assembler().out(1, 0.5);
    const expected = paint(input, (x, y) => {
      const at = 4 * (y * input.width + x);
      return [input.data[at], 0.5, input.data[at + 2], input.data[at + 3]] as unknown as Rgba;
    });
    expectPixels(applied([code.stage({ opaque: 'keeps' })], input, device), expected, 0);
    const nothing = new Assembler().stage({ opaque: 'keeps' });
    expectPixels(applied([nothing], input, device), input, 0);
  });

  onEachDevice('channels may be exchanged, and written more than once', (device) => {
    const input = makeImage({ width: 300, height: 3 });
    const code = new Assembler();
    code.out(0, 9).out(0, 'b').out(2, 'r').out(1, 'a').out(3, 'g');
    const expected = paint(input, (x, y) => {
      const at = 4 * (y * input.width + x);
      return [2, 3, 0, 1].map((c) => input.data[at + c]) as unknown as Rgba;
    });
    expectPixels(applied([code.stage()], input, device), expected, 0);
  });

  // CUDA keeps four pixels' registers up to 20, the CPU runs shorter pieces the more there are.
  for (const count of [1, 16, 20, 21, 40, 64]) {
    onEachDevice(`${count} registers`, (device) => {
      const input = makeImage({ width: 531, height: 3 });
      const code = new Assembler();
      const values: Operand[] = [];
      for (let i = 0; i < count; i++) values.push(code.add('add', ['r', i]));
      for (let i = 1; i < count; i++)
        code.add('add', [values[0] as Operand, values[i] as Operand], 0);
      code.out(0, values[0] as Operand);
      code.out(1, code.add('add', ['x', values[count - 1] as Operand], count - 1));
      const received = applied([code.stage({ positional: true, opaque: 'keeps' })], input, device);
      const expected = paint(input, (x, y) => {
        const at = 4 * (y * input.width + x);
        const [r, , b, a] = input.data.subarray(at, at + 4) as unknown as Rgba;
        const sum = count * r + (count * (count - 1)) / 2;
        return [sum, x + (count === 1 ? sum : r + count - 1), b, a];
      });
      expectPixels(received, expected, 1e-5);
    });
  }

  onEachDevice('512 instructions and 128 constants', (device) => {
    const input = makeImage({ width: 40, height: 2 });
    const code = new Assembler();
    let sum = code.add('mov', [0]);
    for (let i = 1; i < 511; i++) sum = code.add('add', [sum, (i % 127) / 64], 0);
    code.out(0, sum);
    const exact = Array.from({ length: 511 }, (_, i) => (i % 127) / 64).reduce((a, b) => a + b);
    const received = applied([code.stage({ opaque: 'keeps' })], input, device);
    expect(received.data[0]).toBeCloseTo(exact, 3);
    expect(received.data[4 * 79]).toBeCloseTo(exact, 3);
  });

  onEachDevice('bytes are rounded once', (device) => {
    const input = makeImage({ width: 77, height: 5 }, { element: 'u8' });
    const received = applied([fadeStage(0.5, 0.25)], input, device, 'u8');
    const expected = faded(input, 0.5, 0.25);
    for (const [i, v] of expected.data.entries()) {
      const code = Math.min(255, Math.max(0, v * 255));
      expect(Math.abs((received.data[i] as number) * 255 - code)).toBeLessThan(0.5001);
    }
  });
});

describe('fused', () => {
  const stages = (): Stages => [
    gamma,
    fadeStage(0.5, 0.25),
    brightness,
    fadeStage(1.5, -0.1),
    gamma,
    fadeStage(0.9, 0.01),
  ];

  onEachDevice('between built-in ops it is one pass, as one after the other', (device) => {
    const input = makeImage({ width: 61, height: 37 }, { seed: 6 });
    let expected = input;
    for (const stage of stages()) expected = applied([stage], expected, device);
    expectPixels(applied(stages(), input, device), expected, 1e-5);
    expect(planOf(stages(), 'rgbaf32', device).describe()).toHaveLength(1);
  });

  onEachDevice('more than four are several passes', (device) => {
    const many = Array.from({ length: 9 }, () => fadeStage(0.9, 0.01));
    const input = makeImage({ width: 33, height: 9 });
    let expected = input;
    for (const stage of many) expected = applied([stage], expected, device);
    expectPixels(applied(many, input, device), expected, 1e-5);
    expect(planOf(many, 'rgbaf32', device).describe()).toHaveLength(3);
  });

  onEachDevice('what moves pixels keeps to their order with it', (device) => {
    const input = makeImage({ width: 31, height: 9 });
    const flip: NativeStage = { op: 'flip', direction: 'horizontal' };
    const expected = applied([flip], applied([fadeStage(2, 0)], input, device), device);
    expectPixels(applied([fadeStage(2, 0), flip], input, device), expected, 0);
    const first = applied([fadeStage(2, 0)], applied([flip], input, device), device);
    expectPixels(applied([flip, fadeStage(2, 0)], input, device), first, 0);
  });
});

const shape = (format: FrameShape['format'], width = 61, height = 37): FrameShape =>
  ({ format, width, height }) as FrameShape;

function planOf(
  stages: Stages,
  format: FrameShape['format'],
  device: DeviceId,
  size: readonly [number, number] = [61, 37],
) {
  const frame = { ...shape(format, ...size), matrix: 'bt709', range: 'limited' } as const;
  return new (addon().PlanHandle)({
    device,
    stages,
    input: frame as never,
    outputFormat: format as never,
    outputMatrix: 'bt709',
    outputRange: 'limited',
    planar: true,
    opaque: false,
  });
}

describe('frames of video', () => {
  const invert = () => {
    const code = new Assembler();
    for (const [i, c] of (['r', 'g', 'b'] as const).entries()) code.out(i, code.add('sub', [1, c]));
    return code.stage({ opaque: 'keeps' });
  };
  const formats = [
    'yuv420p',
    'yuv422p10',
    'yuv444p',
    'yuva420p',
    'gray8',
    'rgba8',
    'rgba16',
  ] as const;
  for (const format of formats) {
    for (const size of [
      [61, 37],
      [64, 36],
      [1, 1],
    ] as const) {
      onEachDevice(`${format} of ${size.join('x')} is as with the op built in`, (device) => {
        const frame = newFrame(shape(format, ...size));
        const random = makeRandom(9);
        const most = format.includes('10') ? 1023 : frame instanceof Uint8Array ? 255 : 65535;
        for (let i = 0; i < frame.length; i++) frame[i] = Math.floor(random() * (most + 1));
        // What follows keeps the built-in one from being folded into the conversions.
        const run = (stage: NativeStage): Samples => {
          const result = newFrame(shape(format, ...size));
          planOf([gamma, stage, gamma], format, device, size).run(frame, result);
          return result;
        };
        const [received, expected] = [run(invert()), run({ op: 'invert' })];
        for (const [i, v] of expected.entries()) {
          expect(Math.abs((received[i] as number) - v), `sample ${i}`).toBeLessThanOrEqual(1);
        }
      });
    }
  }
});

describe('plans', () => {
  onEachDevice('are told by the name of the op', (device) => {
    const stage = fade().stage({ name: 'fade', positional: true, opaque: 'keeps' });
    expect(planOf([stage, gamma], 'yuv420p', device).describe()).toEqual([
      'yuv420p 61x37 -> fade, gamma -> yuv420p 61x37',
    ]);
  });

  onEachDevice('tell code with the same traits apart', (device) => {
    const input = makeImage({ width: 9, height: 9 });
    for (const value of [0.25, 0.5, 0.25]) {
      const stage = new Assembler().out(0, value).stage({ opaque: 'keeps' });
      expect(applied([stage], input, device).data[0]).toBe(value);
      const other = new Assembler().out(1, value).stage({ opaque: 'keeps' });
      expect(applied([other], input, device).data[1]).toBe(value);
    }
  });

  onEachDevice('are opaque where the code says so', (device) => {
    const made = new Assembler().out(3, 1).stage({ opaque: 'makes' });
    expect(planOf([made], 'rgba8', device).opaque).toBe(true);
    const broken = new Assembler().out(3, 'r').stage();
    expect(planOf([broken], 'yuv420p', device).opaque).toBe(false);
    expect(planOf([fadeStage(1, 1)], 'yuv420p', device).opaque).toBe(true);
    using image = new ImageU8(5, 5, { device });
    upload(image, new Uint8Array(100));
    addon().apply([made], handleOf(image), handleOf(image), null);
    expect(pixelsIn(image).data.filter((_, i) => i % 4 === 3)).toEqual(
      new Float64Array(25).fill(1),
    );
  });

  onEachDevice('of one session run equal code once a frame', async (device) => {
    const frame = { ...shape('gray8', 48, 32), matrix: 'bt709', range: 'full' } as const;
    const nut = nutOf(
      [0, 40, 80].map((time) => ({ time, value: 100 + time })),
      frame,
    );
    const edges: NativeStage = { op: 'sobel' };
    const plans = (...lifts: readonly number[]) =>
      lifts.map((lift) => ({
        plan: planOf([fadeStage(0.5, 0.25), edges, fadeStage(1, lift)], 'gray8', device, [48, 32]),
      }));
    const passes = async (...lifts: readonly number[]) => {
      const run = await runNative(nut, { shape: frame, outputs: plans(...lifts), device });
      return run.stats.passes / 3;
    };
    expect(await passes(0.5)).toBe(3);
    expect(await passes(0.5, 0.5)).toBe(3);
    expect(await passes(0.5, 0.25)).toBe(4);
  });

  onEachDevice('outlive the code in the cache', (device) => {
    const input = samplesOf(makeImage({ width: 61, height: 37 }), 'f32') as Float32Array;
    const run = (plan: ReturnType<typeof planOf>) => {
      const result = new Float32Array(input.length);
      plan.run(input, result);
      return result;
    };
    const plan = planOf([fadeStage(2, 1)], 'rgbaf32', device);
    const before = run(plan);
    using image = new Image(1, 1, { device });
    upload(image, new Float32Array(4));
    for (let i = 0; i < 150; i++) {
      const stage = new Assembler().out(0, i).stage({ opaque: 'keeps' });
      addon().apply([stage], handleOf(image), handleOf(image), null);
    }
    expect(pixelsIn(image).data[0]).toBe(149);
    addon().trimMemory(device);
    expectSameSamples(run(plan), before);
  });
});
