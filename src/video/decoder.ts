/** The FFmpeg that decodes: video as NUT with raw frames, timestamps counted from the start of the section. */
import { FramelaneError } from '../errors.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { Child } from '../ffmpeg/process.ts';
import type { NativePixelFormat, NativeShape } from '../native.ts';
import type { SectionOptions } from './input-options.ts';
import { ffmpegNames } from './pixel-format.ts';
import type { VideoInfo } from './probe.ts';
import { offsetArgs } from './section.ts';

/** What the frames of a file look like to a plan; ERR_UNSUPPORTED_FORMAT where they cannot be had honestly. */
export function frameShape(info: VideoInfo): NativeShape {
  if (info.frameFormat === undefined) {
    throw new FramelaneError(
      'ERR_UNSUPPORTED_FORMAT',
      `${info.path}: expected YUV of any depth or RGB without alpha, received pixel format ${info.pixelFormat}`,
    );
  }
  return {
    format: info.frameFormat,
    width: info.width,
    height: info.height,
    matrix: info.matrix ?? 'bt709',
    range: info.range,
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

function filters(info: VideoInfo, { from = 0, to }: SectionOptions): string[] {
  const chain: string[] = [];
  if (from > 0 || to !== undefined) {
    chain.push(`trim=start=0${to === undefined ? '' : `:end=${(to - from).toFixed(6)}`}`);
  }
  if (info.converted && info.frameFormat !== 'rgba8') {
    // Said outright, because FFmpeg's own choice would squeeze full range into limited.
    chain.push(`scale=in_range=${info.range}:out_range=${info.range}:flags=accurate_rnd`);
  }
  return chain.length > 0 ? ['-vf', chain.join(',')] : [];
}

export function decoderArgs(ffmpeg: Ffmpeg, info: VideoInfo, section: SectionOptions): string[] {
  const { from = 0 } = section;
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-copyts'],
    ...offsetArgs(info, section),
    // To the key frame before; the filter drops what is too early, by the same times the output will have.
    ...(from > 0 ? ['-noaccurate_seek', '-ss', from.toFixed(6)] : []),
    ...['-i', `file:${info.path}`, '-map', `0:${info.index}`, '-an', '-sn', '-dn'],
    ...filters(info, section),
    ...[...ffmpeg.passthrough, '-enc_time_base', ffmpeg.inputTicks],
    ...[
      '-c:v',
      'rawvideo',
      '-pix_fmt',
      rawFormat(info),
      '-write_index',
      '0',
      '-f',
      'nut',
      'pipe:3',
    ],
  ];
}

/** FFmpeg must see the range it has itself, or it converts. */
function rawFormat(info: VideoInfo): string {
  if (info.pixelFormat.startsWith('yuvj') && !info.converted) return info.pixelFormat;
  return ffmpegNames[info.frameFormat as NativePixelFormat];
}

/** Starts a decoder that writes to the socket. */
export function startDecoder(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  section: SectionOptions,
  descriptor: number,
): Child {
  return new Child(ffmpeg.path, decoderArgs(ffmpeg, info, section), { descriptor });
}
