/** HEIC through FFmpeg's libx265, in a container of our own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FramelaneError } from '../../errors/errors.ts';
import { openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import { frameLimits } from '../../ffmpeg/limits.ts';
import { Child, exitOf } from '../../ffmpeg/process.ts';
import { isOpaque, narrowed } from '../pixels.ts';
import { writeHeif } from './boxes.ts';
import { hevcPicture } from './hevc.ts';

export interface HeicOptions {
  /** 1..100, as libheif maps it to x265: crf = (100 - quality) / 2. */
  readonly quality: number;
  readonly lossless: boolean;
  /** 0..9: x265's presets from ultrafast to placebo. */
  readonly effort: number;
  /** The profile that the pixels are in, if not sRGB. */
  readonly icc: Uint8Array | undefined;
}

const presets =
  'ultrafast superfast veryfast faster fast medium slow slower veryslow placebo'.split(' ');
/** libx265 refuses less than a coding tree unit of its smallest kind, and 4:2:0 needs even sides. */
const smallest = 64;
const codedSide = (side: number) => Math.max(smallest, side + (side % 2));

/** Bytes become a file of 8 bits, 16-bit codes one of 10. */
export async function heicEncode(
  rgba: Uint8Array | Uint16Array,
  width: number,
  height: number,
  options: HeicOptions,
): Promise<Buffer> {
  const ffmpeg = await openFfmpeg();
  if (!ffmpeg.encoders.has('libx265')) {
    throw new FramelaneError(
      'ERR_FFMPEG_CAPABILITY',
      `heic: FFmpeg ${ffmpeg.version} at ${ffmpeg.path} has no encoder libx265; another FFmpeg can be named with FRAMELANE_FFMPEG`,
    );
  }
  const [codedWidth, codedHeight] = [codedSide(width), codedSide(height)];
  const folder = await mkdtemp(join(tmpdir(), 'framelane-heic-'));
  try {
    const bits = rgba instanceof Uint16Array ? 10 : 8;
    const deep = bits === 8 ? '' : '10le';
    const hasAlpha = !isOpaque(rgba);
    const whole = padded(rgba, width, height, codedWidth, codedHeight);
    const codes = whole instanceof Uint16Array ? narrowed(whole, bits) : whole;
    const rgb = rgbInput(codes, options.lossless);
    await writeFile(join(folder, 'rgb'), rgb.pixels);
    // By itself, because the alphaextract of 2018 knows 8 bits only.
    if (hasAlpha) await writeFile(join(folder, 'a'), planes(codes, [3]));
    const raw = (name: string, format: string) => [
      ...['-f', 'rawvideo', '-pix_fmt', format, '-s', `${codedWidth}x${codedHeight}`],
      ...['-i', join(folder, name)],
    ];
    const { lossless, quality } = options;
    const preset = presets[options.effort] as string;
    const coded = (name: string, x265: string) => {
      const params = `log-level=none:info=0:keyint=1:transfer=iec61966-2-1:range=full:${x265}`;
      const codec = ['-c:v', 'libx265', '-preset', preset, '-x265-params', params];
      return [...codec, '-frames:v', '1', '-f', 'hevc', join(folder, name)];
    };
    const rate = lossless ? 'lossless=1' : `crf=${(100 - quality) / 2}`;
    const matrix = lossless ? 'gbr' : 'smpte170m';
    // With accurate rounding, or swscale's fast paths are off by some codes.
    const toYuv =
      'scale=in_range=full:out_range=full:out_color_matrix=bt601:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp';
    const child = new Child(ffmpeg.path, [
      ...['-v', 'error', '-nostdin', ...raw('rgb', rgb.format)],
      ...(hasAlpha ? raw('a', `gray${deep}`) : []),
      ...['-map', '0:v', '-vf', lossless ? `format=gbrp${deep}` : `${toYuv},format=yuv420p${deep}`],
      ...coded('color', `${rate}:colorprim=bt709:colormatrix=${matrix}`),
      ...(hasAlpha ? ['-map', '1:v', ...coded('alpha', 'lossless=1')] : []),
    ]);
    const { code } = await exitOf(child, frameLimits);
    if (code !== 0) throw child.failure('heic');
    const color = hevcPicture(await readFile(join(folder, 'color')), lossless ? 3 : 1, bits);
    const alpha = hasAlpha
      ? hevcPicture(await readFile(join(folder, 'alpha')), 0, bits)
      : undefined;
    const sizes = { width, height, codedWidth, codedHeight };
    return writeHeif({ ...sizes, color, alpha, bits, matrix: lossless ? 0 : 6, icc: options.icc });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Larger by copies of the last column and row, which cost the encoder nothing and ring least. */
function padded<T extends Uint8Array | Uint16Array>(
  rgba: T,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): T {
  if (width === toWidth && height === toHeight) return rgba;
  const out = emptyLike(rgba, 4 * toWidth * toHeight);
  for (let y = 0; y < toHeight; y++) {
    const row = 4 * width * Math.min(y, height - 1);
    const to = 4 * toWidth * y;
    out.set(rgba.subarray(row, row + 4 * width), to);
    const last = rgba.subarray(row + 4 * width - 4, row + 4 * width);
    for (let x = width; x < toWidth; x++) out.set(last, to + 4 * x);
  }
  return out;
}

/**
 * What FFmpeg converts well: the FFmpeg of 2018 is 2 codes off with planes of 10 bits, which only keep their codes where
 * nothing is converted; 16 bits it shifts down, so half a code is added.
 */
function rgbInput(codes: Uint8Array | Uint16Array, lossless: boolean) {
  if (codes instanceof Uint8Array) return { format: 'rgba', pixels: codes };
  if (lossless) return { format: 'gbrp10le', pixels: planes(codes, [1, 2, 0]) };
  return { format: 'rgba64le', pixels: codes.map((code) => code * 64 + 32) };
}

/** Some channels, one after the other. */
function planes<T extends Uint8Array | Uint16Array>(rgba: T, channels: readonly number[]): T {
  const count = rgba.length / 4;
  const out = emptyLike(rgba, count * channels.length);
  for (const [plane, channel] of channels.entries()) {
    for (let i = 0; i < count; i++) out[plane * count + i] = rgba[4 * i + channel] as number;
  }
  return out;
}

function emptyLike<T extends Uint8Array | Uint16Array>(samples: T, length: number): T {
  const kind = samples instanceof Uint16Array ? Uint16Array : Uint8Array;
  return new kind(length) as T;
}
