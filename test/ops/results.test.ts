/** What operations find out about images and frames, against counting pixel by pixel, and against libvips. */
import { execFileSync } from 'node:child_process';
import {
  apply,
  compilePlan,
  type DeviceId,
  Filter,
  type FrameShape,
  type Histogram,
  Image,
  Measure,
  type Pipeline,
  pipeline,
  type ResultOf,
  type Statistics,
} from 'framelane';
import sharp, { type ChannelStats } from 'sharp';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { newFrame, type Samples } from '../helpers/frames.ts';
import { makeImage, type Pixels, samplesOf } from '../helpers/image.ts';
import { makeRandom } from '../helpers/random.ts';
import { expectSameSamples, imageFrom, samplesIn } from '../helpers/run.ts';
import * as reference from '../reference/measure.ts';

const channels = ['r', 'g', 'b', 'a', 'luma'] as const;

function expectHistogram(received: Histogram, samples: ArrayLike<number>): void {
  const expected = reference.histogram(samples);
  for (const name of channels) expect([...received[name]], name).toEqual(expected[name]);
}

function expectStatistics(received: Statistics, samples: ArrayLike<number>, also = 0): void {
  const expected = reference.statistics(samples);
  for (const name of channels) {
    const [ours, theirs] = [received[name], expected[name]];
    expect(ours.nans, name).toBe(theirs.nans);
    for (const key of ['min', 'max', 'mean'] as const) {
      const size = Math.max(1, Math.abs(theirs.min), Math.abs(theirs.max));
      // The floats of a luma are rounded, and so are doubles that are added in another order.
      const tolerance = size * (also + (name === 'luma' ? 3e-7 : key === 'mean' ? 1e-12 : 0));
      const isNear =
        Object.is(ours[key], theirs[key]) || Math.abs(ours[key] - theirs[key]) <= tolerance;
      expect(isNear, `${name}.${key}: ${ours[key]}, expected ${theirs[key]}`).toBe(true);
    }
  }
}

/** Away from where one code ends and the next one begins, which is for each device to round. */
function clearOfBorders(image: Pixels): Pixels {
  const data = image.data.map((v) => {
    const fraction = v * 255 - Math.floor(v * 255);
    return Math.abs(fraction - 0.5) < 1e-3 ? Math.fround(v + 1e-4) : v;
  });
  return { ...image, data };
}

const sizes = [
  { width: 1, height: 1 },
  { width: 1, height: 9 },
  { width: 7, height: 1 },
  { width: 37, height: 23 },
  { width: 613, height: 141 },
  { width: 3, height: 20_001 },
];

/** As the device holds them. */
const valuesOf = (image: Pixels) => Float32Array.from(image.data);

describe.each(['f32', 'u8'] as const)('%s images', (element) => {
  for (const size of sizes) {
    onEachDevice(`of ${size.width}x${size.height}`, (device) => {
      const pixels = clearOfBorders(makeImage(size, { element, seed: 5 }));
      using image = imageFrom(pixels, element, device);
      expectHistogram(Measure.histogram(image), valuesOf(pixels));
      expectStatistics(Measure.statistics(image), valuesOf(pixels));
      expectSameSamples(samplesIn(image), samplesOf(pixels, element));
    });
  }

  onEachDevice('what is recorded for the image is run first', (device) => {
    const pixels = makeImage({ width: 20, height: 11 }, { element, seed: 2 });
    using image = imageFrom(pixels, element, device);
    Filter.invert(image);
    const { r } = Measure.statistics(image);
    expect(r.mean).toBeCloseTo(1 - reference.statistics(pixels.data).r.mean, 5);
  });

  onEachDevice('of one colour', (device) => {
    const pixels = { width: 401, height: 300, data: new Float64Array(4 * 401 * 300).fill(0.2) };
    using image = imageFrom(pixels, element, device);
    for (const name of channels) {
      expect(Measure.histogram(image)[name][51]).toBe(401 * 300);
      expect(Measure.statistics(image)[name].mean).toBeCloseTo(0.2, 6);
    }
  });
});

describe('floats', () => {
  const special = [Number.NaN, Number.POSITIVE_INFINITY, -1e30, 3e30, -0, 1e-40];
  onEachDevice('that are no colours', (device) => {
    const random = makeRandom(8);
    const data = Float64Array.from({ length: 4 * 29 * 31 }, () => {
      const draw = random();
      if (draw < 0.2) return Math.fround(special[Math.floor(random() * special.length)] as number);
      return Math.fround(random() * 8 - 3);
    });
    const pixels = clearOfBorders({ width: 29, height: 31, data });
    using image = imageFrom(pixels, 'f32', device);
    expectHistogram(
      Measure.histogram(image),
      pixels.data.map((v) => (Number.isNaN(v) ? 0 : v)),
    );
    const finite = pixels.data.map((v) => (Number.isFinite(v) ? v : Number.NaN));
    using rest = imageFrom({ ...pixels, data: finite }, 'f32', device);
    expectStatistics(Measure.statistics(rest), finite);
    expect(Measure.statistics(image).r.max).toBe(Number.POSITIVE_INFINITY);
  });

  onEachDevice('that are all NaN', (device) => {
    const data = new Float64Array(4 * 5 * 3).fill(Number.NaN);
    using image = imageFrom({ width: 5, height: 3, data }, 'f32', device);
    const { min, max, mean, nans } = Measure.statistics(image).g;
    expect([min, max, mean, nans]).toEqual([Number.NaN, Number.NaN, Number.NaN, 15]);
  });
});

describe('libvips', () => {
  onEachDevice('stats() says the same', async (device) => {
    const size = { width: 211, height: 97 };
    const pixels = makeImage(size, { element: 'u8', seed: 9 });
    const raw = { ...size, channels: 4 } as const;
    const theirs = await sharp(samplesOf(pixels, 'u8'), { raw }).stats();
    using image = imageFrom(pixels, 'u8', device);
    const [ours, bins] = [Measure.statistics(image), Measure.histogram(image)];
    for (const [i, name] of (['r', 'g', 'b', 'a'] as const).entries()) {
      const channel = theirs.channels[i] as ChannelStats;
      expect(ours[name].min * 255).toBeCloseTo(channel.min, 4);
      expect(ours[name].max * 255).toBeCloseTo(channel.max, 4);
      expect(ours[name].mean * 255).toBeCloseTo(channel.mean, 4);
      expect(bins[name].reduce((sum, count, code) => sum + count * code, 0)).toBe(channel.sum);
      expect(bins[name].reduce((sum, count, code) => sum + count * code ** 2, 0)).toBe(
        channel.squaresSum,
      );
    }
  });
});

type Format = FrameShape['format'];
const shapeOf = (format: Format): FrameShape =>
  format.startsWith('rgba')
    ? { format, width: 83, height: 47 }
    : { format, width: 83, height: 47, matrix: 'bt709', range: 'limited' };

/** Values that a frame of the format can have. */
function randomFrame(shape: FrameShape): Samples {
  const random = makeRandom(4);
  const frame = newFrame(shape);
  const most = shape.format.includes('10') ? 1023 : 255;
  for (let i = 0; i < frame.length; i++) {
    frame[i] = shape.format === 'rgbaf32' ? random() : Math.floor(random() * (most + 1));
  }
  return frame;
}

const looks = {
  nothing: pipeline(),
  affine: pipeline().brightness(0.1).contrast(1.2),
  point: pipeline().saturation(1.3).gamma(1.2).vignette(),
  view: pipeline().crop({ x: 3, y: 5, width: 40, height: 30 }).flip(),
  blur: pipeline().contrast(1.1).gaussianBlur(3),
  window: pipeline().median(),
  fill: pipeline().brightness(0.2).fillColor([0.25, 0.5, 1.5, 0.5]),
  resize: pipeline().resize({ width: 31, height: 17 }),
};

const formats = [
  'rgba8',
  'rgbaf32',
  'yuv420p',
  'yuv444p',
  'yuva420p',
  'yuv422p10',
  'gray8',
] as const;

/** Of YUV these work on its planes, and of bytes on bytes where they are alone: what is seen is near. */
const filters: readonly string[] = ['blur', 'window', 'resize'];

function runPlan(stages: Pipeline, shape: FrameShape, device: DeviceId, toFloats = false) {
  const plan = compilePlan(stages, shape, {
    device,
    output: toFloats ? { format: 'rgbaf32' } : undefined,
  });
  const frame = newFrame(plan.output as FrameShape);
  return { frame, ...plan.run(randomFrame(shape), frame) };
}

describe('plans', () => {
  for (const format of formats) {
    for (const [name, first] of Object.entries(looks)) {
      onEachDevice(`of ${format}, after ${name}: the image is what it is without`, (device) => {
        const shape = shapeOf(format);
        const measuring = pipeline().histogram('before').append(first).statistics().histogram('x');
        const { frame: seen } = runPlan(first, shape, device, true);
        for (const second of Object.values(looks)) {
          const bare = runPlan(first.append(second), shape, device);
          expect(bare.results).toEqual([]);
          const { frame, results } = runPlan(measuring.append(second), shape, device);
          expectSameSamples(frame, bare.frame, 'the image');
          expect(results.map(({ op, name }) => [op, name])).toEqual([
            ['histogram', 'before'],
            ['statistics', undefined],
            ['histogram', 'x'],
          ]);
          const [, statistics, histogram] = results as [unknown, Statistics, Histogram];
          // A load multiplies bytes by 1/255, which is a division by 255 but for the last bit.
          const also = format === 'rgba8' ? 1e-7 : 0;
          if (!filters.includes(name)) expectStatistics(statistics, seen, also);
          const expected = reference.statistics(seen);
          for (const channel of channels) {
            expect(histogram[channel].reduce((sum, count) => sum + count)).toBe(seen.length / 4);
            expect(statistics[channel].mean).toBeCloseTo(expected[channel].mean, 2);
          }
        }
      });
    }
  }

  onEachDevice('of YUV: what is counted is the frame in RGBA', (device) => {
    const shape = shapeOf('yuv420p');
    const seen = runPlan(looks.point, shape, device, true).frame;
    const { results } = runPlan(looks.point.histogram().sepia(), shape, device);
    const isUnsure = (v: number) => Math.abs(v * 255 - Math.floor(v * 255) - 0.5) < 1e-4;
    const unsure = seen.filter((v, i) => i % 4 === 0 && isUnsure(v)).length;
    const expected = reference.histogram(seen).r;
    const { r } = results[0] as ResultOf<'histogram'>;
    const difference = r.reduce((sum, n, i) => sum + Math.abs(n - (expected[i] as number)), 0);
    expect(difference).toBeLessThanOrEqual(2 * unsure);
  });

  onEachDevice('of a region and in a branch', (device) => {
    const shape = shapeOf('rgbaf32');
    const region = { x: 10, y: 5, width: 30, height: 20 };
    const inverted = pipeline().invert();
    const measuring = pipeline()
      .statistics({ name: 'part', region })
      .blend({ source: { stages: inverted.statistics('branch').stages }, opacity: 0 })
      .statistics();
    const { results, frame } = runPlan(measuring, shape, device);
    expect(results.map(({ name }) => name)).toEqual(['part', 'branch', undefined]);
    const seen = [pipeline().crop(region), inverted, pipeline()];
    for (const [i, look] of seen.entries()) {
      const { frame: part } = runPlan(look, shape, device);
      expectStatistics(results[i] as ResultOf<'statistics'>, part, i === 2 ? 1e-6 : 0); // a blend rounds
    }
    expect(frame).toHaveLength(83 * 47 * 4);
  });

  it('name their passes', () => {
    const plan = compilePlan(
      pipeline().brightness(0.1).histogram().statistics(),
      shapeOf('rgba8'),
      {
        device: 'cpu',
      },
    );
    expect(plan.describe()).toEqual([
      'rgba8 83x47 -> brightness -> rgbaf32 83x47',
      'rgbaf32 83x47 -> histogram',
      'rgbaf32 83x47 -> statistics',
      'rgba8 83x47 -> brightness -> rgba8 83x47',
    ]);
  });
});

it('an image that a pipeline with results is applied to is what it is without', () => {
  using image = imageFrom(makeImage({ width: 19, height: 8 }), 'f32', 'cpu');
  using bare = apply(looks.blur, image);
  using measured = apply(pipeline().histogram().append(looks.blur).statistics(), image);
  expectSameSamples(samplesIn(measured), samplesIn(bare));
});

describe('threads and instruction sets', () => {
  const program = `
    import { Image, Measure } from 'framelane';
    const image = new Image(701, 433, { device: 'cpu' });
    let state = 1;
    const pixels = image.asPinned();
    for (let i = 0; i < pixels.length; i++) pixels[i] = ((state = (state * 48271) % 2147483647) / 2147483647) * 3 - 1;
    const { r, g, b, a } = Measure.statistics(image);
    console.log(JSON.stringify([r, g, b, a, ...Object.values(Measure.histogram(image)).map(String)]));`;
  const run = (env: Readonly<Record<string, string>>) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });

  it('change no bit', () => {
    const expected = run({ FRAMELANE_THREADS: '1' });
    expect(run({ FRAMELANE_THREADS: '5' })).toBe(expected);
    expect(run({ FRAMELANE_CPU_ISA: 'baseline' })).toBe(expected);
  });
});

describe('Measure refuses', () => {
  it('what is no image', () => {
    expect(errorOf(() => Measure.histogram({} as Image))).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
  });
  it('an image that was freed', () => {
    const image = new Image(2, 2, { device: 'cpu' });
    image.free();
    expect(errorOf(() => Measure.statistics(image))).toMatchObject({ code: 'ERR_DISPOSED' });
  });
  it('options that it does not have', () => {
    using image = new Image(2, 2, { device: 'cpu' });
    const wrong = { bins: 3 } as never;
    expect(errorOf(() => Measure.histogram(image, wrong))).toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'bins',
    });
  });
});
