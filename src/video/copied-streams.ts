/** Audio, subtitles, chapters and tags go from the input file to the output without being touched. */
import { extname } from 'node:path';
import type { SectionOptions } from './input-options.ts';
import { sourceArgs } from './input-source.ts';
import type { VideoInfo } from './probe.ts';
import { offsetArgs } from './section.ts';

/** Which subtitles a container takes as they are; every other container takes none. */
const subtitleCodecs: Record<string, (codec: string) => boolean> = {
  '.mp4': (codec) => codec === 'mov_text',
  '.m4v': (codec) => codec === 'mov_text',
  '.mov': (codec) => codec === 'mov_text',
  '.mkv': (codec) => codec !== 'mov_text' && codec !== 'eia_608',
  '.webm': (codec) => codec === 'webvtt',
  '.ts': (codec) => codec === 'dvb_subtitle',
};

export interface CopiedStreams {
  readonly inputArgs: readonly string[];
  readonly outputArgs: readonly string[];
  /** What is left out, for the caller to tell. */
  readonly warnings: readonly string[];
}

/** Options for the file as second input of an encoder whose first is our frames. */
export function copiedStreams(
  info: VideoInfo,
  output: string,
  range: SectionOptions = {},
): CopiedStreams {
  const { from = 0, to } = range;
  const takes = subtitleCodecs[extname(output).toLowerCase()] ?? (() => false);
  const kept = info.subtitles.filter(({ codec }) => takes(codec));
  const warnings = info.subtitles
    .filter(({ codec }) => !takes(codec))
    .map(
      ({ codec, index }) =>
        `${info.path}: subtitle stream ${index} (${codec}) is left out, ${extname(output)} does not take it`,
    );
  const section = from > 0 || to !== undefined;
  return {
    inputArgs: [
      ...offsetArgs(info, range),
      ...(from > 0 ? ['-ss', from.toFixed(6)] : []),
      ...sourceArgs(info.source),
    ],
    outputArgs: [
      ...info.audio.flatMap(({ index }) => ['-map', `1:${index}`]),
      ...kept.flatMap(({ index }) => ['-map', `1:${index}`]),
      ...['-c:a', 'copy', '-c:s', 'copy', '-map_metadata', '1', '-map_chapters', '1'],
      // Packets before the section start too early, those after it too late.
      ...(section ? ['-copypriorss', '0'] : []),
      ...(to === undefined ? [] : ['-t', (to - from).toFixed(6)]),
    ],
    warnings,
  };
}
