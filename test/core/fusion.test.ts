/** A fused chain is its operations one after the other, on images; and how many passes it is. */
import { apply, compilePlan, type DeviceId, type Image, Lut, pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import {
  bentOps,
  blendOps,
  chain,
  colorOps,
  fillOps,
  geometryOps,
  insideOps,
  linearOps,
  rounds,
  type Stage,
} from '../helpers/chains.ts';
import { onEachDevice } from '../helpers/devices.ts';
import {
  describeWorst,
  type Element,
  makeImage,
  maxDifference,
  type Pixels,
  pixelsFrom,
  samplesOf,
} from '../helpers/image.ts';
import {
  expectSameSamples,
  imageFrom,
  optionsText,
  pipelineOf,
  pixelsIn,
  samplesIn,
} from '../helpers/run.ts';

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
        if (other.width * other.height > size.width * size.height) continue;
        expect(apply(pipelineOf(...stages), image, { dst: image })).toBe(image);
        expect([image.width, image.height]).toEqual([other.width, other.height]);
        expectSameSamples(samplesIn(image), samplesIn(other));
      }
    });
  }

  // Opaque frames are where linear colour moves past linear filters, and must not past any other.
  onEachDevice('random chains of filters and linear colour on opaque images', (device) => {
    const makers = [...linearOps, ...insideOps, ...bentOps];
    for (let seed = 1; seed <= rounds(60); seed++) {
      const stages = chain(2 + (seed % 6), seed, makers);
      const input = makeImage(size, { element: 'u8', seed, opaque: true });
      const plan = compilePlan(
        pipelineOf(...stages),
        { format: 'rgba8', ...size },
        { device, output: { format: 'rgbaf32' }, opaque: true },
      );
      const received = new Float32Array(plan.output.width * plan.output.height * 4);
      plan.run(samplesOf(input, 'u8'), received);
      const worst = maxDifference(
        oneByOne(stages, input, device),
        pixelsFrom(plan.output, received),
        { tolerance: 5e-5, dividesByAlpha: true },
      );
      const names = stages.map((stage) => optionsText(stage)).join(' ');
      expect(worst.excess, `${names}: ${describeWorst(worst)}`).toBeLessThanOrEqual(1);
    }
  });

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

  it('a stencil whose weights sum to one is as a blur', () => {
    expect(passes({ op: 'sharpen' })).toEqual([
      'yuv420p 1920x1080 -> sharpen -> yuv420p 1920x1080',
    ]);
    const lines = passes({ op: 'contrast', factor: 1.1 }, { op: 'sharpen' });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^yuv420p 1920x1080 -> sharpen/);
  });

  it('no colour moves past another stencil, and no plane is put through it', () => {
    for (const op of ['median', 'sobel']) {
      const lines = passes(
        { op: 'contrast', factor: 1.1 },
        { op },
        { op: 'brightness', factor: 0.1 },
      );
      expect(lines).toEqual([
        'yuv420p 1920x1080 -> contrast -> rgbaf32 1920x1080',
        `rgbaf32 1920x1080 -> ${op} -> rgbaf32 1920x1080`,
        'rgbaf32 1920x1080 -> brightness -> yuv420p 1920x1080',
      ]);
    }
  });
});
