/**
 * Windows and OS/2 bitmaps. No package does: @cwasm/nsbmp loses alpha and scales 5 bits to 248, bmp-ts stops at odd widths
 * of 4 bits and ignores where the pixels start, fast-bmp knows neither palettes nor 16 bits. Layout: Microsoft's
 * "Bitmap Storage" with BITMAPCOREHEADER to BITMAPV5HEADER.
 */
import { FramelaneError } from '../errors.ts';
import type { HostPixels } from './pixels.ts';

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
}

interface Layout extends BmpHeader {
  readonly topDown: boolean;
  readonly compression: number;
  readonly start: number;
  /** Red, green, blue, alpha; an alpha mask of 0 is opaque. */
  readonly masks: readonly number[];
  /** RGB, 3 bytes each. */
  readonly palette: Uint8Array;
}

const invalid = (message: string) => new FramelaneError('ERR_INPUT_INVALID', message);
const compressions = { none: 0, rle8: 1, rle4: 2, masks: 3, alphaMasks: 6 } as const;

export const readBmpHeader = (bytes: Buffer): BmpHeader => readLayout(bytes);

function readLayout(bytes: Buffer): Layout {
  const headerSize = bytes.readUInt32LE(14);
  const isCore = headerSize === 12;
  if (!isCore && (headerSize < 40 || headerSize > 124)) {
    throw invalid(`BMP header: expected 12 or 40 to 124 bytes, received ${headerSize}`);
  }
  const width = isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const rows = isCore ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore ? 0 : bytes.readUInt32LE(30);
  if (width < 1 || rows === 0) throw invalid(`BMP: expected a size, received ${width}x${rows}`);
  if (!allowedBits(compression).includes(bits)) {
    throw invalid(
      `BMP: expected a known layout, received ${bits} bits, compression ${compression}`,
    );
  }
  const start = bytes.readUInt32LE(10);
  const masksAfter = compression === 3 ? 12 : compression === 6 ? 16 : 0;
  const afterHeader = 14 + headerSize + (headerSize === 40 ? masksAfter : 0);
  const paletteSize = isCore ? 0 : bytes.readUInt32LE(46);
  return {
    width,
    height: Math.abs(rows),
    bits,
    topDown: rows < 0,
    compression,
    start,
    masks: readMasks(bytes, bits, compression, headerSize),
    palette:
      bits > 8 ? new Uint8Array() : readPalette(bytes, bits, isCore, afterHeader, paletteSize),
  };
}

function allowedBits(compression: number): readonly number[] {
  switch (compression) {
    case compressions.none:
      return [1, 2, 4, 8, 16, 24, 32];
    case compressions.rle8:
      return [8];
    case compressions.rle4:
      return [4];
    case compressions.masks:
    case compressions.alphaMasks:
      return [16, 32];
    default:
      return [];
  }
}

function readMasks(bytes: Buffer, bits: number, compression: number, headerSize: number) {
  const given = compression === compressions.masks || compression === compressions.alphaMasks;
  if (!given) return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0xff000000];
  const withAlpha = headerSize >= 56 || compression === compressions.alphaMasks;
  return [0, 1, 2, 3].map((i) => (i < 3 || withAlpha ? bytes.readUInt32LE(54 + 4 * i) : 0));
}

function readPalette(bytes: Buffer, bits: number, isCore: boolean, at: number, given: number) {
  const stride = isCore ? 3 : 4;
  const count = Math.min(given || 2 ** bits, 2 ** bits);
  const palette = new Uint8Array(3 * 2 ** bits);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes.readUInt8(at + i * stride + 2 - c);
  }
  return palette;
}

export function bmpDecode(bytes: Buffer): HostPixels {
  const layout = readLayout(bytes);
  const { width, height, bits, topDown, compression, start } = layout;
  const data = new Uint8Array(width * height * 4);
  const rowOf = (line: number) => (topDown ? line : height - 1 - line) * width * 4;
  if (compression === compressions.rle8 || compression === compressions.rle4) {
    const indices = runLengthIndices(bytes, layout);
    for (let y = 0; y < height; y++) {
      const at = (i: number) => indices[y * width + i] as number;
      paletteRow(layout, at, data, rowOf(y));
    }
    return { width, height, data };
  }
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length) throw new RangeError('rows beyond the end');
  for (let y = 0; y < height; y++) {
    const from = start + y * stride;
    if (bits <= 8) {
      const perByte = 8 / bits;
      const index = (x: number) => {
        const byte = bytes[from + Math.floor(x / perByte)] as number;
        return (byte >> (8 - bits * ((x % perByte) + 1))) & (2 ** bits - 1);
      };
      paletteRow(layout, index, data, rowOf(y));
    } else if (bits === 24) {
      blueGreenRedRow(bytes, from, width, data, rowOf(y));
    } else {
      const read = (x: number) =>
        bits === 16 ? bytes.readUInt16LE(from + 2 * x) : bytes.readUInt32LE(from + 4 * x);
      maskedRow(layout, read, data, rowOf(y));
    }
  }
  if (bits === 32) withoutUnusedAlpha(data);
  return { width, height, data };
}

/** The fourth byte may be unused, and then it is 0 throughout; FFmpeg and ImageMagick tell so, too. */
function withoutUnusedAlpha(data: Uint8Array): void {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 0) return;
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
}

function blueGreenRedRow(bytes: Buffer, from: number, width: number, data: Uint8Array, to: number) {
  for (let x = 0; x < width; x++) {
    data[to + 4 * x] = bytes[from + 3 * x + 2] as number;
    data[to + 4 * x + 1] = bytes[from + 3 * x + 1] as number;
    data[to + 4 * x + 2] = bytes[from + 3 * x] as number;
    data[to + 4 * x + 3] = 255;
  }
}

type ReadPixel = (x: number) => number;

function paletteRow({ width, palette }: Layout, index: ReadPixel, data: Uint8Array, to: number) {
  for (let x = 0; x < width; x++) {
    const entry = 3 * index(x);
    data.set(palette.subarray(entry, entry + 3), to + 4 * x);
    data[to + 4 * x + 3] = 255;
  }
}

function maskedRow({ width, masks }: Layout, read: ReadPixel, data: Uint8Array, to: number) {
  for (const [c, mask] of masks.entries()) {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    const maximum = mask >>> shift;
    const empty = c === 3 ? 255 : 0;
    for (let x = 0; x < width; x++) {
      const value = (read(x) & mask) >>> shift;
      data[to + 4 * x + c] = maximum === 0 ? empty : Math.round((value * 255) / maximum);
    }
  }
}

/** One palette index a pixel, in the order of the file's rows; what a delta skips is index 0. */
function runLengthIndices(bytes: Buffer, { width, height, bits, start }: Layout): Uint8Array {
  const indices = new Uint8Array(width * height);
  let [at, x, y] = [start, 0, 0];
  const put = (index: number) => {
    if (x < width && y < height) indices[y * width + x] = index;
    x++;
  };
  const nibble = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);
  while (y < height) {
    const [count, value] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(bits === 4 ? nibble(value, i) : value);
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      [x, y, at] = [x + bytes.readUInt8(at), y + bytes.readUInt8(at + 1), at + 2];
    } else {
      const read = (i: number) =>
        bits === 4 ? nibble(bytes.readUInt8(at + (i >> 1)), i) : bytes.readUInt8(at + i);
      for (let i = 0; i < value; i++) put(read(i));
      at += Math.ceil((value * bits) / 16) * 2; // whole 16-bit words
    }
  }
  return indices;
}
