/** Element types of buffers and tensors, and their names in NumPy's protocols. */
import { invalidArgument } from '../errors/invalid.ts';

/** `f16` samples are the bits of IEEE half floats in a Uint16Array. */
export type DType =
  | 'u8'
  | 'i8'
  | 'u16'
  | 'i16'
  | 'u32'
  | 'i32'
  | 'u64'
  | 'i64'
  | 'f16'
  | 'f32'
  | 'f64';

type Word = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'uint64' | 'int64';
/** An element type by its own or NumPy's name. */
export type DTypeName = DType | Word | 'float16' | 'float32' | 'float64';

export type TypedArray =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

interface TypedArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TypedArray;
}

interface DTypeInfo {
  /** NumPy's, of a little-endian machine. */
  readonly typestr: string;
  readonly bytes: number;
  readonly numpy: string;
  /** What holds such elements on the host; the first is made, all are taken. */
  readonly arrays: readonly [TypedArrayClass, ...TypedArrayClass[]];
}

/** Newer runtimes have it. */
const halves = (globalThis as { Float16Array?: TypedArrayClass }).Float16Array;

const infos: Readonly<Record<DType, DTypeInfo>> = {
  u8: { typestr: '|u1', bytes: 1, numpy: 'uint8', arrays: [Uint8Array, Uint8ClampedArray] },
  i8: { typestr: '|i1', bytes: 1, numpy: 'int8', arrays: [Int8Array] },
  u16: { typestr: '<u2', bytes: 2, numpy: 'uint16', arrays: [Uint16Array] },
  i16: { typestr: '<i2', bytes: 2, numpy: 'int16', arrays: [Int16Array] },
  u32: { typestr: '<u4', bytes: 4, numpy: 'uint32', arrays: [Uint32Array] },
  i32: { typestr: '<i4', bytes: 4, numpy: 'int32', arrays: [Int32Array] },
  u64: { typestr: '<u8', bytes: 8, numpy: 'uint64', arrays: [BigUint64Array] },
  i64: { typestr: '<i8', bytes: 8, numpy: 'int64', arrays: [BigInt64Array] },
  f16: {
    typestr: '<f2',
    bytes: 2,
    numpy: 'float16',
    arrays: halves ? [Uint16Array, halves] : [Uint16Array],
  },
  f32: { typestr: '<f4', bytes: 4, numpy: 'float32', arrays: [Float32Array] },
  f64: { typestr: '<f8', bytes: 8, numpy: 'float64', arrays: [Float64Array] },
};

export const dtypes = Object.keys(infos) as DType[];

export function dtypeInfo(dtype: DType): DTypeInfo {
  return infos[dtype];
}

/** The element type of that name; ERR_INVALID_ARGUMENT for any other. */
export function dtypeOf(name: unknown, what = 'dtype'): DType {
  const found = dtypes.find((dtype) => dtype === name || infos[dtype].numpy === name);
  if (found) return found;
  throw invalidArgument(what, `one of ${dtypes.join(', ')} or its NumPy name`, name);
}

/** The element type of NumPy's type string, such as `<f4`; other byte orders and kinds are ERR_INVALID_ARGUMENT. */
export function dtypeOfTypestr(typestr: unknown): DType {
  const found = dtypes.find((dtype) => {
    const own = infos[dtype].typestr;
    return own === typestr || (own[0] === '|' && `<${own.slice(1)}` === typestr);
  });
  if (found) return found;
  const known = dtypes.map((dtype) => infos[dtype].typestr);
  throw invalidArgument('typestr', `one of ${known.join(', ')}`, typestr);
}

/** Whether an array holds elements of that type. */
export function holds(array: TypedArray, dtype: DType): boolean {
  return infos[dtype].arrays.some((type) => array instanceof type);
}

export function newTypedArray(dtype: DType, length: number): TypedArray {
  return new infos[dtype].arrays[0](length);
}

/** The classes of arrays for that type, for messages. */
export function arrayNames(dtype: DType): string {
  return infos[dtype].arrays.map((type) => (type as unknown as { name: string }).name).join(' or ');
}
