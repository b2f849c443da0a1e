/** Branches, masks and regions of pipelines, against the same steps done one by one with images. */
import { expect, it } from 'vitest';
import {
  Adjust,
  apply,
  Blend,
  compilePlan,
  copy,
  type DeviceId,
  download,
  Filter,
  Image,
  type Pipeline,
  pipeline,
  Transform,
  upload,
} from '../../src/index.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

const size = { width: 37, height: 23 };

function noise(device: DeviceId, { width, height } = size, seed = 1): Image {
  const image = new Image(width, height, { device });
  const random = makeRandom(seed);
  upload(
    image,
    Float32Array.from({ length: width * height * 4 }, () => random()),
  );
  return image;
}

function duplicate(image: Image): Image {
  const result = new Image(image.width, image.height, { device: image.device });
  copy(result, image);
  return result;
}

/** No more than rounding apart, as passes fold matrices. */
function expectClose(received: Float32Array, expected: ArrayLike<number>, within = 2e-6): void {
  expect(received.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < received.length; i++) {
    worst = Math.max(worst, Math.abs((received[i] as number) - (expected[i] as number)));
  }
  expect(worst).toBeLessThan(within);
}

function run(look: Pipeline, image: Image): Float32Array {
  using result = apply(look, image);
  return download(result);
}

onEachDevice('a branch is what its stages make of the frame there: a glow', (device) => {
  using image = noise(device);
  const look = pipeline()
    .brightness(0.1)
    .blend(
      {
        stages: [
          { op: 'contrast', factor: 1.5 },
          { op: 'gaussianBlur', radius: 4 },
        ],
      },
      { mode: 'screen', opacity: 0.7 },
    )
    .saturation(0.5);
  using expected = duplicate(image);
  Adjust.brightness(expected, 0.1);
  using light = duplicate(expected);
  Adjust.contrast(light, 1.5);
  using blurred = Filter.gaussianBlur(light, 4);
  Blend.screen(expected, blurred, { opacity: 0.7 });
  Adjust.saturation(expected, 0.5);
  expectClose(run(look, image), download(expected), 1e-5);
});

onEachDevice(
  'a branch is smaller, is placed, has branches itself, or none of its own stages',
  (device) => {
    using image = noise(device);
    const inner = pipeline()
      .resize({ width: 12, height: 9 })
      .blend(pipeline().invert(), { opacity: 0.5 });
    const look = pipeline().blend(inner, { anchor: 'bottomRight', offsetX: -2 });
    using small = apply(pipeline().resize({ width: 12, height: 9 }), image);
    using inverted = duplicate(small);
    Adjust.contrast(inverted, -1);
    Blend.normal(small, inverted, { opacity: 0.5 });
    using expected = duplicate(image);
    Blend.normal(expected, small, { anchor: 'bottomRight', offsetX: -2 });
    expectClose(run(look, image), download(expected), 1e-5);

    using self = duplicate(image);
    using same = duplicate(image);
    Blend.multiply(self, same);
    expectClose(run(pipeline().blend({ stages: [] }, { mode: 'multiply' }), image), download(self));
  },
);

/** base + (changed - base) m of premultiplied colours, in double precision. */
function mixed(
  base: Float32Array,
  changed: Float32Array,
  mask: Float32Array,
  maskSize = size,
): number[] {
  const result: number[] = [];
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const at = 4 * (y * size.width + x);
      const inside = x < maskSize.width && y < maskSize.height;
      const [r, g, b, a] = mask.subarray(4 * (y * maskSize.width + x)) as unknown as number[];
      const luma = 0.2126 * (r as number) + 0.7152 * (g as number) + 0.0722 * (b as number);
      const m = inside ? Math.min(1, Math.max(0, luma * (a as number))) : 0;
      const [was, is] = [base[at + 3] as number, changed[at + 3] as number];
      const alpha = was * (1 - m) + is * m;
      for (let c = 0; c < 3; c++) {
        const sum = (base[at + c] as number) * was * (1 - m) + (changed[at + c] as number) * is * m;
        result.push(alpha > 1e-6 ? sum / alpha : 0);
      }
      result.push(alpha);
    }
  }
  return result;
}

onEachDevice('a mask shows the operation where it is bright and covers', (device) => {
  using image = noise(device);
  const base = download(image);
  for (const maskSize of [size, { width: 20, height: 30 }, { width: 50, height: 7 }]) {
    using mask = noise(device, maskSize, 7);
    const changed = run(pipeline().gaussianBlur(3), image);
    const received = run(pipeline().gaussianBlur({ radius: 3, mask }), image);
    expectClose(received, mixed(base, changed, download(mask), maskSize), 1e-5);
  }
});

onEachDevice('a mask can be a branch: sharpen where it is bright', (device) => {
  using image = noise(device);
  const mask = pipeline().saturation(0).contrast(2);
  const received = run(pipeline().sharpen({ strength: 0.4, mask }), image);
  const expected = mixed(download(image), run(pipeline().sharpen(0.4), image), run(mask, image));
  expectClose(received, expected, 1e-5);
});

onEachDevice('a region is all that the operation sees and changes', (device) => {
  using image = noise(device);
  const region = { x: 5, y: 4, width: 20, height: 11 };
  using part = Transform.crop(image, region);
  using blurred = Filter.gaussianBlur(part, 6);
  const inside = download(blurred);
  const expected = download(image);
  for (let y = 0; y < region.height; y++) {
    const row = inside.subarray(4 * y * region.width, 4 * (y + 1) * region.width);
    expected.set(row, 4 * ((region.y + y) * size.width + region.x));
  }
  expect(run(pipeline().gaussianBlur({ radius: 6, region }), image)).toEqual(expected);
  // One that hangs over an edge is cut there; what it sees beyond is transparent.
  const over = { x: -3, y: 18, width: 9, height: 40 };
  using seen = Transform.crop(image, over);
  Adjust.brightness(seen, 0.25);
  const changed = download(seen);
  const hanging = download(image);
  for (let y = Math.max(0, over.y); y < size.height; y++) {
    for (let x = 0; x < over.x + over.width; x++) {
      const from = 4 * ((y - over.y) * over.width + (x - over.x));
      hanging.set(changed.subarray(from, from + 4), 4 * (y * size.width + x));
    }
  }
  expectClose(run(pipeline().brightness({ factor: 0.25, region: over }), image), hanging);
});

onEachDevice('video frames branch in colour, and come out in their own format', (device) => {
  const shape = {
    format: 'yuv420p',
    width: 32,
    height: 16,
    matrix: 'bt709',
    range: 'limited',
  } as const;
  const random = makeRandom(3);
  const frame = Uint8Array.from({ length: 32 * 16 * 1.5 }, (_, i) =>
    // One chroma throughout: how it is interpolated is not what this is about.
    i < 32 * 16 ? 40 + 150 * random() : i < 32 * 16 * 1.25 ? 110 : 140,
  );
  const planOf = (look: Pipeline, from: object, to: object) =>
    compilePlan(look, { ...shape, ...from } as typeof shape, {
      device,
      output: { ...shape, ...to } as typeof shape,
    });
  const look = pipeline().blend(pipeline().gaussianBlur(2).invert(), {
    mode: 'normal',
    opacity: 0.3,
  });
  const received = new Uint8Array(frame.length);
  planOf(look, {}, {}).run(frame, received);
  // By hand: to floats, the same on an image, and back.
  const floats = new Float32Array(32 * 16 * 4);
  planOf(pipeline(), {}, { format: 'rgbaf32' }).run(frame, floats);
  using image = new Image(32, 16, { device });
  upload(image, floats);
  using result = apply(look, image);
  const expected = new Uint8Array(frame.length);
  planOf(pipeline(), { format: 'rgbaf32' }, {}).run(download(result), expected);
  const apart = received.map((value, i) => Math.abs(value - (expected[i] as number)));
  expect(Math.max(...apart)).toBeLessThanOrEqual(1);
});

it('says what it does: a shared frame is written once', () => {
  const lines = compilePlan(
    pipeline().contrast(1.2).blend(pipeline().gaussianBlur(20), { mode: 'screen' }),
    { format: 'rgba8', ...size, matrix: 'bt709', range: 'full' },
    { device: 'cpu' },
  ).describe();
  expect(lines).toEqual([
    'rgba8 37x23 -> contrast -> rgbaf32 37x23',
    'rgbaf32 37x23 -> gaussianBlur -> rgbaf32 37x23',
    'rgbaf32 37x23 -> blend -> rgba8 37x23',
  ]);
});

it('goes through JSON and back', () => {
  const look = pipeline()
    .blend(pipeline().gaussianBlur(8), { mode: 'screen' })
    .sepia({
      intensity: 1,
      region: { x: 1, y: 2, width: 3, height: 4 },
      mask: pipeline().invert(),
    });
  const written = JSON.parse(JSON.stringify(look)) as { stages: Parameters<typeof pipeline>[0] };
  expect(pipeline(written.stages).stages).toEqual(look.stages);
});

it('refuses what cannot be, and says where', () => {
  const empty = { x: 0, y: 0, width: 0, height: 1 };
  const refused: readonly [() => unknown, string][] = [
    [
      () => pipeline([{ op: 'blend', source: { stages: [{ op: 'blurr' }] } } as never]),
      'stages[0].source.stages[0].op: expected the name of an operation, received "blurr"',
    ],
    [
      () => pipeline().blend({ stages: [{ op: 'gaussianBlur', radius: -1 }] }),
      'stages[0].source.stages[0].radius: gaussianBlur expects an integer from 0 to 10000, received -1',
    ],
    [
      () => pipeline().gaussianBlur({ radius: 2, region: empty }),
      'stages[0].region: gaussianBlur expects a rectangle { x, y, width, height } of whole pixels, received an object',
    ],
    [
      () => pipeline().gaussianBlur({ radius: 2, mask: 'm.png' as never }),
      'stages[0].mask: gaussianBlur expects an Image, an ImageU8, { image: path }, { stages: […] }, { input: name } or { previous: frames }, received "m.png"',
    ],
  ];
  for (const [build, message] of refused) expect(errorOf(build).message).toBe(message);
  using image = noise('cpu');
  const sized = pipeline().resize({
    width: 5,
    height: 5,
    region: { x: 0, y: 0, width: 9, height: 9 },
  });
  expect(errorOf(() => apply(sized, image))).toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining(
      'region: expected an operation that keeps the size, received one that makes 5x5 of 9x9',
    ),
  });
  let deep = pipeline().invert();
  for (let i = 0; i < 16; i++) deep = pipeline().blend(deep);
  expect(errorOf(() => pipeline().blend(deep)).message).toContain(
    'branches nested at most 16 deep',
  );
  expect(
    run(pipeline().blend(deep.stages.length ? pipeline().invert() : deep), image),
  ).toHaveLength(size.width * size.height * 4);
});
