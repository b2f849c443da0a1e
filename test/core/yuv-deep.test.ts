/** More than 8 bits, and alpha planes: the standards' codes, greys, identity, filters on planes, and saturation. */
import { type FrameShape, pipeline } from 'framelane';
import { describe, expect } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import {
  bitsOf,
  convert,
  type Format,
  farthest,
  maxCodeOf,
  naturalFrame,
  newFrame,
  noiseFrame,
  planeIn,
  planesOf,
  runFrame,
  type Samples,
} from '../helpers/frames.ts';
import { makeImage } from '../helpers/image.ts';
import { imageFrom } from '../helpers/run.ts';
import { colorBars, colorSpaces, type Matrix, quantised, type Range } from '../reference/yuv.ts';

const depths = [8, 10, 12, 16] as const;
type Depth = (typeof depths)[number];

const yuv = (layout: '420' | '422' | '444', bits: Depth, alpha = false) =>
  `yuv${alpha ? 'a' : ''}${layout}p${bits === 8 ? '' : bits}` as Format;
const everyFormat: readonly Format[] = [
  'rgba8',
  'rgba16',
  ...depths.map((bits) => `gray${bits}` as const),
  ...depths.flatMap((bits) =>
    (['420', '422', '444'] as const).flatMap((layout) => [
      yuv(layout, bits),
      yuv(layout, bits, true),
    ]),
  ),
];
const oddSizes = [
  [1, 1],
  [5, 3],
  [67, 51],
  [259, 7],
] as const;
const space = { matrix: 'bt709', range: 'limited' } as const;

/** Opaque colours of 0..1 as a row of 16-bit RGBA. */
const rowOf = (colors: readonly (readonly number[])[]) =>
  Uint16Array.from(
    colors.flatMap(([r = 0, g = 0, b = 0]) => [r, g, b, 1].map((v) => Math.round(v * 65535))),
  );

for (const [index, { matrix, range }] of colorSpaces.entries()) {
  describe(`${matrix} ${range}`, () => {
    const row = (format: Format, width: number): FrameShape => ({
      format,
      width,
      height: 1,
      matrix,
      range,
    });
    const bars = colorBars.map((bar) => bar.slice(0, 3).map((v) => v / 255));
    const codes = (colors: readonly (readonly number[])[], bits: number) =>
      [0, 1, 2].flatMap((plane) =>
        colors.map(
          (rgb) => quantised(rgb, matrix as Matrix, range as Range, bits)[plane] as number,
        ),
      );

    onEachDevice('colour bars are the codes of H.273 at every depth', (device) => {
      for (const bits of depths) {
        const format = yuv('444', bits);
        const input = rowOf(bars);
        const received = convert(input, row('rgba16', bars.length), { format }, device);
        // 8.3: round(v), a chroma of full scale cut off at the largest code.
        expect(farthest(received, codes(bars, bits)), format).toBeLessThanOrEqual(1);
      }
      const table = [0, 1, 2].flatMap((plane) =>
        colorBars.map((bar) => bar[3 + 3 * index + plane] as number),
      );
      const received = convert(
        rowOf(bars),
        row('rgba16', bars.length),
        { format: 'yuv444p' },
        device,
      );
      expect(farthest(received, table)).toBeLessThanOrEqual(1);
    });

    onEachDevice('every grey has neutral chroma at every depth, and comes back', (device) => {
      const grays = Array.from({ length: 1024 }, (_, v) => [v / 1023, v / 1023, v / 1023]);
      for (const bits of depths) {
        const format = yuv('444', bits);
        const received = convert(rowOf(grays), row('rgba16', 1024), { format }, device);
        const chroma = new Set(received.subarray(1024));
        expect(chroma, format).toEqual(new Set([2 ** (bits - 1)]));
        const gray = `gray${bits}` as const;
        const luma = convert(rowOf(grays), row('rgba16', 1024), { format: gray }, device);
        expect(farthest(luma, received.subarray(0, 1024)), gray).toBe(0);
        for (const [frame, from] of [
          [received, format],
          [luma, gray],
        ] as const) {
          const back = convert(frame, row(from, 1024), { format: 'rgba16' }, device);
          // Half a code of luma, in 16 bits, and half a code of the result.
          const step = 65535 / (range === 'limited' ? 219 * 2 ** (bits - 8) : 2 ** bits - 1);
          expect(farthest(back, rowOf(grays)), from).toBeLessThanOrEqual(step / 2 + 1);
        }
        const asYuv = convert(luma, row(gray, 1024), { format }, device);
        expect(farthest(asYuv, received), `${gray} to ${format}`).toBe(0);
      }
    });

    onEachDevice('gray has no colour at any code, even halfway between two codes', (device) => {
      for (const bits of [8, 10, 12, 16] as const) {
        const gray = `gray${bits}` as const;
        const codes = Array.from(
          { length: 2 ** Math.min(bits, 12) },
          (_, code) => code << (bits - Math.min(bits, 12)),
        );
        const luma = bits === 8 ? Uint8Array.from(codes) : Uint16Array.from(codes);
        const rgba = convert(luma, row(gray, codes.length), { format: 'rgba8' }, device);
        const tinted = codes.filter((_, at) => new Set(rgba.subarray(4 * at, 4 * at + 3)).size > 1);
        expect(tinted, gray).toEqual([]);
      }
    });

    onEachDevice('a lattice of colours survives the round trip in 10 and 12 bits', (device) => {
      const steps = Array.from({ length: 9 }, (_, i) => i / 8);
      const lattice = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => [r, g, b])));
      for (const bits of [10, 12] as const) {
        const shape = row(yuv('444', bits), lattice.length);
        const from = row('rgba16', lattice.length);
        const there = convert(rowOf(lattice), from, { format: shape.format }, device);
        const back = convert(there, shape, { format: 'rgba16' }, device);
        // What half a code of luma and of chroma is worth in blue, where it is most.
        const code = 65535 / (219 * 2 ** (bits - 8));
        expect(farthest(back, rowOf(lattice)), `${bits} bits`).toBeLessThanOrEqual(1.5 * code);
      }
    });
  });
}

describe('what goes in comes out', () => {
  onEachDevice('every format at odd sizes through a pass that changes no pixel', (device) => {
    using aside = imageFrom(makeImage({ width: 2, height: 2 }), 'f32', device);
    const look = pipeline().blend({ source: aside, offsetX: 5000 });
    for (const format of everyFormat) {
      for (const [width, height] of oddSizes) {
        for (const chromaLocation of ['left', 'center', 'topLeft'] as const) {
          const shape = { format, width, height, chromaLocation, ...space } as const;
          const frame = noiseFrame(shape);
          const received = runFrame(look, frame, shape, { device });
          for (const plane of planesOf(shape)) {
            // Codes that are no colour of 0..1 come back too: nothing is cut off between load and store.
            const difference = farthest(planeIn(received, plane), planeIn(frame, plane));
            // 24 bits of a float, through two matrices, are next to nothing up to 12 bits, and less than a code in 16.
            const allowed =
              bitsOf(format) === 16 && plane.kind !== 'alpha' && format !== 'rgba16' ? 1 : 0;
            expect(difference, `${format} ${width}x${height} ${plane.kind}`).toBeLessThanOrEqual(
              allowed,
            );
          }
        }
      }
    }
  });

  onEachDevice('more bits and back', (device) => {
    for (const layout of ['420', '422', '444'] as const) {
      for (const alpha of [false, true]) {
        const [width, height] = [67, 51];
        const shape = { format: yuv(layout, 8, alpha), width, height, ...space } as const;
        const frame = noiseFrame(shape);
        for (const bits of [10, 12, 16] as const) {
          const deep = yuv(layout, bits, alpha);
          const there = convert(frame, shape, { format: deep }, device);
          for (const [i, plane] of planesOf(shape).entries()) {
            const scale = plane.kind === 'alpha' ? (2 ** bits - 1) / 255 : 2 ** (bits - 8);
            const expected = planeIn(frame, plane);
            const received = planeIn(there, planesOf({ ...shape, format: deep })[i] as never);
            const exact = Array.from(expected, (v) => Math.round(v * scale));
            expect(farthest(received, exact), `${deep} plane ${i}`).toBe(0);
          }
          const back = convert(there, { ...shape, format: deep }, { format: shape.format }, device);
          expect(farthest(back, frame), deep).toBe(0);
        }
      }
    }
  });
});

describe('alpha planes', () => {
  onEachDevice('alpha is loaded, stored, made and dropped', (device) => {
    for (const bits of depths) {
      for (const layout of ['420', '422', '444'] as const) {
        const [width, height] = [37, 21];
        const format = yuv(layout, bits, true);
        const shape = { format, width, height, ...space } as const;
        const frame = noiseFrame(shape, 3);
        const alphaOf = (samples: Samples, of: FrameShape) =>
          planeIn(samples, planesOf(of).at(-1) as never);
        const alpha = alphaOf(frame, shape);

        const rgba = convert(frame, shape, { format: 'rgba16' }, device);
        const exact = Array.from(alpha, (v) => (v * 65535) / maxCodeOf(format));
        expect(
          farthest(
            rgba.filter((_, i) => i % 4 === 3),
            exact,
          ),
          format,
        ).toBeLessThanOrEqual(0.51);
        const back = convert(rgba, { ...shape, format: 'rgba16' }, { format }, device);
        expect(farthest(alphaOf(back, shape), alpha), format).toBe(0);

        const half = runFrame(pipeline().opacity(0.5), frame, shape, { device });
        expect(
          farthest(
            alphaOf(half, shape),
            Array.from(alpha, (v) => v / 2),
          ),
        ).toBeLessThanOrEqual(0.51);

        const opaque = { ...shape, format: yuv(layout, bits) };
        const made = convert(noiseFrame(opaque), opaque, { format }, device);
        expect(new Set(alphaOf(made, shape)), format).toEqual(new Set([maxCodeOf(format)]));
      }
    }
  });

  onEachDevice('what a crop reveals is transparent black', (device) => {
    const shape = { format: 'yuva420p10', width: 8, height: 8, ...space } as const;
    const look = pipeline().crop({ x: 8, y: 8, width: 4, height: 4 });
    const received = runFrame(look, noiseFrame(shape), shape, { device });
    const output = { ...shape, width: 4, height: 4 };
    const values = planesOf(output).map((plane) => [...new Set(planeIn(received, plane))]);
    expect(values).toEqual([[64], [512], [512], [0]]);
  });

  onEachDevice('dropped alpha is seen through to black', (device) => {
    const shape = { format: 'yuva444p12', width: 3, height: 1, ...space } as const;
    const frame = newFrame(shape);
    const white = [3760, 2048, 2048];
    for (let plane = 0; plane < 3; plane++)
      frame.fill(white[plane] as number, 3 * plane, 3 * plane + 3);
    frame.set([0, 2048, 4095], 9);
    const received = convert(frame, shape, { format: 'yuv444p12' }, device);
    const expected = [0, 2048 / 4095, 1].map((a) => 256 + a * (3760 - 256));
    expect(farthest(received, [...expected, ...Array(6).fill(2048)])).toBeLessThanOrEqual(0.51);
  });

  onEachDevice('a filter weighs colours by alpha', (device) => {
    const shape = { format: 'yuva444p10', width: 40, height: 5, ...space } as const;
    const frame = naturalFrame(shape, device);
    const alpha = planesOf(shape).at(-1) as never;
    planeIn(frame, alpha).fill(0);
    const clear = runFrame(pipeline().gaussianBlur(3), frame, shape, { device });
    expect(new Set(planeIn(clear, alpha))).toEqual(new Set([0]));
    planeIn(frame, alpha).fill(1023);
    const opaque = runFrame(pipeline().gaussianBlur(3), frame, shape, { device });
    const plain = { ...shape, format: 'yuv444p10' } as const;
    const colors = frame.subarray(0, newFrame(plain).length);
    const expected = runFrame(pipeline().gaussianBlur(3), colors.slice(), plain, { device });
    expect(farthest(opaque.subarray(0, expected.length), expected)).toBeLessThanOrEqual(1);
  });
});

/** Gaussian weights as docs/ops.md defines them, along one axis with clamped edges. */
function blurred(plane: Float64Array, width: number, height: number, radius: number): Float64Array {
  const sigma = radius / 3;
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  const clamp = (v: number, count: number) => Math.min(count - 1, Math.max(0, v));
  const along = (from: Float64Array, dx: number, dy: number) =>
    from.map((_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return weights.reduce((total, weight, k) => {
        const at =
          clamp(y + dy * (k - radius), height) * width + clamp(x + dx * (k - radius), width);
        return total + (weight / sum) * (from[at] as number);
      }, 0);
    });
  return along(along(plane, 1, 0), 0, 1);
}

describe('filters on 16-bit planes', () => {
  onEachDevice('a blur is the brute-force sum, at every depth and size', (device) => {
    for (const format of ['gray10', 'yuv444p12', 'yuv444p16'] as const) {
      for (const [width, height] of oddSizes) {
        for (const radius of [2, 7]) {
          const shape = { format, width, height, ...space } as const;
          const frame = noiseFrame(shape);
          const received = runFrame(pipeline().gaussianBlur(radius), frame, shape, { device });
          for (const plane of planesOf(shape)) {
            const exact = blurred(Float64Array.from(planeIn(frame, plane)), width, height, radius);
            // In 16 bits a float's sum of 225 products is 0.05 of a code off.
            const text = `${format} ${width}x${height} radius ${radius}`;
            expect(farthest(planeIn(received, plane), exact), text).toBeLessThanOrEqual(0.6);
          }
        }
      }
    }
  });

  onEachDevice('filters work on planes, and agree with those on floats', (device) => {
    for (const look of [
      pipeline().gaussianBlur({ sigma: 12 }),
      pipeline().resize({ width: 41, height: 33, method: 'bicubic' }),
      pipeline().resize({ width: 150, height: 90 }),
      pipeline().resize({ width: 67, height: 20, method: 'bilinear' }),
      pipeline().resize({ width: 90, height: 51, method: 'nearest' }),
    ]) {
      for (const format of ['gray10', 'gray16', 'yuv444p10', 'yuv444p12'] as const) {
        const shape = { format, width: 67, height: 51, ...space } as const;
        const frame = naturalFrame(shape, device);
        const planes = runFrame(look, frame, shape, { device });
        const throughRgb = runFrame(look, frame, shape, { device, planar: false });
        expect(farthest(planes, throughRgb), format).toBeLessThanOrEqual(1);
        const bits = 2 ** (bitsOf(format) - 8);
        const coarse = {
          ...shape,
          format: format.startsWith('gray') ? 'gray8' : 'yuv444p',
        } as const;
        const eight = runFrame(
          look,
          Uint8Array.from(frame, (v) => Math.round(v / bits) | 0),
          coarse,
          { device },
        );
        // The 8-bit frame is half a code off, in every sample.
        expect(
          farthest(
            planes,
            Array.from(eight, (v) => v * bits),
          ),
          format,
        ).toBeLessThanOrEqual(2 * bits);
      }
    }
  });

  onEachDevice('overshoot is cut off at the largest code of the depth', (device) => {
    for (const bits of depths) {
      const shape = { format: `gray${bits}`, width: 32, height: 3, ...space } as const;
      const frame = newFrame(shape).map((_, i) => (i % 32 < 16 ? 0 : 2 ** bits - 1));
      const look = pipeline().resize({ width: 96, height: 3, method: 'lanczos' });
      const received = runFrame(look, frame, shape, { device });
      expect(Math.max(...received)).toBe(2 ** bits - 1);
      expect(Math.min(...received)).toBe(0);
    }
  });
});

describe('saturation', () => {
  onEachDevice('floats beyond the range, infinities and NaN', (device) => {
    // An infinite channel leaves the others of its pixel undefined (0 times it in the matrix), but not alpha.
    const values = [Number.NaN, 9, -9, 0.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const input = Float32Array.from(values.flatMap((v) => [v, v, v, v]));
    const shape = { format: 'rgbaf32', width: 6, height: 1, ...space } as const;
    const deep = convert(input, shape, { format: 'rgba16' }, device);
    const expected = [0, 65535, 0, 32768].flatMap((v) => [v, v, v, v]);
    expect(Array.from(deep.subarray(0, 16))).toEqual(expected);
    expect([deep[19], deep[23]]).toEqual([65535, 0]);
    for (const bits of depths) {
      const top = 2 ** bits - 1;
      const luma = convert(input, shape, { format: `gray${bits}`, range: 'full' }, device);
      expect([luma[0], luma[1], luma[2]], `gray${bits}`).toEqual([0, top, top]); // times alpha
      const planes = convert(input, shape, { format: yuv('420', bits, true) }, device);
      expect(Math.max(...planes), `${bits} bits`).toBeLessThanOrEqual(top);
      const alpha = planes.subarray(-6);
      expect(Array.from(alpha)).toEqual([0, top, 0, (top + 1) / 2, top, 0]);
    }
  });
});
