/** Samples of an image as untyped bytes, as from files, sockets and other languages. */
import { describeValue, FramelaneError } from '../errors/errors.ts';

/** Samples in typed arrays; a Buffer is a Uint8Array, too. */
export type Samples = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Uint16Array;

/** Untyped memory; also a Buffer of four bytes per sample. */
export type UntypedBytes = ArrayBuffer | SharedArrayBuffer | DataView;

/**
 * The `count` samples in an argument. Bytes are four per sample (floats in the byte order of this machine) or one per
 * sample.
 */
export function typedSamples(given: unknown, count: number): Samples {
  if (isSamples(given)) {
    const isFloats = given.constructor !== Uint8ClampedArray && given.byteLength === 4 * count;
    return isFloats && given instanceof Uint8Array ? floatsIn(given) : given;
  }
  const bytes = bytesOf(given, count);
  if (bytes.length === 4 * count) return floatsIn(bytes);
  if (bytes.length === count) return bytes;
  throw invalid(
    `${4 * count} bytes (${count} floats) or ${count} bytes`,
    `${describeValue(given)} of ${bytes.length} bytes`,
  );
}

function isSamples(value: unknown): value is Samples {
  const kinds = [Float32Array, Float64Array, Uint8Array, Uint8ClampedArray, Uint16Array];
  return kinds.some((kind) => value instanceof kind);
}

function bytesOf(value: unknown, count: number): Uint8Array {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return new Uint8Array(value);
  }
  if (value instanceof DataView) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  const kinds = 'Float32Array, Float64Array, Uint8Array, Uint8ClampedArray or Uint16Array';
  throw invalid(`${count} samples in a ${kinds}, or their bytes`, describeValue(value));
}

/** Float32Array needs an offset that is a multiple of four; a Buffer can have any. */
function floatsIn({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array {
  if (byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, byteLength / 4);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function invalid(what: string, received: string): FramelaneError {
  const message = `samples: expected ${what}, received ${received}`;
  return new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'samples' });
}
