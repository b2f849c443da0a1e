/** Encoders for editing and archives, intra-only: ProRes and lossless codecs. */
import {
  type EncodeContext,
  type EncoderDeclaration,
  type EncoderNeeds,
  gop,
  optionalChoice,
  optionalInteger,
  optionalSwitch,
  threads,
} from './declaration.ts';

/** Apple's white paper: 4444 and 4444 XQ are the ones with full chroma, and may have alpha. */
const proresProfiles = ['proxy', 'lt', 'standard', 'hq', '4444', '4444xq'] as const;

export const proresKs = {
  doc: 'Apple ProRes, 10 bits; 4444 has full chroma and alpha.',
  codec: 'prores',
  fields: true,
  parameters: {
    profile: optionalChoice(proresProfiles, 'By default hq for 4:2:2, else 4444.'),
    quality: optionalInteger('Fixed quantizer, 1 is best; chosen by the profile by default.', {
      min: 1,
      max: 31,
    }),
    threads,
  },
  pixelFormats: ({ profile }) => {
    const wide = ['yuv444p10le', 'yuva444p10le'];
    if (profile === undefined) return ['yuv422p10le', ...wide];
    return String(profile).startsWith('4444') ? wide : ['yuv422p10le'];
  },
  args: ({ options, pixelFormat }: EncodeContext) => [
    ...(options['profile'] === undefined
      ? ['-profile:v', pixelFormat === 'yuv422p10le' ? 'hq' : '4444']
      : []),
    ...(options['quality'] === undefined ? [] : ['-q:v', String(options['quality'])]),
    // Some of Apple's programs accept only their own vendor code.
    ...['-vendor', 'apl0'],
  ],
} as const satisfies EncoderDeclaration;

export const ffv1 = {
  doc: 'FFV1, lossless, any depth, alpha, RGB (RFC 9043).',
  codec: 'ffv1',
  fields: true,
  parameters: {
    level: optionalInteger(
      'Version of the format; 3 by default, but 1 with FFmpeg 4 and for odd sizes.',
      {
        min: 1,
        max: 3,
      },
    ),
    slices: optionalInteger('Slices per frame, each encoded by a thread; needs level 3.', {
      min: 4,
      max: 30,
    }),
    slicecrc: optionalSwitch('A checksum for each slice; needs level 3; true by default.'),
    gop: { ...gop, default: 1 },
    threads,
  },
  args: (context) => {
    const { options } = context;
    const level = levelOf(context);
    return [
      ...['-level', String(level)],
      ...(level === 3 ? ['-slicecrc', options['slicecrc'] === false ? '0' : '1'] : []),
      ...(options['slices'] === undefined ? [] : ['-slices', String(options['slices'])]),
    ];
  },
  lacks: (request) => {
    const { options, width, height } = request;
    const level = levelOf(request);
    if (level === 2) return 'level: version 2 was never finished, expected 1 or 3';
    if (level < 3 && (options['slices'] !== undefined || options['slicecrc'])) {
      return `slices, slicecrc: need level 3, received ${level}`;
    }
    return level === 3 && hasOddSide(request)
      ? `level: FFmpeg loses chroma between the slices of FFV1 of level 3 at odd sizes, received ${width}x${height}; use level 1`
      : undefined;
  },
} as const satisfies EncoderDeclaration;

function levelOf({ options, libavcodec, width, height }: EncoderNeeds): number {
  const sliced = options['slices'] !== undefined || options['slicecrc'] === true;
  const safe = sliced || (libavcodec >= 59 && !hasOddSide({ width, height }));
  return (options['level'] as number | undefined) ?? (safe ? 3 : 1);
}

/**
 * FFmpeg loses the chroma at the edge of a slice that begins at an odd column or row. Measured: 4.1 and 7.0 with their default
 * slices, 5.1 with 4 slices and more.
 */
function hasOddSide({ width, height }: Pick<EncoderNeeds, 'width' | 'height'>): boolean {
  return (width | height) % 2 === 1;
}

export const qtrle = {
  doc: 'QuickTime Animation, lossless RGB with alpha, for .mov.',
  codec: 'qtrle',
  family: 'rgb',
  parameters: { gop },
} as const satisfies EncoderDeclaration;

export const utvideo = {
  doc: 'Ut Video, lossless 8 bits, fast to decode.',
  codec: 'utvideo',
  parameters: {
    prediction: optionalChoice(
      ['none', 'left', 'gradient', 'median'],
      'Prediction; left by default.',
    ),
    threads,
  },
  args: ({ options }) =>
    options['prediction'] === undefined ? [] : ['-pred', String(options['prediction'])],
} as const satisfies EncoderDeclaration;

export const rawvideo = {
  doc: 'Uncompressed frames, for .nut, .avi and .mkv.',
  codec: 'rawvideo',
  parameters: {},
} as const satisfies EncoderDeclaration;

export const wrappedAvframe = {
  doc: 'Uncompressed frames, for .y4m.',
  codec: 'wrapped_avframe',
  parameters: {},
} as const satisfies EncoderDeclaration;
