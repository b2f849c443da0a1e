/** Interlaced video: which field comes first, how that is known, and the deinterlacing filter. */
import { FramelaneError } from '../../errors/errors.ts';
import { pixelFormatOf } from '../../image/pixel-formats.ts';
import type { NativePixelFormat } from '../../native/plan.ts';
import type { Fields } from './ffprobe-fields.ts';
import type { Rational } from './rational.ts';

/** Which field is the earlier one; undefined where unknown. */
export type FieldOrder = 'progressive' | InterlacedOrder | undefined;

/** Whether the stream header or its first frames tell the field order; the frames take precedence. */
export type FieldSource = 'stream' | 'frames' | undefined;

export interface FieldInfo {
  readonly fieldOrder: FieldOrder;
  readonly fieldSource: FieldSource;
}

/** FFmpeg defines two letters as stored order and display order, but all its code uses only the first. */
export function fieldOrderOf(stream: Fields): FieldOrder {
  switch (stream['field_order']) {
    case 'progressive':
      return 'progressive';
    case 'tt':
    case 'tb':
      return 'topFirst';
    case 'bb':
    case 'bt':
      return 'bottomFirst';
    default:
      return undefined;
  }
}

/** The header may be missing or wrong (AVI, remuxed H.264); decoders mark each frame. */
export function fieldsOf(said: FieldOrder, frames: readonly Fields[]): FieldInfo {
  const marked = frames.find((frame) => frame['interlaced_frame'] === 1);
  if (marked !== undefined) {
    const topFirst = marked['top_field_first'] === 1;
    return { fieldOrder: topFirst ? 'topFirst' : 'bottomFirst', fieldSource: 'frames' };
  }
  return { fieldOrder: said, fieldSource: said === undefined ? undefined : 'stream' };
}

/** Codecs whose decoders mark interlaced frames; others have none, or code each field as a picture, as HEVC does. */
const markedCodecs =
  /^(h264|mpeg2video|mpeg4|vc1|wmv3|dvvideo|prores|dnxhd|cfhd|mjpeg|mjpegb|ffv1|huffyuv|ffvhuff|utvideo|magicyuv|jpeg2000|cavs)$/;

/** Whether the first frames can tell more than the header. */
export function mayHaveFields(codec: string): boolean {
  return markedCodecs.test(codec);
}

export type InterlacedOrder = 'topFirst' | 'bottomFirst';

/** Which field comes first, where there are fields. */
export function interlacedOrder({
  fieldOrder,
}: Pick<FieldInfo, 'fieldOrder'>): InterlacedOrder | undefined {
  return fieldOrder === 'progressive' ? undefined : fieldOrder;
}

export const deinterlaceModes = ['auto', 'on', 'double', 'off'] as const;
export type Deinterlace = (typeof deinterlaceModes)[number];

export interface Deinterlacing {
  readonly filter: string | undefined;
  readonly warning: string | undefined;
  /** Whether each frame becomes two, at twice the rate. */
  readonly doubled: boolean;
}

/** The properties that the filter depends on. */
export interface FieldVideo extends FieldInfo {
  readonly path: string;
  readonly codec: string;
  readonly container: string;
  readonly width: number;
  readonly height: number;
}

/** Whether bwdif and yadif take the format; FFmpeg would convert others. */
function isFiltered(format: NativePixelFormat): boolean {
  const { family, bits, alpha } = pixelFormatOf(format);
  if (family === 'gray') return bits === 8 || bits === 16;
  return family === 'yuv' && (bits === 8 || !alpha);
}
/** Pixels; the filters need at least three lines and columns in every plane. */
const smallest = 6;

/** Containers that store a field order; in others FFmpeg takes it from the frames it happened to parse. */
const declaring = /^(mov|matroska|mxf|gxf|nut)/;
/** Containers of broadcasts, which may mix film and interlaced video. */
const broadcast = /^(mpegts|mpeg$|mxf)/;
const mixing = /^(h264|mpeg2video|vc1)$/;

/** Whether interlaced frames may follow a progressive beginning, as in broadcasts. */
export function mayTurnInterlaced({
  container,
  codec,
}: {
  container: string;
  codec: string;
}): boolean {
  return broadcast.test(container) && mixing.test(codec);
}

/**
 * The deinterlacing filter, which keeps each frame's time. Where the decoder marks interlaced frames, others (film between
 * video, soft telecine) pass unchanged; `auto` leaves a progressive video unchanged.
 */
export function deinterlacing(
  info: FieldVideo,
  format: NativePixelFormat,
  mode: Deinterlace,
  filters: ReadonlySet<string>,
): Deinterlacing {
  const { path, fieldOrder, fieldSource, container, codec } = info;
  const interlaced = interlacedOrder(info) !== undefined;
  const none = { filter: undefined, warning: undefined, doubled: false };
  if (mode === 'off' || (mode === 'auto' && !interlaced)) return none;
  const name = ['bwdif', 'yadif'].find((candidate) => filters.has(candidate));
  const reason = cannot(info, name, format);
  if (reason !== undefined) {
    if (mode !== 'auto') throw refusal(path, name, reason);
    const warning = `${path}: is interlaced and stays so, ${reason}`;
    return interlaced ? { ...none, warning } : none;
  }
  const marked = fieldSource === 'frames' || (!declaring.test(container) && mayHaveFields(codec));
  const doubled = mode === 'double';
  const parity = { topFirst: 'tff', bottomFirst: 'bff', progressive: 'auto' } as const;
  const options = {
    mode: doubled ? 'send_field' : 'send_frame',
    parity: marked ? 'auto' : parity[fieldOrder ?? 'progressive'],
    deint: marked && (mode === 'auto' || (doubled && interlaced)) ? 'interlaced' : 'all',
  };
  const filter = `${name}=mode=${options.mode}:parity=${options.parity}:deint=${options.deint}`;
  if (!interlaced) return { filter, warning: undefined, doubled };
  const made = doubled ? 'two frames for each, one a field' : 'one frame for each';
  const warning = `${path}: is interlaced, ${fieldsText(info)}; ${name} makes it progressive, ${made}`;
  return { filter, warning, doubled };
}

/** `top field first as its frames say`. */
export function fieldsText({ fieldOrder, fieldSource }: FieldInfo): string {
  const first = fieldOrder === 'topFirst' ? 'top' : 'bottom';
  return `${first} field first as its ${fieldSource === 'frames' ? 'frames say' : 'head says'}`;
}

function cannot(
  { width, height }: FieldVideo,
  name: string | undefined,
  format: NativePixelFormat,
): string | undefined {
  if (name === undefined) return 'this FFmpeg has neither bwdif nor yadif';
  if (!isFiltered(format)) return `frames of ${format} cannot be filtered`;
  const small = Math.min(width, height) < smallest;
  return small ? `frames of ${width}x${height} are too small` : undefined;
}

function refusal(path: string, name: string | undefined, reason: string): FramelaneError {
  const code = name === undefined ? 'ERR_FFMPEG_CAPABILITY' : 'ERR_UNSUPPORTED_FORMAT';
  const message = `deinterlace: ${path} cannot be deinterlaced, ${reason}`;
  return new FramelaneError(code, message, { path: 'deinterlace' });
}

/** The properties of a video whose fields each become a frame, with the second half-way to the next first one. */
export function doubledRate<
  T extends {
    readonly frameRate: Rational;
    readonly timeBase: Rational;
    readonly frameCount: number | undefined;
  },
>(info: T): T {
  const { frameRate, timeBase, frameCount } = info;
  return {
    ...info,
    frameRate: doubled(frameRate),
    // The same fraction upside down.
    timeBase: inverse(doubled(inverse(timeBase))),
    frameCount: frameCount === undefined ? undefined : 2 * frameCount,
  };
}

function doubled({ num, den }: Rational): Rational {
  return den % 2 === 0 ? { num, den: den / 2 } : { num: 2 * num, den };
}

function inverse({ num, den }: Rational): Rational {
  return { num: den, den: num };
}
