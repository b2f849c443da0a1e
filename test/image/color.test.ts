/** What the numbers of a file mean: profiles, CMYK, orientation, floats, light, and bitmaps of every kind. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { download, encode, ImageU8, imageInfo, load, loadU8, upload } from 'framelane';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../src/image/formats.ts';
import {
  ffmpegFile,
  ffmpegPixels,
  noise,
  psnr,
  rgbaOf,
  temporaryFolder,
} from '../helpers/files.ts';
import { makeNaturalImage, samplesOf } from '../helpers/image.ts';

const cpu = { device: 'cpu' } as const;
const folder = temporaryFolder('color');
const natural = samplesOf(makeNaturalImage({ width: 48, height: 32 }), 'u8') as Uint8Array;

function imageOf(width: number, height: number, rgba: ArrayLike<number>): ImageU8 {
  const image = new ImageU8(width, height, cpu);
  upload(image, Uint8Array.from(rgba));
  return image;
}

/** IEC 61966-2-1, as tables print it; both sides of the knee. */
const toLight = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toCode = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
/** Display P3 to sRGB in linear light, as the CSS Color 4 sample code prints it. */
const fromP3 = [
  [1.2249401762805598, -0.22494017628055996, 0],
  [-0.042056954709688163, 1.0420569547096881, 0],
  [-0.019637554590334432, -0.078636045550631889, 1.0982736001409663],
] as const;
const p3ToSrgb = (codes: readonly number[]) =>
  fromP3.map((row) =>
    toCode(row.reduce<number>((sum, m, i) => sum + m * toLight(codes[i] as number), 0)),
  );

describe('profiles', () => {
  const colors = [
    [0.2, 0.3, 0.8],
    [0.7, 0.65, 0.6],
    [0.45, 0.3, 0.75],
    [1, 1, 1],
    [0.1, 0.1, 0.1],
  ] as const;

  it.each([
    [8, 'png', 1.6 / 255],
    [8, 'jpeg', 4 / 255],
    [8, 'webp', 1.6 / 255],
    [8, 'tiff', 1.6 / 255],
    [16, 'png', 0.0015],
    [16, 'tiff', 0.0015],
  ] as const)('%i-bit %s in Display P3 comes as sRGB', async (bits, format, tolerance) => {
    for (const color of colors) {
      const maximum = 2 ** bits - 1;
      const codes = Array.from({ length: 64 * 3 }, (_, i) =>
        Math.round((color[(i % 3) as 0 | 1 | 2] as number) * maximum),
      );
      const raw = { width: 8, height: 8, channels: 3 } as const;
      // The profile alone, from sharp; the codes go in as they are.
      const p3 = await sharp({ create: { ...raw, background: '#000' } })
        .withIccProfile('p3')
        .png()
        .toBuffer();
      const { icc } = await sharp(p3).metadata();
      const file = await taggedFile(codes, bits, format, icc as Buffer);
      expect((await imageInfo(file)).icc).toHaveLength((icc as Buffer).length);
      using image = await load(file, cpu);
      const expected = p3ToSrgb(codes.slice(0, 3).map((code) => code / maximum));
      download(image)
        .subarray(0, 3)
        .forEach((value, c) => {
          expect(Math.abs(value - (expected[c] as number)), `${color}`).toBeLessThanOrEqual(
            tolerance,
          );
        });
      using source = await load(file, { ...cpu, colorspace: 'source' });
      download(source)
        .subarray(0, 3)
        .forEach((value, c) => {
          expect(Math.abs(value - (color[c] as number))).toBeLessThanOrEqual(
            format === 'jpeg' ? 3 / 255 : 0.5 / maximum + 1e-6,
          );
        });
    }
  });

  it.each([8, 16] as const)('%i bits out in Display P3, and back', async (depth) => {
    const rgba = Float32Array.from({ length: colors.length * 4 }, (_, i) =>
      (i & 3) === 3 ? 1 : ((colors[i >> 2] as readonly number[])[i & 3] as number),
    );
    using bytes = imageOf(colors.length, 1, new Uint8Array(rgba.length));
    using image = await load(await encode(bytes, 'png'), cpu);
    upload(image, rgba);
    const file = await encode(image, 'png', { depth, icc: 'p3' });
    using codes = await load(file, { ...cpu, colorspace: 'source' });
    const inP3 = download(codes);
    using back = await load(file, cpu);
    const tolerance = depth === 8 ? 2.1 / 255 : 0.004;
    download(back).forEach((value, i) => {
      expect(Math.abs(value - (rgba[i] as number))).toBeLessThan(tolerance);
    });
    // Not the same codes under another name: blue is the least alike.
    const expected = p3ToSrgb([...inP3.subarray(0, 3)]);
    expect(Math.abs((inP3[0] as number) - 0.2)).toBeGreaterThan(0.01);
    expected.forEach((value, c) => {
      expect(Math.abs(value - colors[0][c as 0 | 1 | 2])).toBeLessThan(tolerance);
    });
  });

  it.each([8, 16] as const)('%i bits tagged as sRGB keep their codes', async (depth) => {
    const source = noise(9, 7, 4, depth);
    using image = await load(
      ffmpegFile(source, depth === 8 ? 'rgba' : 'rgba64le', ['-c:v', 'png']),
      cpu,
    );
    const file = await encode(image, 'png', { depth, icc: 'srgb' });
    expect((await imageInfo(file)).icc?.length).toBeGreaterThan(100);
    using back = await load(file, { ...cpu, colorspace: 'source' });
    expect(download(back)).toEqual(download(image));
  });
});

describe('profiles of files', () => {
  const profileOf = async (file: Buffer) => (await sharp(file).metadata()).icc as Buffer;
  const stored = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const formats = ['jpeg', 'png', 'webp', 'avif', 'heic', 'tiff'] as const;

  it.each(formats)('are embedded in a %s as they are', async (format) => {
    using image = imageOf(48, 32, natural);
    const p3 = await profileOf(await encode(image, 'png', { icc: 'p3' }));
    const file = await encode(image, format, { icc: stored('p3.icc', p3), effort: 0 });
    expect(p3.equals((await imageInfo(file)).icc as Uint8Array)).toBe(true);
  });

  it.each(formats)('that are none, or no use in a %s, are an error', async (format) => {
    using image = imageOf(48, 32, natural);
    const p3 = await profileOf(await encode(image, 'png', { icc: 'p3' }));
    const cmyk = await profileOf(await encode(image, 'jpeg', { icc: 'cmyk' }));
    const bad = [
      '',
      folder,
      join(folder, 'missing.icc'),
      stored('words.icc', Buffer.from('this is no profile')),
      stored('cut.icc', p3.subarray(0, 200)),
      ...(format === 'jpeg' || format === 'tiff' ? [] : [stored('cmyk.icc', cmyk)]),
    ];
    for (const icc of bad) {
      for (const depth of traitsOf(format).depths) {
        await expect(encode(image, format, { icc, depth }), icc).rejects.toMatchObject({
          code: 'ERR_INVALID_OPTION',
          path: 'icc',
        });
      }
    }
  });
});

/** Codes and a profile in a file, none of them converted: a TIFF written by hand, then repacked. */
async function taggedFile(
  codes: readonly number[],
  bits: 8 | 16,
  format: 'png' | 'jpeg' | 'webp' | 'tiff',
  icc: Buffer,
) {
  const tiff = handmadeTiff(
    { width: 8, height: 8, channels: 3, bits, sampleFormat: 1, icc },
    bits === 8 ? Uint8Array.from(codes) : Uint16Array.from(codes),
  );
  if (format === 'tiff') return tiff;
  const source = sharp(tiff)
    .toColourspace(bits === 16 ? 'rgb16' : 'srgb')
    .keepIccProfile();
  if (format === 'png') return source.png().toBuffer();
  return format === 'jpeg'
    ? source.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
    : source.webp({ lossless: true }).toBuffer();
}

interface TiffShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bits: number;
  /** 1 integers, 3 floats. */
  readonly sampleFormat: 1 | 3;
  readonly icc?: Buffer;
  /** Four of them, instead of colours. */
  readonly inks?: true;
}

/** TIFF 6.0 by its tables: one strip, interleaved; straight alpha. */
function handmadeTiff(
  { width, height, channels, bits, sampleFormat, icc, inks }: TiffShape,
  samples: Uint8Array | Uint16Array | Float32Array,
): Buffer {
  const pixels = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const shorts = (value: number) =>
    Buffer.from(Uint16Array.from({ length: channels }, () => value).buffer);
  const longs = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
  const short = (value: number) => Buffer.from(Uint16Array.of(value).buffer);
  type Entry = [tag: number, type: number, value: Buffer];
  const extra = inks ? 0 : channels - (channels < 3 ? 1 : 3);
  const entries: Entry[] = [
    [256, 4, longs(width)],
    [257, 4, longs(height)],
    [258, 3, shorts(bits)],
    [259, 3, short(1)],
    [262, 3, short(inks ? 5 : channels < 3 ? 1 : 2)],
    [273, 4, longs(8)],
    [277, 3, short(channels)],
    [278, 4, longs(height)],
    [279, 4, longs(pixels.length)],
    ...(extra > 0 ? [[338, 3, Buffer.from([2, 0, 0, 0].slice(0, 2 * extra))] as Entry] : []),
    [339, 3, shorts(sampleFormat)],
    ...(icc ? [[34675, 7, icc] as Entry] : []),
  ];
  const directoryAt = 8 + pixels.length + (pixels.length % 2);
  let blobAt = directoryAt + 2 + entries.length * 12 + 4;
  const blobs: Buffer[] = [];
  const rows = entries.map(([tag, type, value]) => {
    const row = Buffer.alloc(12);
    row.writeUInt16LE(tag, 0);
    row.writeUInt16LE(type, 2);
    row.writeUInt32LE(value.length / ({ 3: 2, 4: 4, 7: 1 }[type] as number), 4);
    if (value.length <= 4) value.copy(row, 8);
    else {
      row.writeUInt32LE(blobAt, 8);
      blobs.push(value);
      blobAt += value.length;
    }
    return row;
  });
  const head = Buffer.from('49492a0000000000', 'hex');
  head.writeUInt32LE(directoryAt, 4);
  return Buffer.concat([
    head,
    pixels,
    Buffer.alloc(pixels.length % 2),
    short(entries.length),
    ...rows,
    longs(0),
    ...blobs,
  ]);
}

describe('CMYK', () => {
  it.each(['jpeg', 'tiff'] as const)('%s through its profile', async (format) => {
    const raw = { width: 48, height: 32, channels: 4 } as const;
    const inks = sharp(natural, { raw }).flatten().toColourspace('cmyk').withIccProfile('cmyk');
    const file = await (format === 'jpeg'
      ? inks.jpeg({ quality: 100 })
      : inks.tiff({ compression: 'lzw' })
    ).toBuffer();
    expect((await sharp(file).metadata()).space).toBe('cmyk');
    using image = await loadU8(file, cpu);
    const pixels = download(image);
    expect(psnr(pixels, natural)).toBeGreaterThan(26);
    expect(pixels.every((code, i) => (i & 3) < 3 || code === 255)).toBe(true);
  });

  it.each(['jpeg', 'tiff'] as const)(
    'is written for print as %s, and comes back',
    async (format) => {
      using image = imageOf(48, 32, natural);
      const file = await encode(image, format, { icc: 'cmyk' });
      expect((await sharp(file).metadata()).space).toBe('cmyk');
      using back = await loadU8(file, cpu);
      expect(psnr(download(back), natural)).toBeGreaterThan(26);
    },
  );
});

describe('TIFFs of rarer layouts', () => {
  it.each([8, 16] as const)('%i bits of RGB, alpha and one more channel', async (bits) => {
    const unit = bits === 8 ? 1 : 257;
    const codes = [10, 20, 30, 128, 77, 50, 60, 70, 255, 99].map((code) => code * unit);
    const samples = bits === 8 ? Uint8Array.from(codes) : Uint16Array.from(codes);
    const shape = { width: 2, height: 1, channels: 5, bits, sampleFormat: 1 } as const;
    using image = await loadU8(handmadeTiff(shape, samples), cpu);
    expect([...download(image)]).toEqual([10, 20, 30, 128, 50, 60, 70, 255]);
  });

  it('CMYK of 16 bits as of 8', async () => {
    const inks = [0, 255, 255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 90, 30, 200, 12];
    const shape = { width: 4, height: 1, channels: 4, sampleFormat: 1, inks: true } as const;
    const wide = Uint16Array.from(inks, (code) => code * 257);
    using of8 = await load(handmadeTiff({ ...shape, bits: 8 }, Uint8Array.from(inks)), cpu);
    using of16 = await load(handmadeTiff({ ...shape, bits: 16 }, wide), cpu);
    expect(download(of16)).toEqual(download(of8));
    expect([...download(of16).subarray(8, 12)]).toEqual([1, 1, 1, 1]);
  });
});

describe('EXIF orientation', () => {
  const [width, height] = [3, 2];
  const stored = Array.from({ length: 6 }, (_, i) => [40 * i, 255 - 30 * i, 7 * i, 255]);
  /** Where each pixel of the upright picture lies in the stored one (EXIF 2.3, table 6). */
  const upright: Record<number, (x: number, y: number) => [number, number]> = {
    1: (x, y) => [x, y],
    2: (x, y) => [width - 1 - x, y],
    3: (x, y) => [width - 1 - x, height - 1 - y],
    4: (x, y) => [x, height - 1 - y],
    5: (x, y) => [y, x],
    6: (x, y) => [y, height - 1 - x],
    7: (x, y) => [width - 1 - y, height - 1 - x],
    8: (x, y) => [width - 1 - y, x],
  };

  const pack = {
    png: (source: Sharp) => source.png(),
    tiff: (source: Sharp) => source.tiff({ compression: 'lzw' }),
    webp: (source: Sharp) => source.webp({ lossless: true }),
    jpeg: (source: Sharp) => source.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
  };

  it.each(
    (['png', 'tiff', 'webp', 'jpeg'] as const).flatMap((format) =>
      [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [format, orientation] as const),
    ),
  )('%s turned as %i says', async (format, orientation) => {
    const raw = { width, height, channels: 4 } as const;
    const pixels = sharp(Uint8Array.from(stored.flat()), { raw });
    const file = await pack[format](pixels.withMetadata({ orientation })).toBuffer();
    const [w, h] = orientation > 4 ? [height, width] : [width, height];
    expect(await imageInfo(file)).toMatchObject({ format, width: w, height: h, orientation });
    expect(await imageInfo(file, { autorotate: false })).toMatchObject({ width, height });
    const from = upright[orientation] as (x: number, y: number) => [number, number];
    const turned = Array.from({ length: 6 }, (_, i) => {
      const [x, y] = from(i % w, Math.floor(i / w));
      return stored[y * width + x] as number[];
    });
    using image = await loadU8(file, cpu);
    expect([image.width, image.height]).toEqual([w, h]);
    expectClose(download(image), turned.flat(), format === 'jpeg' ? 4 : 0);
    using asStored = await loadU8(file, { ...cpu, autorotate: false });
    expectClose(download(asStored), stored.flat(), format === 'jpeg' ? 4 : 0);
  });
});

function expectClose(received: Uint8Array, expected: readonly number[], tolerance: number) {
  expect(received).toHaveLength(expected.length);
  for (const [i, code] of expected.entries()) {
    expect(Math.abs((received[i] as number) - code), `at ${i}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('floats', () => {
  const lights = [0, 0.001, 0.18, 0.5, 1, 4.5, -0.25, 0.003];
  it.each([1, 2, 3, 4])('a TIFF of %i channels', async (channels) => {
    const hasAlpha = channels % 2 === 0;
    const samples = Float32Array.from({ length: 8 * channels }, (_, i) =>
      hasAlpha && i % channels === channels - 1 ? 0.25 : (lights[(i * 3) % 8] as number),
    );
    const file = handmadeTiff(
      { width: 4, height: 2, channels, bits: 32, sampleFormat: 3 },
      samples,
    );
    expect(await imageInfo(file)).toMatchObject({ format: 'tiff', depth: 32, hasAlpha });
    const value = (i: number) => {
      const [pixel, c] = [(i >> 2) * channels, i & 3];
      if (c === 3) return hasAlpha ? 0.25 : 1;
      return samples[pixel + (channels < 3 ? 0 : c)] as number;
    };
    using linear = await load(file, { ...cpu, colorspace: 'linear' });
    download(linear).forEach((v, i) => {
      expect(v).toBe(value(i));
    });
    using image = await load(file, cpu);
    download(image).forEach((v, i) => {
      const light = value(i);
      const code = Math.sign(light) * toCode(Math.abs(light));
      expect(v).toBeCloseTo((i & 3) === 3 ? light : code, 6);
    });
  });

  it('8 and 16 bits as light', async () => {
    const source = noise(5, 4, 4, 16);
    using image = await load(ffmpegFile(source, 'rgba64le', ['-c:v', 'png']), {
      ...cpu,
      colorspace: 'linear',
    });
    const codes = rgbaOf(source);
    download(image).forEach((v, i) => {
      const code = (codes[i] as number) / 65535;
      expect(v).toBeCloseTo((i & 3) === 3 ? code : toLight(code), 6);
    });
  });

  /** Ward's setcolr(), and lines with or without runs. */
  function radiance(width: number, rows: readonly number[][], runs: boolean): Buffer {
    const head = Buffer.from(
      `#?RADIANCE\nSOFTWARE=test\nFORMAT=32-bit_rle_rgbe\n\n-Y ${rows.length} +X ${width}\n`,
    );
    const lines = rows.map((row) => {
      const pixels = Array.from({ length: width }, (_, x) => {
        const color = row.slice(3 * x, 3 * x + 3);
        const most = Math.max(...color);
        if (most <= 1e-32) return [0, 0, 0, 0];
        const exponent = Math.floor(Math.log2(most)) + 1;
        return [...color.map((v) => Math.floor((v / 2 ** exponent) * 256)), exponent + 128];
      });
      if (!runs) return Buffer.from(pixels.flat());
      const coded = [0, 1, 2, 3].flatMap((c) => {
        const plane = pixels.map((pixel) => pixel[c] as number);
        const out: number[] = [];
        for (let x = 0; x < width; ) {
          let run = 1;
          while (x + run < width && run < 127 && plane[x + run] === plane[x]) run++;
          out.push(...(run > 2 ? [128 + run, plane[x] as number] : [1, plane[x] as number]));
          x += run > 2 ? run : 1;
        }
        return out;
      });
      return Buffer.from([2, 2, width >> 8, width & 255, ...coded]);
    });
    return Buffer.concat([head, ...lines]);
  }

  it.each([true, false])('Radiance HDR, runs: %s', async (runs) => {
    const width = 12;
    const rows = [0, 1, 2].map((y) =>
      Array.from({ length: 3 * width }, (_, i) => (i < 12 ? 0.5 : 10 ** (((i + y) % 7) - 3))),
    );
    const file = radiance(width, rows, runs);
    expect(await imageInfo(file)).toMatchObject({ format: 'hdr', width, height: 3, depth: 32 });
    using image = await load(file, { ...cpu, colorspace: 'linear' });
    const values = download(image);
    for (const [i, light] of rows.flat().entries()) {
      const pixel = Math.floor(i / 3);
      const most = Math.max(...rows.flat().slice(3 * pixel, 3 * pixel + 3));
      const step = 2 ** (Math.floor(Math.log2(most)) + 1 - 8);
      expect(Math.abs((values[4 * pixel + (i % 3)] as number) - light)).toBeLessThanOrEqual(
        step / 2 + 1e-6,
      );
    }
    using encoded = await load(file, cpu);
    expect(download(encoded)[0]).toBeCloseTo(toCode(values[0] as number), 5);
  });
});

describe('bitmaps', () => {
  it.each(['monob', 'pal8', 'rgb555le', 'rgb565le', 'bgr24', 'bgra', 'bgr0'])(
    'FFmpeg’s %s of an odd width',
    async (pixelFormat) => {
      const path = join(folder, `${pixelFormat}.bmp`);
      const source = noise(13, 7, 4);
      const path8 = ffmpegFile(source, 'rgba', [
        '-vf',
        `format=${pixelFormat}`,
        '-c:v',
        'bmp',
        '-pix_fmt',
        pixelFormat,
      ]);
      writeFileSync(path, path8);
      using image = await loadU8(path, cpu);
      const reference = ffmpegPixels(path, 'rgba');
      expect(psnr(download(image), reference)).toBeGreaterThan(
        pixelFormat.startsWith('rgb5') ? 50 : Number.MAX_VALUE,
      );
    },
  );

  /** A file of header 40 by Microsoft's tables. */
  function bitmap(
    fields: { width: number; height: number; bits: number; compression: number; colors?: number },
    ...parts: readonly number[][]
  ): Buffer {
    const head = Buffer.alloc(54);
    head.write('BM', 'latin1');
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
    head.writeUInt32LE(54 + body.length, 2);
    head.writeUInt32LE(54 + (parts.length > 1 ? (parts[0] as number[]).length : 0), 10);
    head.writeUInt32LE(40, 14);
    head.writeInt32LE(fields.width, 18);
    head.writeInt32LE(fields.height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(fields.bits, 28);
    head.writeUInt32LE(fields.compression, 30);
    head.writeUInt32LE(fields.colors ?? 0, 46);
    return Buffer.concat([head, body]);
  }
  const palette = [0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0];
  const [black, red, green, blue] = [
    [0, 0, 0, 255],
    [255, 0, 0, 255],
    [0, 255, 0, 255],
    [0, 0, 255, 255],
  ] as const;

  it.each([
    [
      '4 bits, bottom up, odd width',
      { width: 3, height: 2, bits: 4, compression: 0, colors: 4 },
      [0x12, 0x30, 0, 0, 0x01, 0x20, 0, 0],
      [black, red, green, red, green, blue],
    ],
    [
      'top down',
      { width: 2, height: -2, bits: 8, compression: 0, colors: 4 },
      [1, 2, 0, 0, 3, 0, 0, 0],
      [red, green, blue, black],
    ],
    [
      'RLE8 with a delta and an absolute run',
      { width: 4, height: 2, bits: 8, compression: 1, colors: 4 },
      [3, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1],
      [red, green, blue, black, red, red, red, black],
    ],
    [
      'RLE4',
      { width: 5, height: 1, bits: 4, compression: 2, colors: 4 },
      [3, 0x12, 0, 2, 1, 0, 1, 0x30, 0, 1],
      [red, green, red, black, blue],
    ],
  ] as const)('%s', async (_, fields, pixels, expected) => {
    using image = await loadU8(bitmap(fields, palette, [...pixels]), cpu);
    expect([...download(image)]).toEqual(expected.flat());
  });

  it('16 bits: 31 is white, not 248', async () => {
    using image = await loadU8(
      bitmap({ width: 2, height: 1, bits: 16, compression: 0 }, [0xff, 0x7f, 0x10, 0x42]),
      cpu,
    );
    expect([...download(image)]).toEqual([255, 255, 255, 255, 132, 132, 132, 255]);
  });

  it('what no bitmap can be', async () => {
    for (const fields of [
      { width: 0, height: 1, bits: 24, compression: 0 },
      { width: -4, height: 1, bits: 24, compression: 0 },
      { width: 4, height: 0, bits: 24, compression: 0 },
      { width: 4, height: 1, bits: 7, compression: 0 },
      { width: 4, height: 1, bits: 24, compression: 9 },
      { width: 4, height: 1, bits: 24, compression: 1 },
    ]) {
      await expect(load(bitmap(fields, [0, 0, 0, 0]), cpu)).rejects.toMatchObject({
        code: 'ERR_INPUT_INVALID',
      });
    }
  });
});

describe('metadata', () => {
  it('is written where asked for, and nowhere else', async () => {
    using image = imageOf(48, 32, natural);
    const metadata = {
      exif: { IFD0: { Copyright: 'framelane' } },
      xmp: '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
      density: 300,
    };
    for (const format of ['jpeg', 'png', 'webp', 'avif'] as const) {
      const described = await imageInfo(await encode(image, format, { metadata }));
      expect(Buffer.from(described.exif as Uint8Array).includes('framelane'), format).toBe(true);
      expect(Buffer.from(described.xmp as Uint8Array).toString()).toMatch('x:xmpmeta');
      const plain = await imageInfo(await encode(image, format));
      expect([plain.exif, plain.xmp, plain.icc]).toEqual([undefined, undefined, undefined]);
    }
    const ofTiff = { xmp: metadata.xmp, density: 300 };
    for (const file of [
      await encode(image, 'jpeg', { metadata }),
      await encode(image, 'png', { metadata }),
      await encode(image, 'tiff', { metadata: ofTiff }),
    ]) {
      const { density, xmp } = await sharp(file).metadata();
      expect([density, xmp?.toString()]).toEqual([300, expect.stringMatching('x:xmpmeta')]);
    }
  });
});
