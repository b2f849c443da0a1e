/** Options of sessions, readers and writers beyond those of the input and of the encoder. */
import type { DeviceOption } from '../device.ts';
import type { EncoderOptions } from './encoder-options.ts';
import type { InputOptions } from './input-options.ts';

/** What a session has besides its input and its encoder. */
export interface RunOptions {
  /** Where the pipeline runs; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** Aborts the session; `finished` rejects with its reason as the cause. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

export type SessionOptions = EncoderOptions & InputOptions & RunOptions;
