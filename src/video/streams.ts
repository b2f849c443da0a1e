/** Audio, subtitles, attachments, chapters and tags: copied from the input file where the container takes them, else converted. */

import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { requireEncoder } from './capability.ts';
import type { CutSubtitle, CutSubtitles } from './cut-subtitles.ts';
import type { Encoding } from './encoder-options.ts';
import type { SectionOptions } from './input-options.ts';
import { sourceArgs } from './input-source.ts';
import { offsetArgs, seconds } from './section.ts';
import type { AudioStream, CopiedStream, VideoInfo } from './video-info.ts';

export interface CarriedStreams {
  readonly inputArgs: readonly string[];
  readonly outputArgs: readonly string[];
  /** What is converted or left out, for the caller to tell. */
  readonly warnings: readonly string[];
}

/** Streams of the input file as streams of the output, counted by their kind. */
interface Carried {
  readonly stream: CopiedStream;
  /** FFmpeg's options of the encoder, `:a:0` in the place of #; a copy where there is none. */
  readonly encoder: string | undefined;
  readonly options: readonly string[];
  /** The file that has it in the place of the input file. */
  readonly cut?: CutSubtitle | undefined;
}

const textSubtitles = /^(subrip|srt|ass|ssa|webvtt|mov_text|text|ttml|microdvd|sami|subviewer1?)$/;

const seekMargin = 2;

/** What libopus names: FFmpeg would ask it for 5.1(side) and be refused. */
const opusLayouts = 'aformat=channel_layouts=mono|stereo|3.0|quad|5.0|5.1|6.1|7.1';

/**
 * Options for the file as second input of an encoder whose first is our frames. ERR_FFMPEG_CAPABILITY where the audio
 * encoder that is asked for does not exist.
 */
export function carriedStreams(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  encoding: Encoding,
  section: SectionOptions = {},
  cuts: CutSubtitles['streams'] = new Map(),
): CarriedStreams | undefined {
  const { container, output, kind } = encoding;
  if (kind === 'picture' || kind === 'sequence') return undefined;
  const warnings: string[] = [];
  if (info.live) {
    // A second connection would start at another moment, and a camera has only one.
    const several = info.audio.length + info.subtitles.length > 0;
    const warning = `${info.path}: its sound and subtitles are left out, a live source is read once`;
    return { inputArgs: [], outputArgs: [], warnings: several ? [warning] : [] };
  }
  const audio = output.audio === 'none' ? [] : carriedAudio(ffmpeg, info, encoding, warnings);
  const subtitles =
    output.subtitles === 'none' ? [] : carriedSubtitles(info, encoding, cuts, warnings);
  for (const { index, codec } of info.data) {
    warnings.push(`${info.path}: data stream ${index} (${codec}) is left out`);
  }
  const holdsStreams = container.audio.length > 0 || container.subtitles.length > 0;
  if (!holdsStreams) return { inputArgs: [], outputArgs: [], warnings };
  const { from = 0, to } = section;
  const partial = from > 0 || to !== undefined;
  const inputArgs = [
    ...offsetArgs(info, section),
    // Converted audio is cut by its filter, whose times are those of the output. Some demuxers land too late.
    ...(from > seekMargin ? ['-noaccurate_seek', '-ss', seconds(from - seekMargin)] : []),
    ...sourceArgs(info.source),
    ...subtitles.flatMap(({ cut }) => (cut === undefined ? [] : ['-i', `file:${cut.path}`])),
  ];
  const outputArgs = [
    ...audio.flatMap((carried, at) => streamArgs(carried, `a:${at}`)),
    ...audio.flatMap((carried, at) =>
      partial ? cutArgs(carried, `a:${at}`, section) : filterArgs(carried, `a:${at}`),
    ),
    ...subtitles.flatMap((carried, at) => {
      const inputs = subtitles.slice(0, at).filter(({ cut }) => cut !== undefined).length;
      return streamArgs(carried, `s:${at}`, inputs + 2);
    }),
    ...(container.attachments ? ['-map', '1:t?', '-c:t', 'copy'] : []),
    ...['-map_metadata', '1', '-map_chapters', '1', ...videoTags(info)],
    // Packets before the section start too early, those after it too late; the second is for subtitles that are converted.
    ...(partial ? ['-copypriorss', '0', '-ss', '0'] : []),
    ...(to === undefined ? [] : ['-t', seconds(to - from)]),
  ];
  return { inputArgs, outputArgs, warnings };
}

function carriedAudio(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  { container, output }: Encoding,
  warnings: string[],
): Carried[] {
  const { audio: wanted = 'copy', audioBitrate } = output;
  if (wanted !== 'copy') requireEncoder(ffmpeg, wanted, 'audio');
  return info.audio.flatMap((stream): Carried[] => {
    const copies = wanted === 'copy' && container.audio.includes(stream.codec);
    if (copies) return [{ stream, encoder: undefined, options: [] }];
    const encoder =
      wanted === 'copy'
        ? container.audioEncoders.find((name) => ffmpeg.encoders.has(name))
        : wanted;
    const what = `${info.path}: audio stream ${stream.index} (${stream.codec})`;
    if (encoder === undefined) {
      warnings.push(`${what} is left out, ${container.name} takes none`);
      return [];
    }
    if (wanted === 'copy') {
      warnings.push(
        `${what} is converted by ${encoder}, ${container.name} does not take it as it is`,
      );
    }
    return [{ stream, encoder, options: bitrateOf(encoder, stream, audioBitrate) }];
  });
}

/** FFmpeg's own default is meant for stereo. */
function bitrateOf(
  encoder: string,
  { channels }: AudioStream,
  asked: number | undefined,
): string[] {
  const surround = channels > 2 && /^(aac|libopus)$/.test(encoder);
  const bits = asked ?? (surround ? 64_000 * channels : undefined);
  return bits === undefined ? [] : ['-b:#', String(bits)];
}

function carriedSubtitles(
  info: VideoInfo,
  { container }: Encoding,
  cuts: CutSubtitles['streams'],
  warnings: string[],
): Carried[] {
  return info.subtitles.flatMap((stream): Carried[] => {
    const cut = cuts.get(stream.index);
    if (container.subtitles.includes(stream.codec)) {
      const same = cut === undefined || container.subtitles.includes(cut.codec);
      return [{ stream, encoder: same ? undefined : container.textSubtitles, options: [], cut }];
    }
    const encoder = textSubtitles.test(stream.codec) ? container.textSubtitles : undefined;
    const what = `${info.path}: subtitle stream ${stream.index} (${stream.codec})`;
    const why = `${container.name} does not take it`;
    if (encoder === undefined) {
      warnings.push(`${what} is left out, ${why}`);
      return [];
    }
    warnings.push(`${what} is converted to ${encoder}, ${why} as it is`);
    return [{ stream, encoder, options: [], cut }];
  });
}

/** `input` is the file that has it cut. */
function streamArgs(carried: Carried, specifier: string, input = 1): string[] {
  const { stream, encoder, options, cut } = carried;
  const own = options.map((option) => option.replace('#', specifier));
  const from = cut === undefined ? `1:${stream.index}` : `${input}:0`;
  const named = cut === undefined ? [] : tagArgs(stream, specifier);
  return ['-map', from, `-c:${specifier}`, encoder ?? 'copy', ...own, ...named];
}

function filterArgs({ encoder }: Carried, specifier: string): string[] {
  return encoder === 'libopus' ? [`-filter:${specifier}`, opusLayouts] : [];
}

/** Copied audio is cut between packets, by FFmpeg; converted audio between samples. */
function cutArgs(carried: Carried, specifier: string, { from = 0, to }: SectionOptions): string[] {
  const { encoder } = carried;
  if (encoder === undefined) return [];
  const end = to === undefined ? '' : `:end=${seconds(to - from)}`;
  const layouts = encoder === 'libopus' ? `,${opusLayouts}` : '';
  return [`-filter:${specifier}`, `atrim=start=0${end}${layouts}`];
}

/** Frames come without their stream's tags. */
function videoTags(info: VideoInfo): string[] {
  return tagArgs(info, 'v:0');
}

function tagArgs({ language, title }: Pick<CopiedStream, 'language' | 'title'>, specifier: string) {
  return Object.entries({ language, title }).flatMap(([name, value]) => {
    return value === undefined ? [] : [`-metadata:s:${specifier}`, `${name}=${value}`];
  });
}
