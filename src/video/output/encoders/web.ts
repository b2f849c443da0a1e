/** VP9 and AV1. */
import { pixelFormatOf } from '../../../image/pixel-formats.ts';
import {
  bitrate,
  type EncodeContext,
  type EncoderDeclaration,
  gop,
  optionalChoice,
  optionalInteger,
  optionalSwitch,
  params,
  passArgs,
  rateControl,
  threads,
  twoPass,
} from './declaration.ts';

const quality = { min: 0, max: 63 } as const;
const lossless = optionalSwitch('Lossless: decodes to exactly the frames sent.');

/** Without a bit rate libvpx and libaom aim at 200 to 256 kbit/s; a rate of 0 leaves it to the quality. */
function quantizer({ options }: EncodeContext, preset: number): string[] {
  if (options['bitrate'] !== undefined || options['lossless']) return [];
  return [...(options['crf'] === undefined ? ['-crf', String(preset)] : []), '-b:v', '0'];
}

/** FFmpeg passes them on from 4.4 and 5.1 on. */
function lacksParams(
  option: string,
  options: Readonly<Record<string, unknown>>,
  libavcodec: number,
): string | undefined {
  const missing = options[option] !== undefined && libavcodec < 59;
  return missing ? `${option}: needs FFmpeg 5 or newer` : undefined;
}

export const libvpxVp9 = {
  doc: 'VP9 by libvpx; with alpha in .webm and .mkv.',
  codec: 'vp9',
  alphaIn: ['webm', 'mkv'],
  family: 'playback',
  parameters: {
    crf: optionalInteger(
      'Constant quality, 0 is best, bounded by `bitrate`; 32 by default.',
      quality,
    ),
    deadline: optionalChoice(['best', 'good', 'realtime'], 'Time budget per frame.'),
    cpuUsed: optionalInteger('Speed against quality: higher is faster.', { min: -8, max: 8 }),
    profile: optionalChoice(
      ['0', '1', '2', '3'],
      'What decoders must support; follows the pixel format.',
    ),
    ...rateControl,
    twoPass,
    gop,
    lossless,
    threads,
  },
  exclusive: [
    ['crf', 'lossless'],
    ['bitrate', 'lossless'],
    ['twoPass', 'lossless'],
  ],
  needs: { maxrate: 'bitrate', bufsize: 'bitrate' },
  lacks: ({ options }) =>
    options['twoPass'] && options['deadline'] === 'realtime'
      ? 'deadline: libvpx has no second pass in realtime, expected good or best'
      : undefined,
  args: (context) => [
    ...[...quantizer(context, 32), ...passArgs(context)],
    ...(context.options['lossless'] ? ['-lossless', '1'] : []),
    ...['-row-mt', '1'],
    // libvpx rejects alternate reference frames with alpha.
    ...(pixelFormatOf(context.pixelFormat).alpha ? ['-auto-alt-ref', '0'] : []),
  ],
} as const satisfies EncoderDeclaration;

export const libaomAv1 = {
  doc: 'AV1 by libaom.',
  codec: 'av1',
  family: 'playback',
  parameters: {
    crf: optionalInteger(
      'Constant quality, 0 is best, bounded by `bitrate`; 30 by default.',
      quality,
    ),
    cpuUsed: { ...optionalInteger('Speed: 0 is slowest.', { min: 0, max: 8 }), default: 6 },
    bitrate,
    twoPass,
    gop,
    lossless,
    threads,
    aomParams: params('libaom'),
  },
  exclusive: [
    ['crf', 'lossless'],
    ['bitrate', 'lossless'],
    ['twoPass', 'lossless'],
  ],
  params: {
    ...{ option: 'aomParams', flag: '-aom-params' },
    taken: { 'cpu-used': 'cpuUsed', 'cq-level': 'crf', 'target-bitrate': 'bitrate' },
  },
  lacks: ({ options, libavcodec }) => lacksParams('aomParams', options, libavcodec),
  args: (context) => [
    ...[...quantizer(context, 30), ...passArgs(context)],
    // Lossless in AV1 is a quantizer index of 0 (section 5.9.12 of its specification).
    ...(context.options['lossless'] ? ['-crf', '0', '-b:v', '0', '-qmin', '0', '-qmax', '0'] : []),
    ...['-row-mt', '1'],
    // Builds of 2018 call it an experiment.
    ...(context.libavcodec < 59 ? ['-strict', 'experimental'] : []),
  ],
} as const satisfies EncoderDeclaration;

export const libsvtav1 = {
  doc: 'AV1 by SVT-AV1, faster than libaom.',
  codec: 'av1',
  family: 'playback',
  parameters: {
    crf: optionalInteger('Constant quality, 0 is best; 35 by default.', { min: 1, max: 63 }),
    speed: optionalInteger('Its preset: 0 is slowest.', { min: 0, max: 13 }),
    bitrate,
    gop,
    svtav1Params: params('SVT-AV1'),
  },
  exclusive: [['crf', 'bitrate']],
  params: {
    ...{ option: 'svtav1Params', flag: '-svtav1-params' },
    taken: { preset: 'speed', crf: 'crf', tbr: 'bitrate', keyint: 'keyint' },
  },
  args: ({ options }) => [
    ...(options['bitrate'] === undefined && options['crf'] === undefined ? ['-crf', '35'] : []),
    ...(options['speed'] === undefined ? [] : ['-preset', String(options['speed'])]),
  ],
  lacks: ({ options, libavcodec, width, height }) =>
    Math.min(width, height) < 64
      ? `codec: SVT-AV1 takes frames from 64x64, received ${width}x${height}; use libaom-av1`
      : lacksParams('svtav1Params', options, libavcodec),
} as const satisfies EncoderDeclaration;

export const libtheora = {
  doc: 'Theora, for .ogv.',
  codec: 'theora',
  family: 'playback',
  parameters: {
    quality: { ...optionalInteger('10 is best.', { min: 0, max: 10 }), default: 8 },
    bitrate,
    gop,
  },
  args: ({ options }) =>
    options['bitrate'] === undefined ? ['-q:v', String(options['quality'])] : [],
} as const satisfies EncoderDeclaration;

export const mpeg4 = {
  doc: 'MPEG-4 part 2, for old players of .avi.',
  codec: 'mpeg4',
  fields: true,
  family: 'playback',
  // Its denominators have 16 bits; every usual rate divides this one.
  finestTick: { num: 1, den: 60_000 },
  parameters: {
    quality: { ...optionalInteger('1 is best.', { min: 1, max: 31 }), default: 3 },
    bitrate,
    gop,
    bframes: optionalInteger('Most B-frames in a row.', { min: 0, max: 4 }),
    threads,
  },
  args: ({ options }) =>
    options['bitrate'] === undefined ? ['-q:v', String(options['quality'])] : [],
} as const satisfies EncoderDeclaration;
