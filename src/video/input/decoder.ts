/**
 * The FFmpeg that decodes: video as NUT with raw frames, timestamps counted from the start of the file. A section begins at
 * a key frame before it; the native reader keeps what is on display from its start on.
 */
import { FramelaneError } from '../../errors/errors.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { frameLimits, type Limits, patientLimits } from '../../ffmpeg/limits.ts';
import { Child, exitOf, exitWithin } from '../../ffmpeg/process.ts';
import { ffmpegName, pixelFormatOf } from '../../image/pixel-formats.ts';
import type { NativePixelFormat, NativeShape } from '../../native/plan.ts';
import { requireBaseLayer } from '../format/dolby-vision.ts';
import { orientationFilters, swapsSides } from '../format/geometry.ts';
import { toNumber } from '../format/rational.ts';
import { sourceArgs } from '../format/source.ts';
import { refusal } from '../format/travel-format.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { hwaccelArgs } from './hwaccel.ts';
import { silenceArgs } from './network-source.ts';
import type { Hwaccel, SectionOptions } from './options.ts';
import { clockArgs, seconds, seekArgs } from './section.ts';

/** What the frames of a file look like to a plan; ERR_UNSUPPORTED_FORMAT where they cannot be had honestly. */
export function frameShape(info: VideoInfo): NativeShape {
  if (info.pixelFormat === 'unknown') {
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${info.path}: the video is damaged or of an unknown kind: FFmpeg cannot tell its pixel format`,
    );
  }
  requireBaseLayer(info);
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
  /** FFmpeg's decoders of sound and subtitles: it tries them to learn what a file has, and their errors are not the video's. */
  readonly otherDecoders: ReadonlySet<string>;
  /** The clock of the frames, where it is not the file's. */
  readonly ticks?: string | undefined;
  /** Seconds from the start of the file to which FFmpeg goes, where they have been looked for. */
  readonly seek?: number | undefined;
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
    ...clockArgs(info),
    ...seekArgs(info, section, decoding.seek),
    // FFmpeg's versions differ in what they make of a display matrix.
    ...['-noautorotate', ...sourceArgs(info.source)],
    ...['-map', `0:${info.index}`, '-an', '-sn', '-dn'],
    ...filters(ffmpeg, info, decoding),
    ...[...ffmpeg.passthrough, '-enc_time_base', decoding.ticks ?? ffmpeg.inputTicks],
    ...['-c:v', 'rawvideo', '-pix_fmt', rawFormat(info, decoding)],
    ...['-write_index', '0', ...(info.live ? ['-flush_packets', '1'] : []), '-f', 'nut', 'pipe:3'],
  ];
}

/** What is there is known; nothing is kept for later; decoding several frames at once would hold each back by as many. */
const lowLatency = [
  ...['-analyzeduration', '500000', '-fpsprobesize', '0', '-fflags', 'nobuffer'],
  ...['-thread_type', 'slice'],
];

function filters({ libavcodec }: Ffmpeg, info: VideoInfo, decoding: Decoding): string[] {
  const chain = [
    // From FFmpeg 7 on its scaler fails at a matrix that it does not know, even where it has nothing to do.
    ...(info.matrix === undefined && libavcodec >= 61 ? ['setparams=colorspace=unknown'] : []),
    ...conversion(info, decoding),
    ...(decoding.deinterlace === undefined ? [] : [decoding.deinterlace]),
    ...orientationFilters(info),
    ...counting(info),
    ...trim(info, decoding.section),
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
  return isUntouched(info, decoding) ? [scale] : [scale, `format=${rawFormat(info, decoding)}`];
}

function counting(info: VideoInfo): string[] {
  const { num, den } = info.frameRate;
  return info.counted ? [`setpts=round(N*${den}/${num}/TB)`] : [];
}

/** FFmpeg rounds the end to the nearest tick; what a clock coarser than milliseconds has before the end is still shown. */
function trim({ timeBase }: VideoInfo, { to }: SectionOptions): string[] {
  const tick = toNumber(timeBase);
  const later = tick > 1.001e-3 ? tick / 2 - 2e-6 : 0;
  return to === undefined ? [] : [`trim=end=${seconds(to + later)}`];
}

/** FFmpeg must see the range it has itself, or it converts. */
function rawFormat(info: VideoInfo, decoding: Decoding): string {
  const { name, fullRange } = pixelFormatOf(info.pixelFormat);
  if (fullRange && isUntouched(info, decoding)) return name;
  return ffmpegName(info.frameFormat as NativePixelFormat);
}

function isUntouched(info: VideoInfo, { hwaccel }: Decoding): boolean {
  return !info.converted && hwaccel === undefined;
}

/** A running decoder that writes to the socket. */
export class Decoder extends Child {
  readonly #info: VideoInfo;
  readonly #decoding: Decoding;

  constructor(ffmpeg: Ffmpeg, info: VideoInfo, decoding: Decoding, descriptor: number) {
    super(ffmpeg.path, decoderArgs(ffmpeg, info, decoding), { descriptor });
    this.#info = info;
    this.#decoding = decoding;
  }

  /** More where the source itself may be silent. */
  get #limits(): Limits {
    return patientLimits(frameLimits, this.#info.source.timeout);
  }

  /** Ends it should it hang before the next frame; `progress` as for `Watch`. */
  watchFrames(progress?: () => number | undefined): Disposable {
    return this.watch(this.#limits, progress);
  }

  /** Waits for its end, and returns its failure where that is a bad one. */
  async ended(): Promise<FramelaneError | undefined> {
    const { code } = await exitOf(this, this.#limits);
    return code === 0 ? undefined : this.#failed();
  }

  /** What is to blame for an error of its stream: one that breaks off is its failure, if it tells one within `patience` ms. */
  async blame(error: unknown, patience: number): Promise<unknown> {
    if (!(error instanceof FramelaneError && error.code === 'ERR_STREAM_TRUNCATED')) return error;
    const exit = await exitWithin(this, patience);
    return exit === undefined || exit.code === 0 ? error : this.#failed(error);
  }

  /** FFmpeg repeats the URL, with the password in it. */
  #failed(cause?: unknown): FramelaneError {
    const { path, source } = this.#info;
    const { code, message } = this.failure(`decoding ${path}`, cause);
    return new FramelaneError(code, message.replaceAll(source.url, path), { cause });
  }

  /** What it has had to put up with; complete when it has ended well. */
  get warnings(): string[] {
    const { path } = this.#info;
    const { pictures } = this.messages;
    const { damage } = this;
    const changed = `the picture changes on the way, from ${pictures.join(' to ')}; it is converted to the first`;
    return [
      ...(pictures.length > 1 ? [`${path}: ${changed}`] : []),
      ...(damage === undefined ? [] : [`${path}: damaged or incomplete: ${damage}`]),
    ];
  }

  /** FFmpeg's words for what is wrong with the video; undefined where nothing is. */
  get damage(): string | undefined {
    const { section, otherDecoders } = this.#decoding;
    // Whoever comes in midway lacks what the first pictures are made from, until the next key frame.
    const midway = this.#info.live || seekArgs(this.#info, section).length > 0;
    return this.messages.summary(
      ({ part, early }) => !(midway && early) && !otherDecoders.has(part),
    );
  }
}
