/** The timecode of a file, and what becomes of it in an output. */
import type { Encoding } from './encoding.ts';
import { type Fields, finite, list, tagOf, text } from './ffprobe-fields.ts';
import type { SectionOptions } from './input-options.ts';
import { parseRational, type Rational, toNumber } from './rational.ts';
import { advance, nominalRate, parseTimecode, recount, timecodeText } from './timecode.ts';

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

export interface OutputTimecode {
  readonly args: readonly string[];
  readonly warnings: readonly string[];
}

/** MOV and MP4 make a track of it, the others have it as a tag. */
const holding = /^(mov|mp4|m4v|mkv|webm|avi)$/;

/** What an output says of its first frame: `from` frames on, at the rate it is written at. */
export function outputTimecode(
  info: {
    readonly path: string;
    readonly timecode: FileTimecode | undefined;
    readonly frameRate: Rational;
    readonly startTime: number;
    readonly videoStart: number;
    readonly live: boolean;
  },
  { container, kind }: Encoding,
  { from = 0 }: SectionOptions,
  fps: Rational | undefined,
): OutputTimecode {
  const { path, timecode, startTime, videoStart, live } = info;
  if (timecode === undefined || kind === 'picture' || kind === 'sequence') {
    return { args: [], warnings: [] };
  }
  const left = (reason: string): OutputTimecode => ({
    // Tags of the file are copied, and would say it of another frame.
    args: ['-metadata', 'timecode='],
    warnings: [`${path}: its timecode ${timecode.text} is left out, ${reason}`],
  });
  if (!holding.test(container.name)) return left(`${container.name} has no place for one`);
  if (live) return left('a live source is not read from its start');
  const start = parseTimecode(timecode.text, timecode.frameRate);
  const spoken = Number(toNumber(timecode.frameRate).toFixed(3));
  if (start === undefined) return left(`at ${spoken} frames/s no frame has that name`);
  // The frame on display: it may have begun before.
  const before = (from - (videoStart - startTime)) * toNumber(timecode.frameRate);
  const first = advance(start, Math.max(0, Math.floor(before + 0.001)));
  const rate = fps ?? info.frameRate;
  const same = nominalRate(rate) === start.nominal;
  if (nominalRate(rate) < 1) return left('there is less than a frame a second');
  const written = timecodeText(same ? first : recount(first, timecode.frameRate, rate));
  const again = `timecode ${timecodeText(first)} is counted at ${nominalRate(rate)} frames/s: ${written}`;
  return {
    args: ['-metadata', `timecode=${written}`],
    warnings: same ? [] : [`${path}: its ${again}`],
  };
}
