/** A fused chain is its operations one after the other, on images and on YUV frames. */
import {
  apply,
  type CompileOptions,
  compilePlan,
  type DeviceId,
  type FrameShape,
  frameBytes,
  type Image,
  Lut,
  type Pipeline,
  pipeline,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import {
  blendOps,
  chain,
  colorOps,
  fillOps,
  geometryOps,
  insideOps,
  planarOps,
  rounds,
  type Stage,
} from './helpers/chains.ts';
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
import {
  expectSameSamples,
  imageFrom,
  optionsText,
  pipelineOf,
  pixelsIn,
  samplesIn,
} from './helpers/run.ts';

const size = { width: 61, height: 37 };

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
      using source = imageFrom(makeImage({ width: 33, height: 21 }, { seed: 4 }), 'f32', device);
      const makers = [...colorOps, ...geometryOps, ...fillOps, ...blendOps(source)];
      for (let seed = 1; seed <= rounds(60); seed++) {
        expectFused(chain(2 + (seed % 7), seed, makers), element, device, 5e-5);
      }
    });

    onEachDevice(`a chain of 40 colour operations on ${element} images`, (device) => {
      for (let seed = 100; seed < 104; seed++) {
        expectFused(chain(40, seed, colorOps), element, device, 1e-4);
      }
    });

    onEachDevice(`an empty pipeline copies ${element} images bit for bit`, (device) => {
      using image = imageFrom(makeImage(size, { element }), element, device);
      using result = apply(pipeline(), image);
      expectSameSamples(samplesIn(result), samplesIn(image));
    });

    onEachDevice(`in place is as into another ${element} image`, (device) => {
      for (const stages of [
        chain(5, 7, [...colorOps, ...insideOps]),
        chain(3, 8, colorOps),
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
    for (const [offsetX, offsetY] of [
      [5, -3],
      [-4, 6],
      [9, 0],
    ]) {
      using image = imageFrom(makeImage(size, { seed: 3 }), 'f32', device);
      using copy = apply(pipeline(), image);
      const options = { op: 'blend', mode: 'multiply', offsetX, offsetY, opacity: 0.6 };
      using expected = apply(pipelineOf({ ...options, source: copy }), image);
      apply(pipelineOf({ ...options, source: image }), image, { dst: image });
      expectSameSamples(samplesIn(image), samplesIn(expected));
    }
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

const namesOf = (stages: readonly object[]) =>
  stages.map((stage) => optionsText(stage as Stage)).join(' ');

function runFrame(
  look: Pipeline,
  input: Uint8Array,
  shape: FrameShape,
  options: CompileOptions,
): Uint8Array {
  const plan = compilePlan(look, shape, options);
  const output = new Uint8Array(frameBytes(plan.output));
  plan.run(input, output);
  return output;
}

/** To float RGBA, one plan per operation, and back. */
function framesOneByOne(
  stages: readonly Stage[],
  input: Uint8Array,
  shape: FrameShape,
  device: DeviceId,
): Uint8Array {
  const float = { device, output: { format: 'rgbaf32' } } as const;
  let size: FrameShape = { ...shape, format: 'rgbaf32' };
  let frame = runFrame(pipeline(), input, shape, float);
  for (const stage of stages) {
    const plan = compilePlan(pipelineOf(stage), size, { device });
    const next = new Uint8Array(frameBytes(plan.output));
    plan.run(frame, next);
    [frame, size] = [next, plan.output];
  }
  return runFrame(pipeline(), frame, size, { device, output: { format: shape.format } });
}

function farthest(received: Uint8Array, expected: Uint8Array): number {
  expect(received).toHaveLength(expected.length);
  return received.reduce(
    (most, code, i) => Math.max(most, Math.abs(code - (expected[i] as number))),
    0,
  );
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
  { stages: [{ op: 'gaussianBlur', radius: 1 }] },
  {
    stages: [
      { op: 'gaussianBlur', radius: 2 },
      { op: 'flip', direction: 'vertical' },
      { op: 'gaussianBlur', radius: 2 },
      { op: 'gaussianBlur', radius: 2 },
      { op: 'invert' },
    ],
  },
  {
    stages: [
      { op: 'crop', x: 3, y: 1, width: 41, height: 38 },
      { op: 'sepia', intensity: 0.069 },
      { op: 'crop', x: 1, y: 2, width: 44, height: 38 },
      { op: 'gaussianBlur', radius: 3 },
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
      onEachDevice(`${format} by planes as through RGB: ${namesOf(stages)}`, (device) => {
        const shape = {
          format,
          width: 158,
          height: 90,
          matrix: 'bt709',
          range: 'limited',
        } as const;
        const input = yuvFrame(shape, device);
        const [planes, throughRgb] = [true, false].map((planar) =>
          runFrame(pipelineOf(...stages), input, shape, { device, planar }),
        ) as [Uint8Array, Uint8Array];
        const { output } = compilePlan(pipelineOf(...stages), shape, { device });
        const luma = output.width * output.height;
        const difference = (from: number, to?: number) =>
          farthest(planes.subarray(from, to), throughRgb.subarray(from, to));
        expect(difference(0, luma), 'luma').toBeLessThanOrEqual(1);
        expect(difference(luma), 'chroma').toBeLessThanOrEqual(format === 'yuv444p' ? 1 : chroma);
      });
    }

    onEachDevice(`random chains on ${format} frames`, (device) => {
      const shape = { format, width: 58, height: 46, matrix: 'bt601', range: 'limited' } as const;
      const input = yuvFrame(shape, device);
      using source = imageFrom(makeImage({ width: 33, height: 21 }, { seed: 4 }), 'f32', device);
      const makers = [...colorOps, ...geometryOps, ...fillOps, ...blendOps(source)];
      for (let seed = 1; seed <= rounds(25); seed++) {
        const stages = chain(1 + (seed % 7), seed, makers);
        const expected = framesOneByOne(stages, input, shape, device);
        const received = runFrame(pipelineOf(...stages), input, shape, { device, planar: false });
        expect(farthest(received, expected), namesOf(stages)).toBeLessThanOrEqual(1);
      }
    });

    onEachDevice(`random linear chains on ${format} frames by planes`, (device) => {
      const shape = { format, width: 58, height: 46, matrix: 'bt709', range: 'full' } as const;
      const input = yuvFrame(shape, device);
      for (let seed = 1; seed <= rounds(25); seed++) {
        const look = pipelineOf(...chain(1 + (seed % 5), seed, planarOps));
        const expected = runFrame(look, input, shape, { device, planar: false });
        const received = runFrame(look, input, shape, { device, planar: true });
        const { width, height } = compilePlan(look, shape, { device }).output;
        const [luma, names] = [width * height, namesOf(look.stages)];
        const difference = (from: number, to?: number) =>
          farthest(received.subarray(from, to), expected.subarray(from, to));
        expect(difference(0, luma), `luma of ${names}`).toBeLessThanOrEqual(1);
        expect(difference(luma), `chroma of ${names}`).toBeLessThanOrEqual(1);
      }
    });

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
        { op: 'toneMap', from: 'hlg' },
        { op: 'lut3d', lut: new Lut({ size: 2, entries: new Float32Array(24) }) },
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
