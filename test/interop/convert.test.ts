/** Copies between tensors and images, against loops over host arrays and a table of half floats made from their definition. */
import {
  asTensor,
  CudaBuffer,
  copyToImage,
  copyToTensor,
  type DeviceId,
  type DType,
  download,
  Fill,
  Image,
  ImageU8,
  Tensor,
  type TypedArray,
  upload,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

/** What the bits of a half float stand for, by the definition of IEEE 754. */
function valueOfHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The finite halves of at least 0, in order: their bits are their places. */
const halves = Array.from({ length: 0x7c00 }, (_, bits) => valueOfHalf(bits));

/** By a search: the nearer neighbour, the one with even bits of two. */
function halfNearest(value: number): number {
  const [sign, size] = [Object.is(value, -0) || value < 0 ? 0x8000 : 0, Math.abs(value)];
  let [low, high] = [0, 0x7c00];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((halves[middle] as number) <= size) low = middle;
    else high = middle;
  }
  const next = halves[low + 1] ?? 65536; // as if the exponents went on
  const [below, above] = [size - (halves[low] as number), next - size];
  const isUp = above < below || (above === below && low % 2 === 1);
  return sign | (low + (isUp ? 1 : 0));
}

function samplesOf(dtype: DType, length: number, seed = 3): TypedArray {
  const random = makeRandom(seed);
  if (dtype === 'u8') return Uint8Array.from({ length }, () => Math.floor(random() * 256));
  if (dtype === 'f16') return Uint16Array.from({ length }, () => Math.floor(random() * 0x7c00));
  return Float32Array.from({ length }, () => (random() - 0.5) * 8);
}

/** Loops over rows, columns and channels in the order of the letters. */
function placeIn(layout: string, sizes: Readonly<Record<string, number>>) {
  return (at: Readonly<Record<string, number>>) =>
    [...layout].reduce((place, letter) => {
      return place * (sizes[letter] as number) + (at[letter] as number);
    }, 0);
}

const [width, height] = [7, 5];
const layouts = ['HWC', 'CHW', 'NHWC', 'NCHW', 'WHC', 'HW', 'NHW'];

describe('a tensor as a new image', () => {
  for (const dtype of ['u8', 'f16', 'f32'] as const) {
    onEachDevice(`of ${dtype}, in any layout, of 1, 3 or 4 channels`, (device) => {
      for (const layout of layouts) {
        for (const channels of layout.includes('C') ? [1, 3, 4] : [1]) {
          const sizes = { N: 1, H: height, W: width, C: channels };
          const shape = [...layout].map((letter) => sizes[letter as 'N']);
          const samples = samplesOf(dtype, width * height * channels);
          const tensor = new Tensor(shape, dtype, { layout, device });
          tensor.copyFrom(samples);
          using image = copyToImage(tensor) as ImageU8;
          const place = placeIn(layout, sizes);
          const expected: number[] = [];
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              for (let c = 0; c < 4; c++) {
                const C = channels === 1 ? 0 : c;
                const isAlpha = c === 3 && channels < 4;
                const sample = samples[place({ N: 0, H: y, W: x, C })] as number;
                const value = dtype === 'f16' ? valueOfHalf(sample) : sample;
                expected.push(isAlpha ? (dtype === 'u8' ? 255 : 1) : value);
              }
          expect(image).toBeInstanceOf(dtype === 'u8' ? ImageU8 : Image);
          expect([image.width, image.height, image.device]).toEqual([width, height, device]);
          expect([...download(image)], `${layout} ${channels}`).toEqual(expected);
        }
      }
    });
  }

  onEachDevice('is a copy, of strided parts too', (device) => {
    const tensor = new Tensor([3, 8, 9], 'u8', { layout: 'CHW', device });
    const samples = samplesOf('u8', tensor.size);
    tensor.copyFrom(samples);
    using image = copyToImage(tensor.slice({ H: [2, 5], W: [4, 6] })) as ImageU8;
    tensor.copyFrom(new Uint8Array(tensor.size));
    const expected: number[] = [];
    for (let y = 2; y < 5; y++)
      for (let x = 4; x < 6; x++) {
        for (let c = 0; c < 3; c++) expected.push(samples[(c * 8 + y) * 9 + x] as number);
        expected.push(255);
      }
    expect([...download(image)]).toEqual(expected);
  });

  it('is refused where the letters, sizes or type are others', () => {
    const make = (shape: readonly number[], layout: string, dtype: DType = 'u8') =>
      errorOf(() => copyToImage(new Tensor(shape, dtype, { layout, device: 'cpu' })));
    expect(make([4, 4, 2], 'HWC').message).toBe('channels: expected 1, 3 or 4, received 2');
    expect(make([2, 4, 4, 3], 'NHWC').message).toContain('one image, N of 1, received 2');
    expect(make([4, 4, 3], 'HWD').message).toContain('letters H and W');
    expect(make([4, 3], 'HC').message).toContain('letters H and W');
    expect(make([4, 4, 3], 'HWC', 'i32').message).toContain('u8, f16 or f32');
    const buffer = new CudaBuffer([4, 4, 4], 'u8', { device: 'cpu' });
    expect(errorOf(() => copyToImage(buffer as unknown as Tensor)).message).toContain('a Tensor');
  });
});

describe('an image as a new tensor', () => {
  function filled(type: 'u8' | 'f32', device: DeviceId): [Image | ImageU8, number[]] {
    const image = new (type === 'u8' ? ImageU8 : Image)(width, height, { device });
    const samples = samplesOf(type, width * height * 4) as Uint8Array | Float32Array;
    upload(image, samples);
    return [image, [...samples]];
  }

  const unit = Math.fround(1 / 255);
  const expectations: Readonly<Record<string, (value: number) => number>> = {
    'u8 u8': (v) => v,
    'u8 f32': (v) => Math.fround(v * unit),
    'u8 f16': (v) => halfNearest(Math.fround(v * unit)),
    'f32 f32': (v) => v,
    'f32 f16': halfNearest,
    'f32 u8': (v) => Math.floor(Math.min(1, Math.max(0, v)) * 255 + 0.5),
  };

  for (const [types, expectation] of Object.entries(expectations)) {
    onEachDevice(`${types}, in any layout, of 1, 3 or 4 channels`, (device) => {
      const [type, dtype] = types.split(' ') as ['u8' | 'f32', DType];
      const [image, samples] = filled(type, device);
      for (const layout of layouts) {
        for (const channels of layout.includes('C') ? ([1, 3, 4] as const) : ([1] as const)) {
          using tensor = copyToTensor(image, { layout, dtype, channels });
          const sizes = { N: 1, H: height, W: width, C: channels };
          expect(tensor.shape).toEqual([...layout].map((letter) => sizes[letter as 'N']));
          expect([tensor.layout, tensor.dtype, tensor.isContiguous]).toEqual([layout, dtype, true]);
          const out = tensor.copyTo();
          const place = placeIn(layout, sizes);
          const expected = new Array(out.length);
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              for (let c = 0; c < channels; c++) {
                const value = expectation(samples[(y * width + x) * 4 + c] as number);
                expected[place({ N: 0, H: y, W: x, C: c })] = value;
              }
          expect([...out], `${layout} ${channels}`).toEqual(expected);
        }
      }
    });
  }

  onEachDevice('rounds to the nearest half float, to even of two', (device) => {
    const values = new Float32Array(4 * 4096);
    const random = makeRandom(11);
    const special = [0, -0, 65504, 65519.99, 65520, 65536, 1e30, Infinity, -Infinity, 2 ** -24];
    special.push(2 ** -25, 2 ** -25 * 1.0001, 2 ** -14, 1e-40, 1 + 2 ** -11, 1 + 3 * 2 ** -11);
    for (let i = 0; i < values.length; i++) {
      const exponent = Math.floor(random() * 45) - 27;
      values[i] = special[i] ?? (random() - 0.5) * 2 ** exponent;
      // Halfway between two of them.
      if (i >= 5000 && i < 10_000) {
        const bits = Math.floor(random() * 0x7bff);
        values[i] = ((halves[bits] as number) + (halves[bits + 1] as number)) / 2;
      }
    }
    using image = new Image(64, 64, { device });
    upload(image, values);
    using tensor = copyToTensor(image, { dtype: 'f16' });
    expect([...tensor.copyTo()]).toEqual([...values].map(halfNearest));
  });

  onEachDevice('keeps every half float, and NaN', (device) => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i);
    using tensor = new Tensor([128, 128, 4], 'f16', { layout: 'HWC', device });
    tensor.copyFrom(bits);
    using image = copyToImage(tensor) as Image;
    expect([...download(image)]).toEqual([...bits].map(valueOfHalf));
    using back = copyToTensor(image, { dtype: 'f16' });
    const out = back.copyTo() as Uint16Array;
    const isNaNBits = (half: number) => (half & 0x7fff) > 0x7c00;
    expect([...out].map((half) => (isNaNBits(half) ? 'NaN' : half))).toEqual(
      [...bits].map((half) => (isNaNBits(half) ? 'NaN' : half)),
    );
  });

  onEachDevice('is a copy after deferred calls, and leaves the image deferred', (device) => {
    using image = new ImageU8(2, 1, { device });
    Fill.color(image, [1, 0, 0, 1]);
    using tensor = copyToTensor(image, { channels: 3 });
    Fill.color(image, [0, 1, 0, 1]);
    expect([...tensor.copyTo()]).toEqual([255, 0, 0, 255, 0, 0]);
    expect([...asTensor(image).copyTo()]).toEqual([0, 255, 0, 255, 0, 255, 0, 255]);
  });

  it('is refused where the letters, type or count are others', () => {
    using image = new Image(2, 2, { device: 'cpu' });
    const make = (options: object) => errorOf(() => copyToTensor(image, options)).message;
    expect(make({ layout: 'HWD' })).toContain('letters H and W');
    expect(make({ layout: 'HHW' })).toContain('letters H and W');
    expect(make({ layout: 7 })).toContain('letters H and W');
    expect(make({ channels: 2 })).toBe('channels: expected 1, 3 or 4, received 2');
    expect(make({ layout: 'HW', channels: 3 })).toBe('channels: expected 1 without C, received 3');
    expect(make({ dtype: 'i32' })).toContain('u8, f16 or f32');
    expect(make({ depth: 1 })).toContain('depth');
  });
});
