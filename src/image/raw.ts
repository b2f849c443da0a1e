/** Raw pixels from other programs and libraries. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { checkNames } from '../errors/option-names.ts';
import type { Image } from './image.ts';
import { expandChannels, type HostPixels, type PixelData } from './pixels.ts';
import { givenImages, type ReceiveOptions, receive, receiveNames } from './receive.ts';

export interface RawPixels {
  /** Rows from the top, channels interleaved; bytes are read with `depth` bits per channel, in the machine's byte order. */
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array | ArrayBuffer;
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA (default); alpha is straight. */
  readonly channels?: 1 | 2 | 3 | 4 | undefined;
  /** Bits per channel, 32 being floats; those of the array by default. */
  readonly depth?: 8 | 16 | 32 | undefined;
}

/**
 * An image from raw pixels.
 *
 * @throws FramelaneError ERR_INVALID_ARGUMENT if the data does not have the exact length.
 * @example
 * using image = fromRaw({ data: new Uint8Array(3 * 64 * 48), width: 64, height: 48, channels: 3 })
 */
export function fromRaw(raw: RawPixels, options: ReceiveOptions = {}): Image {
  checkNames(options, receiveNames);
  givenImages(options);
  return receive(hostPixels(raw), options);
}

const arrays = { 8: Uint8Array, 16: Uint16Array, 32: Float32Array } as const;
const opaque = { 8: 255, 16: 65535, 32: 1 } as const;

function hostPixels(raw: RawPixels): HostPixels {
  if (typeof raw !== 'object' || raw === null) {
    throw invalid('raw', 'data, width and height', raw);
  }
  const { data, width, height, channels = 4 } = raw;
  const depth = raw.depth ?? depthOf(data);
  if (!Object.hasOwn(arrays, depth)) throw invalid('depth', '8, 16 or 32', depth);
  if (![1, 2, 3, 4].includes(channels)) throw invalid('channels', '1, 2, 3 or 4', channels);
  const length = width * height * channels;
  const samples = samplesAs(depth, data);
  if (samples.length !== length) {
    const expected = `${length} samples (${width}x${height}, ${channels} channels of ${depth} bits)`;
    throw invalid('data', expected, `${samples.length} samples`);
  }
  return { width, height, data: expandChannels(samples, channels, opaque[depth]) };
}

function depthOf(data: unknown): 8 | 16 | 32 {
  if (data instanceof Float32Array) return 32;
  return data instanceof Uint16Array ? 16 : 8;
}

/** A view if the bytes are aligned, else a copy. */
function samplesAs(depth: 8 | 16 | 32, data: unknown): PixelData {
  const isBytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  if (!isBytes && !(data instanceof ArrayBuffer)) {
    const fits = data instanceof arrays[depth];
    if (fits) return data as PixelData;
    const expected = `bytes or ${depth === 8 ? 'a Uint8Array' : `a ${arrays[depth].name}`}`;
    throw invalid('data', expected, data);
  }
  const bytes = isBytes
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  const size = depth / 8;
  if (bytes.length % size !== 0) throw invalid('data', `whole samples of ${size} bytes`, data);
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new arrays[depth](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.length / size,
  );
}

function invalid(path: string, expected: string, received: unknown): FramelaneError {
  const shown = typeof received === 'string' ? received : describeValue(received);
  return new FramelaneError(
    'ERR_INVALID_ARGUMENT',
    `${path}: expected ${expected}, received ${shown}`,
    { path },
  );
}
