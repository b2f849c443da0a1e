/** A stream of the input file that goes to the output. */

import type { CopiedStream } from '../format/video-info.ts';
import type { CutSubtitle } from '../input/cut-subtitles.ts';

export interface Carried {
  readonly stream: CopiedStream;
  /** The encoder; undefined copies the stream. */
  readonly encoder: string | undefined;
  /** FFmpeg's options of the encoder; # stands for the stream's specifier, such as `a:0`. */
  readonly options: readonly string[];
  /** A file that replaces the stream of the input file. */
  readonly cut?: CutSubtitle | undefined;
}
