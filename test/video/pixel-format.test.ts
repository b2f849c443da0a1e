/** Every pixel format of FFmpeg: what it travels as, and that it does so without loss, with every FFmpeg. */
import { execFileSync } from 'node:child_process';
import { compilePlan, frameBytes, pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import { openFfmpeg } from '../../src/ffmpeg/ffmpeg.ts';
import { ffmpegName } from '../../src/image/pixel-formats.ts';
import type { NativePixelFormat } from '../../src/native/plan.ts';
import { isOpaque, outputPixelFormats } from '../../src/video/format/frame-format.ts';
import { travelFormat } from '../../src/video/format/travel-format.ts';
import { decoderArgs } from '../../src/video/input/decoder.ts';
import { describeVideo } from '../../src/video/input/describe-video.ts';
import { ffmpegs } from '../helpers/decode.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';

const [width, height] = [16, 6];

/** Planes of interleaved channels; `shift` where samples sit in the high bits of a word. */
interface Layout {
  readonly planes: readonly string[];
  readonly bits: number;
  readonly shift?: number;
}

const yuv = (bits = 8) => ({ planes: ['Y', 'U', 'V'], bits });
const yuva = (bits = 8) => ({ planes: ['Y', 'U', 'V', 'A'], bits });
const gray = (bits = 8) => ({ planes: ['Y'], bits });
const packed = (planes: string, bits = 8, shift = 0) => ({ planes: [planes], bits, shift });
const semi = (planes: readonly string[], bits = 8, shift = 0) => ({ planes, bits, shift });
const gbr = (bits = 8) => ({ planes: ['G', 'B', 'R'], bits });
const gbra = (bits = 8) => ({ planes: ['G', 'B', 'R', 'A'], bits });

type Row = readonly [format: string, ours: NativePixelFormat, layout: Layout];

const rows: readonly Row[] = [
  ...(['420', '422', '444'] as const).flatMap((layout): Row[] => [
    [`yuv${layout}p`, `yuv${layout}p`, yuv()],
    [`yuvj${layout}p`, `yuv${layout}p`, yuv()],
    [`yuva${layout}p`, `yuva${layout}p`, yuva()],
    [`yuv${layout}p9le`, `yuv${layout}p10`, yuv(9)],
    [`yuv${layout}p9be`, `yuv${layout}p10`, yuv(9)],
    [`yuv${layout}p10le`, `yuv${layout}p10`, yuv(10)],
    [`yuv${layout}p10be`, `yuv${layout}p10`, yuv(10)],
    [`yuv${layout}p12le`, `yuv${layout}p12`, yuv(12)],
    [`yuv${layout}p14le`, `yuv${layout}p16`, yuv(14)],
    [`yuv${layout}p16le`, `yuv${layout}p16`, yuv(16)],
    [`yuv${layout}p16be`, `yuv${layout}p16`, yuv(16)],
    [`yuva${layout}p9le`, `yuva${layout}p10`, yuva(9)],
    [`yuva${layout}p10le`, `yuva${layout}p10`, yuva(10)],
    [`yuva${layout}p12le`, `yuva${layout}p16`, yuva(12)],
    [`yuva${layout}p16be`, `yuva${layout}p16`, yuva(16)],
  ]),
  ['gray', 'gray8', gray()],
  ['gray9le', 'gray10', gray(9)],
  ['gray10le', 'gray10', gray(10)],
  ['gray10be', 'gray10', gray(10)],
  ['gray12le', 'gray12', gray(12)],
  ['gray14le', 'gray16', gray(14)],
  ['gray16le', 'gray16', gray(16)],
  ['gray16be', 'gray16', gray(16)],
  ['nv12', 'yuv420p', semi(['Y', 'UV'])],
  ['nv21', 'yuv420p', semi(['Y', 'VU'])],
  ['nv24', 'yuv444p', semi(['Y', 'UV'])],
  ['nv42', 'yuv444p', semi(['Y', 'VU'])],
  ['p010le', 'yuv420p10', semi(['Y', 'UV'], 10, 6)],
  ['p010be', 'yuv420p10', semi(['Y', 'UV'], 10, 6)],
  ['p016le', 'yuv420p16', semi(['Y', 'UV'], 16)],
  ['p012le', 'yuv420p12', semi(['Y', 'UV'], 12, 4)],
  ['p210le', 'yuv422p10', semi(['Y', 'UV'], 10, 6)],
  ['p212le', 'yuv422p12', semi(['Y', 'UV'], 12, 4)],
  ['p216le', 'yuv422p16', semi(['Y', 'UV'], 16)],
  ['p410le', 'yuv444p10', semi(['Y', 'UV'], 10, 6)],
  ['p412le', 'yuv444p12', semi(['Y', 'UV'], 12, 4)],
  ['p416le', 'yuv444p16', semi(['Y', 'UV'], 16)],
  ['y210le', 'yuv422p10', packed('YUYV', 10, 6)],
  ['y212le', 'yuv422p12', packed('YUYV', 12, 4)],
  ['vuya', 'yuva444p', packed('VUYA')],
  ['vuyx', 'yuv444p', packed('VUYx')],
  ['xv36le', 'yuv444p12', packed('UYVx', 12, 4)],
  ['yuyv422', 'yuv422p', packed('YUYV')],
  ['yvyu422', 'yuv422p', packed('YVYU')],
  ['uyvy422', 'yuv422p', packed('UYVY')],
  ['rgb24', 'rgba8', packed('RGB')],
  ['bgr24', 'rgba8', packed('BGR')],
  ['rgba', 'rgba8', packed('RGBA')],
  ['bgra', 'rgba8', packed('BGRA')],
  ['argb', 'rgba8', packed('ARGB')],
  ['abgr', 'rgba8', packed('ABGR')],
  ['rgb0', 'rgba8', packed('RGBx')],
  ['bgr0', 'rgba8', packed('BGRx')],
  ['0rgb', 'rgba8', packed('xRGB')],
  ['0bgr', 'rgba8', packed('xBGR')],
  ['gbrp', 'rgba8', gbr()],
  ['gbrap', 'rgba8', gbra()],
  ['ya8', 'rgba8', packed('LA')],
  ['gbrp9le', 'rgba16', gbr(9)],
  ['gbrp10le', 'rgba16', gbr(10)],
  ['gbrp12le', 'rgba16', gbr(12)],
  ['gbrp14le', 'rgba16', gbr(14)],
  ['gbrp16be', 'rgba16', gbr(16)],
  ['gbrap12le', 'rgba16', gbra(12)],
  ['gbrap14le', 'rgba16', gbra(14)],
  ['gbrap16le', 'rgba16', gbra(16)],
  ['rgb48le', 'rgba16', packed('RGB', 16)],
  ['bgr48be', 'rgba16', packed('BGR', 16)],
  ['rgba64le', 'rgba16', packed('RGBA', 16)],
  ['rgba64be', 'rgba16', packed('RGBA', 16)],
  ['ya16le', 'rgba16', packed('LA', 16)],
];

function channelSize(channel: string, ours: NativePixelFormat): number {
  const pixels = width * height;
  if (!'UV'.includes(channel) || ours.includes('444')) return pixels;
  return ours.includes('420') ? pixels / 4 : pixels / 2;
}

type Channels = Record<string, number[]>;

/** Random code values, all bits used. */
function randomChannels(ours: NativePixelFormat, { planes, bits }: Layout): Channels {
  const random = makeRandom(7);
  const names = [...new Set(planes.join(''))];
  const values = (length: number) => Array.from({ length }, () => Math.floor(random() * 2 ** bits));
  return Object.fromEntries(names.map((name) => [name, values(channelSize(name, ours))]));
}

function bytesOf(values: readonly number[], bits: number, bigEndian: boolean): Buffer {
  if (bits <= 8) return Buffer.from(values);
  const words = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => {
    if (bigEndian) words.writeUInt16BE(value, index * 2);
    else words.writeUInt16LE(value, index * 2);
  });
  return words;
}

/** The file's bytes: channels dealt out in turn, plane by plane. */
function stored(format: string, { planes, bits, shift = 0 }: Layout, channels: Channels): Buffer {
  const samples = planes.flatMap((plane) => {
    const queues = new Map([...plane].map((name) => [name, [...(channels[name] ?? [])]]));
    const length = [...new Set(plane)].reduce(
      (sum, name) => sum + (channels[name]?.length ?? 0),
      0,
    );
    return Array.from({ length }, (_, index) => {
      const name = plane[index % plane.length] as string;
      return (queues.get(name)?.shift() ?? 0) << shift;
    });
  });
  return bytesOf(samples, bits, format.endsWith('be'));
}

/** What they are in our format: YUV shifted up; what is full range has its bits repeated, so that white stays white. */
function expected(ours: NativePixelFormat, { bits }: Layout, channels: Channels): Buffer {
  const repeated = (depth: number) => (value: number) =>
    (value << (depth - bits)) | (value >> (2 * bits - depth));
  if (ours === 'rgba8' || ours === 'rgba16') {
    const depth = ours === 'rgba8' ? 8 : 16;
    const opaque = Array.from({ length: width * height }, () => 2 ** depth - 1);
    const widened = (name: string) => channels[name]?.map(repeated(depth));
    const [r, g, b] = [...'RGB'].map((name) => widened(name) ?? widened('L') ?? []);
    const a = widened('A') ?? opaque;
    const pixels = opaque.flatMap((_, i) => [r?.[i], g?.[i], b?.[i], a[i]]);
    return bytesOf(pixels as number[], depth, false);
  }
  const depth = Number(/(?:p|gray)(\d+)$/.exec(ours)?.[1] ?? 8);
  const planes = [...'YUVA'].flatMap((name) => {
    const full = name === 'A' || ours.startsWith('gray');
    return (channels[name] ?? []).map(full ? repeated(depth) : (value) => value << (depth - bits));
  });
  return bytesOf(planes, depth, false);
}

const rawSource = (pixelFormat: string) => ({
  path: 'raw',
  url: 'pipe:0',
  options: ['-f', 'rawvideo', '-pixel_format', pixelFormat, '-video_size', `${width}x${height}`],
  warnings: [],
});

const infoOf = (pixelFormat: string, more = {}) =>
  describeVideo(rawSource(pixelFormat), {
    streams: [
      {
        index: 0,
        codec_type: 'video',
        codec_name: 'rawvideo',
        pix_fmt: pixelFormat,
        width,
        height,
        ...more,
      },
    ],
  });

/** One frame through the decoder's own options, its bytes as they would travel. */
async function travelled(program: string, pixelFormat: string, frame: Buffer): Promise<Buffer> {
  const decoding = {
    section: {},
    hwaccel: undefined,
    deinterlace: undefined,
    otherDecoders: new Set<string>(),
  };
  const args = decoderArgs(await openFfmpeg(program), infoOf(pixelFormat), decoding);
  const output = [...args.slice(0, args.indexOf('-write_index')), '-f', 'rawvideo', 'pipe:1'];
  return execFileSync(program, output, { input: frame });
}

describe.each(ffmpegs)('with the %s FFmpeg', (_, program) => {
  const known = new Set(
    execFileSync(program, ['-hide_banner', '-pix_fmts'])
      .toString()
      .split('\n')
      .map((line) => line.split(/\s+/)[1]),
  );
  it.each(rows.filter(([format]) => known.has(format)))(
    '%s travels as %s, bit by bit',
    async (format, ours, layout) => {
      expect(travelFormat(format)).toMatchObject({ format: ours, warning: undefined });
      const channels = randomChannels(ours, layout);
      const bytes = await travelled(program, format, stored(format, layout, channels));
      expect(bytes).toHaveLength(frameBytes({ ...shape, format: ours }));
      expect(bytes.equals(expected(ours, layout, channels))).toBe(true);
    },
  );

  it.each(['rgb8', 'bgr8', 'rgb4_byte', 'bgr4_byte'])('%s comes back as it was', async (format) => {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=s=${width}x${height}:d=0.04:r=25`];
    const raw = ffmpeg([...picture, '-pix_fmt', format, '-f', 'rawvideo', 'pipe:1']);
    const bytes = await travelled(program, format, raw);
    const rgba = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-i', 'pipe:0'];
    expect(ffmpeg([...rgba, '-pix_fmt', format, '-f', 'rawvideo', 'pipe:1'], bytes)).toEqual(raw);
  });

  it.each([
    ['monob', 0],
    ['monow', 255],
  ])('%s becomes black and white', async (format, flip) => {
    const raw = Buffer.from(Array.from({ length: (width * height) / 8 }, (_, i) => (i * 37) & 255));
    const bits = [...raw].flatMap((byte) =>
      [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1),
    );
    expect([...(await travelled(program, format, raw))]).toEqual(
      bits.map((bit) => (bit * 255) ^ flip),
    );
  });

  it.each([
    ['yuv411p', 'yuv422p'],
    ['yuv410p', 'yuv422p'],
    ['yuv440p', 'yuv444p'],
    ['yuvj440p', 'yuv444p'],
  ] as const)('%s keeps its luma as %s and says what it does to chroma', async (format, ours) => {
    expect(infoOf(format)).toMatchObject({
      frameFormat: ours,
      lossless: false,
      warnings: [expect.stringContaining('chroma is interpolated')],
    });
    const random = makeRandom(5);
    const chroma = { yuv410p: 4 * 2, yuv411p: 4 * 6 }[format as string] ?? 16 * 3;
    const size = width * height + 2 * chroma;
    const raw = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
    const bytes = await travelled(program, format, raw);
    expect(bytes).toHaveLength(frameBytes({ ...shape, format: ours }));
    const luma = width * height;
    expect(bytes.subarray(0, luma).equals(raw.subarray(0, luma))).toBe(true);
  });

  it('every format it has either travels or is refused with a reason', () => {
    for (const format of known) {
      if (format === undefined || !/^[a-z0]\w+$/.test(format)) continue;
      const travel = travelFormat(format);
      if (travel !== undefined) expect(ffmpegName(travel.format), format).toBeTruthy();
      else expect(format).toMatch(refused);
    }
  });
});

/** Floats, sensor data, CIE XYZ, what swscale cannot read, and frames that lie in hardware. */
const refused =
  /f(16|32)[lb]e$|^bayer|^xyz|^nv16$|^nv20|^uyyvyy411$|^(rgb|bgr)4$|^ayuv64|^(y21[02]|xv3[06])be$|^gray$|vaapi|vdpau|cuda|qsv|mmal|d3d1[12]|dxva2|videotoolbox|mediacodec|opencl|vulkan|xvmc|drm_prime/;

const shape = {
  format: 'yuv420p',
  width,
  height,
  matrix: 'bt709',
  range: 'limited',
} as const;

it('counts the bytes of a frame as FFmpeg does, odd sizes too', () => {
  for (const format of outputPixelFormats) {
    const name = ffmpegName(format);
    if (name === 'yuva420p12le') continue; // FFmpeg has no such format
    const source = ['-f', 'lavfi', '-i', 'color=s=14x10:d=0.04:r=25,scale=7:5', '-pix_fmt', name];
    const bytes = ffmpeg([...source, '-f', 'rawvideo', 'pipe:1']);
    expect(frameBytes({ ...shape, width: 7, height: 5, format }), format).toBe(bytes.length);
  }
  expect(frameBytes({ ...shape, width: 7, height: 5, format: 'rgbaf32' })).toBe(7 * 5 * 16);
});

it('a format that the addon lacks is refused, not run or counted', () => {
  const unknown = { ...shape, format: 'yuv999p' as NativePixelFormat };
  expect(() => compilePlan(pipeline(), unknown)).toThrow(/yuv999p/);
  expect(() => frameBytes(unknown)).toThrow(/shape.format: .*yuv999p/);
});

it.each(rows)('%s has the range and the alpha of %s', (format, ours, { planes }) => {
  const info = infoOf(format, { color_space: 'bt709' });
  const limited = ours.startsWith('yuv') && !format.startsWith('yuvj');
  expect(info).toMatchObject({ range: limited ? 'limited' : 'full' });
  if (ours.startsWith('yuv')) expect(info.matrix).toBe('bt709'); // what is assumed for its size is BT.601
  expect(isOpaque(info)).toBe(!planes.join('').includes('A'));
});

it('4:2:2 turned by a quarter travels as 4:4:4 and says so', () => {
  const turned = infoOf('yuv422p10le', { tags: { rotate: '90' } });
  expect(turned).toMatchObject({ frameFormat: 'yuv444p10', lossless: false, width: height });
  expect(turned.warnings).toEqual([expect.stringContaining('turned')]);
  expect(infoOf('yuv422p10le', { tags: { rotate: '180' } })).toMatchObject({ lossless: true });
});
