/** When the last frame of a file is shown, and until when. */
import { findTool } from '../../ffmpeg/ffmpeg.ts';
import { probeLimits } from '../../ffmpeg/limits.ts';
import { capture } from '../../ffmpeg/process.ts';
import type { NativeEnding } from '../../native/media.ts';
import { fields, finite, list, parseAnswer, tagOf, text } from '../format/ffprobe-fields.ts';
import { sourceArgs } from '../format/source.ts';
import { elementary, type VideoInfo } from '../format/video-info.ts';
import type { SectionOptions } from './options.ts';

/** Seconds from the start of the file; of a section, until its end. */
export interface Tail {
  readonly last: number;
  readonly end: number;
}

/** Animations have no index; they are small enough to be read whole. */
const animation = /^(gif|apng)$/;

/** Undefined where all frames have the same duration, or the end cannot be found without reading the whole stream. */
export async function probeTail(
  info: VideoInfo,
  options: SectionOptions & {
    readonly ffprobe?: string | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Tail | undefined> {
  const { source, duration, container, startTime, videoStart } = info;
  if (source.kind !== undefined || source.options.length > 0 || elementary.test(container))
    return undefined;
  if (duration === undefined && !animation.test(container)) return undefined;
  const tool = await findTool('ffprobe', options.ffprobe);
  const { to = Number.POSITIVE_INFINITY } = options;
  const near = Math.max(0, Math.min(videoStart - startTime + (duration ?? 0), to) - 1);
  const until = Number.isFinite(to) ? (startTime + to + 1).toFixed(6) : '';
  const interval = `${(startTime + near).toFixed(6)}%${until}`;
  const part = animation.test(container) ? [] : ['-read_intervals', interval];
  const shown =
    'packet=pts_time,duration_time:stream=duration:stream_tags=DURATION:format=duration';
  const what = ['-select_streams', `${info.index}`, '-show_entries', shown, ...part];
  const run = await capture(
    tool,
    ['-v', 'quiet', '-of', 'json', ...what, ...sourceArgs(source)],
    options.signal,
    { limits: probeLimits, about: info.path },
  );
  if (run.exit?.code !== 0) return undefined;
  const said = parseAnswer(tool, info.path, run.stdout);
  const packets = list(said['packets']).flatMap((packet) => {
    const time = finite(packet['pts_time']);
    return time === undefined ? [] : [{ time, length: finite(packet['duration_time']) ?? 0 }];
  });
  const isWithin = ({ time }: { time: number }) => time - startTime < to - 1e-6;
  const [final] = packets.filter(isWithin).sort((a, b) => b.time - a.time);
  if (final === undefined) return undefined;
  const last = final.time - startTime;
  if (!packets.every(isWithin)) return { last, end: to };
  const [stream = {}] = list(said['streams']);
  const whole = finite(fields(said['format'])['duration']);
  const alone = info.audio.length + info.subtitles.length + info.data.length === 0;
  const own =
    finite(stream['duration']) ??
    clockSeconds(tagOf(stream, 'duration')) ??
    (alone ? whole : undefined);
  // Matroska counts from 0, others from the first frame.
  const begin = container.startsWith('matroska') ? 0 : videoStart;
  const end = (own ?? Number.NaN) + begin - startTime;
  // A duration tag may be a leftover of a longer file.
  const credible = end > last + 1e-4 && end <= (whole ?? 0) + begin - startTime + 0.1;
  const ended = credible ? end : last + final.length;
  return ended > last ? { last, end: Math.min(ended, to) } : undefined;
}

function clockSeconds(clock: string | undefined): number | undefined {
  const parts = (text(clock) ?? '').split(':').map(Number);
  return parts.length === 3
    ? finite((parts[0] as number) * 3600 + (parts[1] as number) * 60 + (parts[2] as number))
    : undefined;
}

/** When the last frame of a section ends; undefined where unknown. */
export function sectionEnding(
  tail: Tail | undefined,
  { from = 0 }: SectionOptions,
): NativeEnding | undefined {
  if (tail === undefined) return undefined;
  const end = tail.end - from;
  return end > 0 ? { last: Math.max(0, tail.last - from), end } : undefined;
}
