/** Audio, subtitles, attachments, chapters and tags: copied from the input file where the container takes them, else converted. */

import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { sourceArgs } from '../format/source.ts';
import { codecName } from '../format/stream-info.ts';
import type { CopiedStream, VideoInfo } from '../format/video-info.ts';
import type { CutSubtitles } from '../input/cut-subtitles.ts';
import type { SectionOptions } from '../input/options.ts';
import { offsetArgs, seconds } from '../input/section.ts';
import type { Carried } from './carried.ts';
import { carriedAudio, opusLayouts } from './carried-audio.ts';
import { openCovers } from './covers.ts';
import type { Encoding } from './encoding.ts';

/** Keeps the files of cover pictures until it is disposed of. */
export interface CarriedStreams extends AsyncDisposable {
  readonly inputArgs: readonly string[];
  readonly outputArgs: readonly string[];
  /** The number of the next input; the frames are number 0. */
  readonly nextInput: number;
  readonly subtitles: number;
  /** Warnings of streams that are converted or left out. */
  readonly warnings: readonly string[];
}

const textSubtitles = /^(subrip|srt|ass|ssa|webvtt|mov_text|text|ttml|microdvd|sami|subviewer1?)$/;

/** The roles that every FFmpeg takes as `-disposition`. */
const roles =
  /^(default|dub|original|comment|lyrics|karaoke|forced|(hearing|visual)_impaired|captions)$/;

const seekMargin = 2;

/**
 * Options for the file as second input of an encoder, whose first input is our frames. ERR_FFMPEG_CAPABILITY where FFmpeg lacks
 * the requested audio encoder.
 */
export async function carriedStreams(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  encoding: Encoding,
  section: SectionOptions = {},
  cuts: CutSubtitles['streams'] = new Map(),
): Promise<CarriedStreams | undefined> {
  const { container, output, kind } = encoding;
  if (kind === 'picture' || kind === 'sequence') return undefined;
  const warnings: string[] = [];
  const nothing = {
    inputArgs: [],
    outputArgs: [],
    nextInput: 1,
    subtitles: 0,
    warnings,
    [Symbol.asyncDispose]: async () => {},
  };
  if (info.live) {
    // A second connection would start at another time, and a camera allows only one.
    const several = info.audio.length + info.subtitles.length > 0;
    const warning = `${info.path}: its audio and subtitles are left out, because a live source can be read only once`;
    return { ...nothing, warnings: several ? [warning] : [] };
  }
  const warn = (warning: string) => void warnings.push(warning);
  const audio = await carriedAudio(ffmpeg, info, encoding, warn);
  const subtitles = output.subtitles === 'none' ? [] : carriedSubtitles(info, encoding, cuts, warn);
  const files = subtitles.flatMap(({ cut }) => cut ?? []);
  for (const stream of info.data) {
    if (stream.index === info.timecode?.stream) continue; // outputTimecode warns of it
    warn(`${info.path}: data stream ${stream.index} (${codecName(stream)}) is left out`);
  }
  const attachments = carriedAttachments(info, encoding, warn);
  const numbers = { input: 2 + files.length, attached: attachments.count };
  const covers = await openCovers(ffmpeg, info, encoding, numbers, warn);
  const holdsStreams = container.audio.length > 0 || container.subtitles.length > 0;
  if (!holdsStreams) return nothing;
  const { from = 0, to } = section;
  const partial = from > 0 || to !== undefined;
  const inputArgs = [
    ...offsetArgs(info, section),
    // Seeks early, because some demuxers land too late. A filter cuts converted audio at the times of the output.
    ...(from > seekMargin ? ['-noaccurate_seek', '-ss', seconds(from - seekMargin)] : []),
    ...sourceArgs(info.source),
    ...files.flatMap(({ path }) => ['-i', `file:${path}`]),
    ...covers.inputArgs,
  ];
  const outputArgs = [
    ...audio.flatMap((carried, at) => streamArgs(carried, `a:${at}`)),
    ...audio.flatMap((carried, at) =>
      partial ? cutArgs(carried, `a:${at}`, section) : filterArgs(carried, `a:${at}`),
    ),
    ...subtitles.flatMap((carried, at) => {
      const input = carried.cut === undefined ? 1 : 2 + files.indexOf(carried.cut);
      return streamArgs(carried, `s:${at}`, input);
    }),
    ...[...attachments.args, ...covers.outputArgs],
    ...['-map_metadata', '1', '-map_chapters', '1', ...videoTags(info)],
    // Drops copied packets before the section, and with -ss converted subtitles too.
    ...(partial ? ['-copypriorss', '0', '-ss', '0'] : []),
    ...(to === undefined ? [] : ['-t', seconds(to - from)]),
  ];
  const dispose = () => covers[Symbol.asyncDispose]();
  const counts = { nextInput: 2 + files.length + covers.inputs, subtitles: subtitles.length };
  return { inputArgs, outputArgs, ...counts, warnings, [Symbol.asyncDispose]: dispose };
}

/** Attached files; Matroska needs the name and the MIME type of each. */
function carriedAttachments(
  { path, attachments }: VideoInfo,
  { container }: Encoding,
  warn: (warning: string) => void,
): { args: string[]; count: number } {
  if (!container.attachments) {
    const names = attachments.map(({ fileName, index }) => fileName ?? String(index)).join(', ');
    if (names !== '') warn(`${path}: attached ${names} is left out, ${container.name} takes none`);
    return { args: [], count: 0 };
  }
  const args = attachments.flatMap(({ index, fileName, mimeType }, at) => {
    const tags = {
      filename: fileName ?? `attachment-${index}`,
      mimetype: mimeType ?? 'application/octet-stream',
    };
    const named = Object.entries(tags).flatMap(([tag, value]) => {
      return [`-metadata:s:t:${at}`, `${tag}=${value}`];
    });
    return ['-map', `1:${index}`, ...named];
  });
  return {
    args: [...args, ...(args.length === 0 ? [] : ['-c:t', 'copy'])],
    count: attachments.length,
  };
}

function carriedSubtitles(
  info: VideoInfo,
  { container }: Encoding,
  cuts: CutSubtitles['streams'],
  warn: (warning: string) => void,
): Carried[] {
  return info.subtitles.flatMap((stream): Carried[] => {
    const cut = cuts.get(stream.index);
    if (container.subtitles.includes(stream.codec)) {
      const same = cut === undefined || container.subtitles.includes(cut.codec);
      return [{ stream, encoder: same ? undefined : container.textSubtitles, options: [], cut }];
    }
    const encoder = textSubtitles.test(stream.codec) ? container.textSubtitles : undefined;
    const what = `${info.path}: subtitle stream ${stream.index} (${codecName(stream)})`;
    const why = `${container.name} does not take it`;
    if (encoder === undefined) {
      warn(`${what} is left out, ${why}`);
      return [];
    }
    warn(`${what} is converted to ${encoder}, ${why} as it is`);
    return [{ stream, encoder, options: [], cut }];
  });
}

/** `input` is the number of the file with the cut stream. */
function streamArgs(carried: Carried, specifier: string, input = 1): string[] {
  const { stream, encoder, options, cut } = carried;
  const own = options.map((option) => option.replace('#', specifier));
  const from = cut === undefined ? `1:${stream.index}` : `${input}:0`;
  const named =
    cut === undefined ? [] : [...tagArgs(stream, specifier), ...rolesArgs(stream, specifier)];
  return ['-map', from, `-c:${specifier}`, encoder ?? 'copy', ...own, ...named];
}

/** The role of a track, by which players choose it; a stream from a cut file has lost it. */
function rolesArgs({ disposition }: CopiedStream, specifier: string): string[] {
  const known = disposition.filter((role) => roles.test(role));
  return [`-disposition:${specifier}`, known.join('+') || '0'];
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

/** The tags of the video stream, which raw frames do not carry. */
function videoTags(info: VideoInfo): string[] {
  return tagArgs(info, 'v:0');
}

function tagArgs({ language, title }: Pick<CopiedStream, 'language' | 'title'>, specifier: string) {
  return Object.entries({ language, title }).flatMap(([name, value]) => {
    return value === undefined ? [] : [`-metadata:s:${specifier}`, `${name}=${value}`];
  });
}
