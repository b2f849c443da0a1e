/** Streams of the input file as streams of the output, counted by their kind. */

import type { CopiedStream } from '../format/video-info.ts';
import type { CutSubtitle } from '../input/cut-subtitles.ts';

export interface Carried {
  readonly stream: CopiedStream;
  /** FFmpeg's options of the encoder, `:a:0` in the place of #; a copy where there is none. */
  readonly encoder: string | undefined;
  readonly options: readonly string[];
  /** The file that has it in the place of the input file. */
  readonly cut?: CutSubtitle | undefined;
}
