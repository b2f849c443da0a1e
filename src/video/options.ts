/** Options of sessions beyond those of the input and of the outputs. */
import type { AssetOptions } from '../assets.ts';
import type { DeviceOption } from '../device.ts';
import { namesOf } from '../option-names.ts';
import type { Pipeline } from '../pipeline.ts';
import { outputOptionNames } from './encoder-options.ts';
import { encoderOptionNames } from './encoders/index.ts';
import type { EncoderOptions } from './encoding.ts';
import { type InputOptions, inputOptionNames } from './input-options.ts';

/** What a session has besides its input and its outputs. */
export interface RunOptions extends AssetOptions {
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

const runOptionNames = namesOf<RunOptions>({
  device: true,
  signal: true,
  ffmpeg: true,
  ffprobe: true,
  assets: true,
});

/** Of an encoder and the file it writes. */
export const encodingOptionNames = [...outputOptionNames, ...encoderOptionNames];
export const sharedOptionNames = [...inputOptionNames, ...runOptionNames];
export const sessionOptionNames = [...encodingOptionNames, ...sharedOptionNames];
export const sessionOutputNames = [...encodingOptionNames, 'path', 'pipeline', 'at'];
