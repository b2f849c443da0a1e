/** The FFmpeg that encodes: it reads raw frames in NUT from a socket, and other streams from a file. */

import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { Child } from '../../ffmpeg/process.ts';
import { pixelFormatOf } from '../../image/pixel-formats.ts';
import { type ColorInfo, colorArgs } from '../format/color.ts';
import type { HdrInfo } from '../format/hdr.ts';
import type { InterlacedOrder } from '../format/interlace.ts';
import { type Rational, toNumber } from '../format/rational.ts';
import { type EncodeContext, type EncoderPass, flags } from './encoders/declaration.ts';
import type { Encoding } from './encoding.ts';
import { fieldArgs, fieldFilters } from './fields.ts';
import type { OutputFormat } from './format.ts';
import { privateArgs } from './private-params.ts';
import type { CarriedStreams } from './streams.ts';

export interface EncoderRequest {
  readonly encoding: Encoding;
  readonly format: OutputFormat;
  /** The size of the frames. */
  readonly size: { readonly width: number; readonly height: number };
  /** The colour tags; matrix and range are those of `format`. */
  readonly color: ColorInfo;
  readonly hdr?: HdrInfo | undefined;
  /** The sample aspect ratio; that of the frames' stream where it is undefined. */
  readonly sampleAspect?: Rational | undefined;
  /** A rate that FFmpeg converts the frames to, by dropping and repeating. */
  readonly constantRate?: Rational | undefined;
  /** Where FFmpeg writes: a path, or `-`. */
  readonly path: string;
  readonly carried: CarriedStreams | undefined;
  /** FFmpeg's output options for tags of the file, after those that are carried. */
  readonly tags?: readonly string[] | undefined;
  /** The encoder's time base; that of the frames where it is undefined. */
  readonly tick: Rational | undefined;
  /** Which field of the frames comes first, where they are interlaced. */
  readonly fieldOrder?: InterlacedOrder | undefined;
  /** The pass, where there are two; the first writes only its log. */
  readonly pass?: EncoderPass | undefined;
  /** Seconds for which the last frame is shown, for muxers that need it beforehand. */
  readonly finalDelay?: number | undefined;
}

export function encoderArgs(ffmpeg: Ffmpeg, request: EncoderRequest): string[] {
  const { encoding, carried } = request;
  const { codec, encoder, output } = encoding;
  const first = request.pass?.number === 1;
  const context = contextOf(ffmpeg, request);
  const color = frameColorArgs(request);
  const { source, args: picture } = pictureArgs(request, context);
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', '-copyts'],
    ...(encoder?.deviceArgs?.(context) ?? []),
    // The same colours for input and output, so that FFmpeg converts nothing.
    ...['-f', 'nut', ...color, '-i', 'pipe:3'],
    ...(carried?.inputArgs ?? []),
    ...[...picture, '-map', source, ...(carried?.outputArgs ?? []), ...(request.tags ?? [])],
    ...['-c:v:0', codec, ...outputColorArgs(request, color), ...(first ? [] : hevcTag(encoding))],
    ...fieldArgs(request.fieldOrder, codec, encoder),
    ...ffmpeg.passthrough,
    // For the video only: converted audio counts samples.
    ...['-enc_time_base:v:0', clock(ffmpeg, request)],
    ...Object.entries(context.options).flatMap(([name, value]) => {
      const flag = flags[name];
      return flag === undefined || value === undefined ? [] : [flag, String(value)];
    }),
    ...(encoder?.args?.(context) ?? []),
    ...privateArgs(context, encoder),
    ...(first ? [] : [...finalDelay(request), ...containerArgs(encoding)]),
    ...(output.encoderArgs ?? []),
    ...(first ? ['-f', 'null', '-'] : [target(request)]),
  ];
}

function contextOf(ffmpeg: Ffmpeg, request: EncoderRequest): EncodeContext {
  return {
    options: request.encoding.parameters,
    width: request.size.width,
    height: request.size.height,
    pixelFormat: request.format.pixelFormat,
    libavcodec: ffmpeg.libavcodec,
    hdr: request.hdr ?? {},
    chromaLocation: request.format.chromaLocation,
    fieldOrder: request.fieldOrder,
    pass: request.pass,
  };
}

const chromaLocations = { left: 1, center: 2, topLeft: 3 } as const;

function frameColorArgs({ format, color }: EncoderRequest): string[] {
  const { family, shiftX } = pixelFormatOf(format.format);
  if (family === 'rgb') {
    // ITU-T H.273: matrix 0 is RGB, which is full range.
    const { primaries, transfer } = color;
    const tags = { ...color, primaries, transfer, colorSpace: undefined, matrix: undefined };
    return [...colorArgs({ ...tags, range: 'full' }), '-colorspace', '0'];
  }
  // The input's tag is dropped if the matrix has changed, and kept if its matrix is unknown, because then nothing changed it.
  const kept = color.matrix === undefined || color.matrix === format.matrix;
  const colorSpace = kept ? color.colorSpace : undefined;
  return [
    ...colorArgs({ ...color, colorSpace, matrix: format.matrix, range: format.range }),
    ...(shiftX > 0
      ? ['-chroma_sample_location', String(chromaLocations[format.chromaLocation])]
      : []),
  ];
}

/** The same, without the range that readers of the container assume. */
function outputColorArgs({ encoding, format }: EncoderRequest, color: readonly string[]): string[] {
  const implied = encoding.container.impliedRange === format.range;
  const at = color.indexOf('-color_range');
  return color.filter((_, index) => !implied || (index !== at && index !== at + 1));
}

/** Apple's players recognise HEVC in MP4 and MOV only by this tag. */
function hevcTag({ encoder, container }: Encoding): string[] {
  return encoder?.codec === 'hevc' && container.faststart ? ['-tag:v:0', 'hvc1'] : [];
}

/** Where the encoder's frames come from, and how they are repacked for it. */
function pictureArgs(
  { encoding, format, sampleAspect, constantRate, fieldOrder }: EncoderRequest,
  context: EncodeContext,
): { source: string; args: string[] } {
  const filters = [
    ...(constantRate === undefined ? [] : [`fps=${constantRate.num}/${constantRate.den}`]),
    ...(sampleAspect === undefined ? [] : [`setsar=${sampleAspect.num}/${sampleAspect.den}`]),
    ...fieldFilters(fieldOrder),
    // A picture is the first frame; the others are read too, so that writing them does not fail.
    ...(encoding.kind === 'picture' ? ['select=not(n)'] : []),
  ];
  const graph = encoding.encoder?.graph?.(context);
  if (graph === undefined) {
    const filter = filters.length === 0 ? [] : ['-filter:v:0', filters.join(',')];
    return { source: '0:v:0', args: ['-pix_fmt', format.pixelFormat, ...filter] };
  }
  const before = [...filters, 'null'].join(',');
  return { source: '[out]', args: ['-filter_complex', `[0:v:0]${before}[in];${graph}`] };
}

function clock(ffmpeg: Ffmpeg, { tick, encoding }: EncoderRequest): string {
  const finest = encoding.encoder?.finestTick;
  const coarse =
    finest !== undefined && (tick === undefined || toNumber(tick) < toNumber(finest))
      ? finest
      : tick;
  return coarse === undefined ? ffmpeg.inputTicks : `${coarse.num}:${coarse.den}`;
}

function containerArgs({ kind, container, codec, output }: Encoding): string[] {
  const faststart = kind === 'file' && container.faststart && output.faststart !== false;
  const pictures = {
    sequence: ['-start_number', String(output.startNumber ?? 1)],
    picture: ['-update', '1'],
    file: faststart ? ['-movflags', '+faststart'] : [],
    stdout: container.pipeArgs ?? [],
  };
  const muxer = codec === 'libwebp_anim' ? 'webp' : container.muxer;
  const format = kind === 'stdout' && muxer === 'image2' ? 'image2pipe' : muxer;
  return [...(container.args ?? []), ...pictures[kind], '-f', format];
}

/** GIF counts in hundredths of a second. */
function finalDelay({ encoding, finalDelay: delay }: EncoderRequest): string[] {
  const { name } = encoding.container;
  if (delay === undefined || delay > 600) return [];
  if (name === 'gif') return ['-final_delay', String(Math.round(delay * 100))];
  return name === 'apng' ? ['-final_delay', `${Math.round(delay * 1000)}/1000`] : [];
}

function target({ encoding, path }: EncoderRequest): string {
  return encoding.kind === 'stdout' ? 'pipe:1' : `file:${path}`;
}

/** Starts an encoder that reads from the socket. */
export function startEncoder(ffmpeg: Ffmpeg, request: EncoderRequest, descriptor: number): Child {
  const stdout = request.encoding.kind === 'stdout' ? 'inherit' : 'ignore';
  return new Child(ffmpeg.path, encoderArgs(ffmpeg, request), { descriptor, stdout });
}
