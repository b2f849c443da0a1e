/** Arguments of kernels as bytes. */
import {
  type ArgumentValue,
  bool,
  devicePointer,
  f32,
  f64,
  gridFor,
  i8,
  i16,
  i32,
  i64,
  struct,
  u8,
  u16,
  u32,
  u64,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { argumentValue } from '../../src/interop/kernel-argument.ts';
import { type LaunchOptions, writeShape } from '../../src/interop/launch.ts';
import { errorOf } from '../helpers/errors.ts';

/** The bytes that lie at an odd place, and nothing beside them. */
function bytesOf(value: ArgumentValue): number[] {
  const memory = new Uint8Array(40).fill(0xcd);
  value.write(new DataView(memory.buffer, 4), 3);
  const [before, after] = [memory.subarray(0, 7), memory.subarray(7 + value.bytes)];
  expect([...before, ...after].every((byte) => byte === 0xcd)).toBe(true);
  return [...memory.subarray(7, 7 + value.bytes)];
}

const inMemory = (array: ArrayBufferView) => [...new Uint8Array(array.buffer)];

describe('scalars lie as typed arrays have them', () => {
  const rows: readonly (readonly [ArgumentValue, ArrayBufferView])[] = [
    [i8(-128), Int8Array.of(-128)],
    [u8(255), Uint8Array.of(255)],
    [i16(-32768), Int16Array.of(-32768)],
    [u16(65535), Uint16Array.of(65535)],
    [i32(-2147483648), Int32Array.of(-2147483648)],
    [u32(4294967295), Uint32Array.of(4294967295)],
    [i64(-(2n ** 63n)), BigInt64Array.of(-(2n ** 63n))],
    [i64(-7), BigInt64Array.of(-7n)],
    [u64(2n ** 64n - 1n), BigUint64Array.of(2n ** 64n - 1n)],
    [u64(2 ** 53 - 1), BigUint64Array.of(9007199254740991n)],
    [f32(0.1), Float32Array.of(0.1)],
    [f32(Number.NaN), Float32Array.of(Number.NaN)],
    [f64(0.1), Float64Array.of(0.1)],
    [bool(true), Uint8Array.of(1)],
    [bool(false), Uint8Array.of(0)],
    [devicePointer(0x7f12_3456_7890n), BigUint64Array.of(0x7f12_3456_7890n)],
    [struct(Float32Array.of(1, 2, 3)), Float32Array.of(1, 2, 3)],
  ];
  for (const [value, expected] of rows) {
    it(value.text, () => expect(bytesOf(value)).toEqual(inMemory(expected)));
  }
  it('a struct is a view, and read when it is written', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5);
    const value = struct(new DataView(bytes.buffer, 1, 3));
    bytes[2] = 9;
    expect(bytesOf(value)).toEqual([2, 9, 4]);
  });
});

describe('values that do not fit', () => {
  const calls: Readonly<Record<string, () => unknown>> = {
    i8: () => i8(128),
    u8: () => u8(-1),
    i16: () => i16(32768),
    u16: () => u16(0.5),
    i32: () => i32(2 ** 31),
    u32: () => u32(2 ** 32),
    i64: () => i64(2n ** 63n),
    u64: () => u64(-1n),
    f32: () => f32('1' as unknown as number),
    f64: () => f64(1n as unknown as number),
    bool: () => bool(1 as unknown as boolean),
    struct: () => struct(new ArrayBuffer(4) as unknown as DataView),
    devicePointer: () => devicePointer(4096 as unknown as bigint),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(name, () => {
      expect(errorOf(call)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', path: name });
    });
  }
  it('numbers beyond 2^53 need a bigint', () => {
    expect(errorOf(() => u64(2 ** 53)).message).toContain('a bigint beyond 2^53');
  });
});

describe('an argument of a kernel', () => {
  const convert = (argument: unknown) => argumentValue(argument, 2, 'cuda:0');
  const hints: readonly (readonly [unknown, string])[] = [
    [1, 'i32(…), f32(…)'],
    [1n, 'u64(…) or devicePointer(…)'],
    [true, 'bool(…)'],
    [new Float32Array(1), 'struct(…)'],
    [null, 'cudaArrayInterface'],
    ['1', 'cudaArrayInterface'],
    [{ cudaArrayInterface: { data: [1, false] } }, 'cudaArrayInterface'],
  ];
  for (const [argument, hint] of hints) {
    it(`${typeof argument} ${argument} is refused with what to write`, () => {
      const error = errorOf(() => convert(argument));
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', path: 'arguments[2]' });
      expect(error.message).toContain(hint);
    });
  }
  it('that has memory of the device is its pointer', () => {
    const cudaArrayInterface = { data: [0x1000n, true] as const };
    for (const memory of [{ cudaArrayInterface }, { cudaArrayInterface, device: 'cuda:0' }]) {
      expect(bytesOf(convert(memory))).toEqual(inMemory(BigUint64Array.of(0x1000n)));
    }
    const error = errorOf(() => convert({ cudaArrayInterface, device: 'cuda:1' }));
    expect(error).toMatchObject({ code: 'ERR_DEVICE_MISMATCH', path: 'arguments[2]' });
  });
});

describe('the shape of a launch', () => {
  const device = { grid: [1000, 65535, 65535], block: [1024, 1024, 64], threads: 1024 } as const;
  const kernel = { maxThreads: 512, maxDynamicSharedBytes: 100_000 };
  const write = (shape: LaunchOptions) => {
    const words = new Uint32Array(8).fill(77);
    writeShape(words, shape, device, kernel);
    return [...words];
  };
  it('fills up with ones', () => {
    expect(write({ grid: 7, block: [8, 4] })).toEqual([7, 1, 1, 8, 4, 1, 0, 77]);
    expect(write({ grid: [1000, 2, 3], block: [2, 4, 64], sharedBytes: 9 })).toEqual([
      1000, 2, 3, 2, 4, 64, 9, 77,
    ]);
  });
  const wrong: readonly (readonly [string, LaunchOptions])[] = [
    ['grid.x', { grid: 1001, block: 1 }],
    ['grid.y', { grid: [1, 65536], block: 1 }],
    ['grid.x', { grid: 0, block: 1 }],
    ['grid.x', { grid: [] as unknown as [number], block: 1 }],
    ['grid', { grid: '1' as unknown as number, block: 1 }],
    ['block.z', { grid: 1, block: [1, 1, 65] }],
    ['block.x', { grid: 1, block: 1.5 }],
    ['block', { grid: 1, block: 513 }],
    ['block', { grid: 1, block: [32, 32] }],
    ['sharedBytes', { grid: 1, block: 1, sharedBytes: 100_001 }],
    ['sharedBytes', { grid: 1, block: 1, sharedBytes: -1 }],
    ['shape.shared', { grid: 1, block: 1, shared: 4 } as unknown as LaunchOptions],
  ];
  for (const [path, shape] of wrong) {
    it(`${path} of ${JSON.stringify(shape)}`, () => {
      expect(errorOf(() => write(shape))).toMatchObject({ code: 'ERR_INVALID_OPTION', path });
    });
  }
});

describe('gridFor', () => {
  it('covers every pixel and no whole block more', () => {
    expect(gridFor(1920, 1080, [32, 8])).toEqual([60, 135, 1]);
    expect(gridFor(1921, 1081, [32, 8])).toEqual([61, 136, 1]);
    expect(gridFor(1, 1, [32, 8])).toEqual([1, 1, 1]);
    expect(gridFor(1000, 1, 256)).toEqual([4, 1, 1]);
  });
  it('refuses sides that are none', () => {
    expect(errorOf(() => gridFor(0, 1, 1)).path).toBe('width');
    expect(errorOf(() => gridFor(1, 1.5, 1)).path).toBe('height');
    expect(errorOf(() => gridFor(1, 1, [1, 0])).path).toBe('block.y');
  });
});
