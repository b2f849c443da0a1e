/** Arguments of kernels, by value: scalars with their type in C, structs, and pointers to device memory. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { type AnyImage, Image, ImageU8, idOf } from '../image/image.ts';
import { type DeviceArray, view } from './array-view.ts';

/** A value as it lies in the memory of the kernel's arguments. */
export interface ArgumentValue {
  /** For errors: `i32(1)`. */
  readonly text: string;
  readonly bytes: number;
  write(view: DataView, at: number): void;
}

/** Something with device memory, of another library for example. */
export interface CudaMemory {
  readonly cudaArrayInterface: { readonly data: readonly [pointer: bigint, readOnly: boolean] };
  /** `cuda:0`; where there is one, it must be the kernel's. */
  readonly device?: string;
}

/** A launch comes after the last use of a CudaBuffer, a Tensor or an image, and before the next one; of other memory nothing is known. */
export type KernelArgument = ArgumentValue | DeviceArray | AnyImage | CudaMemory;

type Write = (view: DataView, at: number, value: never) => void;

class Scalar implements ArgumentValue {
  readonly #type: string;
  readonly #value: number | bigint | boolean;
  readonly bytes: number;
  readonly #write: Write;

  constructor(type: string, bytes: number, value: number | bigint | boolean, write: Write) {
    this.#type = type;
    this.#value = value;
    this.bytes = bytes;
    this.#write = write;
  }

  get text(): string {
    return `${this.#type}(${describeValue(this.#value)})`;
  }

  write(view: DataView, at: number): void {
    this.#write(view, at, this.#value as never);
  }
}

const little = true;

function integer(type: string, bits: 8 | 16 | 32, least: number, most: number, write: Write) {
  return (value: number): ArgumentValue => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw invalidArgument(type, `an integer from ${least} to ${most}`, value);
    }
    return new Scalar(type, bits / 8, value, write);
  };
}

function wide(type: string, least: bigint, most: bigint, write: Write) {
  return (value: bigint | number): ArgumentValue => {
    const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
    if (!isWhole || value < least || value > most) {
      const expected = `an integer from ${least} to ${most}, a bigint beyond 2^53`;
      throw invalidArgument(type, expected, value);
    }
    return new Scalar(type, 8, BigInt(value), write);
  };
}

function float(type: string, bytes: 4 | 8, write: Write) {
  return (value: number): ArgumentValue => {
    if (typeof value !== 'number') throw invalidArgument(type, 'a number', value);
    return new Scalar(type, bytes, value, write);
  };
}

/** A signed 8-bit integer, `char` or `int8_t`. @example kernel.launch(shape, i8(-1)) */
export const i8 = integer('i8', 8, -128, 127, (view, at, value) => view.setInt8(at, value));
/** An unsigned 8-bit integer, `unsigned char` or `uint8_t`. @example kernel.launch(shape, u8(255)) */
export const u8 = integer('u8', 8, 0, 255, (view, at, value) => view.setUint8(at, value));
/** A signed 16-bit integer, `short`. @example kernel.launch(shape, i16(-1)) */
export const i16 = integer('i16', 16, -32768, 32767, (view, at, value) =>
  view.setInt16(at, value, little),
);
/** An unsigned 16-bit integer, `unsigned short`. @example kernel.launch(shape, u16(65535)) */
export const u16 = integer('u16', 16, 0, 65535, (view, at, value) =>
  view.setUint16(at, value, little),
);
/** A signed 32-bit integer, `int`. @example kernel.launch(shape, i32(-1)) */
export const i32 = integer('i32', 32, -(2 ** 31), 2 ** 31 - 1, (view, at, value) =>
  view.setInt32(at, value, little),
);
/** An unsigned 32-bit integer, `unsigned`. @example kernel.launch(shape, u32(1)) */
export const u32 = integer('u32', 32, 0, 2 ** 32 - 1, (view, at, value) =>
  view.setUint32(at, value, little),
);
/** A signed 64-bit integer, `long long`. @example kernel.launch(shape, i64(-5n)) */
export const i64 = wide('i64', -(2n ** 63n), 2n ** 63n - 1n, (view, at, value) =>
  view.setBigInt64(at, value, little),
);
/** An unsigned 64-bit integer, `size_t`. @example kernel.launch(shape, u64(5n)) */
export const u64 = wide('u64', 0n, 2n ** 64n - 1n, (view, at, value) =>
  view.setBigUint64(at, value, little),
);
/** A `float`. @example kernel.launch(shape, f32(0.5)) */
export const f32 = float('f32', 4, (view, at, value) => view.setFloat32(at, value, little));
/** A `double`. @example kernel.launch(shape, f64(0.5)) */
export const f64 = float('f64', 8, (view, at, value) => view.setFloat64(at, value, little));

/** A `bool`. @example kernel.launch(shape, bool(true)) */
export function bool(value: boolean): ArgumentValue {
  if (typeof value !== 'boolean') throw invalidArgument('bool', 'a boolean', value);
  return new Scalar('bool', 1, value, (view, at, given) => view.setUint8(at, given ? 1 : 0));
}

/** Memory whose last use is known: the addon fills in its address, and puts the launch behind that use. */
export class OrderedMemory implements ArgumentValue {
  readonly bytes = 8;
  readonly text = 'memory';
  /** The numbers of its handle and of its image; one of them is 0. */
  readonly handle: number;
  readonly image: number;
  readonly offset: number;

  constructor(handle: number, image: number, offset: number) {
    this.handle = handle;
    this.image = image;
    this.offset = offset;
  }

  write(): void {}
}

class Struct implements ArgumentValue {
  readonly #data: Uint8Array;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get text(): string {
    return `struct(${this.bytes} bytes)`;
  }

  get bytes(): number {
    return this.#data.byteLength;
  }

  write(view: DataView, at: number): void {
    new Uint8Array(view.buffer, view.byteOffset + at, this.bytes).set(this.#data);
  }
}

/**
 * A struct by value: its bytes as they lie in C++, padding included. They are read at each launch.
 *
 * @example
 * kernel.launch(shape, struct(new Float32Array([0.2126, 0.7152, 0.0722])))
 */
export function struct(data: ArrayBufferView): ArgumentValue {
  if (!ArrayBuffer.isView(data)) {
    throw invalidArgument('struct', 'a typed array or a DataView', data);
  }
  return new Struct(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/**
 * An address on the device. Nothing checks what lies there: a kernel that reads or writes beyond it can break the device for
 * this process. Nothing orders its uses on several streams either: let one stream wait for the other.
 *
 * @example
 * kernel.launch(shape, devicePointer(module.global('samples').pointer + 16n))
 */
export function devicePointer(address: bigint): ArgumentValue {
  if (typeof address !== 'bigint' || address < 0n || address >= 2n ** 64n) {
    throw invalidArgument('devicePointer', 'an address as a bigint', address);
  }
  return new Scalar('devicePointer', 8, address, (view, at, value) =>
    view.setBigUint64(at, value, little),
  );
}

const helpers = 'i32(…), f32(…) or another type';

/** The value of one argument of a kernel on `device`; `index` is for errors. */
export function argumentValue(argument: unknown, index: number, device: string): ArgumentValue {
  if (argument instanceof Scalar || argument instanceof Struct) return argument;
  const path = `arguments[${index}]`;
  if (typeof argument === 'object' && argument !== null) {
    const memory = argument as Partial<CudaMemory>;
    if (memory.device !== undefined && memory.device !== device) {
      const message = `${path}: expected memory on ${device}, received it on ${memory.device}`;
      throw new FramelaneError('ERR_DEVICE_MISMATCH', message, { path });
    }
    if (view in argument) {
      const part = (argument as DeviceArray)[view];
      return new OrderedMemory(part.memory.number, 0, part.offset);
    }
    if (argument instanceof Image || argument instanceof ImageU8) {
      return new OrderedMemory(0, idOf(argument), 0);
    }
    const pointer = memory.cudaArrayInterface?.data?.[0];
    if (typeof pointer === 'bigint') return devicePointer(pointer);
  }
  throw invalidArgument(path, expectedInstead(argument), argument);
}

function expectedInstead(argument: unknown): string {
  if (typeof argument === 'number') return `its type in C: ${helpers}`;
  if (typeof argument === 'bigint') return 'its type in C: i64(…), u64(…) or devicePointer(…)';
  if (typeof argument === 'boolean') return 'its type in C: bool(…)';
  if (ArrayBuffer.isView(argument)) return 'struct(…), or memory of the device';
  return `${helpers}, struct(…), devicePointer(…), a CudaBuffer, a Tensor, an image, or an object with cudaArrayInterface`;
}
