/** x264 and x265. */
import { x265Hdr } from '../../format/hdr.ts';
import {
  bframes,
  type EncodeContext,
  type EncoderDeclaration,
  gop,
  optionalChoice,
  optionalNumber,
  optionalSwitch,
  params,
  passArgs,
  rateControl,
  threads,
  twoPass,
} from './declaration.ts';

const presets = [
  ...['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium'],
  ...['slow', 'slower', 'veryslow', 'placebo'],
] as const;
const preset = optionalChoice(presets, 'Speed against file size; medium by default.');
const quality = { min: 0, max: 51 } as const;
const lossless = optionalSwitch('Lossless: decodes to exactly the frames sent.');
const oneRate = [
  ['crf', 'bitrate', 'lossless'],
  ['lossless', 'maxrate'],
] as const;
const needs = { bufsize: 'maxrate', twoPass: 'bitrate' } as const;

/** Names of our options in both libraries. */
const taken = {
  ...{ crf: 'crf', bitrate: 'bitrate', preset: 'preset', tune: 'tune', profile: 'profile' },
  ...{ 'vbv-maxrate': 'maxrate', 'vbv-bufsize': 'bufsize', keyint: 'keyint', bframes: 'bframes' },
  ...{ threads: 'threads', pass: 'twoPass', stats: 'twoPass' },
} as const;

/** ITU-T H.264 and H.265, figure E-1. */
const chromaTypes = ['left', 'center', 'topLeft'];

export const libx264 = {
  doc: 'H.264 by x264.',
  codec: 'h264',
  fields: true,
  family: 'playback',
  parameters: {
    crf: optionalNumber('Constant quality, 0 is best; 23 by default.', quality),
    preset,
    tune: optionalChoice(
      [
        ...(['film', 'animation', 'grain', 'stillimage'] as const),
        ...(['psnr', 'ssim', 'fastdecode', 'zerolatency'] as const),
      ],
      'Kind of content, or metric to optimise for.',
    ),
    profile: optionalChoice(
      ['baseline', 'main', 'high', 'high10', 'high422', 'high444'],
      'What decoders must support; follows the pixel format by default.',
    ),
    ...rateControl,
    twoPass,
    gop,
    bframes,
    lossless,
    threads,
    x264Params: params('x264'),
  },
  exclusive: oneRate,
  needs,
  params: {
    ...{ option: 'x264Params', flag: '-x264-params', taken },
    own: ({ chromaLocation = 'left', fieldOrder }) => [
      // FFmpeg 4 does not pass it on.
      ...(chromaLocation === 'left' ? [] : [`chromaloc=${chromaTypes.indexOf(chromaLocation)}`]),
      // FFmpeg passes it on with the first frame, when the head is already written.
      ...(fieldOrder === undefined ? [] : [fieldOrder === 'topFirst' ? 'tff=1' : 'bff=1']),
    ],
  },
  args: (context) => [...(context.options['lossless'] ? ['-qp', '0'] : []), ...passArgs(context)],
} as const satisfies EncoderDeclaration;

export const libx265 = {
  doc: 'HEVC by x265.',
  codec: 'hevc',
  family: 'playback',
  lightLevels: true,
  parameters: {
    crf: optionalNumber('Constant quality, 0 is best; 28 by default.', quality),
    preset,
    tune: optionalChoice(
      ['psnr', 'ssim', 'grain', 'zerolatency', 'fastdecode', 'animation'],
      'What to optimise for.',
    ),
    profile: optionalChoice(
      ['main', 'main10', 'main12', 'main422-10', 'main444-8', 'main444-10', 'main444-12'],
      'What decoders must support; follows the pixel format by default.',
    ),
    ...rateControl,
    twoPass,
    gop,
    bframes,
    lossless,
    threads,
    x265Params: params('x265'),
  },
  exclusive: oneRate,
  needs,
  params: {
    ...{ option: 'x265Params', flag: '-x265-params', own: x265Own },
    taken: { ...taken, lossless: 'lossless', pools: 'threads' },
    quiet: ['log-level=none'],
  },
} as const satisfies EncoderDeclaration;

/** Silences the log of x265, and sets what FFmpeg has no options for. */
function x265Own({ options, hdr, chromaLocation, pass }: EncodeContext): string[] {
  // FFmpeg takes a colon for the end of a value.
  const stats = pass?.log.replaceAll(/[\\:']/g, '\\$&');
  return [
    'log-level=error',
    ...(options['lossless'] ? ['lossless=1'] : []),
    ...(chromaLocation === undefined ? [] : [`chromaloc=${chromaTypes.indexOf(chromaLocation)}`]),
    ...x265Hdr(hdr),
    ...(pass === undefined ? [] : [`pass=${pass.number}`, `stats=${stats}`]),
  ];
}
