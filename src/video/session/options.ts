/** The options of a session and of its outputs. */
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { InputOptions } from '../input/options.ts';
import { type RunOptions, sharedOptionNames } from '../input/run-options.ts';
import { encodingOptionNames } from '../output/encoder-options.ts';
import type { EncoderOptions } from '../output/encoding.ts';

/** A session with one output. */
export type SessionOptions = EncoderOptions & InputOptions & RunOptions;

/** One of several outputs of a session. */
export type SessionOutputOptions = EncoderOptions & {
  /** The file, the pattern of an image sequence, a single picture, `-` for stdout, or `null:`. */
  readonly path: string;
  /** Stages that run after those of the session's pipeline. */
  readonly pipeline?: Pick<Pipeline, 'stages'> | undefined;
  /**
   * Which frame a single picture shows: the one on display at this many seconds from the start of the section, or the last one
   * if the section is shorter; the first by default.
   */
  readonly at?: number | undefined;
};

export const sessionOptionNames = [...encodingOptionNames, ...sharedOptionNames];
export const sessionOutputNames = [...encodingOptionNames, 'path', 'pipeline', 'at'];
