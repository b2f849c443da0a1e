/** What is in the framebuffer, pixel by pixel: against the pipeline, closed forms and sums in doubles. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DeviceId, ImageU8, upload } from 'framelane';
import { describe, expect, it } from 'vitest';
import type { GL } from '../../src/display/gl.ts';
import { Presenter } from '../../src/display/presenter.ts';
import { withSocketPair } from '../../src/ffmpeg/sockets.ts';
import { Frame } from '../../src/image/frame.ts';
import { addon } from '../../src/native/binding.ts';
import type { NativeShape } from '../../src/native/plan.ts';
import { VideoInput } from '../../src/video/input/input.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import {
  bitsOf,
  convert,
  type Format,
  naturalFrame,
  noiseFrame,
  type Samples,
} from '../helpers/frames.ts';
import {
  distanceToTie,
  exactRgb,
  frameOf,
  shown,
  whyNot,
  withPresenter,
} from '../helpers/presented.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';
import { temporaryFolder } from '../helpers/video.ts';

const spaces = [
  { matrix: 'bt601', range: 'limited' },
  { matrix: 'bt709', range: 'full' },
  { matrix: 'bt2020', range: 'limited' },
] as const;
const locations = ['left', 'center', 'topLeft'] as const;

const shapeOf = (format: Format, width: number, height: number): NativeShape => ({
  format,
  width,
  height,
  matrix: 'bt709',
  range: 'limited',
});

function imageOf(
  width: number,
  height: number,
  bytes: ArrayLike<number>,
  device: DeviceId = 'cpu',
) {
  const image = new ImageU8(width, height, { device });
  upload(image, Uint8Array.from(bytes));
  return image;
}

const plain = (width: number, height: number, pixel: readonly number[]) =>
  imageOf(
    width,
    height,
    Array.from({ length: 4 * width * height }, (_, i) => pixel[i % 4] ?? 0),
  );

/** The frame at 100 % in a framebuffer of its size. */
function presented(
  presenter: Presenter,
  samples: Samples,
  shape: NativeShape,
  device: DeviceId = 'cpu',
): Uint8Array {
  using frame = frameOf(samples, shape, device);
  presenter.view.checkerboard = false;
  presenter.setFrame(frame);
  return shown(presenter, shape.width, shape.height).bytes;
}

/** Over black, in integers: no result is half-way between two codes, since 255 is odd. */
const overBlack = (rgba: ArrayLike<number>) =>
  Uint8Array.from(rgba, (code, i) =>
    i % 4 === 3 ? 255 : Math.round((code * (rgba[i - (i % 4) + 3] as number)) / 255),
  );

describe('at 100 % a frame is what the pipeline makes of it', () => {
  const formats = [
    ...(['rgba8', 'rgba16', 'gray8', 'gray10', 'yuv420p', 'yuv422p', 'yuv444p'] as const),
    ...(['yuv420p10', 'yuv422p12', 'yuv444p16', 'yuva420p', 'yuva422p10', 'yuva444p16'] as const),
  ];
  for (const format of formats) {
    onEachDevice(format, (device) =>
      withPresenter({ width: 67, height: 51 }, (presenter) => {
        for (const [width, height] of [
          [1, 1],
          [3, 2],
          [67, 51],
        ] as const)
          for (const chromaLocation of /42/.test(format) ? locations : (['left'] as const))
            for (const space of spaces) {
              const shape = { format, width, height, chromaLocation, ...space };
              const text = `${chromaLocation} ${space.matrix} ${space.range} ${width}x${height}`;
              const samples = noiseFrame(shape);
              const expected = overBlack(convert(samples, shape, { format: 'rgba8' }, device));
              const received = presented(presenter, samples, shape, device);
              // The shader rounds the exact result; the pipeline's floats have lost up to 4e-5 of a code by then.
              const differing = [...received.keys()].filter((i) => received[i] !== expected[i]);
              if (differing.length === 0) continue;
              expect(format).not.toMatch('rgba');
              const exact = exactRgb(samples, shape);
              for (const i of differing) {
                const value = exact[3 * Math.floor(i / 4) + (i % 4)] as number;
                expect(distanceToTie(value), `${text} sample ${i}`).toBeLessThan(4e-5);
                expect(Math.abs((received[i] as number) - (expected[i] as number)), text).toBe(1);
              }
              expect(differing.length, text).toBeLessThanOrEqual(bitsOf(format) > 8 ? 30 : 3);
            }
      }),
    );
  }

  onEachDevice('without transparency it looks the same, at every size', (device) =>
    withPresenter({ width: 200, height: 150 }, (presenter) => {
      const shape = shapeOf('rgba8', 67, 51);
      const samples = noiseFrame(shape).map((code, i) => (i % 4 === 3 ? 255 : code));
      using opaque = new Frame(shape, device, { opaque: true });
      using other = new Frame(shape, device);
      for (const frame of [opaque, other]) frame.upload(samples);
      for (const [width, height] of [
        [67, 51],
        [200, 150],
        [50, 20],
        [7, 9],
      ] as const) {
        presenter.setFrame(opaque);
        const { bytes } = shown(presenter, width, height);
        presenter.setFrame(other);
        expect(bytes, `${width}x${height}`).toEqual(shown(presenter, width, height).bytes);
      }
      presenter.view.mode = 'actual';
      presenter.setFrame(opaque);
      expect(shown(presenter, 67, 51).bytes).toEqual(samples);
      presenter.view.zoom = 5;
      const { bytes } = shown(presenter, 67, 51);
      presenter.setFrame(other);
      expect(bytes).toEqual(shown(presenter, 67, 51).bytes);
    }),
  );

  onEachDevice('natural pictures, to the last code', (device) =>
    withPresenter({ width: 127, height: 93 }, (presenter) => {
      for (const format of ['rgba8', 'yuv420p', 'yuv422p', 'yuv444p', 'yuv420p10'] as const) {
        const shape = shapeOf(format, 127, 93);
        const samples = naturalFrame(shape, device);
        const expected = convert(samples, shape, { format: 'rgba8' }, device);
        expect(presented(presenter, samples, shape, device), format).toEqual(overBlack(expected));
      }
    }),
  );

  it.each([
    ['yuv444p', 2e-6],
    ['yuv420p', 2e-6],
    ['yuv420p10', 2e-6],
    ['yuv444p12', 4e-6],
    ['yuv422p16', 4e-5],
  ] as const)('%s is the exact conversion, rounded once', (format, precision) =>
    withPresenter({ width: 301, height: 173 }, (presenter) => {
      for (const space of spaces) {
        const shape = { ...shapeOf(format, 301, 173), ...space };
        const samples = noiseFrame(shape, 9);
        const received = presented(presenter, samples, shape);
        const wrong = [...exactRgb(samples, shape)].filter(
          (value, i) =>
            received[4 * Math.floor(i / 3) + (i % 3)] !==
              Math.min(255, Math.max(0, Math.floor(value + 0.5))) &&
            distanceToTie(value) > precision,
        );
        expect(wrong).toEqual([]);
      }
    }),
  );

  it('an NV12 file', async () => {
    const [width, height] = [64, 48];
    const path = join(temporaryFolder(), 'nv12.nut');
    const source = shapeOf('yuv420p', width, height);
    const planes = naturalFrame(source, 'cpu') as Uint8Array;
    const luma = width * height;
    const nv12 = Buffer.concat([planes, planes]); // a single frame would last no time
    for (let i = 0; i < luma / 4; i++) {
      nv12[luma + 2 * i] = planes[luma + i] as number;
      nv12[luma + 2 * i + 1] = planes[luma + luma / 4 + i] as number;
    }
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'nv12', '-s', `${width}x${height}`, '-i', '-'];
    const tags = ['-colorspace', 'bt709', '-color_range', 'tv', '-chroma_sample_location', 'left'];
    ffmpeg([...raw, '-c:v', 'rawvideo', ...tags, '-y', path], nv12);

    await using input = await VideoInput.open(path, {});
    expect(input.info.pixelFormat).toBe('nv12');
    const { frames, child } = withSocketPair((pair) => ({
      frames: new (addon().FrameSourceHandle)(pair.local, 'cpu', input.shape),
      child: input.start(pair.remote),
    }));
    using frame = new Frame(input.shape, 'cpu');
    expect(await frames.next(frame.handle)).toBe(0);
    await frames.close();
    await child.exited;
    const expected = convert(planes, input.shape, { format: 'rgba8' }, 'cpu');
    await withPresenter({ width, height }, (presenter) => {
      presenter.setFrame(frame);
      expect(shown(presenter, width, height).bytes).toEqual(expected);
    });
  });
});

describe('around and behind', () => {
  it('is background, where the picture is not', () =>
    withPresenter({ width: 64, height: 60 }, (presenter) => {
      using red = plain(40, 20, [255, 0, 0, 255]);
      presenter.view.background = [0.2, 0.4, 0.6];
      presenter.setFrame(red);
      const { at } = shown(presenter, 64, 60);
      // 64 columns are 1.6 times 40; 32 rows leave 28, half of them above.
      for (let y = 0; y < 60; y++)
        for (const x of [0, 31, 63]) {
          const expected = y >= 14 && y < 46 ? [255, 0, 0, 255] : [51, 102, 153, 255];
          expect(at(x, y), `${x} ${y}`).toEqual(expected);
        }
    }));

  it('is all there is before the first frame', () =>
    withPresenter({ width: 5, height: 3 }, (presenter) => {
      presenter.view.background = [1, 0, 0];
      expect(shown(presenter, 5, 3).at(4, 2)).toEqual([255, 0, 0, 255]);
      presenter.draw(0, 0);
    }));

  it.each([1, 2])('shows squares through transparency at scale %i', (scale) =>
    withPresenter({ width: 50, height: 40 }, (presenter) => {
      const pixels = noiseFrame(shapeOf('rgba8', 50, 40));
      using image = imageOf(50, 40, pixels);
      presenter.view.scale = scale;
      presenter.setFrame(image);
      const { bytes } = shown(presenter, 50, 40);
      const expected = bytes.map((_, i) => {
        const [x, y] = [Math.floor(i / 4) % 50, Math.floor(i / 200)];
        const square = (Math.floor(x / (8 * scale)) + Math.floor(y / (8 * scale))) % 2 ? 153 : 102;
        const alpha = pixels[i - (i % 4) + 3] as number;
        const over = (pixels[i] as number) * alpha + square * (255 - alpha);
        return i % 4 === 3 ? 255 : Math.round(over / 255);
      });
      expect(bytes).toEqual(expected);
    }),
  );
});

describe('zoom', () => {
  it('shows whole pixels from 400 % on, at the mouse and after a pan', () =>
    withPresenter({ width: 64, height: 64 }, (presenter) => {
      const shape = shapeOf('yuv420p', 32, 32);
      const samples = noiseFrame(shape);
      const pixels = convert(samples, shape, { format: 'rgba8' }, 'cpu');
      using frame = frameOf(samples, shape, 'cpu');
      presenter.setFrame(frame);
      presenter.view.mode = 'actual';
      presenter.draw(64, 64);
      presenter.view.zoomAt(20, 12, 8);
      const expectAt = (left: number, top: number) => {
        const { at } = shown(presenter, 64, 64);
        for (let y = 0; y < 64; y++)
          for (let x = 0; x < 64; x++) {
            const i = 4 * (Math.floor((y - top) / 8) * 32 + Math.floor((x - left) / 8));
            expect(at(x, y), `${x} ${y}`).toEqual([...pixels.subarray(i, i + 4)]);
          }
      };
      // The picture began at 16: column 20 showed its column 4, which is drawn at 20 - 4 * 8. Row 12 lay above it.
      expectAt(-12, 0);
      presenter.view.pan(-30, -5);
      expectAt(-42, -5);
    }));

  it.each([2, 3, 4])('takes the mean of %i x n pixels, transparent ones by their alpha', (n) =>
    withPresenter({ width: 16, height: 12 }, (presenter) => {
      const [width, height] = [16 * n, 12 * n];
      const pixels = noiseFrame(shapeOf('rgba8', width, height), n);
      using image = imageOf(width, height, pixels);
      presenter.view.checkerboard = false;
      presenter.setFrame(image);
      const { at } = shown(presenter, 16, 12);
      for (let y = 0; y < 12; y++)
        for (let x = 0; x < 16; x++) {
          const sum = [0, 0, 0];
          for (let j = 0; j < n * n; j++) {
            const from = 4 * ((y * n + Math.floor(j / n)) * width + x * n + (j % n));
            for (let k = 0; k < 3; k++)
              sum[k] =
                (sum[k] as number) + (pixels[from + k] as number) * (pixels[from + 3] as number);
          }
          for (let k = 0; k < 3; k++)
            expect(
              Math.abs((at(x, y)[k] as number) - (sum[k] as number) / (255 * n * n)),
            ).toBeLessThan(0.51);
        }
    }),
  );

  /** The share of [from, to] that lies in pixel i. */
  const overlap = (i: number, from: number, to: number) =>
    Math.max(0, Math.min(i + 1, to) - Math.max(i, from));

  it.each([
    [90, 60, 40, 40], // 9/4
    [50, 33, 40, 40], // 5/4
    [301, 200, 20, 20], // 15
  ])('%ix%i in %ix%i is the mean over the area of each pixel', (width, height, w, h) =>
    withPresenter({ width: w, height: h }, (presenter) => {
      const shape = shapeOf('gray8', width, height);
      const samples = noiseFrame({ ...shape, range: 'full' });
      using frame = frameOf(samples, { ...shape, range: 'full' }, 'cpu');
      presenter.setFrame(frame);
      const { at } = shown(presenter, w, h);
      const rows = Math.round((height * w) / width);
      const top = Math.floor((h - rows) / 2);
      const [stepX, stepY] = [width / w, height / rows];
      const inside = (v: number, last: number) => Math.min(last, Math.max(0, v));
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < w; x++) {
          let [sum, total] = [0, 0];
          for (let j = Math.floor(y * stepY) - 1; j <= (y + 1) * stepY + 1; j++)
            for (let i = Math.floor(x * stepX) - 1; i <= (x + 1) * stepX + 1; i++) {
              const weight =
                overlap(i, x * stepX, (x + 1) * stepX) * overlap(j, y * stepY, (y + 1) * stepY);
              const at = inside(j, height - 1) * width + inside(i, width - 1);
              sum += weight * (samples[at] as number);
              total += weight;
            }
          const [code] = at(x, top + y);
          expect(Math.abs((code as number) - sum / total), `${x} ${y}`).toBeLessThan(0.6);
        }
    }),
  );

  it('interpolates linearly between 100 % and 400 %', () =>
    withPresenter({ width: 60, height: 30 }, (presenter) => {
      const shape = { ...shapeOf('gray8', 20, 10), range: 'full' as const };
      const samples = noiseFrame(shape);
      using frame = frameOf(samples, shape, 'cpu');
      presenter.setFrame(frame);
      const { at } = shown(presenter, 60, 30);
      const sample = (x: number, y: number) =>
        samples[Math.min(9, Math.max(0, y)) * 20 + Math.min(19, Math.max(0, x))] as number;
      for (let y = 0; y < 30; y++)
        for (let x = 0; x < 60; x++) {
          const [px, py] = [(x + 0.5) / 3 - 0.5, (y + 0.5) / 3 - 0.5];
          const [left, above] = [Math.floor(px), Math.floor(py)];
          const row = (j: number) =>
            sample(left, j) + (sample(left + 1, j) - sample(left, j)) * (px - left);
          const expected = row(above) + (row(above + 1) - row(above)) * (py - above);
          expect(Math.abs((at(x, y)[0] as number) - expected), `${x} ${y}`).toBeLessThan(0.51);
        }
    }));

  it('keeps a plain colour plain at every size and in every format', () =>
    withPresenter({ width: 31, height: 29 }, (presenter) => {
      for (const format of ['yuv420p', 'yuv422p10', 'yuv444p16', 'yuva420p', 'gray12'] as const) {
        const shape = shapeOf(format, 47, 41);
        const samples = noiseFrame(shape).fill(0.6 * 2 ** bitsOf(format));
        if (format === 'yuva420p') samples.fill(255, samples.length - 47 * 41);
        const expected = [
          ...convert(samples, shape, { format: 'rgba8' }, 'cpu').subarray(0, 3),
          255,
        ];
        using frame = frameOf(samples, shape, 'cpu');
        presenter.setFrame(frame);
        presenter.view.mode = 'fill';
        for (const zoom of [1, 0.7, 1.3, 2, 3.1, 17]) {
          presenter.view.zoom = Math.max(1, zoom);
          const { bytes } = shown(presenter, 31, 29);
          const all = new Set(
            Array.from({ length: 31 * 29 }, (_, i) => bytes.subarray(4 * i, 4 * i + 4).join()),
          );
          expect([...all], `${format} ${zoom}`).toEqual([expected.join()]);
        }
      }
    }));
});

describe('before and after', () => {
  const beforeShape = shapeOf('yuv422p10', 32, 16);
  const [gray, black, white] = [
    [128, 128, 128, 255],
    [0, 0, 0, 255],
    [255, 255, 255, 255],
  ];

  it.each([0, 0.3, 0.5, 1])('at %d, frames of other size and format', (split) =>
    withPresenter({ width: 64, height: 40 }, (presenter) => {
      using result = plain(64, 32, gray);
      const samples = noiseFrame(beforeShape).fill(512);
      samples.fill(64, 0, 32 * 16); // black
      using before = frameOf(samples, beforeShape, 'cpu');
      presenter.view.background = [1, 0, 0];
      presenter.view.split = split;
      presenter.setFrame(result);
      presenter.setBefore(before);
      const { at } = shown(presenter, 64, 40);
      const line = Math.round(split * 64);
      for (let y = 0; y < 40; y++)
        for (let x = 0; x < 64; x++) {
          const picture = x < line ? black : gray;
          const expected = y < 4 || y >= 36 ? [255, 0, 0, 255] : picture;
          const striped = x === line - 1 ? black : x === line ? white : expected;
          expect(at(x, y), `${x} ${y}`).toEqual(striped);
        }
      presenter.setBefore(undefined);
      expect(shown(presenter, 64, 40).at(0, 20)).toEqual(gray);
    }),
  );

  it('is exact on both sides at 100 %', () =>
    withPresenter({ width: 40, height: 30 }, (presenter) => {
      const shape = shapeOf('yuv420p', 40, 30);
      const [before, after] = [naturalFrame(shape, 'cpu', 3), naturalFrame(shape, 'cpu', 4)];
      using first = frameOf(before, shape, 'cpu');
      using second = frameOf(after, shape, 'cpu');
      presenter.view.split = 0.5;
      presenter.setFrame(second);
      presenter.setBefore(first);
      const { at } = shown(presenter, 40, 30);
      const [left, right] = [before, after].map((s) =>
        convert(s, shape, { format: 'rgba8' }, 'cpu'),
      );
      for (let y = 0; y < 30; y++)
        for (let x = 0; x < 40; x++) {
          if (x === 19 || x === 20) continue; // the line
          const i = 4 * (y * 40 + x);
          expect(at(x, y)).toEqual([...((x < 20 ? left : right)?.subarray(i, i + 4) ?? [])]);
        }
    }));
});

describe('overlay', () => {
  it('lies over the picture and the line, by its alpha', () =>
    withPresenter({ width: 48, height: 32 }, (presenter) => {
      const random = makeRandom(3);
      const [below, above] = [48 * 32, 20 * 10].map((count) =>
        Uint8Array.from({ length: 4 * count }, (_, i) =>
          i % 4 === 3 && count > 999 ? 255 : random() * 256,
        ),
      ) as [Uint8Array, Uint8Array];
      using picture = imageOf(48, 32, below);
      using image = imageOf(20, 10, above);
      presenter.setFrame(picture);
      for (const [x0, y0] of [
        [5, 7],
        [-6, -3],
        [40, 28],
        [100, 0],
      ] as const) {
        presenter.setOverlay(image, x0, y0);
        const { bytes } = shown(presenter, 48, 32);
        for (let i = 0; i < bytes.length; i++) {
          const [x, y] = [(Math.floor(i / 4) % 48) - x0, Math.floor(i / 192) - y0];
          const inside = x >= 0 && x < 20 && y >= 0 && y < 10;
          const from = 4 * (y * 20 + x);
          const alpha = inside && i % 4 < 3 ? (above[from + 3] as number) / 255 : 0;
          const expected =
            (below[i] as number) * (1 - alpha) + (above[from + (i % 4)] ?? 0) * alpha;
          // OpenGL's fixed-function blending promises no more.
          expect(Math.abs((bytes[i] as number) - expected), `${i}`).toBeLessThanOrEqual(
            alpha ? 1 : 0,
          );
        }
      }
      presenter.setOverlay(undefined);
      expect(shown(presenter, 48, 32).bytes).toEqual(below);
    }));
});

describe('each provider shows the same', () => {
  it.for(['headless', 'system', 'raub'] as const)('%s', async (provider, { skip }) => {
    const reason = await whyNot(provider);
    if (reason !== undefined) skip(reason);
    const shape = shapeOf('yuv420p', 61, 35);
    const samples = naturalFrame(shape, 'cpu');
    const expected = convert(samples, shape, { format: 'rgba8' }, 'cpu');
    await withPresenter(
      { width: 200, height: 100 },
      (presenter, window) => {
        using frame = frameOf(samples, shape, 'cpu');
        presenter.view.mode = 'actual';
        presenter.setFrame(frame);
        const { width, height } = window;
        const { at } = shown(presenter, width, height);
        const [left, top] = [Math.floor((width - 61) / 2), Math.floor((height - 35) / 2)];
        for (let y = -1; y <= 35; y++)
          for (let x = -1; x <= 61; x++) {
            const inside = x >= 0 && x < 61 && y >= 0 && y < 35;
            const i = 4 * (y * 61 + x);
            const pixel = inside ? [...expected.subarray(i, i + 4)] : [0, 0, 0, 255];
            expect(at(left + x, top + y), `${x} ${y}`).toEqual(pixel);
          }
        window.swapBuffers();
      },
      provider,
    );
  });
});

describe('with others on the same context', () => {
  it('needs none of the state it finds', () =>
    withPresenter({ width: 40, height: 30 }, (presenter, { gl }) => {
      const shape = shapeOf('yuv420p', 37, 21);
      using frame = frameOf(noiseFrame(shape), shape, 'cpu');
      using overlay = plain(9, 5, [9, 99, 199, 255]);
      const show = () => {
        presenter.setFrame(frame);
        presenter.setOverlay(overlay, 2, 3);
        return shown(presenter, 40, 30).bytes;
      };
      const expected = show();
      for (const test of [gl.DEPTH_TEST, gl.CULL_FACE, gl.STENCIL_TEST, gl.BLEND, gl.SCISSOR_TEST])
        gl.enable(test);
      gl.blendFunc(gl.ONE, gl.ONE);
      gl.scissor(1, 1, 2, 2);
      gl.colorMask(false, true, false, true);
      gl.viewport(3, 3, 4, 4);
      gl.clearColor(1, 1, 1, 1);
      gl.activeTexture(gl.TEXTURE0 + 2);
      gl.pixelStorei(gl.UNPACK_ALIGNMENT, 8);
      gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 50);
      expect(show()).toEqual(expected);
    }));

  it('leaves what a new context has', () =>
    withPresenter({ width: 8, height: 8 }, (presenter, { gl }) => {
      using picture = plain(4, 8, [1, 2, 3, 255]);
      presenter.setFrame(picture);
      presenter.setOverlay(picture);
      presenter.draw(8, 8);
      for (const test of [gl.DEPTH_TEST, gl.CULL_FACE, gl.STENCIL_TEST, gl.BLEND, gl.SCISSOR_TEST])
        expect(gl.isEnabled(test)).toBe(false);
      expect(gl.isEnabled(gl.DITHER)).toBe(true);
      expect([...(gl.getParameter(gl.VIEWPORT) as Int32Array)]).toEqual([0, 0, 8, 8]);
      expect(gl.getParameter(gl.BLEND_SRC_RGB)).toBe(gl.ONE);
      expect(gl.getParameter(gl.BLEND_DST_ALPHA)).toBe(gl.ZERO);
      gl.drawArrays(gl.TRIANGLES, 0, 3); // with no program: draws nothing, or is an error
      while (gl.getError() !== gl.NO_ERROR);
      expect(presenter.readPixels(8, 8).subarray(16, 20)).toEqual(Uint8Array.of(1, 2, 3, 255));
    }));

  it('draws into the framebuffer that is bound', () =>
    withPresenter({ width: 8, height: 8 }, (presenter, { gl }) => {
      const texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, 6, 6);
      gl.bindTexture(gl.TEXTURE_2D, null);
      gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
      const pixels = noiseFrame(shapeOf('rgba8', 6, 6)).map((code, i) =>
        i % 4 === 3 ? 255 : code,
      );
      using picture = imageOf(6, 6, pixels);
      presenter.setFrame(picture);
      expect(shown(presenter, 6, 6).bytes).toEqual(Uint8Array.from(pixels));
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    }));
});

describe('objects', () => {
  /** The context, counting what has been created and not deleted. */
  function counted(gl: GL): { gl: GL; live: () => number } {
    let live = 0;
    const counting = new Proxy(gl, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const change = /^create/.test(String(name)) ? 1 : /^delete/.test(String(name)) ? -1 : 0;
        return (...args: unknown[]) => {
          live += change;
          return Reflect.apply(value, target, args);
        };
      },
    });
    return { gl: counting, live: () => live };
  }

  onEachDevice('10,000 frames, some of another size or format, leave nothing', (device) =>
    withPresenter({ width: 24, height: 16 }, (_, window) => {
      const { gl, live } = counted(window.gl);
      const presenter = new Presenter(gl);
      const shapes = (['yuv420p', 'rgba8', 'yuva444p10', 'gray8'] as const).map((format, i) =>
        shapeOf(format, 16 + i, 9),
      );
      const frames = shapes.map((shape) => frameOf(noiseFrame(shape), shape, device));
      const present = (count: number) => {
        for (let i = 0; i < count; i++) {
          presenter.setFrame(frames[Math.floor(i / 50) % 4] as Frame);
          presenter.setBefore(frames[Math.floor(i / 70) % 4] as Frame);
          presenter.view.split = (i % 100) / 100;
          presenter.draw(24, 16);
        }
        window.gl.finish();
      };
      const count = () => ({
        objects: live(),
        descriptors: readdirSync('/proc/self/fd').length,
        rss: process.memoryUsage.rss() / 2 ** 20,
      });
      present(1400);
      const before = count();
      present(10_000 - 1400);
      present(1400); // ends with the same frames
      const after = count();
      expect(after).toMatchObject({ descriptors: before.descriptors });
      expect(after.objects).toBe(before.objects);
      expect(after.rss - before.rss).toBeLessThan(24);
      presenter.free();
      presenter.free();
      for (const frame of frames) frame.free();
      expect(live()).toBe(0);
    }),
  );
});

describe('wrong calls', () => {
  it('are refused, and the picture stays', () =>
    withPresenter({ width: 4, height: 4 }, (presenter) => {
      using picture = plain(4, 4, [7, 8, 9, 255]);
      presenter.setFrame(picture);
      expect(errorOf(() => presenter.draw(-1, 4)).code).toBe('ERR_INVALID_SIZE');
      expect(errorOf(() => presenter.draw(4, 2.5)).code).toBe('ERR_INVALID_SIZE');
      expect(errorOf(() => presenter.setOverlay(picture, Number.NaN)).code).toBe(
        'ERR_INVALID_ARGUMENT',
      );
      expect(errorOf(() => presenter.setFrame({} as Frame)).code).toBe('ERR_INVALID_ARGUMENT');
      expect(shown(presenter, 4, 4).at(3, 3)).toEqual([7, 8, 9, 255]);
      const freed = plain(4, 4, [0, 0, 0, 0]);
      freed.free();
      expect(errorOf(() => presenter.setFrame(freed)).code).toBe('ERR_DISPOSED');
      expect(shown(presenter, 4, 4).at(3, 3)).toEqual([7, 8, 9, 255]);
      const freedFrame = frameOf(
        noiseFrame(shapeOf('yuv420p', 8, 8)),
        shapeOf('yuv420p', 8, 8),
        'cpu',
      );
      freedFrame.free();
      expect(errorOf(() => presenter.setFrame(freedFrame)).code).toBe('ERR_DISPOSED');
      expect(shown(presenter, 4, 4).at(3, 3)).toEqual([7, 8, 9, 255]);
      presenter.free();
      expect(errorOf(() => presenter.draw(4, 4)).code).toBe('ERR_DISPOSED');
    }));
});
