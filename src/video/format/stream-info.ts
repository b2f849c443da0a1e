/** One stream of a file, from ffprobe's description. */
import { type DolbyVision, dolbyVisionOf } from './dolby-vision.ts';
import { clockSeconds, type Fields, fields, finite, tagOf, text } from './ffprobe-fields.ts';
import { type FieldOrder, fieldOrderOf } from './interlace.ts';
import { parseRational, type Rational } from './rational.ts';

export interface CopiedStream {
  /** Its index in the file. */
  readonly index: number;
  readonly codec: string;
  readonly language: string | undefined;
  readonly title: string | undefined;
  /** FFmpeg's names: `default`, `forced`, `attached_pic`. */
  readonly disposition: readonly string[];
}

interface AnyStream extends CopiedStream {
  /** The container's own number for it: the PID of MPEG-TS, the track of MP4. */
  readonly id: number | undefined;
  /** The four characters by which the container names the codec; undefined where it has none. */
  readonly codecTag: string | undefined;
  readonly profile: string | undefined;
  /** As the codec writes it: 41 for H.264 level 4.1, 123 for HEVC level 4.1. */
  readonly level: number | undefined;
  /** Bits a second. */
  readonly bitRate: number | undefined;
  /** Seconds. */
  readonly duration: number | undefined;
  /** Packets, as far as the container counts them. */
  readonly frameCount: number | undefined;
  /** Numbers of the programs it belongs to. */
  readonly programs: readonly number[];
  /** The timecode of its first frame. */
  readonly timecode: string | undefined;
  /** Why it cannot be used; undefined where nothing speaks against it before decoding. */
  readonly problem: string | undefined;
}

export interface PictureStream extends AnyStream {
  readonly kind: 'video';
  /** As they are coded: before rotation. */
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string | undefined;
  /** The mean. */
  readonly frameRate: Rational | undefined;
  readonly fieldOrder: FieldOrder;
  /** Whether closed captions (CEA-608, CEA-708) travel in its frames. */
  readonly closedCaptions: boolean;
  readonly dolbyVision: DolbyVision | undefined;
  /** Of a cover that is an attached file. */
  readonly fileName: string | undefined;
  readonly mimeType: string | undefined;
}

export interface AudioStream extends AnyStream {
  readonly kind: 'audio';
  readonly channels: number;
  /** FFmpeg's name: `stereo`, `5.1(side)`. */
  readonly channelLayout: string | undefined;
  readonly sampleRate: number;
  /** FFmpeg's name of what the decoder makes: `fltp`, `s16`. */
  readonly sampleFormat: string | undefined;
  /** Of a sample, where it is coded without loss. */
  readonly bitsPerSample: number | undefined;
}

export interface AttachedFile extends AnyStream {
  readonly kind: 'attachment';
  readonly fileName: string | undefined;
  readonly mimeType: string | undefined;
}

export interface OtherStream extends AnyStream {
  readonly kind: 'subtitle' | 'data';
}

export type StreamInfo = PictureStream | AudioStream | AttachedFile | OtherStream;

/** What the rest of the file tells about a stream. */
export interface StreamEvidence {
  readonly programs: readonly number[];
  /** Whether it has no packet. */
  readonly empty: boolean;
  /** Whether its packets are encrypted. */
  readonly encrypted: boolean;
}

export function describeStream(stream: Fields, evidence: StreamEvidence): StreamInfo {
  const common = {
    index: finite(stream['index']) ?? 0,
    codec: text(stream['codec_name']) ?? 'unknown',
    language: tagOf(stream, 'language'),
    title: tagOf(stream, 'title'),
    id: idOf(stream),
    codecTag: codecTagOf(stream),
    profile: profileOf(stream),
    level: levelOf(stream),
    bitRate: finite(stream['bit_rate']) ?? finite(tagOf(stream, 'BPS')),
    duration: finite(stream['duration']) ?? clockSeconds(tagOf(stream, 'duration')),
    frameCount: finite(stream['nb_frames']) ?? finite(tagOf(stream, 'NUMBER_OF_FRAMES')),
    disposition: Object.entries(fields(stream['disposition'])).flatMap(([name, set]) => {
      return set === 1 ? [name] : [];
    }),
    programs: evidence.programs,
    timecode: text(stream['timecode']) ?? tagOf(stream, 'timecode'),
    problem: problemOf(stream, evidence),
  };
  switch (stream['codec_type']) {
    case 'video':
      return { ...common, kind: 'video', ...pictureOf(stream) };
    case 'audio':
      return { ...common, kind: 'audio', ...soundOf(stream) };
    case 'attachment':
      return { ...common, kind: 'attachment', ...attachedFile(stream) };
    case 'subtitle':
      return { ...common, kind: 'subtitle' };
    default:
      return { ...common, kind: 'data' };
  }
}

function pictureOf(stream: Fields) {
  return {
    width: finite(stream['width']) ?? 0,
    height: finite(stream['height']) ?? 0,
    pixelFormat: text(stream['pix_fmt']),
    frameRate: parseRational(text(stream['avg_frame_rate'])),
    fieldOrder: fieldOrderOf(stream),
    closedCaptions: stream['closed_captions'] === 1,
    dolbyVision: dolbyVisionOf(stream),
    ...attachedFile(stream),
  };
}

function attachedFile(stream: Fields) {
  return { fileName: tagOf(stream, 'filename'), mimeType: tagOf(stream, 'mimetype') };
}

function soundOf(stream: Fields) {
  const bits = [stream['bits_per_raw_sample'], stream['bits_per_sample']].map(finite);
  return {
    channels: finite(stream['channels']) ?? 0,
    channelLayout: text(stream['channel_layout']),
    sampleRate: finite(stream['sample_rate']) ?? 0,
    sampleFormat: text(stream['sample_fmt']),
    bitsPerSample: bits.find((count) => count !== undefined && count > 0),
  };
}

/** Whether the stream's description proves that it has a packet. */
export function hasPackets(stream: Fields): boolean {
  const counts = [stream['nb_frames'], tagOf(stream, 'NUMBER_OF_FRAMES')].map(finite);
  const length = clockSeconds(tagOf(stream, 'duration'));
  return counts.some((count) => count !== undefined && count > 0) || (length ?? 0) > 0;
}

function problemOf(stream: Fields, { empty, encrypted }: StreamEvidence): string | undefined {
  const kind = stream['codec_type'];
  if (kind !== 'video' && kind !== 'audio') return undefined;
  if (text(stream['codec_name']) === undefined) return 'FFmpeg does not know its codec';
  if (empty) return 'it has no packets';
  if (encrypted) return 'it is encrypted';
  const size = kind === 'video' ? stream['width'] : stream['channels'];
  if ((finite(size) ?? 0) > 0) return undefined;
  return kind === 'video' ? 'it has no picture size' : 'it has no packets that tell its channels';
}

/** The codec's name, or the container's tag for an unknown codec. */
export function codecName({ codec, codecTag }: Pick<AnyStream, 'codec' | 'codecTag'>): string {
  return codec === 'unknown' ? (codecTag ?? codec) : codec;
}

function idOf(stream: Fields): number | undefined {
  const id = text(stream['id']);
  return id === undefined ? undefined : finite(Number(id)); // hexadecimal
}

/** ffprobe writes `[0][0][0][0]` where there is none; in MPEG-TS it is a number. */
function codecTagOf(stream: Fields): string | undefined {
  const tag = text(stream['codec_tag_string']);
  return tag === undefined || tag.includes('[') ? undefined : tag;
}

/** ffprobe prints a number where the profile has no name, and -99 where it is unknown. */
function profileOf(stream: Fields): string | undefined {
  const profile = text(stream['profile']);
  return profile === 'unknown' || profile === '-99' ? undefined : profile;
}

function levelOf(stream: Fields): number | undefined {
  const level = finite(stream['level']);
  return level === undefined || level < 0 ? undefined : level;
}
