/** Every format in and out, against FFmpeg or the pixels themselves. docs/io.md points here, cell by cell. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  download,
  encode,
  fromRaw,
  type Image,
  ImageU8,
  imageInfo,
  load,
  loadU8,
  save,
  upload,
} from 'framelane';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  ffmpegFile,
  ffmpegPixels,
  type Noise,
  noise,
  psnr,
  rgbaOf,
  temporaryFolder,
} from '../helpers/files.ts';
import { makeNaturalImage, samplesOf } from '../helpers/image.ts';

const cpu = { device: 'cpu' } as const;
const folder = temporaryFolder('formats');
const size = [37, 23] as const;
const natural = makeNaturalImage({ width: 64, height: 48 });
const naturalBytes = samplesOf(natural, 'u8') as Uint8Array;
const naturalNoise: Noise = { width: 64, height: 48, channels: 4, bits: 8, codes: naturalBytes };

function imageOf({ width, height }: { width: number; height: number }, rgba: Uint8Array): ImageU8 {
  const image = new ImageU8(width, height, cpu);
  upload(image, rgba);
  return image;
}

/** The codes of a float image: exactly those of the file, or the test fails. */
function codesOf(image: Image, bits: number): number[] {
  return Array.from(download(image), (value) => {
    const code = value * (2 ** bits - 1);
    expect(Math.abs(code - Math.round(code))).toBeLessThan(2 ** (bits - 23));
    return Math.round(code);
  });
}

describe('in, without loss', () => {
  const rows: [format: string, from: string, channels: number, bits: 8 | 16, args: string[]][] = [
    ['png', 'gray', 1, 8, ['-c:v', 'png']],
    ['png', 'ya8', 2, 8, ['-c:v', 'png']],
    ['png', 'rgb24', 3, 8, ['-c:v', 'png']],
    ['png', 'rgba', 4, 8, ['-c:v', 'png']],
    ['png', 'gray16le', 1, 16, ['-c:v', 'png']],
    ['png', 'ya16le', 2, 16, ['-c:v', 'png', '-pix_fmt', 'ya16be']],
    ['png', 'rgb48le', 3, 16, ['-c:v', 'png']],
    ['png', 'rgba64le', 4, 16, ['-c:v', 'png']],
    ['tiff', 'gray', 1, 8, ['-c:v', 'tiff', '-compression_algo', 'lzw']],
    ['tiff', 'rgb24', 3, 8, ['-c:v', 'tiff', '-compression_algo', 'deflate']],
    ['tiff', 'rgba', 4, 8, ['-c:v', 'tiff']],
    ['tiff', 'gray16le', 1, 16, ['-c:v', 'tiff']],
    ['tiff', 'rgb48le', 3, 16, ['-c:v', 'tiff', '-compression_algo', 'raw']],
    ['tiff', 'rgba64le', 4, 16, ['-c:v', 'tiff']],
    ['webp', 'rgb24', 3, 8, ['-c:v', 'libwebp', '-lossless', '1', '-pix_fmt', 'bgra']],
    ['bmp', 'rgb24', 3, 8, ['-c:v', 'bmp']],
  ];
  it.each(rows)('%s of %s', async (format, from, channels, bits, args) => {
    const source = noise(...size, channels, bits);
    const file = ffmpegFile(source, from, args);
    const info = await imageInfo(file);
    expect(info).toMatchObject({ format, width: size[0], height: size[1], pages: 1, depth: bits });
    using image = await load(file, cpu);
    expect([image.width, image.height]).toEqual(size);
    expect(codesOf(image, bits)).toEqual(rgbaOf(source));
    using bytes = await loadU8(file, cpu);
    const rounded = rgbaOf(source).map((code) => (bits === 8 ? code : Math.round(code / 257)));
    expect([...download(bytes)]).toEqual(rounded);
  });
});

describe('in, as FFmpeg decodes it', () => {
  it('gif of 256 colours', async () => {
    const path = join(folder, 'palette.gif');
    writeFileSync(path, ffmpegFile(noise(...size, 1), 'rgb8', ['-c:v', 'gif', '-pix_fmt', 'rgb8']));
    using image = await loadU8(path, cpu);
    expect([...download(image)]).toEqual([...ffmpegPixels(path, 'rgba')]);
  });
});

describe('in, lossy', () => {
  it.each([
    ['jpeg', ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj444p']],
    ['webp', ['-c:v', 'libwebp', '-quality', '95', '-pix_fmt', 'yuv420p']],
  ])('%s as FFmpeg decodes it', async (format, args) => {
    const path = join(folder, `lossy.${format}`);
    writeFileSync(path, ffmpegFile(naturalNoise, 'rgba', args));
    using image = await loadU8(path, cpu);
    const reference = ffmpegPixels(path, 'rgba', 'scale=flags=accurate_rnd+full_chroma_int');
    expect(psnr(download(image), reference)).toBeGreaterThan(38);
    expect(psnr(download(image), naturalBytes)).toBeGreaterThan(32);
  });

  it('avif of known pixels', async () => {
    const raw = { width: 64, height: 48, channels: 4 } as const;
    const file = await sharp(naturalBytes, { raw }).avif({ quality: 95 }).toBuffer();
    using image = await loadU8(file, cpu);
    expect((await imageInfo(file)).format).toBe('avif');
    expect(psnr(download(image), naturalBytes)).toBeGreaterThan(38);
  });
});

describe('svg', () => {
  it('is drawn at its size, its colours straight', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4"><rect width="3" height="4" fill="#f0f" fill-opacity="0.5"/></svg>',
    );
    using image = await loadU8(svg, cpu);
    expect([image.width, image.height]).toEqual([6, 4]);
    const pixels = download(image);
    expect([...pixels.subarray(0, 4)]).toEqual([255, 0, 255, 128]);
    expect([...pixels.subarray(16, 20)]).toEqual([0, 0, 0, 0]);
  });
});

describe('out, without loss', () => {
  const rgba = noise(...size, 4);
  const opaque = Uint8Array.from(rgba.codes, (code, i) => ((i & 3) === 3 ? 255 : code));

  it.each([
    ['png', {}],
    ['png', { effort: 9 }],
    ['tiff', {}],
    ['bmp', {}],
    ['webp', { lossless: true }],
  ] as const)('%s %o, read by FFmpeg', async (format, options) => {
    using image = imageOf(rgba, rgba.codes as Uint8Array);
    const path = join(folder, `lossless.${format}`);
    await save(image, path, options);
    expect([...ffmpegPixels(path, 'rgba')]).toEqual([...rgba.codes]);
    using opaqueImage = imageOf(rgba, opaque);
    await save(opaqueImage, path, options);
    expect([...ffmpegPixels(path, 'rgba')]).toEqual([...opaque]);
  });

  it.each([
    ['png', 'rgba64le'],
    ['tiff', 'rgba64le'],
  ] as const)('16-bit %s, read by FFmpeg', async (format, pixels) => {
    const wide = noise(...size, 4, 16);
    using image = await load(ffmpegFile(wide, 'rgba64le', ['-c:v', 'png']), cpu);
    const path = join(folder, `wide.${format}`);
    await save(image, path, { depth: 16 });
    const read = ffmpegPixels(path, pixels);
    expect([...new Uint16Array(read.buffer, read.byteOffset, read.length / 2)]).toEqual([
      ...wide.codes,
    ]);
  });

  it.each(['avif', 'heic'] as const)('%s comes back as it was', async (format) => {
    using image = imageOf(rgba, rgba.codes as Uint8Array);
    using back = await loadU8(await encode(image, format, { lossless: true, effort: 1 }), cpu);
    expect([...download(back)]).toEqual([...rgba.codes]);
  });

  it.each([
    ['avif', 10],
    ['avif', 12],
    ['heic', 10],
  ] as const)('%s of %i bits comes back as it was', async (format, depth) => {
    const wide = noise(70, 50, 4, 16);
    const maximum = 2 ** depth - 1;
    const codes = rgbaOf(wide).map((code) => Math.round((code * maximum) / 65535));
    using image = fromRaw({ data: wide.codes, width: 70, height: 50, depth: 16 }, cpu);
    const file = await encode(image, format, { depth, lossless: true, effort: 1 });
    expect(await imageInfo(file)).toMatchObject({ format, depth, hasAlpha: true });
    using back = await load(file, cpu);
    download(back).forEach((value, i) => {
      expect(Math.abs(value * maximum - (codes[i] as number))).toBeLessThan(0.04);
    });
  });

  it('white is 1 in an avif of 10 bits, whose samples libvips puts into 16', async () => {
    const white = Uint16Array.from({ length: 300 }, () => 65535);
    const raw = { width: 10, height: 10, channels: 3 } as const;
    const picture = sharp(white, { raw }).toColourspace('rgb16');
    const options = { bitdepth: 10, lossless: true, chromaSubsampling: '4:4:4' } as const;
    using image = await load(await picture.avif(options).toBuffer(), cpu);
    expect(download(image).every((value) => value === 1)).toBe(true);
  });

  it.each([
    ['avif', 10],
    ['avif', 12],
    ['heic', 10],
  ] as const)('%s of %i bits in a profile keeps black and white', async (format, depth) => {
    const data = Uint16Array.from({ length: 64 * 64 * 4 }, (_, i) =>
      (i & 3) === 3 || i >= 64 * 128 ? 65535 : 0,
    );
    using image = fromRaw({ data, width: 64, height: 64, depth: 16 }, cpu);
    const options = { depth, lossless: true, effort: 1, icc: 'p3' } as const;
    using back = await load(await encode(image, format, options), { ...cpu, colorspace: 'source' });
    expect(download(back, { into: new Uint16Array(data.length) })).toEqual(data);
  });

  it('floats are rounded and clamped once', async () => {
    const values = [-1, 0, 0.0019, 0.00197, 0.5, 1, 7, Number.NaN];
    const path = join(folder, 'floats.png');
    using image = await load(ffmpegFile(noise(2, 1, 4), 'rgba', ['-c:v', 'png']), cpu);
    upload(image, Float32Array.from(values));
    await save(image, path);
    expect([...ffmpegPixels(path, 'rgba')]).toEqual([0, 0, 0, 1, 128, 255, 255, 0]);
    await save(image, path, { depth: 16 });
    const wide = ffmpegPixels(path, 'rgba64le');
    expect(Array.from({ length: 8 }, (_, i) => wide.readUInt16LE(2 * i))).toEqual([
      0, 0, 125, 129, 32768, 65535, 65535, 0,
    ]);
  });
});

describe('out, lossy', () => {
  it.each(['jpeg', 'webp', 'avif', 'heic'] as const)(
    '%s: better and larger with more quality, and sized as promised',
    async (format) => {
      using image = imageOf(natural, naturalBytes);
      const attempt = async (quality?: number) => {
        const file = await encode(image, format, quality === undefined ? {} : { quality });
        using back = await loadU8(file, cpu);
        return { bytes: file.length, psnr: psnr(download(back), naturalBytes) };
      };
      const [worst, usual, best] = [await attempt(1), await attempt(), await attempt(100)];
      expect(worst.bytes).toBeLessThan(usual.bytes);
      expect(usual.bytes).toBeLessThan(best.bytes);
      expect(worst.psnr).toBeLessThan(usual.psnr);
      expect(usual.psnr).toBeLessThan(best.psnr + 0.5);
      expect(usual.psnr).toBeGreaterThan(32);
    },
  );

  it.each(['jpeg', 'webp'] as const)('%s is read by FFmpeg', async (format) => {
    using image = imageOf(natural, naturalBytes);
    const path = join(folder, `out.${format}`);
    await save(image, path);
    expect(psnr(ffmpegPixels(path, 'rgba'), naturalBytes)).toBeGreaterThan(32);
  });

  it.each([
    ['avif', 12],
    ['heic', 10],
  ] as const)('%s of %i bits is nearer than one of 8', async (format, depth) => {
    // A ramp of a few codes of 8 bits, which 8 bits must band.
    const ramp = Uint16Array.from({ length: 96 * 64 * 4 }, (_, i) =>
      (i & 3) === 3 ? 65535 : 30000 + 12 * ((i >> 2) % 96),
    );
    using image = fromRaw({ data: ramp, width: 96, height: 64, depth: 16 }, cpu);
    const errorAt = async (bits: 8 | 10 | 12) => {
      using back = await load(await encode(image, format, { depth: bits, quality: 100 }), cpu);
      const errors = download(back).map((value, i) =>
        Math.abs(value - (ramp[i] as number) / 65535),
      );
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    expect(await errorAt(depth)).toBeLessThan(0.75 * (await errorAt(8)));
  });

  it('jpeg is laid over the background', async () => {
    const corners = Uint8Array.from(
      { length: 64 * 4 },
      (_, i) => [255, 255, 255, 0][i & 3] as number,
    );
    using image = imageOf({ width: 8, height: 8 }, corners);
    for (const [background, expected] of [
      [undefined, [0, 0, 0]],
      ['#ff8000', [255, 128, 0]],
      [
        [0, 0, 1],
        [0, 0, 255],
      ],
    ] as const) {
      using back = await loadU8(await encode(image, 'jpeg', { quality: 100, background }), cpu);
      const pixel = download(back).subarray(0, 3);
      pixel.forEach((code, c) => {
        expect(Math.abs(code - (expected[c] as number))).toBeLessThanOrEqual(2);
      });
    }
  });
});

describe('animations', () => {
  const colors = [
    [255, 0, 0, 255],
    [0, 255, 0, 255],
    [0, 0, 255, 255],
  ] as const;
  const frames = () =>
    colors.map((color) =>
      imageOf(
        { width: 5, height: 3 },
        Uint8Array.from({ length: 60 }, (_, i) => color[(i & 3) as 0 | 1 | 2 | 3]),
      ),
    );

  it.each(['gif', 'webp'] as const)('%s, written and read page by page', async (format) => {
    const images = frames();
    const file = await encode(images, format, {
      delay: [50, 100, 200],
      loop: 3,
      ...(format === 'webp' ? { lossless: true } : {}),
    });
    expect(await imageInfo(file)).toMatchObject({
      format,
      width: 5,
      height: 3,
      pages: 3,
      delays: [50, 100, 200],
      loop: 3,
    });
    for (const [page, color] of colors.entries()) {
      using image = await loadU8(file, { ...cpu, page });
      expect([image.width, image.height]).toEqual([5, 3]);
      expect([...download(image).subarray(0, 4)]).toEqual(color);
    }
    await expect(load(file, { ...cpu, page: 3 })).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'page',
    });
  });

  it('gif frames as FFmpeg sees them', async () => {
    const path = join(folder, 'loop.gif');
    await save(frames(), path);
    const raw = ffmpegPixels(path, 'rgba');
    expect(raw.length).toBe(3 * 60);
    expect(colors.map((_, i) => [...raw.subarray(i * 60, i * 60 + 4)])).toEqual(colors);
  });

  it('a transparent gif keeps its holes', async () => {
    const holes = Uint8Array.from({ length: 64 }, (_, i) =>
      (i & 3) === 3 ? (i < 32 ? 0 : 255) : i < 32 ? 0 : 200,
    );
    using image = imageOf({ width: 4, height: 4 }, holes);
    using back = await loadU8(await encode(image, 'gif'), cpu);
    expect([...download(back)]).toEqual([...holes]);
  });

  it.each([
    ['several for a still format', 'png', () => frames()],
    ['none', 'gif', () => []],
    [
      'of two sizes',
      'gif',
      () => [...frames(), imageOf({ width: 3, height: 5 }, new Uint8Array(60))],
    ],
  ] as const)('%s is refused', async (_, format, images) => {
    await expect(encode(images(), format)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  });
});

describe('tiff pages', () => {
  it('of different sizes, one by one', async () => {
    // Two files of FFmpeg in one: the second directory moved behind the first, and linked from it.
    const sources = [noise(7, 5, 3), noise(4, 9, 3)];
    const parts = sources.map((source) =>
      ffmpegFile(source, 'rgb24', ['-c:v', 'tiff', '-compression_algo', 'raw']),
    );
    const joined = await joinTiffs(parts as [Buffer, Buffer]);
    expect((await imageInfo(joined)).pages).toBe(2);
    for (const [page, source] of sources.entries()) {
      using image = await loadU8(joined, { ...cpu, page });
      expect([image.width, image.height]).toEqual([source.width, source.height]);
      expect([...download(image)]).toEqual(rgbaOf(source));
    }
  });
});

/** Little-endian files with one directory each; every offset of the second is raised by the length of the first. */
async function joinTiffs([first, second]: readonly [Buffer, Buffer]): Promise<Buffer> {
  const start = first.length + (first.length % 2);
  const moved = Buffer.from(second);
  const directory = moved.readUInt32LE(4);
  const entries = moved.readUInt16LE(directory);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    const [tag, type, count] = [
      moved.readUInt16LE(at),
      moved.readUInt16LE(at + 2),
      moved.readUInt32LE(at + 4),
    ];
    const bytes = count * ({ 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 }[type] ?? 1);
    const value = moved.readUInt32LE(at + 8);
    if (bytes > 4) {
      if (tag === 273)
        for (let k = 0; k < count; k++)
          moved.writeUInt32LE(moved.readUInt32LE(value + 4 * k) + start, value + 4 * k);
      moved.writeUInt32LE(value + start, at + 8);
    } else if (tag === 273) moved.writeUInt32LE(value + start, at + 8);
  }
  const joined = Buffer.concat([first, Buffer.alloc(first.length % 2), moved]);
  const firstDirectory = first.readUInt32LE(4);
  joined.writeUInt32LE(
    start + directory,
    firstDirectory + 2 + 12 * first.readUInt16LE(firstDirectory),
  );
  return joined;
}

describe('sources and targets', () => {
  it('a path, a URL, bytes and streams are the same file', async () => {
    const source = noise(...size, 3);
    const path = join(folder, 'a [1] ü.png');
    writeFileSync(path, ffmpegFile(source, 'rgb24', ['-c:v', 'png']));
    const bytes = readFileSync(path);
    const { createReadStream } = await import('node:fs');
    const { pathToFileURL } = await import('node:url');
    const web = new Blob([bytes]).stream() as ReadableStream<Uint8Array>;
    for (const input of [
      path,
      pathToFileURL(path),
      bytes,
      new Uint8Array(bytes).buffer,
      createReadStream(path),
      web,
    ]) {
      using image = await loadU8(input, cpu);
      expect([...download(image)]).toEqual(rgbaOf(source));
    }
  });

  it('a path names the file that is there now', async () => {
    const path = join(folder, 'again.png');
    for (const code of [10, 200]) {
      using image = imageOf({ width: 2, height: 1 }, new Uint8Array(8).fill(code));
      await save(image, path);
      using back = await loadU8(path, cpu);
      expect([...download(back)]).toEqual(Array.from({ length: 8 }, () => code));
    }
  });

  it('a stream is written and ended', async () => {
    const { PassThrough } = await import('node:stream');
    using image = imageOf(natural, naturalBytes);
    const stream = new PassThrough();
    const [bytes] = await Promise.all([
      new Response(stream as never).arrayBuffer(),
      save(image, stream, { format: 'png' }),
    ]);
    using back = await loadU8(bytes, cpu);
    expect(psnr(download(back), naturalBytes)).toBe(Number.POSITIVE_INFINITY);
  });
});
