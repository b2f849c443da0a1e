/** HEIC, read and written: by our container against libheif, and by FFmpeg's HEVC decoder against our container. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { download, encode, fromRaw, ImageU8, imageInfo, load, loadU8, upload } from 'framelane';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { writeHeif } from '../../src/image/heif/boxes.ts';
import { hevcPicture } from '../../src/image/heif/hevc.ts';
import { noise, psnr, temporaryFolder } from '../helpers/files.ts';
import { makeNaturalImage, samplesOf } from '../helpers/image.ts';
import { ffmpeg } from '../helpers/programs.ts';

const cpu = { device: 'cpu' } as const;
const folder = temporaryFolder('heic');

function imageOf(width: number, height: number, rgba: ArrayLike<number>): ImageU8 {
  const image = new ImageU8(width, height, cpu);
  upload(image, Uint8Array.from(rgba));
  return image;
}

/** Boxes by their type, walked by the standard: the children of meta and iprp, too. */
function boxes(file: Buffer, from = 0, to = file.length): Map<string, Buffer[]> {
  const found = new Map<string, Buffer[]>();
  for (let at = from; at < to; ) {
    const size = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    found.set(type, [...(found.get(type) ?? []), file.subarray(at + 8, at + size)]);
    const inner = { meta: 12, iprp: 8, ipco: 8 }[type];
    if (inner)
      for (const [name, list] of boxes(file, at + inner, at + size))
        found.set(name, [...(found.get(name) ?? []), ...list]);
    at += size;
  }
  return found;
}

/** Item `index` as the byte stream that FFmpeg reads: parameter sets of its hvcC, then its slices. */
function byteStream(file: Buffer, index: number): Buffer {
  const found = boxes(file);
  const startCode = Buffer.from([0, 0, 0, 1]);
  const parts: Buffer[] = [];
  const configuration = (found.get('hvcC') as Buffer[])[index] as Buffer;
  for (let at = 23, left = configuration[22] as number; left > 0; left--) {
    const length = configuration.readUInt16BE(at + 3);
    parts.push(startCode, configuration.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const places = (found.get('iloc') as Buffer[])[0] as Buffer;
  const entry = 8 + 14 * index + 6;
  const [offset, length] = [places.readUInt32BE(entry), places.readUInt32BE(entry + 4)];
  for (let at = offset; at < offset + length; ) {
    const size = file.readUInt32BE(at);
    parts.push(startCode, file.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return Buffer.concat(parts);
}

describe('written', () => {
  it.each([
    [1, 1],
    [2, 3],
    [63, 65],
    [64, 64],
    [129, 70],
  ])('%ix%i without loss, alpha too', async (width, height) => {
    const source = noise(width, height, 4);
    using image = imageOf(width, height, source.codes);
    const file = await encode(image, 'heic', { lossless: true, effort: 0 });
    expect(await imageInfo(file)).toMatchObject({
      format: 'heic',
      width,
      height,
      pages: 1,
      depth: 8,
    });
    using back = await loadU8(file, cpu);
    expect([...download(back)]).toEqual([...source.codes]);
  });

  it('sharp’s libheif sees the same container', async () => {
    using image = imageOf(37, 23, noise(37, 23, 4).codes);
    const seen = await sharp(await encode(image, 'heic', { effort: 0 })).metadata();
    expect(seen).toMatchObject({
      format: 'heif',
      compression: 'hevc',
      width: 37,
      height: 23,
      hasAlpha: true,
    });
  });

  it('FFmpeg decodes the same colours and the same alpha', async () => {
    const [width, height] = [80, 66];
    const natural = samplesOf(makeNaturalImage({ width, height }), 'u8') as Uint8Array;
    const rgba = natural.map((code, i) => ((i & 3) === 3 ? (i * 7) % 256 : code));
    using image = imageOf(width, height, rgba);
    const file = await encode(image, 'heic', { quality: 95 });
    const decode = (index: number, format: string, ...filter: string[]) =>
      ffmpeg(
        ['-f', 'hevc', '-i', 'pipe:0', ...filter, '-f', 'rawvideo', '-pix_fmt', format, 'pipe:1'],
        byteStream(file, index),
      );
    const alpha = decode(1, 'gray');
    expect([...alpha]).toEqual(Array.from({ length: width * height }, (_, i) => rgba[4 * i + 3]));
    const color = decode(
      0,
      'rgba',
      '-vf',
      'scale=in_color_matrix=bt601:in_range=full:flags=accurate_rnd+full_chroma_int',
    );
    using back = await loadU8(file, cpu);
    const opaque = (pixels: Uint8Array) => pixels.map((code, i) => ((i & 3) === 3 ? 255 : code));
    expect(psnr(color, opaque(download(back)))).toBeGreaterThan(38);
    expect(psnr(color, opaque(rgba))).toBeGreaterThan(34);
  });
});

describe('read', () => {
  it('in Display P3 it comes as sRGB', async () => {
    const colors = noise(9, 5, 3);
    const rgba = Array.from({ length: 180 }, (_, i) =>
      (i & 3) === 3 ? 255 : (colors.codes[(i >> 2) * 3 + (i & 3)] as number),
    );
    using image = imageOf(9, 5, rgba);
    const file = await encode(image, 'heic', { icc: 'p3', lossless: true, effort: 0 });
    expect((await imageInfo(file)).icc?.length).toBeGreaterThan(100);
    // The same way by PNG, which another test holds against the formula.
    const png = await encode(image, 'png', { icc: 'p3' });
    for (const colorspace of ['srgb', 'source'] as const) {
      using back = await loadU8(file, { ...cpu, colorspace });
      using reference = await loadU8(png, { ...cpu, colorspace });
      expect(download(back)).toEqual(download(reference));
    }
    using asStored = await loadU8(file, { ...cpu, colorspace: 'source' });
    expect(psnr(download(asStored), rgba)).toBeLessThan(35);
  });

  it('10 bits keep their codes', async () => {
    const [width, height] = [64, 64];
    const random = noise(width, height, 3, 16).codes.map((code) => code >> 6);
    const planes = [1, 2, 0].map((c) =>
      Uint16Array.from({ length: width * height }, (_, i) => random[3 * i + c] as number),
    );
    const raw = Buffer.concat(planes.map((plane) => Buffer.from(plane.buffer)));
    const size = ['-f', 'rawvideo', '-pix_fmt', 'gbrp10le', '-video_size', `${width}x${height}`];
    const x265 = 'log-level=none:info=0:keyint=1:lossless=1:range=full:colormatrix=gbr';
    const stream = ffmpeg(
      [...size, '-i', 'pipe:0', '-c:v', 'libx265', '-x265-params', x265, '-f', 'hevc', 'pipe:1'],
      raw,
    );
    const color = hevcPicture(stream, 3, 10);
    const sizes = { width, height, codedWidth: width, codedHeight: height };
    const file = writeHeif({
      ...sizes,
      color,
      bits: 10,
      alpha: undefined,
      matrix: 0,
      icc: undefined,
    });
    expect(await imageInfo(file)).toMatchObject({ depth: 10, width, height });
    using image = await load(file, cpu);
    download(image).forEach((value, i) => {
      const code = (i & 3) === 3 ? 1023 : (random[(i >> 2) * 3 + (i & 3)] as number);
      expect(Math.abs(value * 1023 - code)).toBeLessThan(0.01);
    });
  });

  it('10 bits of 4:2:0 with alpha, for which libheif makes a plane more', async () => {
    const [width, height] = [70, 66];
    const data = Uint16Array.from({ length: width * height * 4 }, (_, i) =>
      (i & 3) === 3 ? ((i * 7) % 1024) * 64 : 30_000 + 20 * (i >> 4),
    );
    using image = fromRaw({ data, width, height }, cpu);
    using back = await load(await encode(image, 'heic', { depth: 10, effort: 0 }), cpu);
    download(back).forEach((value, i) => {
      const allowed = (i & 3) === 3 ? 0.5 / 1023 : 0.02;
      expect(Math.abs(value - (data[i] as number) / 65535)).toBeLessThan(allowed);
    });
  });

  it('many at once, each its own', async () => {
    const files = await Promise.all(
      [10, 90, 170, 250].map(async (code) => {
        using image = imageOf(
          8,
          8,
          Array.from({ length: 256 }, () => code),
        );
        return { code, file: await encode(image, 'heic', { lossless: true, effort: 0 }) };
      }),
    );
    await Promise.all(
      files.map(async ({ code, file }) => {
        using back = await loadU8(file, cpu);
        expect(download(back).every((value) => value === code)).toBe(true);
      }),
    );
  });

  it('a page that is not there', async () => {
    using image = imageOf(8, 8, noise(8, 8, 4).codes);
    const file = await encode(image, 'heic', { effort: 0 });
    await expect(load(file, { ...cpu, page: 1 })).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'page',
    });
  });

  it('does not keep the process alive, and works from the package as it is built', async () => {
    using image = imageOf(8, 8, noise(8, 8, 4).codes);
    const path = join(folder, 'small.heic');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, await encode(image, 'heic', { lossless: true, effort: 0 }));
    const program = `import { load } from 'framelane'; console.log((await load(${JSON.stringify(path)}, { device: 'cpu' })).width)`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', program],
      { timeout: 20_000 },
    );
    expect(stdout.trim()).toBe('8');
  });
});
