/** Pixels in and out: any typed array, regions, threads, shared memory, and other libraries' images. */
import {
  convertFloatToU8,
  type DeviceId,
  download,
  downloadAsync,
  fromCanvas,
  fromRaw,
  fromSharp,
  Image,
  ImageU8,
  memoryUsage,
  pinnedSamples,
  toImageData,
  toSharp,
  upload,
  uploadAsync,
} from 'framelane';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { noise, rgbaOf } from '../helpers/files.ts';
import { makeImage, samplesOf } from '../helpers/image.ts';
import { ResizableBuffer } from '../helpers/resizable.ts';

const cpu = { device: 'cpu' } as const;

function floatImage(width: number, height: number, device: DeviceId): [Image, Float32Array] {
  const image = new Image(width, height, { device });
  const samples = samplesOf(makeImage({ width, height }), 'f32') as Float32Array;
  upload(image, samples);
  return [image, samples];
}

describe('bytes of samples', () => {
  const values = Float32Array.from({ length: 7 * 5 * 4 }, (_, i) => i / 64 - 0.25);
  const { buffer: memory } = values;
  /** The same bytes at an address that no float may have. */
  const askew = Buffer.concat([Buffer.of(0), Buffer.from(memory)]).subarray(1);

  onEachDevice('as a Buffer, an ArrayBuffer or a DataView they are floats', async (device) => {
    const shared = new SharedArrayBuffer(memory.byteLength);
    new Float32Array(shared).set(values);
    const forms = [
      Buffer.from(memory),
      askew,
      memory,
      shared,
      new DataView(askew.buffer, askew.byteOffset, askew.length),
    ];
    for (const bytes of forms) {
      using image = new Image(7, 5, { device });
      upload(image, bytes);
      expect(download(image)).toEqual(values);
      upload(image, new Float32Array(7 * 5 * 4));
      await uploadAsync(image, bytes);
      expect(download(image)).toEqual(values);
      using part = new Image(9, 8, { device });
      upload(part, bytes, { region: { x: 1, y: 2, width: 7, height: 5 } });
      expect(download(part, { region: { x: 1, y: 2, width: 7, height: 5 } })).toEqual(values);
    }
  });

  it('an ArrayBuffer of one byte a sample is codes, as a Buffer of them is', () => {
    using image = new Image(2, 1, { device: 'cpu' });
    const codes = Uint8Array.of(0, 51, 255, 102, 1, 2, 3, 4);
    upload(image, codes.buffer);
    const floats = download(image);
    for (const [i, code] of codes.entries()) expect(floats[i]).toBeCloseTo(code / 255, 6);
  });

  it('any other count says what it wants', () => {
    using image = new Image(2, 1, { device: 'cpu' });
    for (const bytes of [
      new ArrayBuffer(31),
      new ArrayBuffer(0),
      Buffer.alloc(33),
      new DataView(memory),
    ]) {
      expect(errorOf(() => upload(image, bytes))).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
    expect(errorOf(() => upload(image, new ArrayBuffer(31))).message).toBe(
      'samples: expected 32 bytes (8 floats) or 8 bytes, received an instance of ArrayBuffer of 31 bytes',
    );
  });
});

describe('typed arrays', () => {
  onEachDevice('16-bit codes and doubles, both ways', (device) => {
    using image = new Image(128, 128, { device });
    const codes = Uint16Array.from({ length: 65536 }, (_, i) => i);
    upload(image, codes);
    expect(download(image)).toEqual(Float32Array.from(codes, (code) => code / 65535));
    expect(download(image, { into: new Uint16Array(65536) })).toEqual(codes);
    const doubles = Float64Array.from({ length: 65536 }, (_, i) => i / 3 - 1000);
    upload(image, doubles);
    expect(download(image, { into: new Float64Array(65536) })).toEqual(
      Float64Array.from(doubles, Math.fround),
    );
    using bytes = new ImageU8(128, 128, { device });
    upload(bytes, codes);
    expect(download(bytes)).toEqual(Uint8Array.from(codes, (code) => Math.round(code / 257)));
  });

  onEachDevice('a region is written, and nothing around it', (device) => {
    const [image, samples] = floatImage(17, 11, device);
    const region = { x: 5, y: 3, width: 7, height: 4 };
    const patch = Float32Array.from({ length: 7 * 4 * 4 }, (_, i) => -i);
    upload(image, patch, { region });
    const expected = samples.slice();
    for (let y = 0; y < 4; y++)
      expected.set(patch.subarray(y * 28, y * 28 + 28), ((y + 3) * 17 + 5) * 4);
    expect(download(image)).toEqual(expected);
    expect(download(image, { region })).toEqual(patch);
    upload(image, new Uint8Array(7 * 4 * 4).fill(255), { region });
    expect(download(image, { region, as: 'u8' }).every((code) => code === 255)).toBe(true);
    expect(download(image, { region: { x: 0, y: 0, width: 17, height: 11 } })).toEqual(
      download(image),
    );
    expect(download(image, { region: { x: 16, y: 10, width: 1, height: 1 } })).toEqual(
      expected.subarray(-4),
    );
    image.free();
  });

  onEachDevice('a region of bytes', (device) => {
    using image = new ImageU8(6, 5, { device });
    upload(
      image,
      Uint8Array.from({ length: 120 }, (_, i) => i),
    );
    const into = new Uint8Array(2 * 2 * 4);
    expect(download(image, { region: { x: 1, y: 2, width: 2, height: 2 }, into })).toBe(into);
    expect([...into]).toEqual([52, 53, 54, 55, 56, 57, 58, 59, 76, 77, 78, 79, 80, 81, 82, 83]);
  });

  it('a region beyond the image is refused, and nothing changes', () => {
    const [image, samples] = floatImage(8, 8, 'cpu');
    for (const region of [
      { x: -1, y: 0, width: 2, height: 2 },
      { x: 7, y: 0, width: 2, height: 2 },
      { x: 0, y: 7, width: 2, height: 2 },
      { x: 2147483647, y: 0, width: 2, height: 2 },
      { x: 0, y: 0, width: 9, height: 1 },
    ]) {
      const patch = new Float32Array(region.width * region.height * 4);
      expect(errorOf(() => upload(image, patch, { region })).code).toBe('ERR_INVALID_ARGUMENT');
      expect(errorOf(() => download(image, { region })).code).toBe('ERR_INVALID_ARGUMENT');
    }
    for (const side of [0, 0.5, Number.NaN, '1', undefined]) {
      const region = { x: 0, y: 0, width: side, height: 1 } as never;
      expect(errorOf(() => upload(image, new Float32Array(4), { region })).code).toBe(
        'ERR_INVALID_SIZE',
      );
    }
    const region = { x: 0, y: 0, width: 2, height: 2 };
    expect(errorOf(() => upload(image, new Float32Array(15), { region })).code).toBe(
      'ERR_INVALID_ARGUMENT',
    );
    expect(download(image)).toEqual(samples);
    image.free();
  });
});

describe('memory that threads share', () => {
  onEachDevice('is uploaded and downloaded as any other', async (device) => {
    using image = new Image(4, 4, { device });
    const make = {
      bytes: () => new Uint8Array(new SharedArrayBuffer(64)),
      floats: () => new Float32Array(new SharedArrayBuffer(256)),
    };
    for (const shared of [make.bytes, make.floats]) {
      const samples = shared();
      samples.set(Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? 1 : 0)));
      upload(image, samples);
      const back = shared();
      expect(download(image, { into: back })).toBe(back);
      expect([...back]).toEqual([...samples]);
      samples.reverse();
      await uploadAsync(image, samples);
      expect(await downloadAsync(image, { into: back })).toBe(back);
      expect([...back]).toEqual([...samples]);
    }
  });
});

describe('wrong options', () => {
  it('are refused, not ignored', async () => {
    using image = new Image(2, 2, cpu);
    const region = { x: 0, y: 0, width: 1, height: 1 };
    const raw = { data: new Uint8Array(16), width: 2, height: 2 };
    const attempts: [path: string, () => unknown][] = [
      ['options', () => download(image, null as never)],
      ['options', () => upload(image, new Uint8Array(16), null as never)],
      ['options', () => downloadAsync(image, null as never)],
      ['options', () => fromRaw(raw, null as never)],
      ['options', () => fromSharp(sharp({ create }), null as never)],
      ['region', () => downloadAsync(image, { region } as never)],
      ['region', () => download(image, { region: null } as never)],
      ['region', () => upload(image, new Uint8Array(16), { region: 7 } as never)],
      ['form', () => download(image, { form: 'u8' } as never)],
      ['width', () => fromRaw(raw, { ...cpu, width: 3 } as never)],
    ];
    for (const [path, attempt] of attempts) {
      const error = await (async () => attempt())().then(
        () => undefined,
        (e) => e,
      );
      expect(error, `${attempt}`).toMatchObject({ code: 'ERR_INVALID_OPTION', path });
    }
  });
  const create = { width: 1, height: 1, channels: 3, background: '#000' } as const;
});

describe('in a thread', () => {
  onEachDevice('the same samples as at once', async (device) => {
    using image = new Image(61, 43, { device });
    using bytes = new ImageU8(61, 43, { device });
    const samples = samplesOf(makeImage({ width: 61, height: 43 }), 'f32') as Float32Array;
    await uploadAsync(image, samples);
    expect(download(image)).toEqual(samples);
    expect(await downloadAsync(image)).toEqual(samples);
    expect(await downloadAsync(image, { as: 'u8' })).toEqual(download(image, { as: 'u8' }));
    await uploadAsync(bytes, samples);
    expect(download(bytes)).toEqual(download(image, { as: 'u8' }));
    const into = new Uint16Array(61 * 43 * 4);
    expect(await downloadAsync(image, { into })).toBe(into);
    expect(into).toEqual(download(image, { into: new Uint16Array(into.length) }));
  });

  onEachDevice('many at once, and images freed meanwhile', async (device) => {
    const { live } = memoryUsage(device).device;
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const image = new ImageU8(40 + i, 30, { device });
        await uploadAsync(image, new Uint8Array((40 + i) * 120).fill(i));
        const pending = downloadAsync(image);
        image.free();
        return pending;
      }),
    );
    for (const [i, pixels] of results.entries())
      expect(pixels.every((code) => code === i)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20)); // the threads let go after the promise
    expect(memoryUsage(device).device.live).toBe(live);
  });

  onEachDevice('after the first round nothing is allocated', async (device) => {
    using image = new Image(64, 64, { device });
    const samples = new Uint8Array(64 * 64 * 4);
    const round = async () => {
      await uploadAsync(image, samples);
      await downloadAsync(image, { into: samples });
    };
    await round();
    const before = memoryUsage(device);
    for (let i = 0; i < 10; i++) await round();
    const after = memoryUsage(device);
    expect([after.device.allocations, after.host.allocations]).toEqual([
      before.device.allocations,
      before.host.allocations,
    ]);
  });

  onEachDevice('have the size that the image had at the start', async (device) => {
    using image = new ImageU8(2000, 2000, { device });
    image.resize(1, 1);
    const samples = new Uint8Array([1, 2, 3, 4]);
    const up = uploadAsync(image, samples);
    image.resize(2000, 2000);
    await up;
    image.resize(1, 1);
    const down = downloadAsync(image, { into: samples.fill(0) });
    image.resize(2000, 2000);
    await down;
    expect([...samples]).toEqual([1, 2, 3, 4]);
  });

  onEachDevice('also to and from memory that threads share', async (device) => {
    using image = new ImageU8(2, 1, { device });
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    shared.set([1, 2, 3, 4, 5, 6, 7, 8]);
    upload(image, shared);
    expect([...download(image)]).toEqual([...shared]);
    shared.fill(9);
    await uploadAsync(image, shared);
    shared.fill(0);
    await downloadAsync(image, { into: shared });
    expect([...shared]).toEqual([9, 9, 9, 9, 9, 9, 9, 9]);
  });

  it('refuse memory that may be taken away meanwhile', async () => {
    using image = new ImageU8(1, 1, cpu);
    const resizable = new Uint8Array(new ResizableBuffer(4, { maxByteLength: 8 }));
    const code = 'ERR_INVALID_ARGUMENT';
    await expect(uploadAsync(image, resizable)).rejects.toMatchObject({ code });
    await expect(downloadAsync(image, { into: resizable })).rejects.toMatchObject({ code });
    upload(image, resizable); // at once there is no meanwhile
  });

  it('refuses what the others refuse, as a rejection', async () => {
    using image = new Image(4, 4, cpu);
    const freed = new Image(4, 4, cpu);
    freed.free();
    await expect(uploadAsync(image, new Float32Array(63))).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(uploadAsync(image, 'samples' as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(downloadAsync(image, { into: new Uint8Array(3) })).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(downloadAsync(image, { as: 'u16' } as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(uploadAsync(freed, new Float32Array(64))).rejects.toMatchObject({
      code: 'ERR_DISPOSED',
    });
    await expect(downloadAsync(freed)).rejects.toMatchObject({ code: 'ERR_DISPOSED' });
    await expect(downloadAsync({} as never)).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
  });
});

describe('asPinned', () => {
  it('on the CPU it is the image itself, and outlives it', () => {
    const image = new Image(4, 4, cpu);
    image.resize(3, 2);
    const pixels = image.asPinned();
    expect(pixels).toHaveLength(24);
    upload(
      image,
      Float32Array.from({ length: 24 }, (_, i) => i),
    );
    expect(pixels[7]).toBe(7);
    pixels[7] = 0.25;
    expect(download(image)[7]).toBe(0.25);
    image.asPinned()[8] = 9;
    expect(pixels[8]).toBe(9);
    using bytes = new ImageU8(3, 2, cpu);
    convertFloatToU8(bytes, image);
    expect(bytes.asPinned()).toEqual(download(bytes));
    image.free();
    expect(pixels[7]).toBe(0.25);
    expect(errorOf(() => image.asPinned()).code).toBe('ERR_DISPOSED');
  });

  onEachDevice('elsewhere it is refused with the remedy', (device) => {
    if (device === 'cpu') return;
    using image = new Image(4, 4, { device });
    const error = errorOf(() => image.asPinned());
    expect(error.code).toBe('ERR_UNSUPPORTED_OP');
    expect(error.message).toMatch(/downloadAsync/);
  });
});

describe('pinned samples', () => {
  onEachDevice('go up and come down, and count as host memory', (device) => {
    using image = new Image(31, 17, { device });
    const { live } = memoryUsage(device).host;
    const [floats, bytes] = [pinnedSamples(image, 'f32'), pinnedSamples(image, 'u8')];
    expect([floats.length, bytes.length]).toEqual([31 * 17 * 4, 31 * 17 * 4]);
    expect(memoryUsage(device).host.live - live).toBeGreaterThanOrEqual(31 * 17 * 20);
    bytes.forEach((_, i) => {
      bytes[i] = i;
    });
    upload(image, bytes);
    expect(download(image, { into: floats })).toBe(floats);
    expect([...floats.subarray(0, 300)].map((value) => Math.round(value * 255))).toEqual([
      ...bytes.subarray(0, 300),
    ]);
    bytes.fill(0);
    expect(download(image, { into: bytes })[9]).toBe(9);
  });

  it('refuses what is neither', () => {
    using image = new Image(2, 2, cpu);
    expect(errorOf(() => pinnedSamples(image, 'u16' as never)).code).toBe('ERR_INVALID_ARGUMENT');
    expect(errorOf(() => pinnedSamples({} as never, 'u8')).code).toBe('ERR_INVALID_ARGUMENT');
    image.free();
    expect(errorOf(() => pinnedSamples(image, 'u8')).code).toBe('ERR_DISPOSED');
  });
});

describe('raw pixels', () => {
  it.each([
    [1, 8],
    [2, 8],
    [3, 8],
    [4, 8],
    [1, 16],
    [2, 16],
    [3, 16],
    [4, 16],
  ] as const)('%i channels of %i bits', (channels, depth) => {
    const source = noise(9, 5, channels, depth);
    const bytes = new Uint8Array(source.codes.buffer as ArrayBuffer);
    const expected = Float32Array.from(rgbaOf(source), (code) => code / (2 ** depth - 1));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    for (const data of [source.codes, bytes, bytes.buffer, shifted.subarray(1)]) {
      using image = fromRaw({ data, width: 9, height: 5, channels, depth }, cpu);
      download(image).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i] as number, 6);
      });
    }
  });

  it('floats, kept as they are', () => {
    const data = Float32Array.from([-1, 0.5, 7]);
    using image = fromRaw({ data, width: 1, height: 1, channels: 3 }, cpu);
    expect([...download(image)]).toEqual([-1, 0.5, 7, 1]);
  });

  it('into given images', () => {
    using f32 = new Image(10, 10, cpu);
    using u8 = new ImageU8(10, 10, cpu);
    expect(fromRaw({ data: new Uint8Array(12).fill(51), width: 3, height: 1 }, { f32, u8 })).toBe(
      f32,
    );
    expect([f32.width, u8.width]).toEqual([3, 3]);
    expect(download(f32)[0]).toBeCloseTo(0.2, 6);
    const error = errorOf(() =>
      fromRaw({ data: new Uint8Array(11 * 11), width: 11, height: 11, channels: 1 }, { f32 }),
    );
    expect(error.code).toBe('ERR_CAPACITY_EXCEEDED');
  });

  it.each([
    [{ data: new Uint8Array(11), width: 3, height: 1 }, 'data'],
    [{ data: new Uint8Array(13), width: 3, height: 1, depth: 16 }, 'data'],
    [{ data: new Float32Array(12), width: 3, height: 1, depth: 8 }, 'data'],
    [{ data: [1, 2, 3, 4], width: 1, height: 1 }, 'data'],
    [{ data: 'abcd', width: 1, height: 1 }, 'data'],
    [{ data: new Uint8Array(5), width: 1, height: 1, channels: 5 }, 'channels'],
    [{ data: new Uint8Array(4), width: 1, height: 1, depth: 12 }, 'depth'],
    [null, 'raw'],
  ])('%o is refused', (raw, path) => {
    expect(errorOf(() => fromRaw(raw as never, cpu))).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      path,
    });
  });

  it.each([0, -1, 1.5, Number.NaN])('a width of %f is refused', (width) => {
    const data = new Uint8Array(Math.max(0, Math.floor(width * 4)) || 0);
    expect(errorOf(() => fromRaw({ data, width, height: 1 }, cpu)).code).toMatch(
      /^ERR_INVALID_(SIZE|ARGUMENT)$/,
    );
  });
});

describe('sharp', () => {
  it.each([8, 16] as const)('%i bits, there and back', async (depth) => {
    const source = noise(13, 9, 4, depth);
    using image = fromRaw({ data: source.codes, width: 13, height: 9, depth }, cpu);
    const pipeline = toSharp(image, { depth });
    using back = await fromSharp(pipeline, { ...cpu, depth });
    expect(download(back)).toEqual(download(image));
    const png = await pipeline.png().toBuffer();
    expect((await sharp(png).metadata()).depth).toBe(depth === 8 ? 'uchar' : 'ushort');
    using again = await fromSharp(sharp(png), { ...cpu, depth });
    expect(download(again)).toEqual(download(image));
  });

  it('greys and missing alpha are filled up', async () => {
    const raw = { width: 2, height: 1, channels: 1 } as const;
    using image = await fromSharp(sharp(Uint8Array.of(0, 51), { raw }), cpu);
    expect([...download(image, { as: 'u8' })]).toEqual([0, 0, 0, 255, 51, 51, 51, 255]);
  });

  it.each([8, 16] as const)('%i bits of what sharp made grey itself', async (depth) => {
    const unit = depth === 8 ? 1 : 257;
    const raw = { width: 2, height: 1, channels: 4 } as const;
    const space = depth === 8 ? 'srgb' : 'rgb16';
    const codes = [80, 80, 80, 7, 90, 90, 90, 9].map((code) => code * unit);
    const data = depth === 8 ? Uint8Array.from(codes) : Uint16Array.from(codes);
    const picture = sharp(data, { raw }).toColourspace(space);
    for (const grey of [picture.clone().greyscale(), picture.clone().extractChannel(0)]) {
      using image = await fromSharp(grey, { ...cpu, depth });
      expect([...download(image, { as: 'u8' })]).toEqual([80, 80, 80, 255, 90, 90, 90, 255]);
    }
  });

  it('its errors are ours', async () => {
    await expect(fromSharp(sharp('/no/such/file.png'), cpu)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
    });
    for (const source of [null, {}, 'a.png']) {
      await expect(fromSharp(source as never, cpu)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
      });
    }
    using image = new Image(1, 1, cpu);
    expect(errorOf(() => toSharp(image, { depth: 10 as never })).code).toBe('ERR_INVALID_ARGUMENT');
    expect(errorOf(() => toSharp({} as never)).code).toBe('ERR_INVALID_ARGUMENT');
  });
});

describe('canvas', () => {
  const data = Uint8ClampedArray.from({ length: 24 }, (_, i) => i * 10);

  it('ImageData, there and back', () => {
    using image = fromCanvas({ data, width: 3, height: 2 }, cpu);
    expect(toImageData(image)).toEqual({ data, width: 3, height: 2, colorSpace: 'srgb' });
    expect(toImageData(image).data).toBeInstanceOf(Uint8ClampedArray);
  });

  it('a canvas is asked for all of its pixels', () => {
    const asked: unknown[] = [];
    const getImageData = (...args: number[]) => {
      asked.push(args);
      return { data, width: 3, height: 2 };
    };
    using image = fromCanvas({ width: 3, height: 2, getContext: () => ({ getImageData }) }, cpu);
    expect(asked).toEqual([[0, 0, 3, 2]]);
    expect(toImageData(image).data).toEqual(data);
  });

  it.each([
    null,
    7,
    {},
    { getContext: () => null, width: 1, height: 1 },
    { data: [1, 2, 3, 4], width: 1, height: 1 },
  ])('%o is none', (source) => {
    expect(errorOf(() => fromCanvas(source as never, cpu)).code).toBe('ERR_INVALID_ARGUMENT');
  });
});
