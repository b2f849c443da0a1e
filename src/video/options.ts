/** Options of sessions beyond those of the input and of the outputs. */
import type { DeviceOption } from '../device.ts';
import type { Pipeline } from '../pipeline.ts';
import type { EncoderOptions } from './encoder-options.ts';
import type { InputOptions } from './input-options.ts';

/** What a session has besides its input and its outputs. */
export interface RunOptions {
  /** Where the pipeline runs; `auto` by default. */
  readonly device?: DeviceOption | undefined;
  /** Aborts the session; `finished` rejects with its reason as the cause. */
  readonly signal?: AbortSignal | undefined;
  readonly ffmpeg?: string | undefined;
  readonly ffprobe?: string | undefined;
}

/** A session with one output. */
export type SessionOptions = EncoderOptions & InputOptions & RunOptions;

/** A session with several, each with encoder options of its own. */
export type SharedOptions = InputOptions & RunOptions;

/** One of several outputs of a session. */
export type SessionOutputOptions = EncoderOptions & {
  /** The file, the pattern of an image sequence, a single picture, `-` for stdout, or `null:`. */
  readonly path: string;
  /** Stages after those of the session's pipeline. */
  readonly pipeline?: Pick<Pipeline, 'stages'> | undefined;
  /**
   * Which frame a single picture shows: the one on display at as many seconds from the start of the section, the last one
   * after its end; the first by default.
   */
  readonly at?: number | undefined;
};
