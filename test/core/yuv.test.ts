/** Frames in and out of RGB: the table of the standards, greys, round trips, chroma, and FFmpeg as a second opinion. */
import { compilePlan, type DeviceId, type FrameShape, frameBytes, pipeline } from 'framelane';
import { describe, expect } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { makeImage, makeNaturalImage, psnr, samplesOf } from '../helpers/image.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { colorBars, colorSpaces, rgbFromYuv } from '../reference/yuv.ts';

type Format = FrameShape['format'];
type Space = Pick<FrameShape, 'matrix' | 'range'>;

function convert(
  bytes: Uint8Array,
  from: FrameShape,
  to: Format,
  device: DeviceId,
  space: Partial<Space> = {},
) {
  const plan = compilePlan(pipeline(), from, { device, output: { format: to, ...space } });
  const output = new Uint8Array(frameBytes(plan.output));
  plan.run(bytes, output);
  return output;
}

const farthest = (a: Uint8Array, b: ArrayLike<number>) =>
  a.reduce((most, code, i) => Math.max(most, Math.abs(code - (b[i] as number))), 0);

/** A row of colours as RGBA. */
const rowOf = (colors: readonly (readonly number[])[]) =>
  Uint8Array.from(colors.flatMap((c) => [...c.slice(0, 3), 255]));

for (const [index, space] of colorSpaces.entries()) {
  describe(`${space.matrix} ${space.range}`, () => {
    const shape = (format: Format, width: number, height = 1): FrameShape => ({
      format,
      width,
      height,
      ...space,
    });
    const count = colorBars.length;
    const codes = (plane: number) => colorBars.map((bar) => bar[3 + 3 * index + plane] as number);
    const planes = Uint8Array.from([0, 1, 2].flatMap(codes));

    onEachDevice('colour bars to yuv444p are the table', (device) => {
      const received = convert(rowOf(colorBars), shape('rgba8', count), 'yuv444p', device);
      expect(farthest(received, planes)).toBeLessThanOrEqual(1);
    });

    onEachDevice('the table from yuv444p is the colour bars', (device) => {
      const received = convert(planes, shape('yuv444p', count), 'rgba8', device);
      const exact = colorBars.map((_, i) =>
        rgbFromYuv(
          [codes(0)[i] as number, codes(1)[i] as number, codes(2)[i] as number],
          space.matrix,
          space.range,
        ),
      );
      const expected = exact.flatMap((rgb) => [
        ...rgb.map((v) => Math.min(255, Math.max(0, v * 255))),
        255,
      ]);
      expect(farthest(received, expected)).toBeLessThanOrEqual(0.501);
      // The codes were rounded, so the bars come back within what half a code of chroma is worth.
      expect(farthest(received, rowOf(colorBars))).toBeLessThanOrEqual(2);
    });

    onEachDevice('every grey has neutral chroma, and comes back', (device) => {
      const grays = Array.from({ length: 256 }, (_, v) => [v, v, v]);
      const received = convert(rowOf(grays), shape('rgba8', 256), 'yuv444p', device);
      expect(received.subarray(256)).toEqual(new Uint8Array(512).fill(128));
      const back = convert(received, shape('yuv444p', 256), 'rgba8', device);
      expect(farthest(back, rowOf(grays))).toBeLessThanOrEqual(1);
      const luma = convert(rowOf(grays), shape('rgba8', 256), 'gray8', device);
      expect(luma).toEqual(received.subarray(0, 256));
    });

    onEachDevice('a lattice of colours survives the round trip', (device) => {
      const steps = Array.from({ length: 18 }, (_, i) => i * 15);
      const lattice = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => [r, g, b])));
      const there = convert(rowOf(lattice), shape('rgba8', lattice.length), 'yuv444p', device);
      const back = convert(there, shape('yuv444p', lattice.length), 'rgba8', device);
      expect(farthest(back, rowOf(lattice))).toBeLessThanOrEqual(2);
    });
  });
}

describe('chroma planes', () => {
  const space = { matrix: 'bt709', range: 'limited', chromaLocation: 'center' } as const;

  onEachDevice(
    'chroma in the centre is the mean of the pixels it covers, also at an odd edge',
    (device) => {
      for (const [format, shiftX, shiftY] of [
        ['yuv420p', 1, 1],
        ['yuv422p', 1, 0],
      ] as const) {
        for (const [width, height] of [
          [6, 4],
          [5, 3],
          [1, 1],
          [1, 4],
          [7, 1],
        ] as const) {
          const noise = makeImage({ width, height }, { element: 'u8', opaque: true, seed: 8 });
          const image = samplesOf(noise, 'u8') as Uint8Array;
          const rgba = { format: 'rgba8', width, height, ...space } as const;
          const full = convert(image, rgba, 'yuv444p', device);
          const half = convert(image, rgba, format, device);
          const halfWidth = Math.ceil(width / 2 ** shiftX);
          const halfHeight = Math.ceil(height / 2 ** shiftY);
          expect(half.subarray(0, width * height)).toEqual(full.subarray(0, width * height));
          for (let plane = 0; plane < 2; plane++) {
            for (let y = 0; y < halfHeight; y++) {
              for (let x = 0; x < halfWidth; x++) {
                const covered: number[] = [];
                for (let j = y << shiftY; j < Math.min(height, (y + 1) << shiftY); j++) {
                  for (let i = x << shiftX; i < Math.min(width, (x + 1) << shiftX); i++) {
                    covered.push(full[width * height * (1 + plane) + j * width + i] as number);
                  }
                }
                const mean = covered.reduce((sum, v) => sum + v, 0) / covered.length;
                const code = half[
                  width * height + halfWidth * halfHeight * plane + y * halfWidth + x
                ] as number;
                expect(Math.abs(code - mean), `${format} ${width}x${height}`).toBeLessThanOrEqual(
                  1,
                );
              }
            }
          }
        }
      }
    },
  );

  // Interpolated and then averaged, a sample is 3/4 of itself and 1/8 of either neighbour, along both axes.
  onEachDevice(
    '4:2:0 to RGBA and back keeps luma, and chroma but for what lies between',
    (device) => {
      for (const [width, height] of [
        [64, 48],
        [63, 47],
        [613, 9],
      ] as const) {
        const rgba = { format: 'rgba8', width, height, ...space } as const;
        const frame = convert(
          samplesOf(makeNaturalImage({ width, height }, 9), 'u8') as Uint8Array,
          rgba,
          'yuv420p',
          device,
        );
        const there = convert(frame, { ...rgba, format: 'yuv420p' }, 'rgbaf32', device);
        const back = convert(there, { ...rgba, format: 'rgbaf32' }, 'yuv420p', device);
        const luma = width * height;
        expect(back.subarray(0, luma)).toEqual(frame.subarray(0, luma));
        const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
        for (const start of [luma, luma + columns * rows]) {
          const at = (x: number, y: number) =>
            frame[
              start +
                Math.min(rows - 1, Math.max(0, y)) * columns +
                Math.min(columns - 1, Math.max(0, x))
            ] as number;
          const kernel = [0.125, 0.75, 0.125];
          // The last column of an odd frame is a quarter before its sample and has no pixel behind.
          for (let y = 0; y < rows - (height % 2); y++) {
            for (let x = 0; x < columns - (width % 2); x++) {
              const expected = kernel.reduce(
                (sum, v, j) =>
                  sum + kernel.reduce((row, w, i) => row + v * w * at(x + i - 1, y + j - 1), 0),
                0,
              );
              const received = back[start + y * columns + x] as number;
              expect(Math.abs(received - expected)).toBeLessThanOrEqual(0.51);
            }
          }
        }
      }
    },
  );

  onEachDevice('another matrix and range on the way out', (device) => {
    const codes = (column: number) =>
      Uint8Array.from(
        [0, 1, 2].flatMap((plane) => colorBars.map((bar) => bar[3 + 3 * column + plane] as number)),
      );
    const from = {
      format: 'yuv444p',
      width: colorBars.length,
      height: 1,
      matrix: 'bt709',
      range: 'limited',
    } as const;
    const received = convert(codes(2), from, 'yuv444p', device, { matrix: 'bt601', range: 'full' });
    expect(farthest(received, codes(1))).toBeLessThanOrEqual(2);
  });
});

describe('FFmpeg', () => {
  const size = { width: 320, height: 180 };
  const rgba = samplesOf(makeNaturalImage(size, 21), 'u8') as Uint8Array;

  for (const { matrix, range } of colorSpaces) {
    onEachDevice(`zscale to ${matrix} ${range} is what we make`, (device) => {
      const names = { bt601: '470bg', bt709: '709', bt2020: '2020_ncl' } as const;
      const target = `zscale=matrix=${names[matrix]}:range=${range}:dither=none,format=yuv444p`;
      const filter = `format=gbrp,zscale=matrixin=gbr:rangein=full:${target.slice('zscale='.length)}`;
      const raw = ['-f', 'rawvideo', '-pix_fmt'];
      const input = [...raw, 'rgba', '-video_size', '320x180', '-i', 'pipe:0'];
      const theirs = ffmpeg([...input, '-vf', filter, ...raw, 'yuv444p', 'pipe:1'], rgba);
      const ours = convert(rgba, { format: 'rgba8', ...size, matrix, range }, 'yuv444p', device);
      expect(farthest(ours, theirs)).toBeLessThanOrEqual(1);
      expect(psnr(ours, theirs, 255)).toBeGreaterThan(55);
    });
  }
});
