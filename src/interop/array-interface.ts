/** The CUDA Array Interface, version 3, as NumPy's relatives in Python have it. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import type { CudaArrayInterface } from '../native/interop.ts';
import type { ArrayView } from './array-view.ts';
import { type DType, dtypeInfo, dtypeOfTypestr } from './dtype.ts';
import { checkShape, isPacked, packedStrides } from './strides.ts';

/** What `CudaBuffer.fromCuda` takes: version 2 or 3, numbers for addresses allowed. */
export interface CudaArrayDescriptor {
  readonly shape: readonly number[];
  readonly typestr: string;
  readonly data: readonly [address: bigint | number, readOnly: boolean];
  readonly version: number;
  readonly strides?: readonly number[] | null | undefined;
  readonly stream?: number | bigint | null | undefined;
  readonly mask?: null | undefined;
}

/** An object with the interface under our name or Python's. */
export type CudaArraySource =
  | CudaArrayDescriptor
  | { readonly cudaArrayInterface: CudaArrayDescriptor | undefined }
  | { readonly __cuda_array_interface__: CudaArrayDescriptor };

/** The interface of a view on CUDA. */
export function interfaceOf(view: ArrayView, address: bigint): CudaArrayInterface {
  const { shape, strides, dtype, memory, readOnly } = view;
  const { typestr, bytes } = dtypeInfo(dtype);
  return {
    shape,
    typestr,
    data: [shape.includes(0) ? 0n : address + BigInt(view.offset), readOnly],
    strides: isPacked(shape, strides, bytes) ? null : strides,
    version: 3,
    stream: streamOf(memory.stream),
  };
}

/** The protocol has numbers for the default streams. */
function streamOf(handle: bigint | null): null | 1 | 2 | bigint {
  if (handle === 1n) return 1;
  return handle === 2n ? 2 : handle;
}

export interface ParsedArray {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly dtype: DType;
  readonly address: bigint;
  readonly readOnly: boolean;
  readonly stream: bigint | undefined;
}

/** ERR_INVALID_ARGUMENT for anything that is not a valid interface. */
export function parseInterface(source: unknown): ParsedArray {
  const { shape, typestr, data, version, strides, stream, mask } = descriptorOf(source);
  if (!(Number.isInteger(version) && version >= 2)) {
    throw invalidArgument('version', '2 or 3', version);
  }
  if (mask !== undefined && mask !== null) throw invalidArgument('mask', 'none', mask);
  checkShape(shape);
  const dtype = dtypeOfTypestr(typestr);
  const { bytes } = dtypeInfo(dtype);
  const [address, readOnly] = parseData(data);
  if (address === 0n && !shape.includes(0)) {
    throw invalidArgument('data', 'an address above 0 of an array with elements', address);
  }
  return {
    shape: [...shape],
    strides: parseStrides(strides, shape, bytes),
    dtype,
    address,
    readOnly,
    stream: parseStream(stream),
  };
}

function descriptorOf(source: unknown): CudaArrayDescriptor {
  if (typeof source === 'object' && source !== null) {
    const found = ['cudaArrayInterface', '__cuda_array_interface__'].find((name) => name in source);
    const descriptor = found === undefined ? source : (source as Record<string, unknown>)[found];
    if (typeof descriptor === 'object' && descriptor !== null && 'data' in descriptor) {
      return descriptor as CudaArrayDescriptor;
    }
  }
  throw invalidArgument('source', 'an object with cudaArrayInterface, or its value', source);
}

function parseData(data: unknown): readonly [bigint, boolean] {
  if (Array.isArray(data) && data.length === 2) {
    const [address, readOnly] = data as [unknown, unknown];
    const isAddress =
      typeof address === 'bigint'
        ? address >= 0n && address < 2n ** 64n
        : Number.isSafeInteger(address) && (address as number) >= 0;
    if (isAddress && typeof readOnly === 'boolean') {
      return [BigInt(address as bigint | number), readOnly];
    }
  }
  throw invalidArgument('data', '[address, readOnly], the address a bigint or an integer', data);
}

function parseStrides(strides: unknown, shape: readonly number[], bytes: number): number[] {
  if (strides === undefined || strides === null) return packedStrides(shape, bytes);
  const isValid =
    Array.isArray(strides) &&
    strides.length === shape.length &&
    strides.every((stride) => Number.isSafeInteger(stride) && stride % bytes === 0);
  if (isValid) return [...strides];
  throw invalidArgument('strides', `${shape.length} multiples of ${bytes}, in bytes`, strides);
}

function parseStream(stream: unknown): bigint | undefined {
  if (stream === undefined || stream === null) return undefined;
  const isHandle = typeof stream === 'bigint' ? stream > 0n : Number.isSafeInteger(stream);
  if (isHandle && (stream as number | bigint) > 0) return BigInt(stream as bigint | number);
  throw new FramelaneError(
    'ERR_INVALID_ARGUMENT',
    `stream: expected null, 1, 2 or a handle, received ${describeValue(stream)} (0 is ambiguous)`,
    { path: 'stream' },
  );
}
