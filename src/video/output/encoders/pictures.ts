/** GIF, and formats of single pictures and their sequences. */
import {
  type EncodeContext,
  type EncoderDeclaration,
  optionalInteger,
  optionalSwitch,
  threads,
} from './declaration.ts';

const loop = {
  ...optionalInteger('How often it plays; 0 is forever.', { min: 0, max: 65_535 }),
  default: 0,
} as const;
const compression = optionalInteger('Compression effort: 9 is smallest and slowest.', {
  min: 0,
  max: 9,
});

const compressionArgs = ({ options }: EncodeContext) => [
  ...(options['compression'] === undefined
    ? []
    : ['-compression_level', String(options['compression'])]),
  ...['-pred', 'mixed'],
];

export const gif = {
  doc: 'GIF, 256 colours chosen from the video.',
  codec: 'gif',
  family: 'rgb',
  parameters: {
    loop,
    palette: {
      kind: 'enum',
      values: ['global', 'frame'],
      doc: 'One palette for all frames (FFmpeg keeps every frame in memory to compute it), or one for each.',
      default: 'global',
    },
    dither: {
      kind: 'enum',
      values: ['none', 'bayer', 'floyd_steinberg', 'sierra2', 'sierra2_4a'],
      doc: 'Dithering of colours that the palette lacks.',
      default: 'sierra2_4a',
    },
  },
  pixelFormats: () => ['rgba'],
  graph: ({ options }) => {
    const each = options['palette'] === 'frame';
    const found = `palettegen=stats_mode=${each ? 'single' : 'full'}`;
    const used = `paletteuse=dither=${options['dither']}${each ? ':new=1' : ':diff_mode=rectangle'}`;
    return `[in]split[frames][look];[look]${found}[palette];[frames][palette]${used}[out]`;
  },
  // The muxer counts repetitions: -1 plays once.
  args: ({ options }) => {
    const plays = options['loop'] as number;
    return ['-loop', String(plays < 2 ? -plays : plays - 1)];
  },
} as const satisfies EncoderDeclaration;

export const apng = {
  doc: 'Animated PNG, lossless, up to 16 bits, alpha.',
  codec: 'apng',
  family: 'rgb',
  parameters: { loop, compression },
  args: (context) => [...compressionArgs(context), '-plays', String(context.options['loop'])],
} as const satisfies EncoderDeclaration;

export const png = {
  doc: 'PNG, lossless, up to 16 bits, alpha.',
  codec: 'png',
  family: 'rgb',
  parameters: { compression, threads },
  args: compressionArgs,
} as const satisfies EncoderDeclaration;

export const mjpeg = {
  doc: 'JPEG and Motion JPEG, in BT.601 with full range as JFIF requires.',
  codec: 'mjpeg',
  color: { matrix: 'bt601', range: 'full', chromaLocation: 'center' },
  parameters: {
    quality: { ...optionalInteger('1 is best.', { min: 1, max: 31 }), default: 2 },
    threads,
  },
  // Newer builds also list limited-range formats, which few programs read correctly.
  pixelFormats: () => ['yuvj420p', 'yuvj422p', 'yuvj444p'],
  args: ({ options }) => ['-q:v', String(options['quality']), '-qmin', '1'],
} as const satisfies EncoderDeclaration;

const webp = {
  quality: optionalInteger('100 is best; 75 by default.', { min: 0, max: 100 }),
  lossless: optionalSwitch('Lossless: decodes to exactly the frames sent.'),
  effort: optionalInteger('Compression effort: 6 is smallest and slowest.', { min: 0, max: 6 }),
} as const;

const webpArgs = ({ options }: EncodeContext) => [
  ...(options['quality'] === undefined ? [] : ['-quality', String(options['quality'])]),
  ...(options['lossless'] ? ['-lossless', '1'] : []),
  ...(options['effort'] === undefined ? [] : ['-compression_level', String(options['effort'])]),
];

export const libwebp = {
  doc: 'WebP pictures, with alpha.',
  codec: 'webp',
  family: 'rgb',
  parameters: webp,
  args: webpArgs,
} as const satisfies EncoderDeclaration;

export const libwebpAnim = {
  doc: 'WebP animations, with alpha.',
  codec: 'webp',
  family: 'rgb',
  parameters: { ...webp, loop },
  args: (context) => [...webpArgs(context), '-loop', String(context.options['loop'])],
} as const satisfies EncoderDeclaration;

export const tiff = {
  doc: 'TIFF, lossless, up to 16 bits, alpha.',
  codec: 'tiff',
  family: 'rgb',
  parameters: {
    packing: {
      kind: 'enum',
      values: ['packbits', 'raw', 'lzw', 'deflate'],
      doc: 'Compression method.',
      default: 'lzw',
    },
  },
  args: ({ options }) => ['-compression_algo', String(options['packing'])],
} as const satisfies EncoderDeclaration;

export const bmp = {
  doc: 'BMP, uncompressed.',
  codec: 'bmp',
  family: 'rgb',
  parameters: {},
} as const satisfies EncoderDeclaration;
