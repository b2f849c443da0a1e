/** Messages to and from the threads of the pool. */
import type { ErrorCode } from '../errors/errors.ts';
import { isPlainObject } from '../schema/declaration.ts';

/** The tasks of threads; src/thread.ts has the functions. */
export type TaskName =
  | 'bmpDecode'
  | 'bmpEncode'
  | 'cubeData'
  | 'floatsFrom'
  | 'gifIsCut'
  | 'hdrDecode'
  | 'inColorspace'
  | 'spread'
  | 'unpackWoff';

export interface Question {
  readonly name: TaskName;
  readonly args: readonly unknown[];
}

export type Answer = { readonly value: unknown } | { readonly error: ThreadError };

export interface ThreadError {
  readonly message: string;
  readonly code: ErrorCode | undefined;
  readonly path: string | undefined;
  /** Whether it was a RangeError, for truncated bytes. */
  readonly isRange: boolean;
}

const kinds = { Uint8Array, Uint16Array, Float32Array };

/** An array by its buffer, because V8 truncates the length of a sent typed array to 32 bits. */
class Handed {
  readonly kind: keyof typeof kinds;
  readonly buffer: ArrayBuffer;
  readonly start: number;
  readonly length: number;

  constructor(array: Uint8Array | Uint16Array | Float32Array) {
    this.kind =
      array instanceof Uint8Array
        ? 'Uint8Array'
        : array instanceof Uint16Array
          ? 'Uint16Array'
          : 'Float32Array';
    this.buffer = array.buffer as ArrayBuffer;
    this.start = array.byteOffset;
    this.length = array.length;
  }
}

const isArray = (part: unknown) =>
  part instanceof Uint8Array || part instanceof Uint16Array || part instanceof Float32Array;

/** A result, and the buffers of its arrays, which are transferred rather than copied. */
export function packValue(value: unknown): { packed: unknown; buffers: ArrayBuffer[] } {
  const buffers: ArrayBuffer[] = [];
  const pack = (part: unknown) => {
    if (!isArray(part)) return part;
    const handed = new Handed(part);
    buffers.push(handed.buffer);
    return handed;
  };
  return { packed: mapParts(value, pack), buffers };
}

/** The inverse of `packValue`. */
export function unpackValue(packed: unknown): unknown {
  return mapParts(packed, (part) => {
    if (typeof part !== 'object' || part === null || !('buffer' in part)) return part;
    const { kind, buffer, start, length } = part as Handed;
    return new kinds[kind](buffer, start, length);
  });
}

/** The values of an object, or the value itself. */
function mapParts(value: unknown, change: (part: unknown) => unknown): unknown {
  const whole = change(value);
  if (whole !== value || !isPlainObject(value)) return whole;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, change(part)]));
}
