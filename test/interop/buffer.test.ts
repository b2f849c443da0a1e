/** Buffers of a device, their protocol, and copies. Expected values come from plain loops over host arrays. */
import {
  CudaBuffer,
  memcpyDtoD,
  memcpyDtoDAsync,
  memcpyDtoH,
  memcpyDtoHAsync,
  memcpyHtoD,
  memcpyHtoDAsync,
  memoryUsage,
  type TypedArray,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice, requireDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { makeRandom } from '../helpers/random.ts';

const types = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  u64: BigUint64Array,
  i64: BigInt64Array,
  f16: Uint16Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
type Name = keyof typeof types;

/** Random bytes of the full range; floats without NaN, which no comparison would find equal. */
function randomArray(name: Name, length: number, seed = 1): TypedArray {
  const random = makeRandom(seed);
  const array = new types[name](length);
  if (array instanceof Float32Array || array instanceof Float64Array) {
    for (let i = 0; i < length; i++) array[i] = (random() - 0.5) * 10 ** (random() * 40 - 20);
    return array;
  }
  const bytes = new Uint8Array(array.buffer);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
  return array;
}

const like = (array: TypedArray) =>
  new (array.constructor as new (n: number) => TypedArray)(array.length);

describe('a buffer', () => {
  onEachDevice('keeps elements of every type', (device) => {
    for (const name of Object.keys(types) as Name[]) {
      const samples = randomArray(name, 7 * 5 * 3);
      using buffer = new CudaBuffer([7, 5, 3], name, { device });
      expect(buffer.byteLength).toBe(samples.byteLength);
      memcpyHtoD(buffer, samples);
      const back = like(samples);
      memcpyDtoH(back, buffer);
      expect(back).toEqual(samples);
    }
  });

  onEachDevice('describes itself', (device) => {
    using buffer = new CudaBuffer([4, 6, 2], 'float32', { device });
    expect(buffer).toMatchObject({
      shape: [4, 6, 2],
      dtype: 'f32',
      strides: [48, 8, 4],
      byteLength: 192,
      device,
      readOnly: false,
    });
  });

  onEachDevice('comes from the pool and goes back', (device) => {
    new CudaBuffer([333, 777], 'u8', { device }).free();
    const before = memoryUsage(device).device;
    new CudaBuffer([333, 777], 'u8', { device }).free();
    const after = memoryUsage(device).device;
    expect(after.allocations).toBe(before.allocations);
    expect(after.live).toBe(before.live);
  });

  onEachDevice('may be empty', (device) => {
    using buffer = new CudaBuffer([0, 4], 'u8', { device });
    memcpyHtoD(buffer, new Uint8Array(0));
    memcpyDtoH(new Uint8Array(0), buffer);
    expect(buffer.byteLength).toBe(0);
    if (device !== 'cpu') expect(buffer.cudaArrayInterface?.data).toEqual([0n, false]);
  });

  onEachDevice('is refused after free', (device) => {
    const buffer = new CudaBuffer([2], 'u8', { device });
    buffer.free();
    buffer.free();
    const host = new Uint8Array(2);
    for (const use of [
      () => buffer.cudaArrayInterface,
      () => memcpyHtoD(buffer, host),
      () => memcpyDtoH(host, buffer),
      () => memcpyDtoD(buffer, buffer),
    ]) {
      expect(errorOf(use).code).toBe('ERR_DISPOSED');
    }
  });

  it('has no interface on the CPU', () => {
    using buffer = new CudaBuffer([2], 'u8', { device: 'cpu' });
    expect(buffer.cudaArrayInterface).toBeUndefined();
  });

  it('wants a shape and a type', () => {
    const device = 'cpu' as const;
    for (const make of [
      () => new CudaBuffer([-1], 'u8', { device }),
      () => new CudaBuffer([1.5], 'u8', { device }),
      () => new CudaBuffer(4 as unknown as number[], 'u8', { device }),
      () => new CudaBuffer([1, 1, 1, 1, 1, 1, 1, 1, 1], 'u8', { device }),
      () => new CudaBuffer([2 ** 40, 2 ** 40], 'u8', { device }),
      () => new CudaBuffer([1], 'c64' as 'u8', { device }),
    ]) {
      expect(errorOf(make).code).toBe('ERR_INVALID_ARGUMENT');
    }
    expect(errorOf(() => new CudaBuffer([1], 'u8', { stream: 1 } as object)).code).toBe(
      'ERR_INVALID_OPTION',
    );
  });
});

describe('copies', () => {
  const [height, width, channels] = [9, 11, 3];
  const samples = randomArray('u16', height * width * channels) as Uint16Array;

  onEachDevice('copy ranges and regions, sync and async', async (device) => {
    using buffer = new CudaBuffer([height, width, channels], 'u16', { device });
    const region = { x: 2, y: 3, width: 5, height: 4 };
    const patch = randomArray('u16', 5 * 4 * channels, 2) as Uint16Array;
    const expected = samples.slice();
    expected.set(patch.subarray(0, 7), 10);
    for (let y = 0; y < 4; y++)
      for (let i = 0; i < 5 * channels; i++)
        expected[(y + 3) * width * channels + 2 * channels + i] = patch[
          y * 5 * channels + i
        ] as number;
    for (const isAsync of [false, true]) {
      const upload = isAsync ? memcpyHtoDAsync : memcpyHtoD;
      const download = isAsync ? memcpyDtoHAsync : memcpyDtoH;
      await upload(buffer, samples);
      await upload(buffer, patch.subarray(0, 7), { offset: 10, length: 7 });
      await upload(buffer, patch, { region });
      const whole = new Uint16Array(samples.length);
      await download(whole, buffer);
      expect(whole).toEqual(expected);
      const part = new Uint16Array(patch.length);
      await download(part, buffer, { region });
      expect(part).toEqual(patch);
    }
  });

  onEachDevice('leave what lies between rows of the host alone', async (device) => {
    using buffer = new CudaBuffer([3, 4], 'u8', { device });
    const pitched = Uint8Array.from({ length: 2 * 7 + 4 }, (_, i) => i);
    for (const isAsync of [false, true]) {
      if (isAsync) await memcpyHtoDAsync(buffer, pitched, { hostPitch: 7 });
      else memcpyHtoD(buffer, pitched, { hostPitch: 7 });
      const back = new Uint8Array(12);
      memcpyDtoH(back, buffer);
      expect([...back]).toEqual([0, 1, 2, 3, 7, 8, 9, 10, 14, 15, 16, 17]);
      const into = new Uint8Array(18).fill(255);
      if (isAsync) await memcpyDtoHAsync(into, buffer, { hostPitch: 7 });
      else memcpyDtoH(into, buffer, { hostPitch: 7 });
      expect([...into]).toEqual([
        0, 1, 2, 3, 255, 255, 255, 7, 8, 9, 10, 255, 255, 255, 14, 15, 16, 17,
      ]);
    }
  });

  onEachDevice('may overlap', async (device) => {
    using buffer = new CudaBuffer([64], 'u8', { device });
    memcpyHtoD(
      buffer,
      Uint8Array.from({ length: 64 }, (_, i) => i),
    );
    memcpyDtoD(buffer, buffer, { to: { offset: 5, length: 50 }, from: { offset: 0, length: 50 } });
    const back = new Uint8Array(64);
    memcpyDtoH(back, buffer);
    expect([...back]).toEqual(Array.from({ length: 64 }, (_, i) => (i < 5 || i >= 55 ? i : i - 5)));
    using other = new CudaBuffer([64], 'u8', { device });
    await memcpyDtoDAsync(other, buffer);
    const again = new Uint8Array(64);
    memcpyDtoH(again, other);
    expect(again).toEqual(back);
  });

  it('go between the CPU and CUDA', (context) => {
    requireDevice(context, 'cuda:0');
    using host = new CudaBuffer([height, width, channels], 'u16', { device: 'cpu' });
    using first = new CudaBuffer([height, width, channels], 'u16', { device: 'cuda:0' });
    using back = new CudaBuffer([height, width, channels], 'u16', { device: 'cpu' });
    memcpyHtoD(host, samples);
    memcpyDtoD(first, host);
    memcpyDtoD(back, first);
    const result = new Uint16Array(samples.length);
    memcpyDtoH(result, back);
    expect(result).toEqual(samples);
  });

  onEachDevice('are safe while either side goes away', async (device) => {
    const big = randomArray('u8', 1 << 22) as Uint8Array;
    const expected = big.slice();
    const buffer = new CudaBuffer([1 << 22], 'u8', { device });
    const upload = memcpyHtoDAsync(buffer, big);
    structuredClone(big.buffer, { transfer: [big.buffer as ArrayBuffer] });
    await upload;
    const into = new Uint8Array(1 << 22);
    const download = memcpyDtoHAsync(into, buffer);
    buffer.free();
    await download;
    expect(Buffer.compare(into, expected)).toBe(0);
  });

  it('reject where the ArrayBuffer has been transferred meanwhile on CUDA', async (context) => {
    requireDevice(context, 'cuda:0');
    using buffer = new CudaBuffer([1 << 20], 'u8', { device: 'cuda:0' });
    const into = new Uint8Array(1 << 20);
    const download = memcpyDtoHAsync(into, buffer);
    structuredClone(into.buffer, { transfer: [into.buffer] });
    await expect(download).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  });

  onEachDevice('change nothing where they are refused', (device) => {
    using buffer = new CudaBuffer([4, 4], 'f32', { device });
    using other = new CudaBuffer([16], 'f32', { device });
    const before = Float32Array.from({ length: 16 }, (_, i) => i);
    memcpyHtoD(buffer, before);
    const refused: (() => void)[] = [
      () => memcpyHtoD(buffer, new Float32Array(15)),
      () => memcpyHtoD(buffer, new Float32Array(17)),
      () => memcpyHtoD(buffer, new Float64Array(16)),
      () => memcpyHtoD(buffer, new DataView(before.buffer) as unknown as Float32Array),
      () => memcpyHtoD(buffer, new Float32Array(4), { offset: 13, length: 4 }),
      () => memcpyHtoD(buffer, new Float32Array(4), { offset: -1, length: 4 }),
      () =>
        memcpyHtoD(buffer, new Float32Array(4), { region: { x: 3, y: 0, width: 2, height: 2 } }),
      () => memcpyHtoD(buffer, new Float32Array(16), { hostPitch: 3 }),
      () => memcpyDtoD(buffer, other),
      () => memcpyDtoD(buffer, {} as CudaBuffer),
    ];
    for (const call of refused) expect(errorOf(call).code).toBe('ERR_INVALID_ARGUMENT');
    const after = new Float32Array(16);
    memcpyDtoH(after, buffer);
    expect(after).toEqual(before);
  });
});
