/** The timecode of a file. */
import { type Fields, finite, list, tagOf, text } from './ffprobe-fields.ts';
import { parseRational, type Rational } from './rational.ts';

/** The timecode as the file stores it. */
export interface FileTimecode {
  /** The timecode of the first frame: `10:00:00:00`, with `;` for drop-frame. */
  readonly text: string;
  /** The rate it is counted at. */
  readonly frameRate: Rational;
  /** The index of its own stream (tmcd), if it has one. */
  readonly stream: number | undefined;
}

/** From the tag of the video stream, else a timecode track, else the tag of the file. */
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
