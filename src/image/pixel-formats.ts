/**
 * Properties of pixel formats by name: FFmpeg's, as in its AVPixFmtDescriptor, and ours, which are FFmpeg's little-endian names
 * without the `le`.
 */
import type { NativePixelFormat } from '../native/plan.ts';

export interface PixelFormat {
  /** FFmpeg's name. */
  readonly name: string;
  /** The same without the byte order. */
  readonly base: string;
  /** The colour model; `none` for unreadable and unknown formats. */
  readonly family: 'rgb' | 'yuv' | 'gray' | 'xyz' | 'bayer' | 'none';
  /** One plane per component, one for luma and one for chroma, or one for all. */
  readonly layout: 'planar' | 'semiplanar' | 'packed' | 'none';
  /** Bits of each component, alpha last; a palette index is one component. */
  readonly depths: readonly number[];
  /** The largest of them. */
  readonly bits: number;
  readonly alpha: boolean;
  /** One chroma sample covers 2^shiftX by 2^shiftY pixels. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Byte order of samples larger than a byte. */
  readonly byteOrder: 'little' | 'big' | undefined;
  /** Whether the name implies full range, like FFmpeg's old yuvj. */
  readonly fullRange: boolean;
  readonly float: boolean;
  readonly palette: boolean;
  /** Whether pixels are not aligned to bytes. */
  readonly bitstream: boolean;
  /** Whether frames are in device memory. */
  readonly hardware: boolean;
}

type Traits = Omit<PixelFormat, 'name' | 'base' | 'bits' | 'byteOrder'>;

const none: Traits = {
  ...{ family: 'none', layout: 'none', depths: [], alpha: false, shiftX: 0, shiftY: 0 },
  ...{ fullRange: false, float: false, palette: false, bitstream: false, hardware: false },
};

/** Names without a byte order; formats of words have two in FFmpeg. */
type Row = readonly [names: string, traits: Partial<Traits>, words?: 'words'];

/** Chroma subsampling by FFmpeg's digits. */
const shifts = {
  410: { shiftX: 2, shiftY: 2 },
  411: { shiftX: 2, shiftY: 0 },
  420: { shiftX: 1, shiftY: 1 },
  422: { shiftX: 1, shiftY: 0 },
  440: { shiftX: 0, shiftY: 1 },
  444: { shiftX: 0, shiftY: 0 },
} as const;
type Chroma = keyof typeof shifts;

const components = (count: number, depth: number) => Array<number>(count).fill(depth);

const yuv = (layout: Traits['layout'], chroma: Chroma, depth: number): Partial<Traits> => ({
  ...{ family: 'yuv', layout, ...shifts[chroma], depths: components(3, depth) },
});
const yuva = (layout: Traits['layout'], chroma: Chroma, depth: number): Partial<Traits> => ({
  ...{ ...yuv(layout, chroma, depth), depths: components(4, depth), alpha: true },
});
const rgb = (depth: number, more: Partial<Traits> = {}): Partial<Traits> => ({
  ...{ family: 'rgb', layout: 'packed', depths: components(3, depth), ...more },
});
const rgba = (depth: number, more: Partial<Traits> = {}): Partial<Traits> => ({
  ...{ ...rgb(depth, more), depths: components(4, depth), alpha: true },
});
const gray = (depth: number, more: Partial<Traits> = {}): Partial<Traits> => ({
  ...{ family: 'gray', layout: 'planar', depths: [depth], ...more },
});
const grayAlpha = (depth: number, more: Partial<Traits> = {}): Partial<Traits> => ({
  ...{ family: 'gray', layout: 'packed', depths: components(2, depth), alpha: true, ...more },
});

/** One row for each depth; the name of 8 bits has no number. */
const inDepths = (
  name: string,
  depths: readonly number[],
  traits: (depth: number) => Partial<Traits>,
): Row[] =>
  depths.map((depth) =>
    depth === 8 ? [name, traits(8)] : [`${name}${depth}`, traits(depth), 'words'],
  );

const planarYuv: readonly Row[] = [
  ...inDepths('yuv410p', [8], (depth) => yuv('planar', 410, depth)),
  ...inDepths('yuv411p', [8], (depth) => yuv('planar', 411, depth)),
  ...inDepths('yuv440p', [8, 10, 12], (depth) => yuv('planar', 440, depth)),
  ...([420, 422, 444] as const).flatMap((chroma) => [
    ...inDepths(`yuv${chroma}p`, [8, 9, 10, 12, 14, 16], (depth) => yuv('planar', chroma, depth)),
    ...inDepths(`yuva${chroma}p`, [8, 9, 10, 12, 16], (depth) => yuva('planar', chroma, depth)),
  ]),
  ...([411, 420, 422, 440, 444] as const).map(
    (chroma): Row => [`yuvj${chroma}p`, { ...yuv('planar', chroma, 8), fullRange: true }],
  ),
];

const otherYuv: readonly Row[] = [
  ['nv12 nv21', yuv('semiplanar', 420, 8)],
  ['nv16', yuv('semiplanar', 422, 8)],
  ['nv24 nv42', yuv('semiplanar', 444, 8)],
  ['nv20', yuv('semiplanar', 422, 10), 'words'],
  ...[10, 12, 16].flatMap((depth): Row[] => [
    [`p0${depth}`, yuv('semiplanar', 420, depth), 'words'],
    [`p2${depth}`, yuv('semiplanar', 422, depth), 'words'],
    [`p4${depth}`, yuv('semiplanar', 444, depth), 'words'],
  ]),
  ['yuyv422 yvyu422 uyvy422', yuv('packed', 422, 8)],
  ['uyyvyy411', yuv('packed', 411, 8)],
  ['vuyx', yuv('packed', 444, 8)],
  ['vuya', yuva('packed', 444, 8)],
  ['y210', yuv('packed', 422, 10), 'words'],
  ['y212', yuv('packed', 422, 12), 'words'],
  ['xv30', yuv('packed', 444, 10), 'words'],
  ['xv36', yuv('packed', 444, 12), 'words'],
  ['ayuv64', yuva('packed', 444, 16), 'words'],
];

const grays: readonly Row[] = [
  ...inDepths('gray', [8, 9, 10, 12, 14, 16], gray),
  ['grayf32', gray(32, { float: true }), 'words'],
  ['monow monob', gray(1, { layout: 'packed', bitstream: true })],
  ['ya8', grayAlpha(8)],
  ['ya16', grayAlpha(16), 'words'],
];

const planar = { layout: 'planar' } as const;
const rgbs: readonly Row[] = [
  ['rgb24 bgr24 rgb0 bgr0 0rgb 0bgr', rgb(8)],
  ['rgba bgra argb abgr', rgba(8)],
  ['rgb48 bgr48', rgb(16), 'words'],
  ['rgba64 bgra64', rgba(16), 'words'],
  ['rgb4 bgr4', { ...rgb(0), depths: [1, 2, 1], bitstream: true }],
  ['rgb4_byte bgr4_byte', { ...rgb(0), depths: [1, 2, 1] }],
  ['rgb8 bgr8', { ...rgb(0), depths: [3, 3, 2] }],
  ['rgb444 bgr444', rgb(4), 'words'],
  ['rgb555 bgr555', rgb(5), 'words'],
  ['rgb565 bgr565', { ...rgb(0), depths: [5, 6, 5] }, 'words'],
  ['x2rgb10 x2bgr10', rgb(10), 'words'],
  ['rgbf32', rgb(32, { float: true }), 'words'],
  ['rgbaf16', rgba(16, { float: true }), 'words'],
  ['rgbaf32', rgba(32, { float: true }), 'words'],
  ...inDepths('gbrp', [8, 9, 10, 12, 14, 16], (depth) => rgb(depth, planar)),
  ...inDepths('gbrap', [8, 10, 12, 14, 16], (depth) => rgba(depth, planar)),
  ['gbrpf32', rgb(32, { ...planar, float: true }), 'words'],
  ['gbrapf32', rgba(32, { ...planar, float: true }), 'words'],
  ['pal8', { ...rgb(0), depths: [8], alpha: true, palette: true }],
];

const bayer = { family: 'bayer', layout: 'packed' } as const;
/** Listed so that the error can name what they are. */
const floatsOfFfmpeg8: readonly Row[] = [
  ['grayf16', gray(16, { float: true }), 'words'],
  ['yaf16', grayAlpha(16, { float: true }), 'words'],
  ['yaf32', grayAlpha(32, { float: true }), 'words'],
  ['gbrpf16', rgb(16, { ...planar, float: true }), 'words'],
  ['gbrapf16', rgba(16, { ...planar, float: true }), 'words'],
];

const others: readonly Row[] = [
  ['xyz12', { family: 'xyz', layout: 'packed', depths: components(3, 12) }, 'words'],
  // A quarter of the pixels is red, one blue, and half of them green.
  ['bayer_bggr8 bayer_rggb8 bayer_gbrg8 bayer_grbg8', { ...bayer, depths: [2, 4, 2] }],
  ['bayer_bggr16 bayer_rggb16 bayer_gbrg16 bayer_grbg16', { ...bayer, depths: [4, 8, 4] }, 'words'],
  ['cuda d3d11 d3d11va_vld d3d12 drm_prime dxva2_vld mediacodec mmal opencl', { hardware: true }],
  ['qsv vaapi vaapi_idct vaapi_moco vaapi_vld vdpau', { hardware: true }],
  ['videotoolbox_vld vulkan xvmc', { hardware: true }],
];

const formats = new Map<string, PixelFormat>();

const rows = [planarYuv, otherYuv, grays, rgbs, floatsOfFfmpeg8, others].flat();
for (const [names, some, words] of rows) {
  const traits = { ...none, ...some };
  const bits = Math.max(0, ...traits.depths);
  for (const base of names.split(' ')) {
    if (words === undefined) {
      formats.set(base, { name: base, base, bits, byteOrder: undefined, ...traits });
      continue;
    }
    const little = { name: `${base}le`, base, bits, byteOrder: 'little', ...traits } as const;
    formats.set(little.name, little);
    formats.set(base, little);
    // FFmpeg calls this one a bitstream, because its 32-bit words do not have the machine's byte order.
    const bitstream = base === 'xv30' || traits.bitstream;
    const big = { ...little, name: `${base}be`, byteOrder: 'big', bitstream } as const;
    formats.set(big.name, big);
  }
}

/** Our formats with another name in FFmpeg. */
const ours = { rgba8: 'rgba', rgba16: 'rgba64le', gray8: 'gray' } as const;
for (const [name, theirs] of Object.entries(ours)) formats.set(name, pixelFormatOf(theirs));

/** The properties of a format; `none` if neither FFmpeg 4.1 to 7.0 nor we have it. */
export function pixelFormatOf(name: string): PixelFormat {
  return formats.get(name) ?? { name, base: name, bits: 0, byteOrder: undefined, ...none };
}

/** FFmpeg's name of one of our formats. */
export function ffmpegName(format: NativePixelFormat): string {
  return pixelFormatOf(format).name;
}
