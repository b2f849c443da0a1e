/**
 * The FFmpeg that decodes: it writes raw frames in NUT, with timestamps from the start of the file. For a section it starts at
 * an earlier key frame, and the native reader drops the frames that are not on display in the section.
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
import { unsupportedReason } from '../format/travel-format.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { hwaccelArgs } from './hwaccel.ts';
import { silenceArgs } from './network-source.ts';
import type { Hwaccel, SectionOptions } from './options.ts';
import { clockArgs, seconds, seekArgs } from './section.ts';

/** The shape of the decoded frames; ERR_UNSUPPORTED_FORMAT where they cannot be decoded faithfully. */
export function frameShape(info: VideoInfo): NativeShape {
  if (info.pixelFormat === 'unknown') {
    throw new FramelaneError(
      'ERR_INPUT_INVALID',
      `${info.path}: the video is damaged or of an unknown kind: FFmpeg cannot determine its pixel format`,
    );
  }
  requireBaseLayer(info);
  if (info.frameFormat === undefined) {
    throw new FramelaneError(
      'ERR_UNSUPPORTED_FORMAT',
      `${info.path}: expected YUV, grey or RGB of 8 to 16 bits, received pixel format ${info.pixelFormat}: ${unsupportedReason(info.pixelFormat)}`,
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

/** Required by plans that compute pixels, because they convert the colours. */
export function requireKnownMatrix(info: VideoInfo): void {
  if (info.matrix !== undefined) return;
  throw new FramelaneError(
    'ERR_UNSUPPORTED_FORMAT',
    `${info.path}: expected a colour matrix of BT.601, BT.709 or BT.2020, received ${info.colorSpace}`,
  );
}

/** The decisions about decoding that do not follow from the file alone. */
export interface Decoding {
  readonly section: SectionOptions;
  readonly hwaccel: Exclude<Hwaccel, 'none' | 'auto'> | undefined;
  /** FFmpeg's filter for it; undefined where frames stay as they are. */
  readonly deinterlace: string | undefined;
  /** FFmpeg's audio and subtitle decoders. It runs them to identify streams, and their errors say nothing about the video. */
  readonly otherDecoders: ReadonlySet<string>;
  /** The time base of the frames, where it is not the file's. */
  readonly ticks?: string | undefined;
  /** Seconds from the start of the file to seek to, where a key frame was searched for. */
  readonly seek?: number | undefined;
}

export function decoderArgs(ffmpeg: Ffmpeg, info: VideoInfo, decoding: Decoding): string[] {
  const { section, hwaccel } = decoding;
  return [
    ...['-hide_banner', '-nostdin', '-nostats'],
    // Verbose, because that prints each change of the picture size; with levels, to recognise errors.
    ...['-loglevel', 'level+verbose'],
    ...hwaccelArgs(hwaccel),
    ...(info.decoder === undefined ? [] : ['-c:v', info.decoder]),
    ...(info.live ? lowLatency : []),
    ...silenceArgs(info.source, ffmpeg.libavcodec),
    ...clockArgs(info),
    ...seekArgs(info, section, decoding.seek),
    // FFmpeg's versions apply a display matrix differently.
    ...['-noautorotate', ...sourceArgs(info.source)],
    ...['-map', `0:${info.index}`, '-an', '-sn', '-dn'],
    ...filters(ffmpeg, info, decoding),
    ...[...ffmpeg.passthrough, '-enc_time_base', decoding.ticks ?? ffmpeg.inputTicks],
    ...['-c:v', 'rawvideo', '-pix_fmt', rawFormat(info, decoding)],
    ...['-write_index', '0', ...(info.live ? ['-flush_packets', '1'] : []), '-f', 'nut', 'pipe:3'],
  ];
}

/** Probes little, buffers nothing, and decodes one frame at a time, because frame threads delay each frame. */
const lowLatency = [
  ...['-analyzeduration', '500000', '-fpsprobesize', '0', '-fflags', 'nobuffer'],
  ...['-thread_type', 'slice'],
];

function filters({ libavcodec }: Ffmpeg, info: VideoInfo, decoding: Decoding): string[] {
  const chain = [
    // From FFmpeg 7 on, its scaler fails for an unknown matrix even if it has nothing to convert.
    ...(info.matrix === undefined && libavcodec >= 61 ? ['setparams=colorspace=unknown'] : []),
    ...conversion(info, decoding),
    ...(decoding.deinterlace === undefined ? [] : [decoding.deinterlace]),
    ...orientationFilters(info),
    ...counting(info),
    ...trim(info, decoding.section),
  ];
  return ['-vf', chain.join(',')];
}

/** Leaves frames unchanged unless their size or format changes within the file, as in some files. */
function conversion(info: VideoInfo, decoding: Decoding): string[] {
  const [width, height] = swapsSides(info) ? [info.height, info.width] : [info.width, info.height];
  // The range is explicit, because FFmpeg's default would compress full range to limited.
  const range = `in_range=${info.range}:out_range=${info.range}`;
  const flags = 'accurate_rnd+full_chroma_int+bitexact+bicubic';
  const scale = `scale=${width}:${height}:${range}:flags=${flags}`;
  return isUntouched(info, decoding) ? [scale] : [scale, `format=${rawFormat(info, decoding)}`];
}

function counting(info: VideoInfo): string[] {
  const { num, den } = info.frameRate;
  return info.counted ? [`setpts=round(N*${den}/${num}/TB)`] : [];
}

/** FFmpeg rounds the end to the nearest tick; with a time base coarser than milliseconds that would lose a last frame. */
function trim({ timeBase }: VideoInfo, { to }: SectionOptions): string[] {
  const tick = toNumber(timeBase);
  const later = tick > 1.001e-3 ? tick / 2 - 2e-6 : 0;
  return to === undefined ? [] : [`trim=end=${seconds(to + later)}`];
}

/** A full-range format keeps its name (yuvj420p), or FFmpeg would convert the range. */
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

  /** Longer where the source itself may be silent. */
  get #limits(): Limits {
    return patientLimits(frameLimits, this.#info.source.timeout);
  }

  /** Ends it if it hangs before the next frame; `progress` as for `Watch`. */
  watchFrames(progress?: () => number | undefined): Disposable {
    return this.watch(this.#limits, progress);
  }

  /** Waits for its end, and returns its failure if it failed. */
  async ended(): Promise<FramelaneError | undefined> {
    const { code } = await exitOf(this, this.#limits);
    return code === 0 ? undefined : this.#failed();
  }

  /** The cause of an error of its stream: its own failure if the stream broke off and it fails within `patience` ms. */
  async blame(error: unknown, patience: number): Promise<unknown> {
    if (!(error instanceof FramelaneError && error.code === 'ERR_STREAM_TRUNCATED')) return error;
    const exit = await exitWithin(this, patience);
    return exit === undefined || exit.code === 0 ? error : this.#failed(error);
  }

  /** FFmpeg's messages repeat the URL, which may contain a password. */
  #failed(cause?: unknown): FramelaneError {
    const { path, source } = this.#info;
    const { code, message } = this.failure(`decoding ${path}`, cause);
    return new FramelaneError(code, message.replaceAll(source.url, path), { cause });
  }

  /** Changes of the picture, and damage; complete when it has ended. */
  get warnings(): string[] {
    const { path } = this.#info;
    const { pictures } = this.messages;
    const { damage } = this;
    const changed = `size or pixel format changes within the video, from ${pictures.join(' to ')}; all frames are converted to the first`;
    return [
      ...(pictures.length > 1 ? [`${path}: ${changed}`] : []),
      ...(damage === undefined ? [] : [`${path}: damaged or incomplete: ${damage}`]),
    ];
  }

  /** FFmpeg's errors about the video; undefined where there is none. */
  get damage(): string | undefined {
    const { section, otherDecoders } = this.#decoding;
    // After a start in mid-stream the first pictures lack their references, until the next key frame.
    const midway = this.#info.live || seekArgs(this.#info, section).length > 0;
    return this.messages.summary(
      ({ part, early }) => !(midway && early) && !otherDecoders.has(part),
    );
  }
}
