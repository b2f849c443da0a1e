/** Every row of the table, on every device, on both element types and at awkward sizes, against its reference. */
import { type AnyImage, type DeviceId, ops } from 'framelane';
import { describe, expect, it } from 'vitest';
import type { OpDeclaration } from '../../src/schema/declaration.ts';
import { onEachDevice } from '../helpers/devices.ts';
import {
  describeWorst,
  type Element,
  makeImage,
  maxDifference,
  nearest,
  type Pixels,
  pixelsFrom,
  type Size,
  samplesOf,
  sizeText,
} from '../helpers/image.ts';
import {
  expectSameSamples,
  findMethod,
  imageFrom,
  isInPlace,
  newImage,
  optionsText,
  pixelsIn,
  roomyImageFrom,
  samplesIn,
} from '../helpers/run.ts';
import { knownAnswers } from '../reference/known-answers.ts';
import { type OpRow, opRows } from './table.ts';

const sizes: readonly Size[] = [
  { width: 1, height: 1 },
  { width: 1, height: 7 },
  { width: 7, height: 1 },
  { width: 37, height: 23 },
  { width: 256, height: 256 },
  { width: 613, height: 41 }, // wider than a CPU strip, and no multiple of anything
];

interface Case {
  readonly row: OpRow;
  readonly input: Pixels;
  readonly element: Element;
  readonly overlay: Pixels | undefined;
}

const pictures = new Map<string, Pixels>();

function pictureOf(size: Size, element: Element, seed: number): Pixels {
  const key = `${sizeText(size)} ${element} ${seed}`;
  const picture = pictures.get(key) ?? makeImage(size, { element, seed });
  pictures.set(key, picture);
  return picture;
}

const casesOf = (row: OpRow, element: Element): Case[] =>
  sizes
    .filter(({ width, height }) => width * height <= (row.maxPixels ?? Number.POSITIVE_INFINITY))
    .map((size) => ({
      row,
      element,
      input: pictureOf(size, element, 11),
      overlay: row.overlay && pictureOf(row.overlay, row.overlay.element, 12),
    }));

const expectedOf = new Map<string, Pixels[]>();

/** The references' answers, worked out once for all devices. */
function expectedFor({ row, input, element, overlay }: Case): Pixels[] {
  const key = `${opRows.indexOf(row)} ${element} ${sizeText(input)}`;
  const known = expectedOf.get(key);
  if (known) return known;
  const expected = row.references.map((reference) => reference(input, { ...row.options, overlay }));
  expectedOf.set(key, expected);
  return expected;
}

/** Calls the operation's method; `buffers` holds dst and temp. */
function call({ row, overlay }: Case, image: AnyImage, device: DeviceId, buffers = {}): AnyImage {
  const { method, rest } = findMethod(row.op, row.options);
  if (!row.overlay || !overlay) return method(image, { ...rest, ...buffers });
  using source = imageFrom(overlay, row.overlay.element, device);
  return method(image, { ...rest, source });
}

/** The result, made twice and in every way the operation allows; all must be the same to the last bit. */
function runEveryWay(one: Case, device: DeviceId): Pixels {
  const { row, input, element } = one;
  using image = imageFrom(input, element, device);
  using roomy = roomyImageFrom(input, element, device);
  if (isInPlace(row.op)) {
    expect(call(one, image, device)).toBe(image);
    const first = samplesIn(image);
    call(one, roomy, device);
    expectSameSamples(samplesIn(roomy), first, 'the second run');
    return pixelsIn(image);
  }
  using made = call(one, image, device);
  const first = samplesIn(made);
  using dst = newImage({ width: made.width + 2, height: made.height + 5 }, element, device);
  using temp = newImage({ width: 900, height: 700 }, 'f32', device);
  expect(call(one, roomy, device, { dst, temp })).toBe(dst);
  expect([dst.width, dst.height]).toEqual([made.width, made.height]);
  expectSameSamples(samplesIn(dst), first, 'the run into dst');
  expectSameSamples(samplesIn(image), samplesOf(input, element), 'the source');
  expectSameSamples(samplesIn(roomy), samplesOf(input, element), 'the source');
  return pixelsFrom(made, first);
}

function check(one: Case, device: DeviceId, expected: Pixels, received: Pixels, tolerance: number) {
  const { row, input, element } = one;
  const { dividesByAlpha = false, slack = () => 0 } = row;
  const worst = maxDifference(expected, received, { tolerance, element, dividesByAlpha, slack });
  const where = `${row.op} ${optionsText(row.options)} on ${device}, ${element}, ${sizeText(input)}`;
  expect(worst.excess, `${where}: ${describeWorst(worst)}`).toBeLessThanOrEqual(1);
}

for (const element of ['f32', 'u8'] as const) {
  describe(`${element} images`, () => {
    for (const row of opRows) {
      onEachDevice(`${row.op} ${optionsText(row.options)}`, (device) => {
        for (const one of casesOf(row, element)) {
          const received = runEveryWay(one, device);
          check(one, device, nearest(expectedFor(one), received), received, row.tolerance);
          // Where there are two right answers, each device may choose.
          if (device === 'cpu' || row.references.length > 1) continue;
          const tolerance = row.tolerance + (element === 'u8' ? 0.51 / 255 : 0);
          check(one, device, runEveryWay(one, 'cpu'), received, tolerance);
        }
      });
    }
  });
}

describe('known answers', () => {
  for (const { op, options, input, overlay, expected, width } of knownAnswers) {
    onEachDevice(`${op} ${optionsText(options)} of ${sizeText(input)}`, (device) => {
      using image = imageFrom(input, 'f32', device);
      using source = overlay && imageFrom(overlay, 'f32', device);
      const { method, rest } = findMethod(op, options);
      using result = method(image, source ? { ...rest, source } : rest);
      const output = pixelsIn(result);
      expect(output.width).toBe(width ?? input.width);
      for (const { x, y, color } of expected) {
        color.forEach((value, i) => {
          const index = (y * output.width + x) * 4 + i;
          expect(output.data[index], `channel ${i} of (${x}, ${y})`).toBeCloseTo(value, 5);
        });
      }
    });
  }
});

describe('flip', () => {
  for (const direction of ['horizontal', 'vertical', 'both']) {
    onEachDevice(`twice ${direction} is the image again`, (device) => {
      using image = imageFrom(makeImage({ width: 41, height: 12 }), 'f32', device);
      const { method, rest } = findMethod('flip', { direction });
      using once = method(image, rest);
      using twice = method(once, rest);
      expectSameSamples(samplesIn(twice), samplesIn(image));
    });
  }
});

it('every operation that changes images has a row', () => {
  const changing = Object.values<OpDeclaration>(ops).filter(({ pattern }) => pattern !== 'result');
  expect(new Set(opRows.map(({ op }) => op))).toEqual(new Set(changing.map(({ name }) => name)));
});
