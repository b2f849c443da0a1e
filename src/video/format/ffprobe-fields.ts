/** Reads ffprobe's JSON without trusting its types. */
import { FramelaneError } from '../../errors/errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function list(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function finite(value: unknown): number | undefined {
  const number =
    typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** A tag, whose name containers write in small or large letters. */
export function tagOf(stream: Fields, name: string): string | undefined {
  const tags = fields(stream['tags']);
  return text(tags[name]) ?? text(tags[name.toUpperCase()]) ?? translated(tags, name);
}

/** Matroska's statistics carry the language of their tag, which mkvmerge writes: `BPS-eng`. */
function translated(tags: Fields, name: string): string | undefined {
  return text(tags[`${name.toUpperCase()}-eng`]);
}

/** Matroska has the duration of a stream as a tag: 00:00:02.040000000. */
export function clockSeconds(clock: string | undefined): number | undefined {
  const [hours, minutes, seconds] = (clock ?? '').split(':').map(Number);
  return finite(
    (hours ?? Number.NaN) * 3600 + (minutes ?? Number.NaN) * 60 + (seconds ?? Number.NaN),
  );
}

/** Characters; ffprobe writes no longer line for a packet. */
export const longestLine = 1000;

/** Parses ffprobe's JSON; ERR_FFMPEG_FAILED where it is none. `path` is the file in question. */
export function parseAnswer(tool: string, path: string, answer: string): Fields {
  try {
    return fields(JSON.parse(answer));
  } catch (cause) {
    const message = `${path}: expected JSON from ffprobe, but ${tool} printed ${JSON.stringify(answer.slice(0, 80))}`;
    throw new FramelaneError('ERR_FFMPEG_FAILED', message, { cause });
  }
}
