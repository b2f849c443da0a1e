/** Converts closed captions to a subtitle track. */

import type { VideoInfo } from '../format/video-info.ts';
import type { SectionOptions } from '../input/options.ts';
import { seconds } from '../input/section.ts';
import type { Encoding } from './encoding.ts';

export interface CaptionTrack {
  readonly inputArgs: readonly string[];
  readonly outputArgs: readonly string[];
  readonly warnings: readonly string[];
}

/** Formats that refer to other files, which FFmpeg would follow. */
const playlists = /^(hls|dash|concat|ffconcat|sdp|rtsp|image2)/;
/** Seconds read before a section, for a caption that is on screen at its start. */
const memory = 10;

/**
 * Captions as a text track, if requested. Raw frames do not carry captions, so FFmpeg decodes the video a second time for them.
 * `at` is the number of this input and of this subtitle stream at the encoder.
 */
export function captionTrack(
  info: CaptionedVideo,
  { container, output, kind }: Encoding,
  { from = 0, to }: SectionOptions,
  at: { readonly input: number; readonly subtitle: number },
): CaptionTrack {
  const { path, source, index } = info;
  const note = (text: string) => ({
    inputArgs: [],
    outputArgs: [],
    warnings: [`${path}: ${text}`],
  });
  const nothing = { inputArgs: [], outputArgs: [], warnings: [] };
  const asked = output.captions;
  if (kind === 'picture' || kind === 'sequence' || asked === 'none') return nothing;
  const encoder = container.textSubtitles;
  const left = 'its closed captions are left out';
  if (asked !== 'text') {
    const remedy = 'captions: "text" (--captions text) converts them to a subtitle track';
    const why = encoder === undefined ? `${container.name} takes no text subtitles` : remedy;
    return info.captions ? note(`${left}; ${why}`) : nothing;
  }
  if (encoder === undefined) return note(`${left}, ${container.name} takes no text subtitles`);
  const demuxer = info.container.split(',')[0] ?? '';
  const plain = source.kind === undefined && source.options.length === 0 && !info.live;
  if (!plain || playlists.test(demuxer))
    return note(`${left}, because they can only be read from files`);
  const seek = from > memory ? [`seek_point=${seconds(from - memory)}`] : [];
  const end = to === undefined ? [] : [`trim=end=${seconds(info.startTime + to)}`];
  const movie = [`filename=${filterText(source.url)}`, `f=${demuxer}`, `si=${index}`, ...seek];
  // FFmpeg 4 assumes a time base of 1/90000 for captions, whatever that of the video is.
  const graph = [`movie=${movie.join(':')}`, ...end, 'settb=1/90000[out0+subcc]'].join(',');
  const stream = `s:${at.subtitle}`;
  return {
    inputArgs: ['-itsoffset', seconds(-(info.startTime + from)), '-f', 'lavfi', '-i', graph],
    outputArgs: [
      ...['-map', `${at.input}:s:0`, `-c:${stream}`, encoder],
      ...[`-metadata:s:${stream}`, 'title=Closed captions'],
    ],
    warnings: [],
  };
}

/** The properties of a video that its captions depend on. */
export type CaptionedVideo = Pick<
  VideoInfo,
  'path' | 'source' | 'index' | 'captions' | 'container' | 'live' | 'startTime'
>;

/** A value inside a filter graph: escaped once for the filter's options and once for the graph. */
export function filterText(value: string): string {
  const option = value.replaceAll(/[\\':\s]/g, '\\$&');
  return option.replaceAll(/[\\'[\],;\s]/g, '\\$&');
}
