/** From ffprobe's words to ours. */
import { FramelaneError } from '../errors.ts';
import { hasCaptions } from './captions.ts';
import { chromaLocationOf, colorOf } from './color.ts';
import { type Fields, fields, finite, list, tagOf, text } from './ffprobe-fields.ts';
import {
  type Orientation,
  orientationOf,
  pixelAspectOf,
  swapsSides,
  turnedLocation,
} from './geometry.ts';
import { hdrOf } from './hdr.ts';
import type { InputSource } from './input-source.ts';
import { fieldOrderOf, fieldsOf } from './interlace.ts';
import { fileTimecode } from './output-timecode.ts';
import { type Travel, travelFormat, turnable } from './pixel-format.ts';
import { parseRational, toNumber } from './rational.ts';
import type { CopiedStream, VideoInfo } from './video-info.ts';

/** `frames` are the first ones, where they have been asked for. */
export function describeVideo(
  source: InputSource,
  probed: Fields,
  frames: readonly Fields[] = [],
): VideoInfo {
  const streams = list(probed['streams']);
  const format = fields(probed['format']);
  const video = videoStream(source, streams);
  const { warning: turnWarning, ...orientation } = orientationOf(video);
  const [width, height] = [finite(video['width']) ?? 0, finite(video['height']) ?? 0];
  const turned = swapsSides(orientation);
  const { pixelFormat, decoder } = codedFormat(video);
  const travel = turnedTravel(travelFormat(pixelFormat), orientation);
  const siting = chromaLocationOf(video, pixelFormat);
  const said = [
    travel?.warning && `${pixelFormat} is taken as ${travel.format}, ${travel.warning}`,
    siting.warning,
    turnWarning,
  ];
  const times = timesOf(video, format);
  return {
    path: source.path,
    source,
    index: finite(video['index']) ?? 0,
    codec: text(video['codec_name']) ?? 'unknown',
    decoder,
    width: turned ? height : width,
    height: turned ? width : height,
    ...orientation,
    sampleAspectRatio: pixelAspectOf(video, orientation),
    ...fieldsOf(fieldOrderOf(video), frames),
    captions: hasCaptions(video, frames),
    pixelFormat,
    frameFormat: travel?.format,
    converted: travel?.converted ?? false,
    lossless: travel !== undefined && travel.warning === undefined,
    ...colorOf(video, pixelFormat, height),
    chromaLocation: turnedLocation(siting.location, orientation),
    ...mergedHdr(video, frames[0] ?? {}),
    ...times,
    live: isLive(source, times.duration),
    container: text(format['format_name']) ?? 'unknown',
    audio: streams
      .filter((stream) => stream['codec_type'] === 'audio')
      .map((stream) => ({
        ...copied(stream),
        channels: finite(stream['channels']) ?? 0,
        sampleRate: finite(stream['sample_rate']) ?? 0,
      })),
    subtitles: streams.filter((stream) => stream['codec_type'] === 'subtitle').map(copied),
    data: streams.filter((stream) => stream['codec_type'] === 'data').map(copied),
    timecode: fileTimecode(probed, video, times.frameRate),
    ...named(video),
    warnings: [
      ...source.warnings,
      ...said.filter((words) => words !== undefined).map((words) => `${source.path}: ${words}`),
    ],
  };
}

/** The first that is no cover picture. */
function videoStream({ path }: InputSource, streams: readonly Fields[]): Fields {
  const video = streams.find(
    (stream) =>
      stream['codec_type'] === 'video' && fields(stream['disposition'])['attached_pic'] !== 1,
  );
  if (video !== undefined && (finite(video['width']) ?? 0) > 0) return video;
  const kinds = streams.map((stream) => stream['codec_type']).join(', ') || 'no stream';
  throw new FramelaneError(
    'ERR_INPUT_INVALID',
    `${path}: expected a video stream, received ${video === undefined ? kinds : 'one without a picture size'}`,
  );
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

/** What the container says comes before what the first frame says. */
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

function timesOf(video: Fields, format: Fields): Times {
  const rate = rateOf(video);
  const startTime = finite(format['start_time']) ?? 0;
  const duration =
    finite(video['duration']) ?? secondsOf(tagOf(video, 'duration')) ?? finite(format['duration']);
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

/** Behind a URL, what has an end can be sought. */
function isLive({ kind, once = false }: InputSource, duration: number | undefined): boolean {
  return once || (kind === 'network' && duration === undefined);
}

function copied(stream: Fields): CopiedStream {
  return {
    index: finite(stream['index']) ?? 0,
    codec: text(stream['codec_name']) ?? 'unknown',
    ...named(stream),
  };
}

function named(stream: Fields): Pick<CopiedStream, 'language' | 'title'> {
  return { language: tagOf(stream, 'language'), title: tagOf(stream, 'title') };
}

/** r_frame_rate is the rate on whose grid every time lies; a mean near it says that nearly every place on it is taken. */
function rateOf(stream: Fields): Pick<VideoInfo, 'frameRate' | 'constantRate'> {
  const grid = parseRational(text(stream['r_frame_rate']));
  const mean = parseRational(text(stream['avg_frame_rate'])) ?? grid ?? { num: 25, den: 1 };
  const constant = grid !== undefined && Math.abs(toNumber(mean) / toNumber(grid) - 1) < 0.005;
  return { frameRate: constant ? grid : mean, constantRate: constant };
}

/** Matroska has the duration of a stream as a tag: 00:00:02.040000000. */
function secondsOf(clock: string | undefined): number | undefined {
  const [hours, minutes, seconds] = (clock ?? '').split(':').map(Number);
  return finite(
    (hours ?? Number.NaN) * 3600 + (minutes ?? Number.NaN) * 60 + (seconds ?? Number.NaN),
  );
}
