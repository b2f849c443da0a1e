/** What a video file holds, by ffprobe. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { FramelaneError } from '../errors.ts';
import { findTool } from '../ffmpeg/ffmpeg.ts';
import { capture } from '../ffmpeg/process.ts';
import type { NativePixelFormat } from '../native.ts';
import { type ColorInfo, colorOf } from './color.ts';
import { travelFormat } from './pixel-format.ts';
import { parseRational, type Rational, toNumber } from './rational.ts';

export interface CopiedStream {
  /** Its index in the file. */
  readonly index: number;
  readonly codec: string;
  readonly language: string | undefined;
}

export interface AudioStream extends CopiedStream {
  readonly channels: number;
  readonly sampleRate: number;
}

export interface VideoInfo extends ColorInfo {
  readonly path: string;
  /** The index of the video stream in the file. */
  readonly index: number;
  readonly codec: string;
  /** Size of the frames as they are decoded, upright. */
  readonly width: number;
  readonly height: number;
  /** Degrees clockwise that the decoder turns the stored picture by. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** The file's pixel format, as FFmpeg names it. */
  readonly pixelFormat: string;
  /** The format frames travel in; undefined where there is none yet. */
  readonly frameFormat: NativePixelFormat | undefined;
  /** Whether the decoder converts to it: bits or chroma layout, never the matrix or the range. */
  readonly converted: boolean;
  /** The rate where it is constant, else the mean. */
  readonly frameRate: Rational;
  /** Whether frames come at a constant rate, as far as the file says. */
  readonly constantRate: boolean;
  readonly timeBase: Rational;
  /** Seconds; undefined where the file does not say. */
  readonly duration: number | undefined;
  /** As the file says, else from duration and frame rate; undefined where neither is known. */
  readonly frameCount: number | undefined;
  /** Seconds at which the file starts; times are counted from there. */
  readonly startTime: number;
  /** Seconds at which the first frame is shown, on the same clock. */
  readonly videoStart: number;
  readonly container: string;
  readonly audio: readonly AudioStream[];
  readonly subtitles: readonly CopiedStream[];
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function finite(value: unknown): number | undefined {
  const number =
    typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/**
 * Size, formats, rates, colours and streams of a video file.
 *
 * @example
 * const { width, height, frameRate } = await probe('in.mp4')
 */
export async function probe(
  path: string,
  options: { readonly ffprobe?: string | undefined } = {},
): Promise<VideoInfo> {
  await checkReadable(path);
  const tool = await findTool('ffprobe', options.ffprobe);
  const args = ['-v', 'error', '-print_format', 'json', '-show_format', '-show_streams'];
  const run = await capture(tool, [...args, `file:${path}`]);
  if (run.exit?.code !== 0) {
    const reason = run.lastLines || `ffprobe ended with ${run.exit?.signal ?? run.exit?.code}`;
    throw new FramelaneError('ERR_INPUT_INVALID', `${path}: not a readable video: ${reason}`);
  }
  return describe(path, fields(JSON.parse(run.stdout)));
}

async function checkReadable(path: string): Promise<void> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new FramelaneError(
      'ERR_INPUT_NOT_FOUND',
      `${path}: there is no such file (${cause.code})`,
      { cause },
    );
  });
  const invalid = (reason: string) => new FramelaneError('ERR_INPUT_INVALID', `${path}: ${reason}`);
  if (info.isDirectory()) throw invalid('expected a video file, received a folder');
  if (info.isFile() && info.size === 0)
    throw invalid('expected a video file, received an empty file');
  await access(path, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
    throw new FramelaneError('ERR_INPUT_INVALID', `${path}: cannot be read (${cause.code})`, {
      cause,
    });
  });
}

function describe(path: string, probed: Fields): VideoInfo {
  const streams = Array.isArray(probed['streams']) ? probed['streams'].map(fields) : [];
  const format = fields(probed['format']);
  const video = streams.find(
    (stream) =>
      stream['codec_type'] === 'video' && fields(stream['disposition'])['attached_pic'] !== 1,
  );
  const width = finite(video?.['width']) ?? 0;
  const height = finite(video?.['height']) ?? 0;
  if (video === undefined || width < 1 || height < 1) {
    const kinds = streams.map((stream) => stream['codec_type']).join(', ') || 'no stream';
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${path}: expected a video stream, received ${kinds}`,
    );
  }
  const rotation = rotationOf(video);
  const turned = rotation === 90 || rotation === 270;
  const pixelFormat = text(video['pix_fmt']) ?? 'unknown';
  const travel = travelFormat(pixelFormat);
  const timeBase = parseRational(text(video['time_base'])) ?? { num: 1, den: 1000 };
  const startTime = finite(format['start_time']) ?? 0;
  const { frameRate, constantRate } = rateOf(video);
  const duration =
    finite(video['duration']) ??
    secondsOf(text(fields(video['tags'])['DURATION'])) ??
    finite(format['duration']);
  const estimate = duration === undefined ? undefined : Math.round(duration * toNumber(frameRate));
  return {
    path,
    index: finite(video['index']) ?? 0,
    codec: text(video['codec_name']) ?? 'unknown',
    width: turned ? height : width,
    height: turned ? width : height,
    rotation,
    pixelFormat,
    frameFormat: travel?.format,
    converted: travel?.converted ?? false,
    ...colorOf(video, height),
    frameRate,
    constantRate,
    timeBase,
    duration,
    frameCount: finite(video['nb_frames']) ?? estimate,
    startTime,
    videoStart: finite(video['start_time']) ?? startTime,
    container: text(format['format_name']) ?? 'unknown',
    audio: streams
      .filter((stream) => stream['codec_type'] === 'audio')
      .map((stream) => ({
        ...copied(stream),
        channels: finite(stream['channels']) ?? 0,
        sampleRate: finite(stream['sample_rate']) ?? 0,
      })),
    subtitles: streams.filter((stream) => stream['codec_type'] === 'subtitle').map(copied),
  };
}

function copied(stream: Fields): CopiedStream {
  return {
    index: finite(stream['index']) ?? 0,
    codec: text(stream['codec_name']) ?? 'unknown',
    language: text(fields(stream['tags'])['language']),
  };
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

/** Side data gives degrees counter-clockwise, the older tag clockwise. */
function rotationOf(stream: Fields): VideoInfo['rotation'] {
  const sideData = Array.isArray(stream['side_data_list'])
    ? stream['side_data_list'].map(fields)
    : [];
  const matrix = sideData
    .map((data) => finite(data['rotation']))
    .find((angle) => angle !== undefined);
  const clockwise =
    matrix === undefined ? (finite(fields(stream['tags'])['rotate']) ?? 0) : -matrix;
  const turned = (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360;
  return turned as VideoInfo['rotation'];
}
