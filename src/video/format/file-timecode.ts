/** The timecode of a file. */
import { type Fields, finite, list, tagOf, text } from './ffprobe-fields.ts';
import { parseRational, type Rational } from './rational.ts';

/** As a file says it. */
export interface FileTimecode {
  /** Of the first frame: `10:00:00:00`, with `;` where names are dropped. */
  readonly text: string;
  /** The rate it is counted at. */
  readonly frameRate: Rational;
  /** The stream that has it, where it has one of its own (tmcd). */
  readonly stream: number | undefined;
}

/** The video's own tag, its timecode track, then the tag of the whole file. */
export function fileTimecode(
  probed: Fields,
  video: Fields,
  rate: Rational,
): FileTimecode | undefined {
  const format = (probed['format'] ?? {}) as Fields;
  const track = list(probed['streams']).find((stream) => {
    return stream['codec_type'] === 'data' && stream['codec_tag_string'] === 'tmcd';
  });
  const said = [video, track ?? {}, format].map((part) => tagOf(part, 'timecode'));
  const first = said.find((words) => words !== undefined);
  if (first === undefined) return undefined;
  // 60 frames a second may be counted at 30.
  const counted = track && parseRational(text(track['avg_frame_rate']));
  const stream = track && finite(track['index']);
  return { text: first, frameRate: counted ?? rate, stream };
}
