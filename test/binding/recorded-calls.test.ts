/** Calls of the immediate API, which cross to the addon as numbers: they mean what the same stage of a pipeline means. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  Adjust,
  type AnyImage,
  apply,
  Blend,
  convertU8ToFloat,
  copy,
  download,
  Effect,
  Filter,
  Image,
  ImageU8,
  Lut,
  ops,
  Transform,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { handleOf, idOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeImage } from '../helpers/image.ts';
import {
  expectSameSamples,
  findMethod,
  imageFrom,
  isInPlace,
  optionsText,
  pipelineOf,
  samplesIn,
} from '../helpers/run.ts';
import { opRows } from '../ops/table.ts';

type Call = (image: AnyImage, ...args: unknown[]) => AnyImage;
type Options = Readonly<Record<string, unknown>>;

const cpu = { device: 'cpu' } as const;
const size = { width: 37, height: 23 };

/** The arguments of a method by which a value can be given: in the options, and before them. */
function argumentsOf(op: string, options: Options): (readonly unknown[])[] {
  const { primary } = ops[op as keyof typeof ops] as { primary?: string };
  if (primary === undefined || !Object.hasOwn(options, primary)) return [[options]];
  const { [primary]: value, ...rest } = options;
  const isAlone = Object.keys(rest).length === 0;
  return [[options], [value, rest], ...(isAlone ? [[value]] : [])];
}

describe('a call, with options and by position, is the stage of a pipeline', () => {
  for (const element of ['f32', 'u8'] as const) {
    for (const { op, options, overlay } of opRows) {
      onEachDevice(`${op} ${optionsText(options)} of ${element}`, (device) => {
        using source = imageFrom(makeImage(size, { element }), element, device);
        using over = overlay && imageFrom(makeImage(overlay, overlay), overlay.element, device);
        const operands = over ? { source: over } : {};
        using expected = apply(pipelineOf({ op, ...options, ...operands }), source);
        const { method, rest } = findMethod(op, options);
        for (const args of argumentsOf(op, { ...rest, ...operands })) {
          using image = imageFrom(makeImage(size, { element }), element, device);
          using result = (method as Call)(image, ...args);
          expect(result === image).toBe(isInPlace(op));
          expect([result.width, result.height]).toEqual([expected.width, expected.height]);
          expectSameSamples(samplesIn(result), samplesIn(expected), `${args.length} arguments`);
        }
      });
    }
  }
});

describe('an image is found by its number', () => {
  it('never the one that has the place of another that was freed', () => {
    const image = new Image(4, 4, cpu);
    const number = idOf(image);
    image.free();
    using heir = new Image(4, 4, cpu);
    heir.asPinned().fill(0.5);
    const before = samplesIn(heir);
    expect(idOf(heir)).not.toBe(number);
    for (const use of [
      () => Adjust.brightness(image, 1),
      () => Filter.gaussianBlur(heir, { dst: image }),
      () => Filter.gaussianBlur(heir, { temp: image }),
      () => Blend.normal(heir, image),
      () => copy(image, heir),
      () => copy(heir, image),
      () => image.width,
      () => image.height,
    ]) {
      expect(errorOf(use), String(use)).toMatchObject({ code: 'ERR_DISPOSED' });
    }
    image.free();
    expectSameSamples(samplesIn(heir), before);
  });

  it('and a place is used again: 100,000 images made and freed take no more than a few', () => {
    const places = new Set<number>();
    for (let i = 0; i < 100_000; i++) {
      const image = new ImageU8(1, 1, cpu);
      places.add(idOf(image) % 2 ** 24);
      image.free();
    }
    expect(places.size).toBeLessThan(4);
  });

  it('as long as anybody holds the image, or its handle: stages do', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const handle = handleOf(imageFrom(makeImage(size), 'f32', 'cpu'));
    for (let i = 0; i < 3; i++) {
      collect();
      new ImageU8(1, 1, cpu).free(); // who allocates frees the dead
    }
    expect(handle.width).toBe(size.width);
  });

  it('what was never a number of an image is none', () => {
    const { opId, record } = addon();
    using image = new Image(1, 1, cpu);
    for (const number of [0, 1, -1, 0.5, 2 ** 24 - 1, 2 ** 52, 2 ** 53, Number.NaN, 1e300]) {
      const error = errorOf(() => record(opId('invert'), number, idOf(image), 0, 0));
      expect(error, String(number)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
  });
});

describe('values', () => {
  it('of one call are not left for the next', () => {
    using image = imageFrom(makeImage(size), 'f32', 'cpu');
    using expected = Filter.gaussianBlur(image);
    Effect.vignette(imageFrom(makeImage(size), 'f32', 'cpu'), 0.2, { softness: 7 }).free();
    using result = Filter.gaussianBlur(image);
    expectSameSamples(samplesIn(result), samplesIn(expected));
  });

  it('are read before any is passed on: a getter may call', () => {
    using image = imageFrom(makeImage(size), 'f32', 'cpu');
    using other = imageFrom(makeImage(size), 'f32', 'cpu');
    using expected = imageFrom(makeImage(size), 'f32', 'cpu');
    const options = {
      radius: 0.5,
      get softness() {
        Adjust.hue(other, 90);
        return 0.25;
      },
    };
    Effect.vignette(image, options);
    Effect.vignette(expected, { radius: 0.5, softness: 0.25 });
    expectSameSamples(samplesIn(image), samplesIn(expected));
  });

  it('that a prototype holds are not the options', () => {
    using image = imageFrom(makeImage(size), 'f32', 'cpu');
    using expected = imageFrom(makeImage(size), 'f32', 'cpu');
    Effect.vignette(image, Object.create({ radius: 0.1 }));
    Effect.vignette(expected);
    expectSameSamples(samplesIn(image), samplesIn(expected));
  });

  it('by position win over those of the same name', () => {
    using image = imageFrom(makeImage(size), 'f32', 'cpu');
    using expected = imageFrom(makeImage(size), 'f32', 'cpu');
    const both = { factor: 'not looked at' } as unknown as object;
    Adjust.brightness(image, 0.25, both);
    Adjust.brightness(expected, 0.25);
    expectSameSamples(samplesIn(image), samplesIn(expected));
  });

  // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
  const wrong: readonly [string, (image: any, other: any) => unknown, string, RegExp][] = [
    [
      'none',
      (i) => (Adjust.brightness as Call)(i),
      'factor',
      /brightness expects a number, .*nothing/,
    ],
    ['no number', (i) => Adjust.brightness(i, '1' as never), 'factor', /a number, received "1"/],
    ['NaN', (i) => Adjust.gamma(i, Number.NaN), 'gamma', /a number above 0.001, received NaN/],
    ['out of range', (i) => Adjust.opacity(i, -1), 'factor', /of at least 0, received -1/],
    ['misspelt', (i) => Effect.vignette(i, { radus: 1 } as never), 'radus', /radius/],
    ['misspelt, second', (i) => Effect.vignette(i, 1, { colour: 1 } as never), 'colour', /color/],
    ['no dst', (i, o) => Adjust.brightness(i, 1, { dst: o } as never), 'dst', /no option "dst"/],
    ['no such value', (i) => Transform.flip(i, 'vertikal' as never), 'direction', /vertical/],
    ['decided', (i, o) => Blend.add(i, o, { mode: 'add' } as never), 'mode', /already sets/],
    ['a path', (i) => Blend.add(i, { image: 'a.png' }), 'stages[0].source', /"a.png"; load it/],
    ['a LUT path', (i) => Adjust.lut3d(i, 'a.cube'), 'stages[0].lut', /"a.cube"; load it/],
    ['auto', (i) => Adjust.toneMap(i), 'stages[0].from', /an untagged one/],
    ['options twice', (i) => (Adjust.brightness as Call)(i, 1, 2), 'options', /expects an object/],
  ];

  it.each(wrong)('%s is refused', (_, use, path, message) => {
    using image = imageFrom(makeImage(size), 'f32', 'cpu');
    using other = new Image(2, 2, cpu);
    const before = samplesIn(image);
    const error = errorOf(() => use(image, other));
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', path });
    expect(error.message).toMatch(message);
    expectSameSamples(samplesIn(image), before);
  });

  it('an image of none, and one for a table, are arguments', () => {
    using image = new Image(2, 2, cpu);
    for (const use of [
      () => Blend.normal(image, new Date() as never),
      () => Adjust.lut3d(image, new Date() as never),
      () => Adjust.brightness(new Date() as never, 1),
    ]) {
      expect(errorOf(use), String(use)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
  });
});

it('a LUT is put on the device at the first call, and found there at the next', () => {
  const lut = new Lut({ dimensions: 1, size: 2, entries: [1, 1, 1, 0, 0, 0] });
  using image = imageFrom(makeImage(size), 'f32', 'cpu');
  const before = samplesIn(image);
  Adjust.lut3d(image, lut);
  Adjust.lut3d(image, lut);
  const clamped = Float32Array.from(before, (v, i) =>
    i % 4 === 3 ? v : Math.min(1, Math.max(0, v)),
  );
  samplesIn(image).forEach((v, i) => {
    expect(v).toBeCloseTo(clamped[i] as number, 5);
  });
});

it('images of numbers convert and copy', () => {
  using bytes = new ImageU8(2, 1, cpu);
  using image = new Image(8, 8, cpu);
  using copied = new Image(8, 8, cpu);
  bytes.asPinned().set([0, 51, 102, 153, 204, 255, 0, 255]);
  convertU8ToFloat(image, bytes);
  copy(copied, image);
  expect([copied.width, copied.height]).toEqual([2, 1]);
  const samples = download(copied);
  [0, 0.2, 0.4, 0.6, 0.8, 1, 0, 1].forEach((v, i) => {
    expect(samples[i]).toBeCloseTo(v, 6);
  });
});
