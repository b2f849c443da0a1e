/** Frames of any format on a device: what their memory holds, goes in and comes out. */
import { compilePlan, download, frameBytes, ImageU8, memoryUsage, pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import { Frame } from '../../src/image/frame.ts';
import { idOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import type { NativeShape } from '../../src/native/plan.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { type Format, naturalFrame, noiseFrame, planesOf, runFrame } from '../helpers/frames.ts';
import { expectSameSamples } from '../helpers/run.ts';

const depths = ['', '10', '12', '16'] as const;
const formats: Format[] = [
  'rgba8',
  'rgba16',
  'rgbaf32',
  ...(['8', '10', '12', '16'] as const).map((bits) => `gray${bits}` as const),
  ...(['420', '422', '444'] as const).flatMap((chroma) =>
    depths.flatMap((bits) => [`yuv${chroma}p${bits}` as const, `yuva${chroma}p${bits}` as const]),
  ),
];
const shapeOf = (format: Format, width = 13, height = 7): NativeShape => ({
  format,
  width,
  height,
  matrix: 'bt709',
  range: 'limited',
});

describe('a frame', () => {
  onEachDevice('of every format holds each sample of an odd picture', (device) => {
    for (const format of formats) {
      const shape = shapeOf(format);
      const samples = noiseFrame(shape);
      const count = planesOf(shape).reduce((sum, plane) => sum + plane.width * plane.height, 0);
      expect(samples.length, format).toBe(count);
      using frame = new Frame(shape, device);
      expect(frame.handle.byteLength, format).toBe(samples.byteLength);
      frame.upload(samples);
      expectSameSamples(frame.download(), samples, format);
    }
  });

  onEachDevice('is counted by the ledger until it is freed', (device) => {
    const before = memoryUsage(device).device.live;
    const frame = new Frame(shapeOf('yuv420p10', 640, 360), device);
    expect(memoryUsage(device).device.live - before).toBeGreaterThanOrEqual(
      frameBytes(frame.shape),
    );
    frame.free();
    frame.free();
    expect(memoryUsage(device).device.live).toBe(before);
    expect(errorOf(() => frame.download()).code).toBe('ERR_DISPOSED');
  });

  onEachDevice('becomes an image, and an image a frame, by the colours of the frame', (device) => {
    for (const matrix of ['bt601', 'bt709'] as const) {
      const shape = { ...shapeOf('yuv444p', 32, 18), matrix, range: 'full' } as const;
      const samples = naturalFrame(shape, device);
      using frame = new Frame(shape, device);
      using image = new ImageU8(32, 18, { device });
      frame.upload(samples);
      addon().recordCopy(idOf(image), frame.handle.id);
      const rgba = runFrame(pipeline(), samples, shape, { device, output: { format: 'rgba8' } });
      expect(download(image)).toEqual(rgba);
      using back = new Frame(shape, device);
      addon().recordCopy(back.handle.id, idOf(image));
      const plan = compilePlan(
        pipeline(),
        { ...shape, format: 'rgba8' },
        { device, output: { format: 'yuv444p' } },
      );
      const expected = new Uint8Array(samples.length);
      plan.run(rgba, expected);
      expect(back.download()).toEqual(expected);
    }
  });

  // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
  const wrongSamples: [string, any][] = [
    ['bytes for 10 bits', new Uint8Array(13 * 7 + 2 * 7 * 4)],
    ['one too few', new Uint16Array(13 * 7 + 2 * 7 * 4 - 1)],
    ['one too many', new Uint16Array(13 * 7 + 2 * 7 * 4 + 1)],
    ['floats', new Float32Array(13 * 7 + 2 * 7 * 4)],
    ['an array', []],
    ['nothing', undefined],
  ];
  it.each(wrongSamples)('refuses %s', (_, samples) => {
    using frame = new Frame(shapeOf('yuv420p10'), 'cpu');
    expect(errorOf(() => frame.upload(samples)).code).toBe('ERR_INVALID_ARGUMENT');
    expect(errorOf(() => frame.handle.download(samples)).code).toBe('ERR_INVALID_ARGUMENT');
  });

  // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
  const wrongShapes: [string, any, string][] = [
    ['a width of 0', { ...shapeOf('gray8'), width: 0 }, 'ERR_INVALID_SIZE'],
    ['half a pixel', { ...shapeOf('gray8'), height: 1.5 }, 'ERR_INVALID_SIZE'],
    ['NaN', { ...shapeOf('gray8'), width: Number.NaN }, 'ERR_INVALID_SIZE'],
    ['2^32 + 1 columns', { ...shapeOf('gray8'), width: 2 ** 32 + 1 }, 'ERR_INVALID_SIZE'],
    ['another format', { ...shapeOf('gray8'), format: 'nv12' }, 'ERR_INVALID_ARGUMENT'],
    ['no matrix', { ...shapeOf('gray8'), matrix: undefined }, 'ERR_INVALID_ARGUMENT'],
  ];
  it.each(wrongShapes)('cannot have %s', (_, shape, code) => {
    expect(errorOf(() => new Frame(shape, 'cpu')).code).toBe(code);
  });

  it('takes no odd size that its capacity does not hold', () => {
    using frame = new Frame(shapeOf('yuv420p', 64, 64), 'cpu');
    // As many pixels in one row, but a chroma row of its own for it.
    expect(errorOf(() => frame.handle.resize(4096, 1)).code).toBe('ERR_CAPACITY_EXCEEDED');
  });
});
