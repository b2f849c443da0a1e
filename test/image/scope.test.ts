/** Calls of the immediate API under a mask, in a region, or over a branch: what every stage of a pipeline can have. */
import {
  Adjust,
  type AnyImage,
  Blend,
  type DeviceId,
  download,
  Effect,
  Fill,
  Filter,
  Image,
  ImageU8,
  Measure,
  pipeline,
  Resize,
  Transform,
  upload,
} from 'framelane';
import { beforeEach, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { bytes, counts, expectGray, gray, pending } from '../helpers/pending.ts';

beforeEach(() => addon().immediatePolicy({ mode: 'deferred' }));

/** Opaque grays, by their place. */
function grays(
  width: number,
  height: number,
  at: (x: number, y: number) => number,
  device: DeviceId,
) {
  const image = new Image(width, height, { device });
  upload(
    image,
    Float32Array.from({ length: width * height * 4 }, (_, i) => {
      const pixel = Math.floor(i / 4);
      return i % 4 === 3 ? 1 : at(pixel % width, Math.floor(pixel / width));
    }),
  );
  return image;
}

/** The red of every pixel, a row a line. */
function reds(image: AnyImage): number[][] {
  const samples = download(image as Image);
  return Array.from({ length: image.height }, (_, y) =>
    Array.from({ length: image.width }, (_, x) => samples[4 * (y * image.width + x)] as number),
  );
}

/** What 6 x 5 pixels must be: one value inside, another one outside. */
const where = (isInside: (x: number, y: number) => boolean, inside: number, outside: number) =>
  Array.from({ length: 5 }, (_, y) =>
    Array.from({ length: 6 }, (_, x) => (isInside(x, y) ? inside : outside)),
  );

const region = { x: 1, y: 2, width: 3, height: 2 };
const isIn = (x: number, y: number) => x >= 1 && x < 4 && y >= 2 && y < 4;

onEachDevice('a region is all that a call in place changes', (device) => {
  const image = pending(0, device);
  expect(Adjust.brightness(image, 0.5, { region })).toBe(image);
  expect(reds(image)).toEqual(where(isIn, 0.75, 0.25));
  const codes = bytes(51, device);
  Filter.invert(codes, { region });
  expect(reds(codes)).toEqual(where(isIn, 204, 51));
  Fill.color(image, { color: '#fff', region: { x: -2, y: -2, width: 4, height: 4 } });
  expect(reds(image)[0]).toEqual([1, 1, 0.25, 0.25, 0.25, 0.25]);
});

onEachDevice('a region is all that a blur into a new image sees', (device) => {
  const image = grays(6, 5, (x, y) => ((3 * x + 5 * y) % 8) / 8, device);
  const part = Transform.crop(image, region);
  const blurred = reds(Filter.gaussianBlur(part, 2));
  const expected = reds(image).map((row, y) =>
    row.map((value, x) => (isIn(x, y) ? (blurred[y - 2]?.[x - 1] as number) : value)),
  );
  const result = Filter.gaussianBlur(image, 2, { region });
  expect(result).not.toBe(image);
  expect(reds(result)).toEqual(expected);
  const [dst, temp] = [new Image(6, 5, { device }), new Image(40, 40, { device })];
  expect(Filter.gaussianBlur(image, { radius: 2, region, dst, temp })).toBe(dst);
  expect(reds(dst)).toEqual(expected);
});

onEachDevice('a mask shows the call where it is white, and not beyond its edges', (device) => {
  const left = (x: number, y: number) => x < 3 && y < 2;
  const sizes = [
    [6, 5],
    [6, 2],
    [3, 5],
    [3, 2],
    [9, 9],
  ] as const;
  for (const [width, height] of sizes) {
    const mask = grays(width, height, (x, y) => (left(x, y) ? 1 : 0), device);
    const image = pending(0, device);
    Adjust.brightness(image, { factor: 0.5, mask });
    expect(reds(image)).toEqual(where(left, 0.75, 0.25));
  }
  const small = grays(3, 2, () => 0, device);
  const image = gray(0.25, device);
  Filter.invert(image, { mask: Adjust.brightness(small, 1) }); // it waits, too
  expect(reds(image)).toEqual(where(left, 0.75, 0.25));
});

onEachDevice('a mask may be the image itself, or made of it', (device) => {
  const ramp = () => grays(6, 5, (x) => (x < 3 ? 0 : 1), device);
  const image = ramp();
  Filter.invert(image, { mask: image });
  expectGray(image, 0);
  const other = ramp();
  Filter.invert(other, { mask: pipeline().invert() });
  expectGray(other, 1);
});

onEachDevice('a source may be a branch', (device) => {
  const image = pending(0, device);
  expect(Blend.add(image, pipeline().brightness(0.25))).toBe(image);
  expectGray(image, 0.75);
  Blend.normal(image, { source: { stages: [{ op: 'invert' }] }, region });
  expect(reds(image)).toEqual(where(isIn, 0.25, 0.75));
});

onEachDevice('runs at its call, with what waits for its images', (device) => {
  const [image, mask] = [pending(0, device), pending(0.75, device)];
  const done = counts(() => Filter.invert(image, { mask }));
  expect(done).toMatchObject({ recorded: 0, launched: 2 });
  expect(counts(() => expectGray(image, 0.75))).toMatchObject({ launched: 0 });
});

it('an option that is undefined is none', () => {
  const image = gray(0.25, 'cpu');
  Filter.invert(image, { mask: undefined, region: undefined });
  expectGray(image, 0.75);
});

it('refuses what a stage would, and says where', () => {
  const image = new ImageU8(6, 5, { device: 'cpu' });
  const empty = { ...region, width: 0 };
  const refused: readonly [() => unknown, unknown][] = [
    [
      () => Filter.invert(image, { region: empty }),
      'region: invert expects a rectangle { x, y, width, height } of whole pixels, received an object',
    ],
    [
      () => Adjust.brightness(image, { factor: 'x' as never, region }),
      'factor: brightness expects a number, received "x"',
    ],
    [
      () => Blend.add(image, { stages: [{ op: 'gaussianBlur', radius: -1 }] }),
      'source.stages[0].radius: gaussianBlur expects an integer from 0 to 10000, received -1',
    ],
    [
      () => Resize.lanczos(image, { width: 2, height: 2, region }),
      'region: expected an operation that keeps the size, received one that makes 2x2 of 3x2',
    ],
    [
      () => Filter.invert(image, { mask: { image: '/mask.png' } }),
      'stages[0].mask: expected an Image or ImageU8 here, received the path "/mask.png"; load it first',
    ],
    [
      () => Adjust.brightness(image, { factor: 1, region, dst: image } as never),
      'dst: brightness has no option "dst"; it has factor, mask, region',
    ],
    [
      () => Measure.histogram(image, { region } as never),
      expect.stringContaining('region: histogram has no option "region"; it has '),
    ],
    [
      () => Effect.vignette(image, { mask: image, radus: 1 } as never),
      'radus: vignette has no option "radus" (did you mean "radius"?); it has radius, softness, color, mask, region',
    ],
  ];
  for (const [call, message] of refused) {
    expect(errorOf(call)).toMatchObject({ code: 'ERR_INVALID_OPTION', message });
  }
});

onEachDevice('an image has no frames before it but itself, and no other inputs', (device) => {
  using image = grays(6, 5, () => 0.5, device);
  Blend.add(image, { previous: 3, stages: pipeline().brightness(-0.25).stages });
  expect(reds(image)).toEqual(where(() => true, 0.75, 0));
  expect(errorOf(() => Blend.add(image, { input: 'b' }))).toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining('expected no named input, because there is none here'),
  });
  expect(reds(image)).toEqual(where(() => true, 0.75, 0));
});
