/** Converts ffprobe's description of a file to ours. */
import { hasCaptions } from '../format/captions.ts';
import { chromaLocationOf, colorOf } from '../format/color.ts';
import { dolbyVisionLoss } from '../format/dolby-vision.ts';
import {
  clockSeconds,
  type Fields,
  fields,
  finite,
  list,
  tagOf,
  text,
} from '../format/ffprobe-fields.ts';
import { fileTimecode } from '../format/file-timecode.ts';
import {
  type Orientation,
  orientationOf,
  pixelAspectOf,
  swapsSides,
  turnedLocation,
} from '../format/geometry.ts';
import { hdrOf } from '../format/hdr.ts';
import { fieldsOf } from '../format/interlace.ts';
import { parseRational, toNumber } from '../format/rational.ts';
import type { InputSource } from '../format/source.ts';
import {
  codecName,
  describeStream,
  type PictureStream,
  type StreamInfo,
} from '../format/stream-info.ts';
import { type Travel, travelFormat, turnable } from '../format/travel-format.ts';
import type { Program, VideoInfo } from '../format/video-info.ts';
import {
  belongs,
  chooseAudio,
  chooseVideo,
  isCover,
  isTimed,
  type StreamChoice,
} from './stream-choice.ts';

/** Findings from the frames and packets of a file, beyond ffprobe's description of its streams. */
export interface Findings {
  /** Frames of the video in order, if any were read. */
  readonly frames?: readonly Fields[];
  /** Streams without a packet. */
  readonly empty?: ReadonlySet<number>;
}

export function describeVideo(
  source: InputSource,
  probed: Fields,
  choice: StreamChoice = {},
  { frames = [], empty = new Set() }: Findings = {},
): VideoInfo {
  const { path } = source;
  const format = fields(probed['format']);
  const programs = list(probed['programs']).map(describeProgram);
  const encrypted = encryptedStreams(probed);
  const described = list(probed['streams']).map((stream) => {
    const index = finite(stream['index']) ?? 0;
    const own = programs.flatMap(({ number, streams }) => (streams.includes(index) ? number : []));
    const evidence = { programs: own, empty: empty.has(index), encrypted: encrypted.has(index) };
    return { stream, info: describeStream(stream, evidence) };
  });
  const streams = described.map(({ info }) => info);
  const file = { path, streams, programs };
  const chosen = chooseVideo(file, choice);
  const { audio, unusable } = chooseAudio(file, chosen, choice);
  const video = described.find(({ info }) => info === chosen)?.stream ?? {};
  const { warning: turnWarning, ...orientation } = orientationOf(video);
  const { width, height } = chosen;
  const turned = swapsSides(orientation);
  const { pixelFormat, decoder } = codedFormat(video);
  const travel = turnedTravel(travelFormat(pixelFormat), orientation);
  const siting = chromaLocationOf(video, pixelFormat);
  const color = colorOf(video, pixelFormat, height);
  const said = [
    travel?.warning && `${pixelFormat} is read as ${travel.format}, ${travel.warning}`,
    siting.warning,
    turnWarning,
    dolbyVisionLoss(chosen.dolbyVision, color.transfer),
    ...unusable.map((stream) => {
      return `audio stream ${stream.index} (${codecName(stream)}) is left out: ${stream.problem}`;
    }),
  ];
  const times = timesOf(video, format, startOf(described, chosen, programs));
  const companions = streams.filter((stream) => belongs(stream, chosen));
  const fieldInfo = fieldsOf(chosen.fieldOrder, frames);
  const captions = hasCaptions(video, frames);
  return {
    path,
    source,
    index: chosen.index,
    codec: chosen.codec,
    decoder,
    width: turned ? height : width,
    height: turned ? width : height,
    ...orientation,
    sampleAspectRatio: pixelAspectOf(video, orientation),
    ...fieldInfo,
    captions,
    pixelFormat,
    frameFormat: travel?.format,
    converted: travel?.converted ?? false,
    lossless: travel !== undefined && travel.warning === undefined,
    ...color,
    chromaLocation: turnedLocation(siting.location, orientation),
    ...mergedHdr(video, frames[0] ?? {}),
    dolbyVision: chosen.dolbyVision,
    ...times,
    clockJumps: [],
    live: isLive(source, times.duration),
    container: text(format['format_name']) ?? 'unknown',
    // The frames are more reliable than the header.
    streams: streams.map((stream) => {
      const { fieldOrder } = fieldInfo;
      return stream === chosen ? { ...chosen, fieldOrder, closedCaptions: captions } : stream;
    }),
    programs,
    audio,
    subtitles: companions.flatMap((stream) => (stream.kind === 'subtitle' ? stream : [])),
    data: companions.flatMap((stream) => (stream.kind === 'data' ? stream : [])),
    covers: companions.filter((stream) => {
      return stream !== chosen && isCover(stream) && !isTimed(stream);
    }) as PictureStream[],
    attachments: streams.filter((stream) => stream.kind === 'attachment'),
    timecode: fileTimecode(probed, video, times.frameRate),
    language: chosen.language,
    title: chosen.title,
    warnings: [
      ...source.warnings,
      ...said.filter((words) => words !== undefined).map((words) => `${path}: ${words}`),
    ],
  };
}

function describeProgram(program: Fields): Program {
  return {
    number: finite(program['program_num']) ?? finite(program['program_id']) ?? 0,
    name: tagOf(program, 'service_name') ?? tagOf(program, 'title'),
    streams: list(program['streams']).map((stream) => finite(stream['index']) ?? 0),
  };
}

/** Only packets are marked as encrypted, not streams. */
function encryptedStreams(probed: Fields): ReadonlySet<number | undefined> {
  const packets = list(probed['packets']).filter((packet) => {
    return list(packet['side_data_list']).some(
      (data) => data['side_data_type'] === 'Encryption info',
    );
  });
  return new Set(packets.map((packet) => finite(packet['stream_index'])));
}

/** Programs have clocks of their own: the file's first time may be that of another. */
function startOf(
  described: readonly { readonly stream: Fields; readonly info: StreamInfo }[],
  video: PictureStream,
  programs: readonly Program[],
): number | undefined {
  if (programs.length < 2) return undefined;
  const starts = described.flatMap(({ stream, info }) => {
    const counts =
      /^(video|audio)$/.test(info.kind) && !isCover(info) && info.problem === undefined;
    const start = finite(stream['start_time']);
    return counts && belongs(info, video) && start !== undefined ? start : [];
  });
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** VP8 and VP9 carry alpha as a second stream, which FFmpeg's own decoders leave out and libvpx does not. */
function codedFormat(video: Fields): { pixelFormat: string; decoder: string | undefined } {
  const decoders: Record<string, string> = { vp8: 'libvpx', vp9: 'libvpx-vp9' };
  const decoder =
    tagOf(video, 'alpha_mode') === '1' ? decoders[text(video['codec_name']) ?? ''] : undefined;
  const pixelFormat = text(video['pix_fmt']) ?? 'unknown';
  const hidden = decoder !== undefined && pixelFormat === 'yuv420p';
  return { pixelFormat: hidden ? 'yuva420p' : pixelFormat, decoder: hidden ? decoder : undefined };
}

/** 4:2:2 turned by a quarter has its chroma halved downwards, which is no format. */
function turnedTravel(travel: Travel | undefined, orientation: Orientation): Travel | undefined {
  const format = travel && turnable(travel.format);
  if (!swapsSides(orientation) || travel === undefined || format === travel.format) return travel;
  const warning = 'because it is turned by a quarter: its chroma is interpolated to a finer layout';
  return { format: format as Travel['format'], converted: true, warning };
}

/** The container takes precedence over the first frame. */
function mergedHdr(video: Fields, frame: Fields): ReturnType<typeof hdrOf> {
  const [stream, first] = [hdrOf(video), hdrOf(frame)];
  return {
    masteringDisplay: stream.masteringDisplay ?? first.masteringDisplay,
    contentLight: stream.contentLight ?? first.contentLight,
  };
}

type Times = Pick<
  VideoInfo,
  | 'frameRate'
  | 'constantRate'
  | 'counted'
  | 'timeBase'
  | 'duration'
  | 'frameCount'
  | 'startTime'
  | 'videoStart'
>;

function timesOf(video: Fields, format: Fields, start: number | undefined): Times {
  const rate = rateOf(video);
  const startTime = start ?? finite(format['start_time']) ?? 0;
  const duration =
    finite(video['duration']) ??
    clockSeconds(tagOf(video, 'duration')) ??
    finite(format['duration']);
  const estimate =
    duration === undefined ? undefined : Math.round(duration * toNumber(rate.frameRate));
  return {
    ...rate,
    counted: false,
    timeBase: parseRational(text(video['time_base'])) ?? { num: 1, den: 1000 },
    duration,
    frameCount: finite(video['nb_frames']) ?? estimate,
    startTime,
    videoStart: finite(video['start_time']) ?? startTime,
  };
}

/** A URL without a duration is a live stream. */
function isLive({ kind, once = false }: InputSource, duration: number | undefined): boolean {
  return once || (kind === 'network' && duration === undefined);
}

/** r_frame_rate is a rate whose grid the first times lie on; a mean rate close to it suggests that few frames are missing. */
function rateOf(stream: Fields): Pick<VideoInfo, 'frameRate' | 'constantRate'> {
  const grid = parseRational(text(stream['r_frame_rate']));
  const mean = parseRational(text(stream['avg_frame_rate'])) ?? grid ?? { num: 25, den: 1 };
  const constant = grid !== undefined && Math.abs(toNumber(mean) / toNumber(grid) - 1) < 0.005;
  return { frameRate: constant ? grid : mean, constantRate: constant };
}
