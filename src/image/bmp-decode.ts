/**
 * Windows and OS/2 bitmaps. No package decodes them all: @cwasm/nsbmp loses alpha and scales 5 bits to 248, bmp-ts fails at odd
 * widths of 4 bits and ignores the pixel offset, fast-bmp supports neither palettes nor 16 bits. Layout: Microsoft's
 * "Bitmap Storage" with BITMAPCOREHEADER to BITMAPV5HEADER.
 */
import { FramelaneError } from '../errors/errors.ts';
import { type Colorspace, type HostPixels, inColorspace } from './pixels.ts';

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
  /** RGBA in memory order. */
  readonly palette: Uint32Array;
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
      bits > 8 ? new Uint32Array() : readPalette(bytes, bits, isCore, afterHeader, paletteSize),
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
  if (!given) return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : standardMasks;
  const withAlpha = headerSize >= 56 || compression === compressions.alphaMasks;
  return [0, 1, 2, 3].map((i) => (i < 3 || withAlpha ? bytes.readUInt32LE(54 + 4 * i) : 0));
}

const standardMasks: readonly number[] = [0xff0000, 0xff00, 0xff, 0xff000000];
const opaque = 0xff000000;

/** Indices beyond the palette are black. */
function readPalette(bytes: Buffer, bits: number, isCore: boolean, at: number, given: number) {
  const stride = isCore ? 3 : 4;
  const count = Math.min(given || 2 ** bits, 2 ** bits);
  const palette = new Uint32Array(2 ** bits).fill(opaque);
  for (let i = 0; i < count; i++) {
    const [blue, green, red] = [0, 1, 2].map((c) => bytes.readUInt8(at + i * stride + c));
    palette[i] = opaque | ((blue as number) << 16) | ((green as number) << 8) | (red as number);
  }
  return palette;
}

/** Decodes and converts the colour space, both in the same thread. */
export function bmpDecode(bytes: Buffer, colorspace: Colorspace = 'srgb'): HostPixels {
  return inColorspace(readPixels(bytes), colorspace);
}

function readPixels(bytes: Buffer): HostPixels {
  const layout = readLayout(bytes);
  const { width, height, bits, topDown, compression, start } = layout;
  const isRunLength = compression === compressions.rle8 || compression === compressions.rle4;
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (!isRunLength && start + stride * height > bytes.length) {
    throw new RangeError('rows beyond the end');
  }
  const pixels = new Uint32Array(width * height);
  const rowOf = (line: number) => (topDown ? line : height - 1 - line) * width;
  if (isRunLength) {
    readRuns(bytes, layout, pixels, rowOf);
  } else {
    const readRow = rowReader(bytes, layout);
    for (let y = 0; y < height; y++) readRow(start + y * stride, pixels, rowOf(y));
    if (bits === 32) withoutUnusedAlpha(pixels);
  }
  return { width, height, data: new Uint8Array(pixels.buffer) };
}

/** An unused fourth byte is 0 in all pixels; FFmpeg and ImageMagick detect it the same way. */
function withoutUnusedAlpha(pixels: Uint32Array): void {
  for (let i = 0; i < pixels.length; i++) if ((pixels[i] as number) >>> 24 !== 0) return;
  for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] as number) | opaque;
}

type ReadRow = (from: number, pixels: Uint32Array, to: number) => void;

function rowReader(bytes: Buffer, layout: Layout): ReadRow {
  const { bits, masks } = layout;
  if (bits <= 8) return paletteRow(bytes, layout);
  if (bits === 24) return blueGreenRedRow(bytes, layout);
  const isStandard = bits === 32 && masks.every((mask, c) => mask === standardMasks[c]);
  return isStandard ? blueGreenRedAlphaRow(bytes, layout) : maskedRow(bytes, layout);
}

const paletteRow =
  (bytes: Buffer, { width, bits, palette }: Layout): ReadRow =>
  (from, pixels, to) => {
    const perByte = 8 / bits;
    const last = 2 ** bits - 1;
    for (let x = 0; x < width; x++) {
      const byte = bytes[from + Math.floor(x / perByte)] as number;
      const index = (byte >> (8 - bits * ((x % perByte) + 1))) & last;
      pixels[to + x] = palette[index] as number;
    }
  };

const blueGreenRedRow =
  (bytes: Buffer, { width }: Layout): ReadRow =>
  (from, pixels, to) => {
    for (let x = 0, at = from; x < width; x++, at += 3) {
      pixels[to + x] =
        opaque |
        ((bytes[at] as number) << 16) |
        ((bytes[at + 1] as number) << 8) |
        (bytes[at + 2] as number);
    }
  };

const blueGreenRedAlphaRow =
  (bytes: Buffer, { width }: Layout): ReadRow =>
  (from, pixels, to) => {
    for (let x = 0, at = from; x < width; x++, at += 4) {
      const pixel =
        ((bytes[at + 3] as number) << 24) |
        ((bytes[at] as number) << 16) |
        ((bytes[at + 1] as number) << 8) |
        (bytes[at + 2] as number);
      pixels[to + x] = pixel;
    }
  };

function maskedRow(bytes: Buffer, { width, bits, masks }: Layout): ReadRow {
  const size = bits / 8;
  const channels = masks.map((mask, c) => codesOf(mask, c === 3 ? 255 : 0));
  return (from, pixels, to) => {
    for (let x = 0, at = from; x < width; x++, at += size) {
      let code = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
      if (size === 4) code |= ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
      let pixel = 0;
      for (let c = 0; c < 4; c++) pixel |= (channels[c] as Codes)(code) << (8 * c);
      pixels[to + x] = pixel;
    }
  };
}

type Codes = (pixel: number) => number;

/** The 8-bit code of a channel, to the nearest. */
function codesOf(mask: number, empty: number): Codes {
  if (mask === 0) return () => empty;
  const shift = 31 - Math.clz32(mask & -mask);
  const maximum = mask >>> shift;
  const codeOf = (value: number) => Math.round((value * 255) / maximum);
  if (maximum > 65535) return (pixel) => codeOf((pixel & mask) >>> shift);
  const table = Uint8Array.from({ length: maximum + 1 }, (_, value) => codeOf(value));
  return (pixel) => table[(pixel & mask) >>> shift] as number;
}

/** Run-length coded palette indices; pixels skipped by a delta or not reached are index 0. */
function readRuns(
  bytes: Buffer,
  { width, height, bits, start, palette }: Layout,
  pixels: Uint32Array,
  rowOf: (line: number) => number,
): void {
  pixels.fill(palette[0] as number);
  let [at, x, y] = [start, 0, 0];
  const nibble = (byte: number, i: number) => (i % 2 === 0 ? byte >> 4 : byte & 15);
  while (y < height) {
    const [count, value] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const row = rowOf(y);
    at += 2;
    if (count > 0) {
      const end = Math.min(x + count, width);
      if (bits === 8) pixels.fill(palette[value] as number, row + Math.min(x, end), row + end);
      else for (let i = x; i < end; i++) pixels[row + i] = palette[nibble(value, i - x)] as number;
      x += count;
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      break;
    } else if (value === 2) {
      [x, y, at] = [x + bytes.readUInt8(at), y + bytes.readUInt8(at + 1), at + 2];
    } else {
      for (let i = 0; i < value; i++) {
        const byte = bytes.readUInt8(bits === 4 ? at + (i >> 1) : at + i);
        const index = bits === 4 ? nibble(byte, i) : byte;
        if (x + i < width) pixels[row + x + i] = palette[index] as number;
      }
      x += value;
      at += Math.ceil((value * bits) / 16) * 2; // whole 16-bit words
    }
  }
}
