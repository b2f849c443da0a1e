/**
 * Text subtitles of a section, including those on screen at its start or end. FFmpeg can only keep or drop a whole packet, so
 * they are extracted as text, cut, and passed to the encoder as files.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { probeLimits } from '../../ffmpeg/limits.ts';
import { capture } from '../../ffmpeg/process.ts';
import { temporaryFolder } from '../../system/temporary-folder.ts';
import { sourceArgs } from '../format/source.ts';
import { cutText, type SubtitleFormat } from '../format/subtitle-text.ts';
import type { CopiedStream, VideoInfo } from '../format/video-info.ts';
import type { SectionOptions } from './options.ts';
import { offsetArgs, seconds } from './section.ts';

/** A file with one subtitle stream of a section. */
export interface CutSubtitle {
  readonly path: string;
  /** The codec of the file. */
  readonly codec: 'subrip' | 'ass' | 'webvtt';
}

export interface CutSubtitles extends AsyncDisposable {
  /** By the index of the stream. */
  readonly streams: ReadonlyMap<number, CutSubtitle>;
}

const nothing: CutSubtitles = { streams: new Map(), async [Symbol.asyncDispose]() {} };

/** The text formats in which FFmpeg extracts each codec; those of MP4 become SubRip. */
const kinds: Readonly<Record<string, { format: SubtitleFormat; codec: CutSubtitle['codec'] }>> = {
  subrip: { format: 'srt', codec: 'subrip' },
  srt: { format: 'srt', codec: 'subrip' },
  mov_text: { format: 'srt', codec: 'subrip' },
  ass: { format: 'ass', codec: 'ass' },
  ssa: { format: 'ass', codec: 'ass' },
  webvtt: { format: 'webvtt', codec: 'webvtt' },
};

/** Leaves out streams of other codecs, and those that cannot be read. */
export async function cutSubtitles(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  { from = 0, to }: SectionOptions,
  signal?: AbortSignal,
): Promise<CutSubtitles> {
  const wanted = info.subtitles.filter(({ codec }) => Object.hasOwn(kinds, codec));
  if (info.live || wanted.length === 0 || (from === 0 && to === undefined)) return nothing;
  const folder = await temporaryFolder('subtitles');
  const streams = new Map<number, CutSubtitle>();
  const dispose = () => folder[Symbol.asyncDispose]();
  try {
    for (const stream of wanted) {
      const kind = kinds[stream.codec];
      const text = await textOf(ffmpeg, info, stream, to, signal);
      if (kind === undefined || text === undefined) continue;
      const path = join(folder.path, `${stream.index}.${kind.format}`);
      const cut = cutText(text, kind.format, from, to);
      if (!/ --> |^Dialogue:/m.test(cut)) continue; // FFmpeg rejects a file without a subtitle
      await writeFile(path, cut);
      streams.set(stream.index, { path, codec: kind.codec });
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return { streams, [Symbol.asyncDispose]: dispose };
}

/** Reads from the start of the file, because a subtitle on screen may have appeared at any time before. */
async function textOf(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  { index, codec }: CopiedStream,
  to: number | undefined,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const encoder = codec === 'mov_text' ? 'srt' : 'copy';
  const { stdout, exit } = await capture(
    ffmpeg.path,
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-copyts', ...offsetArgs(info, {})],
      ...[...sourceArgs(info.source), '-map', `0:${index}`, '-c:s', encoder],
      ...(to === undefined ? [] : ['-to', seconds(to)]),
      ...['-f', kinds[codec]?.format ?? 'srt', 'pipe:1'],
    ],
    signal,
    { limits: probeLimits, about: info.path },
  );
  return exit?.code === 0 && stdout !== '' ? stdout : undefined;
}
