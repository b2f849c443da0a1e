/** A fused chain is its operations one after the other, on images and on YUV frames. */
import {
  apply,
  compilePlan,
  type DeviceId,
  type FrameShape,
  frameBytes,
  type Image,
  pipeline,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from './helpers/devices.ts';
import {
  describeWorst,
  type Element,
  makeImage,
  makeNaturalImage,
  maxDifference,
  type Pixels,
  samplesOf,
} from './helpers/image.ts';
import { makeRandom } from './helpers/random.ts';
import {
  expectSameSamples,
  imageFrom,
  optionsText,
  pipelineOf,
  pixelsIn,
  samplesIn,
} from './helpers/run.ts';

type Stage = { readonly op: string } & Readonly<Record<string, unknown>>;

const size = { width: 61, height: 37 };

const colorOps: readonly ((random: () => number) => Stage)[] = [
  (r) => ({ op: 'brightness', factor: 0.3 * r() - 0.15 }),
  (r) => ({ op: 'contrast', factor: 0.7 + 0.6 * r() }),
  (r) => ({ op: 'saturation', factor: 0.5 + r() }),
  (r) => ({ op: 'gamma', gamma: 0.8 + 0.5 * r() }),
  (r) => ({ op: 'hue', degrees: 360 * r() }),
  () => ({ op: 'invert' }),
  (r) => ({ op: 'sepia', intensity: r() }),
  (r) => ({ op: 'opacity', factor: 0.8 + 0.2 * r() }),
  (r) => ({ op: 'vignette', radius: 0.5 + r(), color: [r(), r(), r(), r()] }),
];

const geometryOps: readonly ((random: () => number) => Stage)[] = [
  (r) => ({ op: 'flip', direction: ['horizontal', 'vertical', 'both'][Math.floor(3 * r())] }),
  (r) => ({
    op: 'crop',
    x: Math.floor(9 * r()) - 4,
    y: Math.floor(9 * r()) - 4,
    width: 55,
    height: 35,
  }),
  (r) => ({ op: 'gaussianBlur', radius: 1 + Math.floor(3 * r()) }),
  (r) => ({ op: 'resize', width: 40 + Math.floor(40 * r()), height: 41, method: 'bilinear' }),
];

function chain(length: number, seed: number, makers = [...colorOps, ...geometryOps]): Stage[] {
  const random = makeRandom(seed);
  return Array.from({ length }, () => {
    const make = makers[Math.floor(random() * makers.length)] as (typeof makers)[number];
    return make(random);
  });
}

/** One pass per operation, every intermediate image a float one. */
function oneByOne(stages: readonly Stage[], input: Pixels, device: DeviceId): Pixels {
  let image = imageFrom(input, 'f32', device) as Image;
  for (const stage of stages) {
    const next = apply(pipelineOf(stage), image);
    image.free();
    image = next;
  }
  const result = pixelsIn(image);
  image.free();
  return result;
}

function fused(
  stages: readonly Stage[],
  input: Pixels,
  element: Element,
  device: DeviceId,
): Pixels {
  using image = imageFrom(input, element, device);
  using result = apply(pipelineOf(...stages), image);
  return pixelsIn(result);
}

function expectFused(
  stages: readonly Stage[],
  element: Element,
  device: DeviceId,
  tolerance = 1e-5,
) {
  const input = makeImage(size, { element, seed: 3 });
  const expected = oneByOne(stages, input, device);
  const received = fused(stages, input, element, device);
  const worst = maxDifference(expected, received, { tolerance, element, dividesByAlpha: true });
  const names = stages.map((stage) => optionsText(stage)).join(' ');
  expect(worst.excess, `${element} ${names}: ${describeWorst(worst)}`).toBeLessThanOrEqual(1);
}

describe('images', () => {
  for (const element of ['f32', 'u8'] as const) {
    onEachDevice(`random chains of ${element} images`, (device) => {
      for (let seed = 1; seed <= 40; seed++)
        expectFused(chain(2 + (seed % 6), seed), element, device, 2e-5);
    });

    onEachDevice(`a chain of 40 colour operations on ${element} images`, (device) => {
      for (let seed = 100; seed < 104; seed++)
        expectFused(chain(40, seed, [...colorOps]), element, device, 1e-4);
    });

    onEachDevice(`an empty pipeline copies ${element} images bit for bit`, (device) => {
      using image = imageFrom(makeImage(size, { element }), element, device);
      using result = apply(pipeline(), image);
      expectSameSamples(samplesIn(result), samplesIn(image));
    });

    onEachDevice(`in place is as into another ${element} image`, (device) => {
      for (const stages of [
        chain(5, 7),
        chain(3, 8, [...colorOps]),
        [{ op: 'flip' }, { op: 'gaussianBlur' }],
      ]) {
        const input = makeImage(size, { element });
        using image = imageFrom(input, element, device);
        using other = apply(pipelineOf(...stages), image);
        if (other.width * other.height > image.getMaxCapacity()) continue;
        expect(apply(pipelineOf(...stages), image, { dst: image })).toBe(image);
        expect([image.width, image.height]).toEqual([other.width, other.height]);
        expectSameSamples(samplesIn(image), samplesIn(other));
      }
    });
  }

  onEachDevice('a placed image moves with the frame', (device) => {
    const input = makeImage(size, { seed: 3 });
    using source = imageFrom(makeImage({ width: 20, height: 9 }, { seed: 4 }), 'f32', device);
    const blend = { op: 'blend', source, anchor: 'bottomLeft', offsetX: 3, mode: 'softLight' };
    for (const after of [
      { op: 'flip', direction: 'both' },
      { op: 'crop', x: 2, y: 20, width: 30, height: 30 },
    ]) {
      const stages = [{ op: 'contrast', factor: 1.2 }, blend, after, { op: 'invert' }];
      const expected = oneByOne(stages, input, device);
      const worst = maxDifference(expected, fused(stages, input, 'f32', device), {
        tolerance: 1e-5,
        dividesByAlpha: true,
      });
      expect(worst.excess, `${after.op}: ${describeWorst(worst)}`).toBeLessThanOrEqual(1);
    }
  });

  onEachDevice('more placed images than one pass holds', (device) => {
    const input = makeImage(size, { seed: 3 });
    using source = imageFrom(makeImage({ width: 20, height: 9 }, { seed: 4 }), 'f32', device);
    const stages = Array.from({ length: 11 }, (_, i) => ({
      op: 'blend',
      source,
      offsetX: 3 * i,
      offsetY: 2 * i,
      opacity: 0.5,
    }));
    const worst = maxDifference(
      oneByOne(stages, input, device),
      fused(stages, input, 'f32', device),
      { tolerance: 1e-5, dividesByAlpha: true },
    );
    expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
  });

  onEachDevice('an image blended with itself', (device) => {
    using image = imageFrom(makeImage(size, { seed: 3 }), 'f32', device);
    using copy = apply(pipeline(), image);
    const options = { op: 'blend', mode: 'multiply', offsetX: 5, offsetY: -3, opacity: 0.6 };
    using expected = apply(pipelineOf({ ...options, source: copy }), image);
    apply(pipelineOf({ ...options, source: image }), image, { dst: image });
    expectSameSamples(samplesIn(image), samplesIn(expected));
  });
});

/** A natural picture as a YUV frame. */
function yuvFrame(shape: FrameShape, device: DeviceId): Uint8Array {
  const frame = new Uint8Array(frameBytes(shape));
  const rgba = { ...shape, format: 'rgba8' } as const;
  const plan = compilePlan(pipeline(), rgba, { device, output: { format: shape.format } });
  plan.run(samplesOf(makeNaturalImage(shape, 5), 'u8'), frame);
  return frame;
}

const formats = ['yuv420p', 'yuv422p', 'yuv444p', 'gray8'] as const;

interface PlanarChain {
  readonly stages: readonly Stage[];
  /** How far the chroma planes may be: where they are resampled at their own size, they are not first made blocks. */
  readonly chroma?: number;
}

const planarChains: readonly PlanarChain[] = [
  { stages: [{ op: 'gaussianBlur', radius: 4 }] },
  { stages: [{ op: 'gaussianBlur', sigma: 12 }] },
  {
    stages: [
      { op: 'brightness', factor: 0.04 },
      { op: 'gaussianBlur', sigma: 2.5 },
      { op: 'contrast', factor: 1.1 },
    ],
  },
  { stages: [{ op: 'flip', direction: 'both' }] },
  { stages: [{ op: 'crop', x: 8, y: 4, width: 90, height: 61 }] },
  { stages: [{ op: 'sepia', intensity: 0.4 }, { op: 'flip' }, { op: 'saturation', factor: 0.7 }] },
  {
    stages: [
      { op: 'resize', width: 80, height: 44 },
      { op: 'saturation', factor: 0.8 },
    ],
  },
  {
    stages: [
      { op: 'crop', x: 16, y: 0, width: 100, height: 80 },
      { op: 'resize', width: 150, height: 111, method: 'bicubic' },
    ],
    chroma: 4,
  },
];

describe('YUV frames', () => {
  for (const format of formats) {
    for (const { stages, chroma = 1 } of planarChains) {
      const names = stages.map((stage) => optionsText(stage)).join(' ');
      onEachDevice(`${format} by planes as through RGB: ${names}`, (device) => {
        const shape = {
          format,
          width: 158,
          height: 90,
          matrix: 'bt709',
          range: 'limited',
        } as const;
        const input = yuvFrame(shape, device);
        const run = (planar: boolean) => {
          const plan = compilePlan(pipelineOf(...stages), shape, { device, planar });
          const output = new Uint8Array(frameBytes(plan.output));
          plan.run(input, output);
          const luma = plan.output.width * plan.output.height;
          return [output.subarray(0, luma), output.subarray(luma)] as const;
        };
        const [planes, throughRgb] = [run(true), run(false)];
        const farthest = (plane: 0 | 1) =>
          planes[plane].reduce(
            (most, code, i) => Math.max(most, Math.abs(code - (throughRgb[plane][i] as number))),
            0,
          );
        expect(farthest(0), 'luma').toBeLessThanOrEqual(1);
        expect(farthest(1), 'chroma').toBeLessThanOrEqual(format === 'yuv444p' ? 1 : chroma);
      });
    }

    onEachDevice(`${format} through an empty pipeline stays bit for bit`, (device) => {
      for (const [width, height] of [
        [64, 48],
        [63, 47],
        [1, 1],
      ] as const) {
        const shape = { format, width, height, matrix: 'bt601', range: 'full' } as const;
        const input = samplesOf(
          makeImage({ width, height: height * 2 }, { element: 'u8' }),
          'u8',
        ).slice(0, frameBytes(shape));
        const output = new Uint8Array(input.length);
        const plan = compilePlan(pipeline(), shape, { device });
        plan.run(input, output);
        expect(plan.passthrough).toBe(true);
        expect(output).toEqual(input);
      }
    });
  }
});

describe('plans', () => {
  const shape = {
    format: 'yuv420p',
    width: 1920,
    height: 1080,
    matrix: 'bt709',
    range: 'limited',
  } as const;
  const passes = (...stages: Stage[]) =>
    compilePlan(pipelineOf(...stages), shape, { device: 'cpu' }).describe();

  it('point operations are one pass, load and store included', () => {
    expect(
      passes(
        { op: 'flip' },
        { op: 'hue', degrees: 9 },
        { op: 'gamma', gamma: 1.2 },
        { op: 'vignette' },
      ),
    ).toHaveLength(1);
  });

  it('any number of linear colour operations is one pass', () => {
    expect(
      passes(...Array.from({ length: 200 }, () => ({ op: 'contrast', factor: 1.01 }))),
    ).toHaveLength(1);
  });

  it('what changes nothing is no pass', () => {
    expect(passes({ op: 'flip' }, { op: 'flip' })).toEqual([]);
  });

  it('linear colour moves past a filter, so that the filter reads the frame itself', () => {
    const lines = passes(
      { op: 'contrast', factor: 1.1 },
      { op: 'gaussianBlur' },
      { op: 'brightness', factor: 0.1 },
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^yuv420p 1920x1080 -> gaussianBlur/);
  });

  it('a blur alone is one pass over the planes', () => {
    expect(passes({ op: 'gaussianBlur', radius: 5 })).toHaveLength(1);
  });
});
