// Small files of every kind that is read, each by our own writer or written out here: what the fuzzer begins with.
import { encode, Image, upload } from 'framelane';
import sharp from 'sharp';

const size = { width: 12, height: 9 };

function picture() {
  const { width, height } = size;
  const image = new Image(width, height, { device: 'cpu' });
  upload(
    image,
    Float32Array.from({ length: width * height * 4 }, (_, i) => ((i * 37) % 101) / 100),
  );
  return image;
}

const text = (string) => Buffer.from(string, 'latin1');

function bmpHeader({ bits, compression, palette, pixels, header = 40 }) {
  const offset = 14 + header + 4 * palette;
  const bytes = Buffer.alloc(offset);
  bytes.write('BM', 'latin1');
  bytes.writeUInt32LE(offset + pixels, 2);
  bytes.writeUInt32LE(offset, 10);
  bytes.writeUInt32LE(header, 14);
  bytes.writeInt32LE(8, 18);
  bytes.writeInt32LE(4, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(bits, 28);
  bytes.writeUInt32LE(compression, 30);
  bytes.writeUInt32LE(pixels, 34);
  bytes.writeUInt32LE(palette, 46);
  for (let i = 0; i < palette; i++) bytes.writeUInt32LE(i * 0x010305, 14 + header + 4 * i);
  return bytes;
}

function bmp(bits, compression, palette, pixels, header) {
  const data = Buffer.from(pixels);
  return Buffer.concat([
    bmpHeader({ bits, compression, palette, pixels: data.length, header }),
    data,
  ]);
}

const rle = [4, 1, 0, 3, 1, 2, 3, 0, 1, 4, 0, 0, 0, 2, 2, 1, 3, 7, 0, 1];
const rle4 = [8, 0x12, 0, 0, 0, 5, 0x12, 0x34, 0x50, 0, 0, 0, 0, 1];
const flat = (count) => Array.from({ length: count }, (_, i) => (i * 29) % 256);

const hdr = (pixels) =>
  Buffer.concat([text('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 2 +X 8\n'), pixels]);
const scanline = [2, 2, 0, 8, 0x88, 10, 0x88, 20, 3, 1, 2, 3, 0x85, 9, 0x88, 128];

const cube = (lines) => text(`${lines.join('\n')}\n`);
const entries = (count) => Array.from({ length: count }, (_, i) => `0.${i % 10} 0.5 ${i % 2}.0`);

/** Name to bytes; `.cube` goes to loadLut. */
export async function makeSeeds() {
  const image = picture();
  const written = Object.entries({
    'a.png': ['png'],
    'b.png': ['png', { depth: 16 }],
    'a.jpg': ['jpeg'],
    'b.jpg': ['jpeg', { icc: 'cmyk' }],
    'a.webp': ['webp'],
    'b.webp': ['webp', { lossless: true }],
    'a.avif': ['avif', { effort: 0 }],
    'a.heic': ['heic', { effort: 0 }],
    'a.tiff': ['tiff'],
    'b.tiff': ['tiff', { depth: 16, icc: 'p3' }],
    'a.gif': ['gif'],
    'a.bmp': ['bmp'],
  }).map(async ([name, [format, options]]) => [name, await encode(image, format, options)]);
  const raw = { raw: { ...size, channels: 3 } };
  const tiff = (options) =>
    sharp(Buffer.alloc(12 * 9 * 3, 90), raw)
      .tiff(options)
      .toBuffer();
  const made = Object.fromEntries(await Promise.all(written));
  image.free();
  return {
    ...made,
    'c.tiff': await tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }),
    'd.tiff': await tiff({ compression: 'jpeg' }),
    'c.bmp': bmp(8, 1, 16, rle),
    'd.bmp': bmp(4, 2, 16, rle4),
    'e.bmp': bmp(24, 0, 0, flat(96)),
    'f.bmp': bmp(1, 0, 2, flat(16)),
    'g.bmp': bmp(32, 3, 0, flat(128), 124),
    'a.hdr': hdr(Buffer.from([...scanline, ...scanline])),
    'b.hdr': hdr(Buffer.from(flat(64))),
    'a.svg': text(
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"><rect width="5" height="5"/></svg>',
    ),
    'a.cube': cube(['TITLE "a"', 'LUT_3D_SIZE 2', 'DOMAIN_MIN 0 0 0', ...entries(8)]),
    'b.cube': cube(['LUT_1D_SIZE 4', 'DOMAIN_MAX 1 1 2', ...entries(4)]),
  };
}
