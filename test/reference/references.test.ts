/** The references themselves: against answers worked out by hand, against libvips, and against FFmpeg. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  at,
  describeWorst,
  makeImage,
  makeNaturalImage,
  mapPixels,
  maxDifference,
  type Pixels,
  pixelsFrom,
  premultipliedDifference,
  samplesOf,
} from '../helpers/image.ts';
import { ffmpegFilter } from '../helpers/programs.ts';
import { opRows } from '../ops/table.ts';
import { blend } from './blend.ts';
import { gaussianBlur, gaussianBlurInPasses } from './gaussian-blur.ts';
import { knownAnswers } from './known-answers.ts';
import { resize } from './resize.ts';
import { crop, flip } from './transform.ts';
import { colorBars, colorSpaces, rgbFromYuv, yuvFromRgb } from './yuv.ts';

const expectClose = (expected: Pixels, received: Pixels, tolerance: number) => {
  const worst = maxDifference(expected, received, { tolerance });
  expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
};

describe('known answers', () => {
  it.each(
    knownAnswers.map(
      (answer, i) => [`${i} ${answer.op} ${JSON.stringify(answer.options)}`, answer] as const,
    ),
  )('%s', (_, { op, options, input, overlay, expected }) => {
    const row = opRows.find((candidate) => candidate.op === op);
    for (const reference of row?.references ?? []) {
      const output = reference(input, { ...options, overlay });
      for (const { x, y, color } of expected) {
        color.forEach((value, i) => {
          expect(at(output, x, y)[i], `channel ${i} of (${x}, ${y})`).toBeCloseTo(value, 5);
        });
      }
    }
    expect(row?.references.length).toBeGreaterThan(0);
  });
});

const size = { width: 96, height: 72 };
const opaque = makeNaturalImage(size, 3);

/** Three channels of 8 bits: libvips then has no alpha to think about. */
const rgbOf = (image: Pixels) => samplesOf(image, 'u8').filter((_, i) => i % 4 !== 3) as Uint8Array;

function pixelsFromRgb(width: number, height: number, rgb: Uint8Array): Pixels {
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (rgb[Math.floor(i / 4) * 3 + (i % 4)] as number),
  );
  return pixelsFrom({ width, height }, rgba);
}

/** The middle of a picture: libvips repeats the edge where we leave out what is missing. */
const inner = (image: Pixels, border: number) =>
  crop(image, {
    x: border,
    y: border,
    width: image.width - 2 * border,
    height: image.height - 2 * border,
  });

const clamped = (image: Pixels) =>
  mapPixels(
    image,
    (pixel) => pixel.map((v) => Math.min(1, Math.max(0, v))) as unknown as typeof pixel,
  );

describe('libvips', () => {
  const raw = { raw: { ...size, channels: 3 } } as const;

  // Ratios whose positions are exact in libvips' tables, and below its own box shrink.
  it.each([
    ['bilinear', 'linear', 48, 36, 3],
    ['bicubic', 'cubic', 48, 36, 4],
    ['bicubic', 'cubic', 64, 54, 4],
    ['bicubic', 'cubic', 32, 24, 4],
    ['lanczos', 'lanczos3', 48, 36, 5],
    ['lanczos', 'lanczos3', 32, 24, 5],
    ['nearest', 'nearest', 32, 24, 0],
  ] as const)('resize %s is its %s to %ix%i', async (method, kernel, width, height, border) => {
    const theirs = await sharp(rgbOf(opaque), raw)
      .resize(width, height, { kernel, fit: 'fill' })
      .raw()
      .toBuffer();
    const ours = clamped(resize(opaque, { width, height, method }));
    expectClose(
      inner(ours, border),
      inner(pixelsFromRgb(width, height, theirs), border),
      1.6 / 255,
    );
  });

  it.each([
    [1, 3],
    [2.5, 8],
    [6, 18],
  ])('gaussianBlur is its gaussblur, sigma %f', async (sigma, radius) => {
    const minAmplitude = Math.exp(-((radius + 0.5) ** 2) / (2 * sigma ** 2));
    const options = { sigma, minAmplitude, precision: 'float' } as const;
    const theirs = pixelsFromRgb(
      96,
      72,
      await sharp(rgbOf(opaque), raw).blur(options).raw().toBuffer(),
    );
    expectClose(gaussianBlur(opaque, { sigma }), theirs, 1.6 / 255);
  });

  it.each([
    ['normal', 'over'],
    ['multiply', 'multiply'],
    ['screen', 'screen'],
    ['overlay', 'overlay'],
    ['hardLight', 'hard-light'],
    ['softLight', 'soft-light'],
  ] as const)('blend %s is its composite %s', async (mode, theirName) => {
    // Its modes but `over` mix premultiplied colours, which is the W3C text only where both are opaque.
    const opaque = mode !== 'normal';
    const base = makeImage(size, { element: 'u8', seed: 5, opaque });
    const overlay = makeImage({ width: 40, height: 30 }, { element: 'u8', seed: 6, opaque });
    const input = {
      input: Buffer.from(samplesOf(overlay, 'u8')),
      raw: { width: 40, height: 30, channels: 4 },
    } as const;
    const theirs = await sharp(samplesOf(base, 'u8'), { raw: { ...size, channels: 4 } })
      .composite([{ ...input, left: 17, top: 9, blend: theirName }])
      .raw()
      .toBuffer();
    const ours = blend(base, overlay, { mode, offsetX: 17, offsetY: 9 });
    const worst = premultipliedDifference(ours, pixelsFrom(size, theirs), 2.1 / 255);
    expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
  });
});

describe('FFmpeg', () => {
  const rgba = samplesOf(opaque, 'u8') as Uint8Array;

  // Its bicubic is another one, Mitchell's.
  it.each([
    ['bilinear', 192, 144, 4],
    ['lanczos', 192, 144, 8],
    ['bilinear', 131, 50, 4],
    ['lanczos', 61, 101, 8],
    ['lanczos', 29, 17, 5],
  ] as const)('resize %s is its zscale to %ix%i', (method, width, height, border) => {
    const filter = `format=gbrp,zscale=w=${width}:h=${height}:filter=${method},format=rgba`;
    const theirs = pixelsFrom({ width, height }, ffmpegFilter(rgba, size, filter));
    const ours = clamped(resize(opaque, { width, height, method }));
    expectClose(inner(ours, border), inner(theirs, border), 1.1 / 255);
  });

  it.each([
    ['horizontal', 'hflip'],
    ['vertical', 'vflip'],
    ['both', 'hflip,vflip'],
  ])('flip %s is its %s', (direction, filter) => {
    expectClose(
      flip(opaque, { direction }),
      pixelsFrom(size, ffmpegFilter(rgba, size, filter)),
      1e-9,
    );
  });

  it('crop is its crop', () => {
    const rectangle = { x: 13, y: 7, width: 31, height: 40 };
    const theirs = ffmpegFilter(rgba, size, 'crop=31:40:13:7');
    expectClose(crop(opaque, rectangle), pixelsFrom(rectangle, theirs), 1e-9);
  });

  it('crop beyond the edge is its pad with transparent black', () => {
    const rectangle = { x: -5, y: -3, width: 110, height: 90 };
    const theirs = ffmpegFilter(rgba, size, 'pad=110:90:5:3:color=black@0');
    expectClose(crop(opaque, rectangle), pixelsFrom(rectangle, theirs), 1e-9);
  });
});

describe('one reference against another', () => {
  it('the Gaussian in two passes is the Gaussian over the square', () => {
    const image = makeImage({ width: 23, height: 17 });
    const options = { radius: 6, sigma: 2.5 };
    const worst = maxDifference(
      gaussianBlur(image, options),
      gaussianBlurInPasses(image, options),
      {
        tolerance: 1e-12,
        dividesByAlpha: true,
      },
    );
    expect(worst.excess, describeWorst(worst)).toBeLessThanOrEqual(1);
  });

  it('YUV gives the table of the standards, and RGB back', () => {
    for (const [index, { matrix, range }] of colorSpaces.entries()) {
      for (const bar of colorBars) {
        const rgb = bar.slice(0, 3).map((v) => v / 255) as [number, number, number];
        const codes = yuvFromRgb(rgb, matrix, range);
        const rounded = codes.map((v) => Math.min(255, Math.floor(v + 0.5)));
        expect(rounded, `${rgb} in ${matrix} ${range}`).toEqual(
          bar.slice(3 + 3 * index, 6 + 3 * index),
        );
        rgbFromYuv(codes, matrix, range).forEach((v, i) => {
          expect(v).toBeCloseTo(rgb[i] as number, 12);
        });
      }
    }
  });
});
