/** Tensors: views of one memory, against loops over host arrays with indices. */
import {
  Adjust,
  asTensor,
  CudaBuffer,
  type DeviceId,
  download,
  Image,
  ImageU8,
  memcpyDtoH,
  memcpyHtoD,
  planesOf,
  Tensor,
  toImage,
  upload,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { Frame } from '../../src/image/frame.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

function randomBytes(length: number, seed = 1): Uint8Array {
  const random = makeRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

function filled(shape: readonly number[], layout: string, device: DeviceId): [Tensor, Uint8Array] {
  const tensor = new Tensor(shape, 'u8', { layout, device });
  const samples = randomBytes(tensor.size);
  tensor.copyFrom(samples);
  return [tensor, samples];
}

describe('a tensor', () => {
  onEachDevice('is permuted, sliced and packed', (device) => {
    const [h, w, c] = [5, 7, 3];
    const [tensor, samples] = filled([h, w, c], 'HWC', device);
    const planar = tensor.permute('CHW');
    expect([planar.shape, planar.isContiguous]).toEqual([[c, h, w], false]);
    const part = planar.slice({ H: [1, -1], W: [2] });
    const packed = part.toContiguous();
    expect(packed.isContiguous).toBe(true);
    const expected: number[] = [];
    for (let channel = 0; channel < c; channel++)
      for (let y = 1; y < h - 1; y++)
        for (let x = 2; x < w; x++) expected.push(samples[(y * w + x) * c + channel] as number);
    expect([...packed.copyTo()]).toEqual(expected);
    expect([...part.copyTo()]).toEqual(expected);
  });

  onEachDevice('takes samples in the order of its dimensions', (device) => {
    const [tensor] = filled([2, 4, 6, 3], 'NHWC', device);
    const view = tensor.permute('NCHW').slice({ C: [1, 3], H: [1, 4] });
    const samples = randomBytes(view.size, 9);
    view.copyFrom(samples);
    const whole = tensor.copyTo();
    let i = 0;
    for (let n = 0; n < 2; n++)
      for (let c = 1; c < 3; c++)
        for (let y = 1; y < 4; y++)
          for (let x = 0; x < 6; x++)
            expect(whole[((n * 4 + y) * 6 + x) * 3 + c]).toBe(samples[i++]);
  });

  it('is reshaped where its strides allow', () => {
    const [tensor, samples] = filled([4, 6, 2], 'HWC', 'cpu');
    expect([...tensor.reshape([12, 4], 'AB').copyTo()]).toEqual([...samples]);
    expect([...tensor.reshape([3, 1, 16], 'NHW').copyTo()]).toEqual([...samples]);
    const half = tensor.slice({ W: [0, 3] });
    const rows = half.reshape([4, 6], 'HW').copyTo();
    const expected = [0, 1, 2, 3].flatMap((y) => [...samples.subarray(y * 12, y * 12 + 6)]);
    expect([...rows]).toEqual(expected);
    for (const reshape of [
      () => half.reshape([24], 'A'),
      () => tensor.permute('CHW').reshape([48], 'A'),
    ]) {
      const error = errorOf(reshape);
      expect([error.code, error.message.includes('toContiguous()')]).toEqual([
        'ERR_INVALID_ARGUMENT',
        true,
      ]);
    }
    expect(tensor.slice({ H: [1, 2] }).squeeze().layout).toBe('WC');
    expect(errorOf(() => tensor.squeeze('H')).code).toBe('ERR_INVALID_ARGUMENT');
  });

  it('refuses a layout or a shape that does not fit', () => {
    using buffer = new CudaBuffer([2, 3], 'u8', { device: 'cpu' });
    for (const layout of ['HWC', 'HH', 'hw', '', 'H1']) {
      expect(errorOf(() => Tensor.from(buffer, { layout })).code).toBe('ERR_INVALID_ARGUMENT');
    }
    const tensor = Tensor.from(buffer, { layout: 'HW' });
    expect(errorOf(() => tensor.reshape([5], 'A')).code).toBe('ERR_INVALID_ARGUMENT');
    expect(errorOf(() => tensor.permute('HWC')).code).toBe('ERR_INVALID_ARGUMENT');
    expect(errorOf(() => tensor.slice({ H: [0, 3] })).code).toBe('ERR_INVALID_ARGUMENT');
    expect(errorOf(() => tensor.slice({ X: [0, 1] })).code).toBe('ERR_INVALID_OPTION');
  });

  onEachDevice('shares the memory of its buffer until that is freed', (device) => {
    const buffer = new CudaBuffer([2, 3], 'u8', { device });
    const tensor = Tensor.from(buffer, { layout: 'HW' });
    memcpyHtoD(buffer, Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect([...tensor.copyTo()]).toEqual([1, 2, 3, 4, 5, 6]);
    tensor.slice({ W: [1, 2] }).copyFrom(Uint8Array.of(20, 50));
    const back = new Uint8Array(6);
    memcpyDtoH(back, buffer);
    expect([...back]).toEqual([1, 20, 3, 4, 50, 6]);
    buffer.free();
    expect(errorOf(() => tensor.copyTo()).code).toBe('ERR_DISPOSED');
  });
});

describe('an image as a tensor', () => {
  onEachDevice('shows what deferred calls make, and is written through', (device) => {
    using image = new Image(6, 4, { device });
    const random = makeRandom(3);
    const samples = Float32Array.from({ length: 96 }, () => (random() - 0.5) * 1e6);
    upload(image, samples);
    Adjust.brightness(image, 0.25);
    const tensor = asTensor(image);
    expect(tensor).toMatchObject({ shape: [4, 6, 4], dtype: 'f32', layout: 'HWC' });
    expect(tensor.copyTo()).toEqual(download(image));
    tensor.slice({ C: [3, 4] }).copyFrom(new Float32Array(24).fill(0.5));
    const back = download(image);
    for (let i = 0; i < 24; i++) expect(back[4 * i + 3]).toBe(0.5);
    Adjust.brightness(image, 0.25); // at once
    expect(tensor.copyTo()).toEqual(download(image));
  });

  onEachDevice('outlives the image', (device) => {
    const image = new ImageU8(2, 1, { device });
    upload(image, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    const tensor = asTensor(image);
    image.free();
    expect([...tensor.copyTo()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  onEachDevice('becomes an image over the same memory', (device) => {
    const [tensor, samples] = filled([6, 5, 4], 'HWC', device);
    using image = toImage(tensor.slice({ H: [1, 4] })) as ImageU8;
    expect([image.width, image.height, image.device]).toEqual([5, 3, device]);
    expect(download(image)).toEqual(samples.slice(20, 80));
    const changed = randomBytes(60, 5);
    upload(image, changed);
    const whole = tensor.copyTo() as Uint8Array;
    expect(whole.subarray(20, 80)).toEqual(changed);
    expect(whole.subarray(0, 20)).toEqual(samples.subarray(0, 20));
    tensor.free();
    expect(download(image)).toEqual(changed);
  });

  it('is refused where its pixels do not lie as an image', () => {
    const make = (shape: number[], layout: string) => filled(shape, layout, 'cpu')[0];
    for (const tensor of [
      make([4, 3, 2], 'CHW'),
      make([3, 2, 3], 'HWC'),
      make([3, 4, 4], 'HWC').slice({ W: [0, 2] }),
      make([4, 3, 2], 'CHW').permute('HWC'),
    ]) {
      expect(errorOf(() => toImage(tensor)).message).toContain('toContiguous()');
    }
  });

  onEachDevice('planes of a frame lie one after the other', (device) => {
    const shape = {
      format: 'yuv420p',
      width: 5,
      height: 3,
      matrix: 'bt709',
      range: 'limited',
    } as const;
    using frame = new Frame(shape, device);
    const samples = randomBytes(15 + 6 + 6);
    frame.upload(samples);
    const planes = planesOf(frame);
    expect(planes.map((plane) => plane.shape)).toEqual([
      [3, 5],
      [2, 3],
      [2, 3],
    ]);
    expect(planes.flatMap((plane) => [...plane.copyTo()])).toEqual([...samples]);
  });
});
