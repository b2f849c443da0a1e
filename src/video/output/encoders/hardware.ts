/** Hardware encoders: NVENC and VA-API. */
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
    lossless: optionalSwitch('Lossless: decodes to exactly the frames sent.'),
    gpu: optionalInteger('Number of the GPU.', { min: 0, max: 63 }),
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
    'NVENC needs an NVIDIA GPU with an encoder (H100, H200 and A100 have none), its driver, and libnvidia-encode (in containers: NVIDIA_DRIVER_CAPABILITIES=video)',
} as const;

export const h264Nvenc = {
  ...nvidia,
  doc: 'H.264 on an NVIDIA GPU.',
  codec: 'h264',
  // It also lists 10-bit formats, which only HEVC can encode.
  pixelFormats: () => ['yuv420p', 'nv12', 'yuv444p'],
} as const satisfies EncoderDeclaration;
export const hevcNvenc = {
  ...nvidia,
  doc: 'HEVC on an NVIDIA GPU.',
  codec: 'hevc',
} as const satisfies EncoderDeclaration;
export const av1Nvenc = {
  ...nvidia,
  doc: 'AV1 on an NVIDIA GPU (Ada and newer).',
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
      doc: 'Number of the render node: n of /dev/dri/renderDn.',
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
    'VA-API needs a GPU whose driver encodes, and permission to open its render node (renderNode; groups video and render); vainfo lists what it supports',
} as const;

export const h264Vaapi = {
  ...vaapi,
  doc: 'H.264 on an Intel or AMD GPU.',
  codec: 'h264',
  pixelFormats: () => ['nv12'],
} as const satisfies EncoderDeclaration;
export const hevcVaapi = {
  ...vaapi,
  doc: 'HEVC on an Intel or AMD GPU.',
  codec: 'hevc',
  pixelFormats: () => ['nv12', 'p010le'],
} as const satisfies EncoderDeclaration;
