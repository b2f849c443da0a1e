/** The stream that a call runs on. Streams are made in interop/stream.ts. */
import type { DeviceId } from '../device.ts';
import { invalidArgument, invalidOption } from '../errors/invalid.ts';

/** The addon's number of a stream. */
export const streamNumber: unique symbol = Symbol('stream number');

/** What a call needs of a Stream. */
export interface StreamReference {
  readonly device: DeviceId;
  readonly [streamNumber]: number;
}

export interface OnStream {
  /** Where the device does the work, after what the images were last used for. By default the device's own stream. */
  readonly stream?: StreamReference | undefined;
}

const isStream = (value: unknown): value is StreamReference =>
  typeof value === 'object' && value !== null && streamNumber in value;

/** The number of a stream for the addon, 0 for none; ERR_INVALID_OPTION for anything else. */
export function numberOf(stream: unknown): number {
  if (stream === undefined) return 0;
  if (isStream(stream)) return stream[streamNumber];
  throw invalidOption('stream', 'a Stream', stream);
}

/** The number of a stream that must be given; ERR_INVALID_ARGUMENT for anything else. */
export function someNumberOf(stream: unknown, what: string): number {
  if (isStream(stream)) return stream[streamNumber];
  throw invalidArgument(what, 'a Stream', stream);
}
