/** The FFmpeg that encodes: raw frames as NUT from the socket, other streams from a file. */
import { FramelaneError } from '../errors.ts';
import { encoderFormats, type Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { Child } from '../ffmpeg/process.ts';
import type { NativePixelFormat } from '../native.ts';
import { type ColorInfo, colorArgs } from './color.ts';
import type { CopiedStreams } from './copied-streams.ts';
import type { EncoderOptions } from './encoder-options.ts';
import { ffmpegNames } from './pixel-format.ts';
import type { Rational } from './rational.ts';

export interface EncoderRequest {
  readonly options: EncoderOptions;
  readonly format: NativePixelFormat;
  readonly color: ColorInfo;
  /** Where FFmpeg writes. */
  readonly path: string;
  readonly copied: CopiedStreams | undefined;
  /** Seconds per tick of the encoder's clock; that of the frames where it is undefined. */
  readonly tick: Rational | undefined;
}

const defaultCodec = 'libx264';

/** The format frames go to the encoder in: the wanted one where it takes that, so that FFmpeg converts nothing. */
export async function outputFormat(
  ffmpeg: Ffmpeg,
  { codec = defaultCodec, pixelFormat }: EncoderOptions,
  input: NativePixelFormat,
): Promise<NativePixelFormat> {
  const taken = await encoderFormats(ffmpeg, codec);
  const takes = (format: NativePixelFormat) => taken.size === 0 || taken.has(ffmpegNames[format]);
  if (pixelFormat === undefined) return input !== 'rgba8' && takes(input) ? input : 'yuv420p';
  if (takes(pixelFormat)) return pixelFormat;
  throw new FramelaneError(
    'ERR_FFMPEG_CAPABILITY',
    `pixelFormat: the encoder ${codec} takes ${[...taken].join(', ')}, received ${pixelFormat}`,
    { path: 'pixelFormat' },
  );
}

export function encoderArgs(ffmpeg: Ffmpeg, request: EncoderRequest): string[] {
  const { options, copied, path, tick } = request;
  const { codec = defaultCodec, crf, preset } = options;
  const color = colorArgs(request.color);
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', '-copyts'],
    // The same colours before and after: FFmpeg finds nothing to convert.
    ...['-f', 'nut', ...color, '-i', 'pipe:3'],
    ...(copied?.inputArgs ?? []),
    ...['-map', '0:v:0', ...(copied?.outputArgs ?? [])],
    ...['-c:v', codec, '-pix_fmt', ffmpegNames[request.format], ...color],
    ...ffmpeg.passthrough,
    ...['-enc_time_base', tick === undefined ? ffmpeg.inputTicks : `${tick.num}:${tick.den}`],
    ...(preset === undefined ? [] : ['-preset', preset]),
    ...(crf === undefined ? [] : ['-crf', String(crf)]),
    ...(options.encoderArgs ?? []),
    `file:${path}`,
  ];
}

/** Starts an encoder that reads from the socket. */
export function startEncoder(ffmpeg: Ffmpeg, request: EncoderRequest, descriptor: number): Child {
  return new Child(ffmpeg.path, encoderArgs(ffmpeg, request), { descriptor });
}
