/** Images: sizes, capacity, freeing, what they refuse, and pixels in and out. */
import {
  Adjust,
  apply,
  Blend,
  convertFloatToU8,
  convertU8ToFloat,
  copy,
  type DeviceId,
  download,
  Filter,
  Image,
  ImageU8,
  memoryUsage,
  pipeline,
  Resize,
  Transform,
  upload,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeImage, samplesOf } from '../helpers/image.ts';
import { expectSameSamples, imageFrom, samplesIn } from '../helpers/run.ts';

const cpu = { device: 'cpu' } as const;
const ledger = (device: DeviceId) => memoryUsage(device).device;

describe('size', () => {
  // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
  const wrong: any[] = [
    0,
    -1,
    32769,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e20,
    '8',
    null,
    undefined,
    {},
    2n,
  ];

  it.each(wrong.map((side) => [String(side), side]))('%s is refused', (_, side) => {
    for (const make of [() => new Image(side, 4, cpu), () => new ImageU8(side, 4, cpu)]) {
      expect(errorOf(make)).toMatchObject({ code: 'ERR_INVALID_SIZE', path: 'width' });
    }
    expect(errorOf(() => new Image(4, side, cpu))).toMatchObject({
      code: 'ERR_INVALID_SIZE',
      path: 'height',
    });
    using image = new Image(4, 4, cpu);
    expect(errorOf(() => image.resize(side, 1)).code).toBe('ERR_INVALID_SIZE');
    expect(
      errorOf(() => {
        image.height = side;
      }).code,
    ).toBe('ERR_INVALID_SIZE');
    expect([image.width, image.height]).toEqual([4, 4]);
  });

  onEachDevice('1 and 32768 are allowed', (device) => {
    for (const [width, height] of [
      [1, 1],
      [32768, 1],
      [1, 32768],
    ] as const) {
      using image = new Image(width, height, { device });
      expect([image.width, image.height]).toEqual([width, height]);
      expect(image.getMaxCapacity()).toEqual({ width, height });
    }
  });

  it('a result larger than that is refused before anything is allocated', () => {
    using image = new Image(32768, 1, cpu);
    const { allocations } = ledger('cpu');
    expect(errorOf(() => Resize.nearest(image, { height: 2 }))).toMatchObject({
      code: 'ERR_INVALID_SIZE',
    });
    expect(ledger('cpu').allocations).toBe(allocations);
  });
});

describe('capacity', () => {
  onEachDevice('any shape that fits, without touching a pixel', (device) => {
    using image = new Image(64, 36, { device });
    const samples = samplesOf(makeImage({ width: 64, height: 36 }), 'f32');
    upload(image, samples as Float32Array);
    image.resize(128, 18);
    expect([image.width, image.height]).toEqual([128, 18]);
    expect(image.getMaxCapacity()).toEqual({ width: 64, height: 36 }); // as it was made
    expect(download(image)).toEqual(samples);
    image.width = 1;
    image.height = 64 * 36;
    expect(download(image)).toHaveLength(64 * 36 * 4);
    image.resize(10, 10);
    expect(download(image)).toEqual(samples.subarray(0, 400));
  });

  it('what does not fit is refused, and the size stays', () => {
    using image = new Image(8, 4, cpu);
    const error = errorOf(() => image.resize(11, 3));
    expect(error.code).toBe('ERR_CAPACITY_EXCEEDED');
    expect(error.message).toMatch(/11x3 needs 33 .*capacity is 32/);
    expect(
      errorOf(() => {
        image.width = 9;
      }).code,
    ).toBe('ERR_CAPACITY_EXCEEDED');
    expect([image.width, image.height]).toEqual([8, 4]);
  });

  onEachDevice('a destination too small is refused, and both images stay', (device) => {
    using image = imageFrom(makeImage({ width: 8, height: 8 }), 'f32', device) as Image;
    using small = imageFrom(makeImage({ width: 3, height: 3 }), 'f32', device) as Image;
    const [source, untouched] = [samplesIn(image), samplesIn(small)];
    for (const run of [
      () => Filter.gaussianBlur(image, { dst: small }),
      () => Transform.flip(image, { dst: small }),
      () => Resize.bilinear(image, { width: 4, dst: small }),
      () => copy(small, image),
      () => apply(pipeline().invert(), image, { dst: small }),
      () => apply(pipeline().resize({ width: 9 }), image, { dst: image }),
    ]) {
      expect(errorOf(run).code).toBe('ERR_CAPACITY_EXCEEDED');
      expect([image.width, image.height, small.width, small.height]).toEqual([8, 8, 3, 3]);
      expectSameSamples(samplesIn(small), untouched);
      expectSameSamples(samplesIn(image), source);
    }
  });

  onEachDevice('a larger destination takes the size of the result', (device) => {
    using image = imageFrom(makeImage({ width: 8, height: 6 }), 'f32', device) as Image;
    using large = new Image(50, 50, { device });
    copy(large, image);
    expect([large.width, large.height]).toEqual([8, 6]);
    expectSameSamples(samplesIn(large), samplesIn(image));
  });
});

describe('freeing', () => {
  it('twice does nothing', () => {
    const image = new Image(4, 4, cpu);
    image.free();
    image.free();
    image[Symbol.dispose]();
  });

  it('using frees, also when the block throws', () => {
    const before = ledger('cpu').live;
    expect(() => {
      using _image = new Image(400, 400, cpu);
      expect(ledger('cpu').live).toBeGreaterThan(before);
      throw new Error('on purpose');
    }).toThrow('on purpose');
    expect(ledger('cpu').live).toBe(before);
  });

  it('a freed image in use is ERR_DISPOSED', () => {
    using alive = new Image(4, 4, cpu);
    using aliveU8 = new ImageU8(4, 4, cpu);
    const freed = new Image(4, 4, cpu);
    freed.free();
    const uses: (() => unknown)[] = [
      () => freed.width,
      () => freed.height,
      () => freed.getMaxCapacity(),
      () => freed.resize(1, 1),
      () => {
        freed.width = 2;
      },
      () => upload(freed, new Float32Array(64)),
      () => download(freed),
      () => copy(freed, alive),
      () => copy(alive, freed),
      () => convertFloatToU8(aliveU8, freed),
      () => convertU8ToFloat(freed, aliveU8),
      () => Adjust.brightness(freed, 0.1),
      () => Filter.gaussianBlur(freed),
      () => Filter.gaussianBlur(alive, { dst: freed }),
      () => Filter.gaussianBlur(alive, { temp: freed }),
      () => Blend.normal(alive, freed),
      () => Blend.normal(freed, alive),
      () => apply(pipeline().invert(), freed),
      () => apply(pipeline().blend(freed), alive),
    ];
    for (const use of uses) expect(errorOf(use).code, String(use)).toBe('ERR_DISPOSED');
  });

  onEachDevice('an image is freed while its work is under way', (device) => {
    const samples = samplesOf(makeImage({ width: 700, height: 500 }), 'f32') as Float32Array;
    const blur = () => {
      const image = new Image(700, 500, { device });
      upload(image, samples);
      const blurred = Filter.gaussianBlur(image, { radius: 20 });
      image.free();
      return blurred;
    };
    using first = blur();
    using second = blur();
    expectSameSamples(samplesIn(first), samplesIn(second));
  });
});

describe('wrong arguments', () => {
  // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
  const anything: any[] = [
    undefined,
    null,
    1,
    'image',
    {},
    [],
    new Float32Array(64),
    { width: 4, height: 4 },
  ];

  it.each(anything.map((value) => [String(value), value]))('%s is no image', (_, value) => {
    using image = new Image(4, 4, cpu);
    for (const use of [
      () => upload(value, new Float32Array(64)),
      () => download(value),
      () => copy(value, image),
      () => copy(image, value),
      () => Adjust.brightness(value, 0.1),
      () => Filter.gaussianBlur(value),
      () => apply(pipeline(), value),
    ]) {
      expect(errorOf(use).code, String(use)).toBe('ERR_INVALID_ARGUMENT');
    }
    if (value === undefined) return;
    expect(errorOf(() => Filter.gaussianBlur(image, { dst: value })).code).toBe(
      'ERR_INVALID_ARGUMENT',
    );
    expect(errorOf(() => Filter.gaussianBlur(image, { temp: value })).code).toBe(
      'ERR_INVALID_ARGUMENT',
    );
  });

  it('an element type is not mixed up', () => {
    using image = new Image(4, 4, cpu);
    using bytes = new ImageU8(4, 4, cpu);
    // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
    const [anyImage, anyBytes] = [image as any, bytes as any];
    for (const use of [
      () => copy(anyImage, anyBytes),
      () => copy(anyBytes, anyImage),
      () => convertFloatToU8(anyImage, anyImage),
      () => convertFloatToU8(anyBytes, anyBytes),
      () => convertU8ToFloat(anyBytes, anyBytes),
      () => convertU8ToFloat(anyImage, anyImage),
    ]) {
      expect(errorOf(use)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
  });

  it('samples must be exactly as many, and of a type there is', () => {
    using image = new Image(4, 4, cpu);
    // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
    const wrong: any[] = [
      new Float32Array(63),
      new Float32Array(65),
      new Uint8Array(16),
      new Float64Array(63),
      new Uint16Array(65),
      new Int16Array(64),
      new BigUint64Array(64),
      new ArrayBuffer(255),
      new DataView(new ArrayBuffer(65)),
      Array.from({ length: 64 }, () => 0),
      'x'.repeat(64),
      null,
    ];
    for (const samples of wrong) {
      const error = errorOf(() => upload(image, samples));
      expect(error.code, Object.prototype.toString.call(samples)).toBe('ERR_INVALID_ARGUMENT');
      expect(error.message).toMatch(/expected .*64/);
      if (samples === null) continue; // as if not given
      expect(errorOf(() => download(image, { into: samples })).code).toBe('ERR_INVALID_ARGUMENT');
    }
  });

  it('temp may not be the source or the destination', () => {
    using image = new Image(4, 4, cpu);
    using dst = new Image(4, 4, cpu);
    expect(errorOf(() => Filter.gaussianBlur(image, { temp: image })).code).toBe(
      'ERR_INVALID_ARGUMENT',
    );
    expect(errorOf(() => Filter.gaussianBlur(image, { dst, temp: dst })).code).toBe(
      'ERR_INVALID_ARGUMENT',
    );
  });

  it('a device that is none', () => {
    // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
    for (const device of ['gpu', '', 'cuda:-1', 'CPU', 7] as any[]) {
      expect(errorOf(() => new Image(4, 4, { device })).code, String(device)).toBe(
        'ERR_INVALID_ARGUMENT',
      );
    }
    const error = errorOf(() => new Image(4, 4, { device: 'cuda:99' }));
    expect(error.code).toBe('ERR_DEVICE_UNAVAILABLE');
    expect(error.message).toMatch(/cuda:99 is not available: ./);
  });
});

describe('transfer', () => {
  onEachDevice('bytes into a float image and back are the same bytes', (device) => {
    const bytes = Uint8Array.from({ length: 256 * 4 }, (_, i) => i >> 2);
    using image = new Image(16, 16, { device });
    upload(image, bytes);
    download(image).forEach((v, i) => {
      expect(v).toBeCloseTo((bytes[i] as number) / 255, 6);
    });
    expect(download(image, { as: 'u8' })).toEqual(bytes);
    using eight = new ImageU8(16, 16, { device });
    convertFloatToU8(eight, image);
    expect(download(eight)).toEqual(bytes);
    using again = new Image(20, 20, { device });
    convertU8ToFloat(again, eight);
    expect(download(again)).toEqual(download(image));
  });

  onEachDevice('views are read and written where they lie', (device) => {
    using image = new ImageU8(2, 1, { device });
    const backing = Uint8Array.from({ length: 24 }, (_, i) => i);
    upload(image, backing.subarray(5, 13));
    const into = new Uint8Array(16);
    download(image, { into: into.subarray(3, 11) });
    expect([...into]).toEqual([0, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0, 0, 0]);
  });
});

describe('devices', () => {
  onEachDevice('images of two devices do not mix', (device) => {
    if (device === 'cpu') return;
    using here = new Image(4, 4, { device });
    using there = new Image(4, 4, cpu);
    for (const use of [
      () => copy(here, there),
      () => Blend.normal(here, there),
      () => Filter.gaussianBlur(here, { dst: there }),
      () => Filter.gaussianBlur(here, { temp: there }),
    ]) {
      expect(errorOf(use).code).toBe('ERR_DEVICE_MISMATCH');
    }
  });
});
