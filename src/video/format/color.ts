/** Colour as files describe it: names of FFmpeg, numbers of ITU-T H.273. */

import { pixelFormatOf } from '../../image/pixel-formats.ts';
import type { NativeChromaLocation, NativeMatrix, NativeRange } from '../../native/plan.ts';
import type { Fields } from './ffprobe-fields.ts';

/** The colour tags of a stream, with assumptions where it has none. */
export interface ColorInfo {
  /** The YUV matrix that frames are converted with; undefined where the file has an unsupported one. */
  readonly matrix: NativeMatrix | undefined;
  readonly range: NativeRange;
  /** Tags of the file, undefined where it has none. */
  readonly colorSpace: string | undefined;
  readonly primaries: string | undefined;
  readonly transfer: string | undefined;
}

// FFmpeg's option names differ between versions; the numbers do not.
const spaces: Record<string, number> = {
  bt709: 1,
  fcc: 4,
  bt470bg: 5,
  smpte170m: 6,
  smpte240m: 7,
  ycgco: 8,
  bt2020nc: 9,
  bt2020c: 10,
};
const primaries: Record<string, number> = {
  bt709: 1,
  bt470m: 4,
  bt470bg: 5,
  smpte170m: 6,
  smpte240m: 7,
  film: 8,
  bt2020: 9,
  smpte428: 10,
  smpte431: 11,
  smpte432: 12,
  ebu3213: 22,
};
const transfers: Record<string, number> = {
  bt709: 1,
  bt470m: 4,
  bt470bg: 5,
  smpte170m: 6,
  smpte240m: 7,
  linear: 8,
  log100: 9,
  log316: 10,
  'iec61966-2-4': 11,
  bt1361e: 12,
  'iec61966-2-1': 13,
  'bt2020-10': 14,
  'bt2020-12': 15,
  smpte2084: 16,
  smpte428: 17,
  'arib-std-b67': 18,
};
const matrices: Record<string, NativeMatrix> = {
  bt709: 'bt709',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
  bt2020nc: 'bt2020',
};

/** As players do: untagged video is BT.709 from 720 lines up, else BT.601. */
export function assumedMatrix(height: number): NativeMatrix {
  return height >= 720 ? 'bt709' : 'bt601';
}

function tag(name: unknown): string | undefined {
  const none = ['unknown', 'unspecified', 'reserved', ''];
  return typeof name === 'string' && !none.includes(name) ? name : undefined;
}

/**
 * The colours from ffprobe's description of a stream. RGB is full range, and its matrix is the one for converting it to YUV;
 * untagged grey is full range too, by FFmpeg's definition.
 */
export function colorOf(stream: Fields, pixelFormat: string, height: number): ColorInfo {
  const colorSpace = tag(stream['color_space']);
  const said = tag(stream['color_range']);
  const { family, alpha, fullRange } = pixelFormatOf(pixelFormat);
  const yuv = family === 'yuv';
  const gray = family === 'gray' && !alpha; // with alpha it travels as RGB
  const full = (!yuv && !(gray && said === 'tv')) || said === 'pc' || fullRange;
  return {
    matrix: colorSpace === undefined || !yuv ? assumedMatrix(height) : matrices[colorSpace],
    range: full ? 'full' : 'limited',
    colorSpace,
    primaries: tag(stream['color_primaries']),
    transfer: tag(stream['color_transfer']),
  };
}

/** The chroma location; warns where the nearest supported one replaces it. */
export function chromaLocationOf(
  stream: Fields,
  pixelFormat: string,
): { readonly location: NativeChromaLocation; readonly warning?: string } {
  const said = tag(stream['chroma_location']);
  const near: Record<string, NativeChromaLocation> = {
    left: 'left',
    center: 'center',
    topleft: 'topLeft',
    top: 'center',
    bottom: 'center',
    bottomleft: 'left',
  };
  const { fullRange, shiftX, shiftY } = pixelFormatOf(pixelFormat);
  // MPEG sites chroma on the left, JPEG in the centre of the four pixels.
  const location = near[said ?? (fullRange ? 'center' : 'left')] ?? 'left';
  const exact = said === undefined || said === location.toLowerCase();
  // The row of a chroma sample only matters where rows are halved.
  if (exact || shiftX !== 1 || shiftY !== 1) return { location };
  return { location, warning: `its chroma location ${said} is read as ${location}` };
}

/** FFmpeg's options for the colours; before `-i` they describe the input, else they tag the output. */
export function colorArgs(color: ColorInfo): string[] {
  const assumed = { bt601: 6, bt709: 1, bt2020: 9 };
  const known = color.colorSpace === undefined ? undefined : spaces[color.colorSpace];
  const space = known ?? (color.matrix === undefined ? undefined : assumed[color.matrix]);
  const numbers = {
    '-colorspace': space,
    '-color_primaries': color.primaries === undefined ? undefined : primaries[color.primaries],
    '-color_trc': color.transfer === undefined ? undefined : transfers[color.transfer],
  };
  const named = Object.entries(numbers).filter(([, number]) => number !== undefined);
  return ['-color_range', color.range === 'full' ? '2' : '1', ...named.flat().map(String)];
}
