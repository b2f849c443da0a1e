/** Bytes that hold an image's samples without saying so: as files, sockets and other languages hand them over. */
import { describeValue, FramelaneError } from '../errors/errors.ts';

/** Samples as JavaScript holds them: a Buffer is a Uint8Array, too. */
export type Samples = Float32Array | Float64Array | Uint8Array | Uint8ClampedArray | Uint16Array;

/** Memory without a type; a Buffer, too, where it is four times as long as an image has samples. */
export type UntypedBytes = ArrayBuffer | SharedArrayBuffer | DataView;

/**
 * The samples that an argument holds, `count` of them. Bytes are four a sample, floats in the order of this machine, or one a
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

/** Floats begin at multiples of four bytes; a Buffer begins anywhere. */
function floatsIn({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array {
  if (byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, byteLength / 4);
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function invalid(what: string, received: string): FramelaneError {
  const message = `samples: expected ${what}, received ${received}`;
  return new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: 'samples' });
}
