/** Whether a file that failed to decode is truncated rather than damaged. */
import type { ImageFormat } from './formats.ts';
import { gifIsCut } from './gif-frames.ts';

/** Only called after a decoder failed. */
export function isTruncated(format: ImageFormat, bytes: Buffer): boolean {
  try {
    return missingEnd[format](bytes);
  } catch (error) {
    if (error instanceof RangeError) return true; // a field lies beyond the last byte
    throw error;
  }
}

const missingEnd: Readonly<Record<ImageFormat, (bytes: Buffer) => boolean>> = {
  jpeg: (bytes) => bytes.lastIndexOf('\xff\xd9', undefined, 'latin1') <= lastScan(bytes),
  png: (bytes) => {
    let at = 8;
    while (at + 8 <= bytes.length) {
      const type = bytes.toString('latin1', at + 4, at + 8);
      if (!/^[A-Za-z]{4}$/.test(type)) return false; // damage, not an end
      at += 12 + bytes.readUInt32BE(at);
      if (type === 'IEND') return at > bytes.length;
    }
    return true;
  },
  webp: (bytes) => 8 + bytes.readUInt32LE(4) > bytes.length,
  avif: boxesRunOut,
  heic: boxesRunOut,
  tiff: directoryRunsOut,
  gif: (bytes) => gifIsCut(bytes, Number.POSITIVE_INFINITY),
  bmp: (bytes) => bytes.readUInt32LE(2) > bytes.length,
  svg: (bytes) =>
    bytes[0] !== 0x1f && !bytes.subarray(-4096).toString('latin1').trimEnd().endsWith('>'),
  hdr: () => false, // its decoder reports it
};

/** Where the last scan starts: an end of image before it belongs to a thumbnail. */
function lastScan(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf('\xff\xda', undefined, 'latin1'), 1);
}

function boxesRunOut(bytes: Buffer): boolean {
  let at = 0;
  while (at < bytes.length) {
    const short = bytes.readUInt32BE(at);
    if (short === 0) return false; // to the end of the file
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (size < 8 || !/^[ -~]{0,4}$/.test(type)) return false; // damage, not an end
    at += size;
  }
  return at > bytes.length;
}

/** Bytes per value by type, from 1 (BYTE) to 12 (DOUBLE). */
const tiffTypes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Tags of the offsets and lengths of strips and tiles. */
const placeTags = [273, 279, 324, 325];

/**
 * The first directory with its values, and its strips or tiles; classic TIFF, as nearly all files are. Only the first of
 * repeated tags counts, so that no more is read than the file has.
 */
function directoryRunsOut(bytes: Buffer): boolean {
  const little = bytes[0] === 0x49;
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const directory = u32(4);
  const places = new Map<number, { readonly count: number; at(i: number): number }>();
  const entries = u16(directory);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    const [tag, size, count] = [u16(entry), tiffTypes[u16(entry + 2)] ?? 0, u32(entry + 4)];
    const start = size * count <= 4 ? entry + 8 : u32(entry + 8);
    if (start + size * count > bytes.length) return true;
    if (size === 0 || !placeTags.includes(tag) || places.has(tag)) continue;
    places.set(tag, { count, at: (k) => (size === 2 ? u16 : u32)(start + size * k) });
  }
  const offsets = places.get(273) ?? places.get(324);
  const lengths = places.get(279) ?? places.get(325);
  for (let i = 0; i < (offsets?.count ?? 0); i++) {
    const length = i < (lengths?.count ?? 0) ? lengths?.at(i) : 0;
    if ((offsets?.at(i) ?? 0) + (length ?? 0) > bytes.length) return true;
  }
  return false;
}
