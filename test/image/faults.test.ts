/** Bad files, bad options and bad targets: an error of the right kind, nothing destroyed, nothing left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  download,
  encode,
  fromRaw,
  Image,
  ImageU8,
  imageInfo,
  load,
  loadU8,
  memoryUsage,
  save,
  upload,
  type WritableFormat,
} from 'framelane';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { noise, temporaryFolder } from '../helpers/files.ts';
import { makeNaturalImage, samplesOf } from '../helpers/image.ts';

const cpu = { device: 'cpu' } as const;
const folder = temporaryFolder('faults');
const size = { width: 96, height: 64 };
const formats = ['jpeg', 'png', 'webp', 'avif', 'heic', 'tiff', 'gif', 'bmp'] as const;
const files = new Map<WritableFormat, Buffer>();
const fileOf = (format: WritableFormat) => files.get(format) as Buffer;

function picture(): ImageU8 {
  const image = new ImageU8(size.width, size.height, cpu);
  upload(image, samplesOf(makeNaturalImage(size), 'u8'));
  return image;
}

beforeAll(async () => {
  using image = picture();
  for (const format of formats) files.set(format, await encode(image, format, { effort: 0 }));
});

describe('files that cannot be read', () => {
  it('missing', async () => {
    for (const path of [join(folder, 'none.png'), join(folder, 'none.png', 'below.png')]) {
      for (const read of [load, loadU8, imageInfo]) {
        await expect(read(path, cpu)).rejects.toMatchObject({ code: 'ERR_INPUT_NOT_FOUND' });
      }
    }
  });

  it('empty', async () => {
    const path = join(folder, 'empty.png');
    writeFileSync(path, '');
    for (const source of [path, new Uint8Array(), new ArrayBuffer(0), Readable.from([])]) {
      await expect(load(source, cpu)).rejects.toMatchObject({ code: 'ERR_INPUT_EMPTY' });
    }
  });

  it('a folder', async () => {
    await expect(load(folder, cpu)).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
  });

  it('larger than Node reads at once', async () => {
    const path = join(folder, 'large.bmp');
    writeFileSync(path, fileOf('bmp'));
    truncateSync(path, 2 ** 31 + 2 ** 20); // sparse: takes no room
    await expect(load(path, cpu)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
      message: expect.stringMatching(/large\.bmp: cannot be read \(ERR_FS_FILE_TOO_LARGE\)/),
    });
    truncateSync(path, 0);
  });

  it('of no known format', async () => {
    const text = Buffer.from('this is no picture');
    await expect(load(text, cpu)).rejects.toMatchObject({ code: 'ERR_UNSUPPORTED_FORMAT' });
    for (const [name, code] of [
      ['note.txt', 'ERR_UNSUPPORTED_FORMAT'],
      ['note', 'ERR_UNSUPPORTED_FORMAT'],
      ['note.png', 'ERR_INPUT_INVALID'],
    ] as const) {
      const path = join(folder, name);
      writeFileSync(path, text);
      await expect(load(path, cpu)).rejects.toMatchObject({ code });
    }
  });

  it('the extension is not believed, the content is', async () => {
    const path = join(folder, 'really-a-png.jpg');
    writeFileSync(path, fileOf('png'));
    expect((await imageInfo(path)).format).toBe('png');
  });

  it.each(formats)('%s cut short is truncated', async (format) => {
    const whole = fileOf(format);
    for (const share of [0.3, 0.6, 0.9]) {
      const part = whole.subarray(0, Math.floor(whole.length * share));
      const error = await load(part, cpu).catch((e) => e);
      expect(error, `${format} at ${share}`).toMatchObject({ code: 'ERR_INPUT_TRUNCATED' });
      expect(error.message).toMatch(new RegExp(`${format} file ends early, after ${part.length} `));
    }
  });

  it('a tiff that ends within the values of its directory is truncated', async () => {
    const whole = fileOf('tiff'); // libvips writes the directory last
    expect(whole.readUInt32LE(4)).toBeGreaterThan(whole.length / 2);
    for (const missing of [1, 2, 8, 12, 30, 60]) {
      const error = await load(whole.subarray(0, whole.length - missing), cpu).catch((e) => e);
      expect(error, `${missing} missing`).toMatchObject({ code: 'ERR_INPUT_TRUNCATED' });
    }
  });

  it('a cut gif has the frames before the cut, and no half ones', async () => {
    const { codes } = noise(60, 270, 3);
    const frames = [0, 1, 2].map((i) => {
      const data = codes.slice(i * 16_200, (i + 1) * 16_200);
      return fromRaw({ data, width: 60, height: 90, channels: 3 }, cpu);
    });
    const whole = await encode(frames, 'gif');
    const framesAt = async (share: number) => {
      const part = whole.subarray(0, Math.floor(whole.length * share));
      const loads = [0, 1, 2].map((page) => loadU8(part, { ...cpu, page }).catch((e) => e.code));
      return await Promise.all(loads);
    };
    const all = await framesAt(1);
    for (const [share, count] of [
      [0.2, 0],
      [0.45, 1],
      [0.6, 1],
      [0.75, 2],
      [0.95, 2],
    ] as const) {
      const some = await framesAt(share);
      for (const [page, image] of some.entries()) {
        if (page < count) expect(download(image)).toEqual(download(all[page]));
        else expect(image).toMatch(/^ERR_(INPUT_TRUNCATED|INVALID_OPTION)$/);
      }
      expect(some[count]).toBe('ERR_INPUT_TRUNCATED');
    }
  });

  it('a short svg and a short hdr are truncated', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="6" height="4"><rect wid',
    );
    const hdr = Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 4 +X 4\nabcdefgh');
    for (const part of [svg, hdr, hdr.subarray(0, 40)]) {
      await expect(load(part, cpu)).rejects.toMatchObject({ code: 'ERR_INPUT_TRUNCATED' });
    }
  });

  it.each(['png', 'webp', 'avif', 'heic', 'gif', 'bmp', 'tiff'] as const)(
    '%s with a damaged header is invalid',
    async (format) => {
      const damaged = Buffer.from(fileOf(format));
      const [from, to] = {
        png: [37, 60],
        webp: [12, 40],
        avif: [30, 120],
        heic: [40, 200],
        gif: [13, 30],
        bmp: [14, 18],
        tiff: [4, 4],
      }[format] as [number, number];
      damaged.fill(0xff, from, to);
      if (format === 'gif') damaged.fill(0, 10, damaged.length - 1);
      if (format === 'tiff')
        damaged.fill(0xff, damaged.readUInt32LE(4) + 2, damaged.readUInt32LE(4) + 40);
      const error = await load(damaged, cpu).catch((e) => e);
      expect(error.code).toBe('ERR_INPUT_INVALID');
    },
  );

  it('damage at any place is an error or a picture, never anything else', async () => {
    const rounds = Number(process.env['FRAMELANE_FUZZ'] ?? 6);
    for (const format of formats) {
      for (let i = 0; i < rounds; i++) {
        const damaged = Buffer.from(fileOf(format));
        const at = Math.floor((damaged.length * i) / rounds);
        damaged.fill(i * 37, at, Math.min(at + 3, damaged.length));
        const result = await load(damaged, cpu).catch((e) => e);
        if (result instanceof Image) result.free();
        else
          expect(result.code, `${format} at ${at}: ${result}`).toMatch(
            /^ERR_(INPUT_|PIXEL_LIMIT|UNSUPPORTED|INVALID_SIZE)/,
          );
      }
    }
  });

  it('a stream that fails', async () => {
    async function* failing() {
      yield new Uint8Array([1, 2]);
      throw new Error('the line went dead');
    }
    const error = await load(failing(), cpu).catch((e) => e);
    expect(error).toMatchObject({ code: 'ERR_INPUT_INVALID' });
    expect(error.message).toMatch(/the line went dead/);
    await expect(load(Readable.from(['text']), cpu)).rejects.toMatchObject({
      code: 'ERR_INPUT_INVALID',
    });
  });

  it.each([null, undefined, 7, {}, [], new URL('https://example.org/a.png')])(
    '%s is no source',
    async (source) => {
      await expect(load(source as never, cpu)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
      });
    },
  );
});

describe('too many pixels', () => {
  it('above the limit, before anything is decoded', async () => {
    for (const format of formats) {
      const error = await load(fileOf(format), { ...cpu, pixelLimit: 96 * 64 - 1 }).catch((e) => e);
      expect(error, format).toMatchObject({ code: 'ERR_PIXEL_LIMIT' });
      expect(error.message).toMatch(/96x64 exceeds the limit of 6143 pixels/);
      using image = await load(fileOf(format), { ...cpu, pixelLimit: 96 * 64 });
      expect(image.width).toBe(96);
    }
  });

  it('a bomb of a few bytes is refused for what it claims', async () => {
    const bomb = Buffer.from(fileOf('png'));
    bomb.writeUInt32BE(30000, 16);
    bomb.writeUInt32BE(30000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const { allocations } = memoryUsage('cpu').device;
    await expect(load(bomb, cpu)).rejects.toMatchObject({ code: 'ERR_PIXEL_LIMIT' });
    expect(memoryUsage('cpu').device.allocations).toBe(allocations);
    const bmp = Buffer.from(fileOf('bmp'));
    bmp.writeInt32LE(32768, 18);
    bmp.writeInt32LE(32768, 22);
    await expect(load(bmp, cpu)).rejects.toMatchObject({ code: 'ERR_PIXEL_LIMIT' });
  });

  it('a side above 32768 is refused by name before anything is decoded', async () => {
    const create = { width: 32769, height: 1, channels: 3, background: '#123' } as const;
    const long = await sharp({ create }).png().toBuffer();
    const broken = long.subarray(0, long.length - 40);
    for (const file of [long, broken]) {
      for (const read of [load, loadU8]) {
        await expect(read(file, cpu)).rejects.toMatchObject({
          code: 'ERR_PIXEL_LIMIT',
          message: expect.stringMatching(/^buffer: 32769x1 .* 32768 pixels a side/),
        });
      }
    }
    expect((await imageInfo(long)).width).toBe(32769);
  });

  it('no pixels at all', async () => {
    for (const size of ['-Y 0 +X 4', '-Y 4 +X 0']) {
      const hdr = Buffer.from(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n${size}\nabcd`);
      await expect(load(hdr, cpu)).rejects.toMatchObject({
        code: 'ERR_INPUT_INVALID',
        message: expect.stringMatching(/^buffer: .*expected a size, received \dx\d/),
      });
    }
  });

  it('more than a given image can hold, which stays as it is', async () => {
    using f32 = new Image(64, 64, cpu);
    using u8 = new ImageU8(64, 64, cpu);
    for (const attempt of [
      () => load(fileOf('png'), { f32 }),
      () => load(fileOf('png'), { ...cpu, u8 }),
      () => loadU8(fileOf('heic'), { u8 }),
    ]) {
      const error = await attempt().then(
        () => undefined,
        (e) => e,
      );
      expect(error).toMatchObject({ code: 'ERR_CAPACITY_EXCEEDED' });
      expect(error.message).toMatch(/96x64 exceeds the capacity of 4096 pixels/);
      expect([f32.width, f32.height, u8.width, u8.height]).toEqual([64, 64, 64, 64]);
    }
  });
});

describe('options', () => {
  it.each([
    [{ page: -1 }, 'page'],
    [{ page: 1 }, 'page'],
    [{ page: 0.5 }, 'page'],
    [{ autorotate: 'yes' }, 'autorotate'],
    [{ colorspace: 'p3' }, 'colorspace'],
    [{ pixelLimit: 0 }, 'pixelLimit'],
    [{ pixelLimit: Number.NaN }, 'pixelLimit'],
    [{ pixelLimit: '9999' }, 'pixelLimit'],
    [{ autoRotate: false }, 'autoRotate'],
  ])('load refuses %o', async (options, path) => {
    for (const format of ['png', 'bmp', 'heic'] as const) {
      await expect(load(fileOf(format), { ...cpu, ...options } as never)).rejects.toMatchObject({
        code: 'ERR_INVALID_OPTION',
        path,
      });
    }
  });

  it('load refuses images of the wrong kind, and freed ones', async () => {
    using f32 = new Image(96, 64, cpu);
    using u8 = new ImageU8(96, 64, cpu);
    const freed = new Image(96, 64, cpu);
    freed.free();
    for (const options of [{ f32: u8 }, { u8: f32 }, { f32: {} }, { u8: null }] as never[]) {
      await expect(load(fileOf('png'), options)).rejects.toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
      });
    }
    await expect(load(fileOf('png'), { f32: freed })).rejects.toMatchObject({
      code: 'ERR_DISPOSED',
    });
  });

  it.each([
    ['jpeg', { quality: 0 }, 'quality'],
    ['jpeg', { quality: 101 }, 'quality'],
    ['webp', { quality: 50.5 }, 'quality'],
    ['avif', { quality: '90' }, 'quality'],
    ['heic', { quality: Number.NaN }, 'quality'],
    ['png', { quality: -1 }, 'quality'],
    ['jpeg', { lossless: true }, 'lossless'],
    ['gif', { lossless: true }, 'lossless'],
    ['webp', { lossless: 1 }, 'lossless'],
    ['png', { effort: 10 }, 'effort'],
    ['heic', { effort: -1 }, 'effort'],
    ['jpeg', { depth: 16 }, 'depth'],
    ['png', { depth: 12 }, 'depth'],
    ['jpeg', { background: 'red' }, 'background'],
    ['gif', { delay: [1, 2] }, 'delay'],
    ['gif', { delay: -1 }, 'delay'],
    ['webp', { loop: 70000 }, 'loop'],
    ['bmp', { icc: 'p3' }, 'icc'],
    ['heic', { icc: 'cmyk' }, 'icc'],
    ['webp', { icc: 'cmyk' }, 'icc'],
    ['png', { metadata: { author: 'me' } }, 'metadata'],
    ['bmp', { metadata: { density: 300 } }, 'metadata'],
    ['png', { metadata: { density: -3 } }, 'metadata.density'],
    ['png', { metadata: { density: '300' } }, 'metadata.density'],
    ['jpeg', { metadata: { exif: { IFD0: { Copyright: 5 } } } }, 'metadata.exif'],
    ['jpeg', { metadata: { exif: { IFD0: 'me' } } }, 'metadata.exif'],
    ['jpeg', { metadata: { exif: { IFD9: { Copyright: 'me' } } } }, 'metadata.exif'],
    ['tiff', { metadata: { exif: { IFD0: { Copyright: 'me' } } } }, 'metadata.exif'],
    ['jpeg', { qualty: 80 }, 'qualty'],
  ] as const)('%s refuses %o', async (format, options, path) => {
    using image = picture();
    const target = join(folder, `refused.${format}`);
    for (const attempt of [
      encode(image, format, options as never),
      save(image, target, { format, ...options } as never),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', path });
    }
    expect(existsSync(target)).toBe(false);
  });
});

describe('wrong kinds', () => {
  it.each([null, 7, 'fast'])('options %o', async (options) => {
    using image = picture();
    for (const attempt of [
      load(fileOf('png'), options as never),
      loadU8(fileOf('png'), options as never),
      imageInfo(fileOf('png'), options as never),
      encode(image, 'png', options as never),
      save(image, join(folder, 'never.png'), options as never),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'options' });
    }
  });

  it('overwrite that is no boolean replaces nothing', async () => {
    using image = picture();
    const path = join(folder, 'kept.png');
    writeFileSync(path, 'as it was');
    await expect(save(image, path, { overwrite: 'no' as never })).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'overwrite',
    });
    expect(readFileSync(path, 'utf8')).toBe('as it was');
  });

  it('u8 that is no ImageU8, needed or not', async () => {
    using image = picture();
    using floats = new Image(96, 64, cpu);
    for (const u8 of [floats, {}, null] as never[]) {
      for (const from of [image, floats]) {
        await expect(encode(from, 'png', { u8 })).rejects.toMatchObject({
          code: 'ERR_INVALID_ARGUMENT',
          path: 'u8',
        });
      }
    }
  });
});

describe('targets', () => {
  it('an unknown extension or format', async () => {
    using image = picture();
    for (const name of ['a.xyz', 'a', 'a.svg', 'a.hdr', 'a.png.bak']) {
      await expect(save(image, join(folder, name))).rejects.toMatchObject({
        code: 'ERR_UNSUPPORTED_FORMAT',
      });
    }
    for (const format of ['svg', 'jpg', 7, null]) {
      await expect(encode(image, format as never)).rejects.toMatchObject({
        code: 'ERR_UNSUPPORTED_FORMAT',
      });
    }
    await expect(save(image, new PassThrough())).rejects.toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
    });
    await expect(save(image, 7 as never)).rejects.toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
  });

  it('a failure leaves the file that was there, and nothing else', async () => {
    const inside = join(folder, 'inside');
    mkdirSync(inside);
    const path = join(inside, 'kept.webp');
    writeFileSync(path, 'as it was');
    using image = new ImageU8(17000, 2, cpu); // WebP ends at 16383
    await expect(save(image, path)).rejects.toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
    using small = picture();
    await expect(save(small, path, { icc: '/no/such/profile.icc' })).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
    });
    await expect(save(image, path, { overwrite: false })).rejects.toMatchObject({
      code: 'ERR_OUTPUT_EXISTS',
    });
    expect(readFileSync(path, 'utf8')).toBe('as it was');
    expect(readdirSync(inside)).toEqual(['kept.webp']);
  });

  it('a link is written through, and stays one', async () => {
    const [here, there] = [join(folder, 'links'), join(folder, 'linked')];
    mkdirSync(here);
    mkdirSync(there);
    writeFileSync(join(there, 'real'), 'before');
    symlinkSync(join(there, 'real'), join(here, 'link.png'));
    using image = picture();
    await save(image, join(here, 'link.png'));
    expect(lstatSync(join(here, 'link.png')).isSymbolicLink()).toBe(true);
    expect((await imageInfo(join(there, 'real'))).width).toBe(96);
    expect([readdirSync(here), readdirSync(there)]).toEqual([['link.png'], ['real']]);
  });

  it('saved by many at once, it is one of them, whole', async () => {
    const inside = join(folder, 'at-once');
    mkdirSync(inside);
    const path = join(inside, 'same.png');
    const images = Array.from({ length: 12 }, (_, i) => {
      const data = new Uint8Array(64 * 64 * 4).fill(20 * i + 15);
      return fromRaw({ data, width: 64, height: 64 }, cpu);
    });
    await Promise.all(images.map((image) => save(image, path)));
    expect(readdirSync(inside)).toEqual(['same.png']);
    using image = await loadU8(path, cpu);
    const [first] = download(image);
    expect(download(image).every((code) => code === first && code % 20 === 15)).toBe(true);
  });

  it('killed while it saves, the file before or after is there, whole', async () => {
    const path = join(folder, 'killed.bmp');
    const program = `import { Image, Fill, save } from 'framelane';
      const image = new Image(1200, 900, { device: 'cpu' });
      for (let i = 0; ; i++) {
        Fill.color(image, [(i % 16) / 15, 0, 0, 1]);
        await save(image, ${JSON.stringify(path)});
        if (i === 0) console.log('saved');
      }`;
    for (const milliseconds of [5, 60]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      child.kill('SIGKILL');
      await once(child, 'exit');
      using image = await loadU8(path, cpu);
      const [first] = download(image);
      expect(download(image).every((code, i) => (i & 3) !== 0 || code === first)).toBe(true);
    }
  });

  it('a folder that is not there', async () => {
    using image = picture();
    await expect(save(image, join(folder, 'no', 'where.png'))).rejects.toMatchObject({
      code: 'ERR_OUTPUT_INVALID',
    });
  });

  it('what cannot be written to, with a format or without', async () => {
    using image = picture();
    for (const target of [Readable.from(['x']), {}, { write() {} }, null, 7] as never[]) {
      for (const options of [{}, { format: 'png' }] as const) {
        await expect(save(image, target, options)).rejects.toMatchObject({
          code: 'ERR_INVALID_ARGUMENT',
        });
      }
    }
  });

  it('names as long as the file system allows, and no others', async () => {
    using image = picture();
    const longest = join(folder, `${'é'.repeat(125)}.png`); // 254 bytes
    await save(image, longest);
    expect((await imageInfo(longest)).width).toBe(96);
    const before = readdirSync(folder);
    for (const name of [`${'x'.repeat(252)}.png`, 'a\0b.png']) {
      await expect(save(image, join(folder, name))).rejects.toMatchObject({
        code: 'ERR_OUTPUT_INVALID',
      });
    }
    expect(readdirSync(folder)).toEqual(before);
  });

  it('a stream that breaks', async () => {
    using image = picture();
    const stream = new PassThrough();
    stream.on('error', () => {}).destroy(new Error('closed by the other side'));
    await expect(save(image, stream, { format: 'png' })).rejects.toMatchObject({
      code: 'ERR_OUTPUT_INVALID',
    });
  });

  it('heic without libx265 names the remedy', async () => {
    using image = picture();
    const before = process.env['FRAMELANE_FFMPEG'];
    process.env['FRAMELANE_FFMPEG'] = '/no/such/ffmpeg';
    try {
      await expect(encode(image, 'heic')).rejects.toMatchObject({ code: 'ERR_FFMPEG_NOT_FOUND' });
    } finally {
      if (before === undefined) delete process.env['FRAMELANE_FFMPEG'];
      else process.env['FRAMELANE_FFMPEG'] = before;
    }
  });
});
