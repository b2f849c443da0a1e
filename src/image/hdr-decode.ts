/** Radiance pictures (.hdr): linear light as RGBE, plain or run-length coded (Ward, "Real Pixels", Graphics Gems II). */
import { FramelaneError } from '../errors/errors.ts';
import { type Colorspace, encodeSrgb, type HostPixels } from './pixels.ts';

export interface HdrHeader {
  readonly width: number;
  readonly height: number;
  /** Where the pixels start. */
  readonly start: number;
}

const invalid = (message: string) => new FramelaneError('ERR_INPUT_INVALID', message);

export function readHdrHeader(bytes: Buffer): HdrHeader {
  const blank = bytes.indexOf('\n\n');
  const end = bytes.indexOf('\n', blank + 2);
  if (blank < 0 || end < 0) throw new RangeError('the header has no end');
  const format = /^FORMAT=(.*)$/m.exec(bytes.toString('latin1', 0, blank))?.[1];
  if (format !== undefined && format !== '32-bit_rle_rgbe') {
    throw new FramelaneError(
      'ERR_UNSUPPORTED_FORMAT',
      `Radiance format: expected 32-bit_rle_rgbe, received another`,
    );
  }
  const resolution = bytes.toString('latin1', blank + 2, Math.min(end, blank + 60));
  const [, height, width] = /^-Y (\d+) \+X (\d+)$/.exec(resolution) ?? [];
  if (!width || !height) {
    const message = 'Radiance resolution: expected "-Y height +X width"';
    throw new FramelaneError('ERR_UNSUPPORTED_FORMAT', message);
  }
  const size = { width: Number(width), height: Number(height) };
  if (size.width === 0 || size.height === 0) {
    throw invalid(`Radiance: expected a size, received ${width}x${height}`);
  }
  return { ...size, start: end + 1 };
}

/** Light, or codes on the sRGB curve. */
export function hdrDecode(bytes: Buffer, colorspace: Colorspace = 'linear'): HostPixels {
  const { width, height, start } = readHdrHeader(bytes);
  // The shortest line is one pixel and one repeat of it.
  if (start + height * (width === 1 ? 4 : 8) > bytes.length)
    throw new RangeError('lines are missing');
  const data = new Float32Array(width * height * 4);
  const planes = new Uint8Array(4 * width);
  const linear = colorspace !== 'srgb';
  const valuesOf = tableOfValues(linear);
  let at = start;
  for (let y = 0; y < height; y++) {
    at = isCoded(bytes, at, width)
      ? readCodedLine(bytes, at + 4, width, planes)
      : readFlatLine(bytes, at, width, planes);
    storeLine(planes, width, valuesOf, data, y * width * 4);
  }
  return { width, height, data, linear };
}

/** A coded line starts with 2, 2 and its length, which would be an unnormalised pixel. */
function isCoded(bytes: Buffer, at: number, width: number): boolean {
  if (width < 8 || width > 32767) return false;
  return bytes.readUInt16BE(at) === 0x0202 && bytes.readUInt16BE(at + 2) === width;
}

/** The four components of a line, one after the other; returns where the next line starts. */
function readCodedLine(bytes: Buffer, start: number, width: number, planes: Uint8Array): number {
  let at = start;
  for (let to = 0; to < 4 * width; ) {
    const left = width - (to % width);
    const code = bytes.readUInt8(at++);
    const count = code > 128 ? code - 128 : code;
    if (count === 0 || count > left) throw invalid(`Radiance: a run of ${count} in ${left} pixels`);
    if (code > 128) {
      planes.fill(bytes.readUInt8(at++), to, to + count);
    } else {
      if (at + count > bytes.length) throw new RangeError('a run beyond the end');
      planes.set(bytes.subarray(at, at + count), to);
      at += count;
    }
    to += count;
  }
  return at;
}

/** Uncompressed pixels, with the repeats of the old format: 1, 1, 1, count. */
function readFlatLine(bytes: Buffer, start: number, width: number, planes: Uint8Array): number {
  let at = start;
  let shift = 0;
  for (let x = 0; x < width; at += 4) {
    const pixel = bytes.readUInt32BE(at);
    if (pixel >>> 8 === 0x010101 && x > 0) {
      const end = Math.min(x + ((pixel & 255) << shift), width);
      for (let c = 0; c < 4; c++) {
        planes.fill(planes[c * width + x - 1] as number, c * width + x, c * width + end);
      }
      x = end;
      shift += 8;
      continue;
    }
    for (let c = 0; c < 4; c++) planes[c * width + x] = (pixel >>> (24 - 8 * c)) & 255;
    x++;
    shift = 0;
  }
  return at;
}

type ValuesOf = (exponent: number) => Float32Array;

/**
 * (mantissa + 0.5) / 256 * 2^(exponent - 128), and exactly 0 for exponent 0, indexed by mantissa. Each table is made when its
 * exponent first occurs, because computing the curve for every pixel is much slower.
 */
function tableOfValues(linear: boolean): ValuesOf {
  const tables: Float32Array[] = [];
  return (exponent) => {
    const known = tables[exponent];
    if (known !== undefined) return known;
    const scale = exponent === 0 ? 0 : 2 ** (exponent - 136);
    const light = Float32Array.from({ length: 256 }, (_, mantissa) => (mantissa + 0.5) * scale);
    const made = linear ? light : light.map(encodeSrgb);
    tables[exponent] = made;
    return made;
  };
}

function storeLine(
  planes: Uint8Array,
  width: number,
  valuesOf: ValuesOf,
  data: Float32Array,
  start: number,
) {
  for (let x = 0, to = start; x < width; x++, to += 4) {
    const values = valuesOf(planes[3 * width + x] as number);
    data[to] = values[planes[x] as number] as number;
    data[to + 1] = values[planes[width + x] as number] as number;
    data[to + 2] = values[planes[2 * width + x] as number] as number;
    data[to + 3] = 1;
  }
}
