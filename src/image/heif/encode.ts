/** HEIC through FFmpeg's libx265, in a container of our own. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FramelaneError } from '../../errors.ts';
import { openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import { Child } from '../../ffmpeg/process.ts';
import { isOpaque } from '../pixels.ts';
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

export async function heicEncode(
  rgba: Uint8Array,
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
    await writeFile(join(folder, 'rgba'), padded(rgba, width, height, codedWidth, codedHeight));
    const size = `${codedWidth}x${codedHeight}`;
    const hasAlpha = !isOpaque(rgba);
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
      'scale=in_range=full:out_range=full:out_color_matrix=bt601:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format=yuv420p';
    const child = new Child(ffmpeg.path, [
      ...['-v', 'error', '-nostdin', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', size],
      ...['-i', join(folder, 'rgba')],
      ...['-vf', lossless ? 'format=gbrp' : toYuv],
      ...coded('color', `${rate}:colorprim=bt709:colormatrix=${matrix}`),
      ...(hasAlpha ? ['-vf', 'alphaextract,format=gray', ...coded('alpha', 'lossless=1')] : []),
    ]);
    const { code } = await child.exited;
    if (code !== 0) throw child.failure('heic');
    const color = hevcPicture(await readFile(join(folder, 'color')), lossless ? 3 : 1);
    const alpha = hasAlpha ? hevcPicture(await readFile(join(folder, 'alpha')), 0) : undefined;
    const sizes = { width, height, codedWidth, codedHeight };
    return writeHeif({ ...sizes, color, alpha, matrix: lossless ? 0 : 6, icc: options.icc });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Larger by copies of the last column and row, which cost the encoder nothing and ring least. */
function padded(
  rgba: Uint8Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
) {
  if (width === toWidth && height === toHeight) return rgba;
  const pixels = new Uint32Array(rgba.slice().buffer);
  const out = new Uint32Array(toWidth * toHeight);
  for (let y = 0; y < toHeight; y++) {
    const start = Math.min(y, height - 1) * width;
    out.set(pixels.subarray(start, start + width), y * toWidth);
    out.fill(pixels[start + width - 1] as number, y * toWidth + width, (y + 1) * toWidth);
  }
  return new Uint8Array(out.buffer);
}
