/** A minimal TIFF that passes pixels with a colour profile to sharp, which reads profiles only from files. */
import type { HostPixels } from './pixels.ts';

type Entry = readonly [tag: number, type: 3 | 4 | 7, count: number, value: number];

/** RGBA codes and the ICC profile they are in. */
export function profiledTiff({ width, height, data }: HostPixels, icc: Uint8Array): Buffer {
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const bits = 8 * data.BYTES_PER_ELEMENT;
  const entryCount = 12;
  const bitsAt = 8 + 2 + 12 * entryCount + 4;
  const iccAt = bitsAt + 8;
  const pixelsAt = iccAt + icc.length + (icc.length % 2);
  const entries: readonly Entry[] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 4, bitsAt],
    [259, 3, 1, 1], // not compressed
    [262, 3, 1, 2], // RGB
    [273, 4, 1, pixelsAt],
    [277, 3, 1, 4],
    [278, 4, 1, height],
    [279, 4, 1, pixels.length],
    [284, 3, 1, 1], // interleaved
    [338, 3, 1, 2], // straight alpha
    [34675, 7, icc.length, iccAt],
  ];
  const head = Buffer.alloc(pixelsAt);
  head.write('II*\0', 0, 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(entryCount, 8);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + 12 * i;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
  }
  for (let c = 0; c < 4; c++) head.writeUInt16LE(bits, bitsAt + 2 * c);
  head.set(icc, iccAt);
  return Buffer.concat([head, pixels]);
}
