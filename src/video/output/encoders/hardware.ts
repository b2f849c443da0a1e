/** Encoders of graphics cards: NVENC and VA-API. */
import {
  bframes,
  type EncodeContext,
  type EncoderDeclaration,
  gop,
  optionalChoice,
  optionalInteger,
  optionalSwitch,
  rateControl,
} from './declaration.ts';

const nvidia = {
  family: 'playback',
  parameters: {
    cq: optionalInteger('Constant quality, 1 is best.', { min: 1, max: 51 }),
    preset: optionalChoice(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'], 'p1 is fastest, p7 best.'),
    tune: optionalChoice(['hq', 'll', 'ull'], 'Quality, or low and ultra-low latency.'),
    ...rateControl,
    gop,
    bframes,
    lossless: optionalSwitch('Every bit of the frames that are sent.'),
    gpu: optionalInteger('Which card, by its number.', { min: 0, max: 63 }),
  },
  exclusive: [
    ['cq', 'bitrate', 'lossless'],
    ['tune', 'lossless'],
  ],
  needs: { bufsize: 'maxrate' },
  args: ({ options }: EncodeContext) => [
    ...(options['cq'] === undefined
      ? []
      : ['-rc', 'vbr', '-cq', String(options['cq']), '-b:v', '0']),
    ...(options['lossless'] ? ['-tune', 'lossless'] : []),
    ...(options['gpu'] === undefined ? [] : ['-gpu', String(options['gpu'])]),
  ],
  remedy:
    'NVENC needs an NVIDIA card with an encoder (H100, H200 and A100 have none), its driver, and libnvidia-encode where this runs (in containers NVIDIA_DRIVER_CAPABILITIES=video)',
} as const;

export const h264Nvenc = {
  ...nvidia,
  doc: 'H.264 by an NVIDIA card.',
  codec: 'h264',
  // It lists formats of 10 bits, which are HEVC’s.
  pixelFormats: () => ['yuv420p', 'nv12', 'yuv444p'],
} as const satisfies EncoderDeclaration;
export const hevcNvenc = {
  ...nvidia,
  doc: 'HEVC by an NVIDIA card.',
  codec: 'hevc',
} as const satisfies EncoderDeclaration;
export const av1Nvenc = {
  ...nvidia,
  doc: 'AV1 by an NVIDIA card (Ada and newer).',
  codec: 'av1',
} as const satisfies EncoderDeclaration;

const vaapi = {
  family: 'playback',
  parameters: {
    qp: optionalInteger('Constant quality, 1 is best.', { min: 1, max: 52 }),
    ...rateControl,
    gop,
    bframes,
    renderNode: {
      kind: 'integer',
      doc: 'Which card: n of /dev/dri/renderDn.',
      min: 0,
      max: 255,
      default: 128,
    },
  },
  exclusive: [['qp', 'bitrate']],
  needs: { maxrate: 'bitrate', bufsize: 'bitrate' },
  deviceArgs: ({ options }: EncodeContext) => [
    '-vaapi_device',
    `/dev/dri/renderD${options['renderNode']}`,
  ],
  graph: ({ pixelFormat }: EncodeContext) => `[in]format=${pixelFormat},hwupload[out]`,
  args: ({ options }: EncodeContext) =>
    options['qp'] === undefined ? [] : ['-qp', String(options['qp'])],
  remedy:
    'VA-API needs a graphics card whose driver encodes, and the right to open its render node (renderNode, groups video and render); vainfo shows what it can do',
} as const;

export const h264Vaapi = {
  ...vaapi,
  doc: 'H.264 by an Intel or AMD card.',
  codec: 'h264',
  pixelFormats: () => ['nv12'],
} as const satisfies EncoderDeclaration;
export const hevcVaapi = {
  ...vaapi,
  doc: 'HEVC by an Intel or AMD card.',
  codec: 'hevc',
  pixelFormats: () => ['nv12', 'p010le'],
} as const satisfies EncoderDeclaration;
