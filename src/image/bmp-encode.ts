/** A bitmap of 32 bits with an alpha mask (BITMAPV4HEADER), or of 24 bits if the image is opaque. */
import { isOpaque } from './pixels.ts';

/** Encodes RGBA bytes. */
export function bmpEncode(rgba: Uint8Array, width: number, height: number): Buffer {
  const opaque = isOpaque(rgba);
  const [bits, headerSize] = opaque ? [24, 40] : [32, 108];
  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = 14 + headerSize;
  const file = Buffer.alloc(start + stride * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(start, 10);
  file.writeUInt32LE(headerSize, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bits, 28);
  file.writeUInt32LE(opaque ? 0 : 3, 30);
  file.writeUInt32LE(stride * height, 34);
  file.writeInt32LE(2835, 38); // 72 dots an inch
  file.writeInt32LE(2835, 42);
  if (!opaque) {
    for (const [i, mask] of [0xff0000, 0xff00, 0xff, 0xff000000].entries()) {
      file.writeUInt32LE(mask, 54 + 4 * i);
    }
    file.writeUInt32LE(0x73524742, 70); // LCS_sRGB
  }
  const bytes = bits / 8;
  for (let y = 0; y < height; y++) {
    let to = start + (height - 1 - y) * stride;
    for (let from = y * width * 4; from < (y + 1) * width * 4; from += 4, to += bytes) {
      file[to] = rgba[from + 2] as number;
      file[to + 1] = rgba[from + 1] as number;
      file[to + 2] = rgba[from] as number;
      if (!opaque) file[to + 3] = rgba[from + 3] as number;
    }
  }
  return file;
}
