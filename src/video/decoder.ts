/** The FFmpeg that decodes: video as NUT with raw frames, timestamps counted from the start of the section. */
import { FramelaneError } from '../errors.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { Child } from '../ffmpeg/process.ts';
import type { NativePixelFormat, NativeShape } from '../native.ts';
import { orientationFilters, swapsSides } from './geometry.ts';
import { hwaccelArgs } from './hwaccel.ts';
import type { Hwaccel, SectionOptions } from './input-options.ts';
import { sourceArgs } from './input-source.ts';
import { silenceArgs } from './network-source.ts';
import { ffmpegName, refusal } from './pixel-format.ts';
import { clockArgs, seconds, seekArgs } from './section.ts';
import type { VideoInfo } from './video-info.ts';

/** What the frames of a file look like to a plan; ERR_UNSUPPORTED_FORMAT where they cannot be had honestly. */
export function frameShape(info: VideoInfo): NativeShape {
  if (info.pixelFormat === 'unknown') {
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${info.path}: the video is damaged or of an unknown kind: FFmpeg cannot tell its pixel format`,
    );
  }
  if (info.pixelFormat === 'unknown') {
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${info.path}: the video is damaged or of an unknown kind: FFmpeg cannot tell its pixel format`,
    );
  }
  if (info.frameFormat === undefined) {
    throw new FramelaneError(
      'ERR_UNSUPPORTED_FORMAT',
      `${info.path}: expected YUV, grey or RGB of 8 to 16 bits, received pixel format ${info.pixelFormat}: ${refusal(info.pixelFormat)}`,
    );
  }
  return {
    format: info.frameFormat,
    width: info.width,
    height: info.height,
    matrix: info.matrix ?? 'bt709',
    range: info.range,
    chromaLocation: info.chromaLocation,
  };
}

/** Plans that look at pixels need to know what they mean. */
export function requireKnownMatrix(info: VideoInfo): void {
  if (info.matrix !== undefined) return;
  throw new FramelaneError(
    'ERR_UNSUPPORTED_FORMAT',
    `${info.path}: expected a colour matrix of BT.601, BT.709 or BT.2020, received ${info.colorSpace}`,
  );
}

/** What has been decided about decoding, beyond what the file is. */
export interface Decoding {
  readonly section: SectionOptions;
  readonly hwaccel: Exclude<Hwaccel, 'none' | 'auto'> | undefined;
  /** FFmpeg's filter. */
  readonly deinterlace: string | undefined;
}

export function decoderArgs(ffmpeg: Ffmpeg, info: VideoInfo, decoding: Decoding): string[] {
  const { section, hwaccel } = decoding;
  return [
    ...['-hide_banner', '-nostdin', '-nostats'],
    // Verbose, for the pictures that FFmpeg meets; with the level of each line, to tell the errors.
    ...['-loglevel', 'level+verbose'],
    ...hwaccelArgs(hwaccel),
    ...(info.decoder === undefined ? [] : ['-c:v', info.decoder]),
    ...(info.live ? lowLatency : []),
    ...silenceArgs(info.source, ffmpeg.libavcodec),
    ...clockArgs(info, section),
    ...seekArgs(info, section),
    // FFmpeg's versions differ in what they make of a display matrix.
    ...['-noautorotate', ...sourceArgs(info.source)],
    ...['-map', `0:${info.index}`, '-an', '-sn', '-dn'],
    ...filters(info, decoding),
    ...[...ffmpeg.passthrough, '-enc_time_base', ffmpeg.inputTicks],
    ...['-c:v', 'rawvideo', '-pix_fmt', rawFormat(info, decoding)],
    ...['-write_index', '0', ...(info.live ? ['-flush_packets', '1'] : []), '-f', 'nut', 'pipe:3'],
  ];
}

/** What is there is known; nothing is kept for later; decoding several frames at once would hold each back by as many. */
const lowLatency = [
  ...['-analyzeduration', '500000', '-fpsprobesize', '0', '-fflags', 'nobuffer'],
  ...['-thread_type', 'slice'],
];

function filters(info: VideoInfo, decoding: Decoding): string[] {
  const chain = [
    ...conversion(info, decoding),
    ...(decoding.deinterlace === undefined ? [] : [decoding.deinterlace]),
    ...orientationFilters(info),
    ...counting(info, decoding.section),
    ...trim(decoding.section),
  ];
  return ['-vf', chain.join(',')];
}

/** Passes frames through untouched while size and format stay what they are; some files change them on the way. */
function conversion(info: VideoInfo, decoding: Decoding): string[] {
  const [width, height] = swapsSides(info) ? [info.height, info.width] : [info.width, info.height];
  // The range is said outright, because FFmpeg's own choice would squeeze full range into limited.
  const range = `in_range=${info.range}:out_range=${info.range}`;
  const flags = 'accurate_rnd+full_chroma_int+bitexact+bicubic';
  const scale = `scale=${width}:${height}:${range}:flags=${flags}`;
  if (!info.converted && decoding.hwaccel === undefined) return [scale];
  return [scale, `format=${rawFormat(info, decoding)}`];
}

function counting(info: VideoInfo, { from = 0 }: SectionOptions): string[] {
  const { num, den } = info.frameRate;
  return info.counted ? [`setpts=round((N*${den}/${num}-${seconds(from)})/TB)`] : [];
}

function trim({ from = 0, to }: SectionOptions): string[] {
  if (from === 0 && to === undefined) return [];
  const bounds = [
    from > 0 ? ['start=0'] : [],
    to === undefined ? [] : [`end=${seconds(to - from)}`],
  ];
  return [`trim=${bounds.flat().join(':')}`];
}

/** FFmpeg must see the range it has itself, or it converts. */
function rawFormat(info: VideoInfo, { hwaccel }: Decoding): string {
  const untouched = !info.converted && hwaccel === undefined;
  if (untouched && info.pixelFormat.startsWith('yuvj')) return info.pixelFormat;
  return ffmpegName(info.frameFormat as NativePixelFormat);
}

/** Starts a decoder that writes to the socket. */
export function startDecoder(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  decoding: Decoding,
  descriptor: number,
): Child {
  return new Child(ffmpeg.path, decoderArgs(ffmpeg, info, decoding), { descriptor });
}

/** What a decoder that ended well had to put up with. */
export function decoderWarnings(info: VideoInfo, { messages }: Child): string[] {
  const { pictures, summary } = messages;
  const changed = `the picture changes on the way, from ${pictures.join(' to ')}; it is converted to the first`;
  return [
    ...(pictures.length > 1 ? [`${info.path}: ${changed}`] : []),
    ...(summary === undefined ? [] : [`${info.path}: damaged or incomplete: ${summary}`]),
  ];
}
