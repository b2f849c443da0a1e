/** The streams of a file as text, a line each. */
import { dolbyVisionName } from '../video/format/dolby-vision.ts';
import {
  type AudioStream,
  codecName,
  type PictureStream,
  type StreamInfo,
} from '../video/format/stream-info.ts';
import type { VideoInfo } from '../video/format/video-info.ts';

/** Two cells per stream, its name and its properties; `+` marks those that are read. */
export function streamRows(info: VideoInfo): [string, string][] {
  const { index, audio, subtitles, covers, attachments } = info;
  const carried: readonly { readonly index: number }[] = [
    ...[...audio, ...subtitles, ...covers, ...attachments],
  ];
  const read = new Set([index, ...carried.map((stream) => stream.index)]);
  return info.streams.map((stream) => {
    return [`${read.has(stream.index) ? '+' : ' '} ${stream.index} ${stream.kind}`, about(stream)];
  });
}

export function programRows({ programs }: VideoInfo): [string, string][] {
  return programs.map(({ number, name, streams }) => {
    return [`program ${number}`, list([name, `streams ${streams.join(' ')}`])];
  });
}

function about(stream: StreamInfo): string {
  const { profile, bitRate, language, title, disposition, timecode } = stream;
  const name = codecName(stream);
  const level = levelName(stream);
  const detail = [profile, level && `level ${level}`].filter((part) => part).join(' ');
  return list([
    detail === '' ? name : `${name} (${detail})`,
    ...(stream.kind === 'video' ? picture(stream) : []),
    ...(stream.kind === 'audio' ? sound(stream) : []),
    ...(stream.kind === 'attachment' ? [stream.fileName, stream.mimeType] : []),
    bitRate === undefined ? undefined : `${Math.round(bitRate / 1000)} kbit/s`,
    timecode && `timecode ${timecode}`,
    language === 'und' ? undefined : language, // undetermined, ISO 639-2
    title && `"${title}"`,
    ...disposition,
    stream.problem && `cannot be used: ${stream.problem}`,
  ]);
}

function picture(stream: PictureStream): (string | undefined)[] {
  const { width, height, pixelFormat, frameRate, fieldOrder, closedCaptions } = stream;
  const orders = { topFirst: 'top field first', bottomFirst: 'bottom field first' };
  return [
    `${width}x${height}`,
    pixelFormat,
    frameRate && `${Number((frameRate.num / frameRate.den).toFixed(3))} frames/s`,
    fieldOrder && fieldOrder !== 'progressive' ? orders[fieldOrder] : fieldOrder,
    closedCaptions ? 'closed captions' : undefined,
    stream.dolbyVision && dolbyVisionName(stream.dolbyVision),
  ];
}

function sound({ sampleRate, sampleFormat, channels, channelLayout }: AudioStream) {
  const layout = channelLayout ?? (channels === 1 ? '1 channel' : `${channels} channels`);
  return [sampleRate > 0 ? `${sampleRate} Hz` : undefined, layout, sampleFormat];
}

/** The level as its standard writes it; each codec encodes it in its own way. */
function levelName({ codec, level }: StreamInfo): string | undefined {
  if (level === undefined) return undefined;
  if (codec === 'h264') return (level / 10).toString();
  if (codec === 'hevc') return (level / 30).toString();
  if (codec === 'av1') return `${2 + (level >> 2)}.${level & 3}`;
  return undefined;
}

export function list(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part).join(', ');
}
