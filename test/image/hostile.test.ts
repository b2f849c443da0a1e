/** Small files that ask for long work or much memory: they end at a limit, and the event loop goes on meanwhile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import {
  download,
  encode,
  FramelaneError,
  fromRaw,
  Image,
  ImageU8,
  imageInfo,
  type LoadOptions,
  load,
  loadLut,
  loadU8,
  pipeline,
  readPipeline,
  runBatch,
  Text,
} from 'framelane';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/files.ts';

const cpu = { device: 'cpu' } as const;
const folder = temporaryFolder('hostile');

function bmpOfRuns(width: number, height: number): Buffer {
  const file = Buffer.alloc(64);
  file.write('BM');
  for (const [at, value] of [
    [2, 64],
    [10, 62],
    [14, 40],
    [18, width],
    [22, height],
    [30, 1],
    [46, 2],
  ] as const) {
    file.writeUInt32LE(value, at);
  }
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(8, 28);
  file.writeUInt32LE(0x00112233, 54);
  file.set([0, 1], 62);
  return file;
}

function hdrOf(width: number, height: number, line: readonly number[]): Buffer {
  const head = `#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`;
  return Buffer.concat([Buffer.from(head), Buffer.alloc(line.length * height, Buffer.from(line))]);
}

const svgOf = (content: string, side = 100) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${side}" height="${side}">${content}</svg>`,
  );
const endlessSvg = svgOf(
  `<filter id="f"><feGaussianBlur stdDeviation="2000"/><feTurbulence baseFrequency="0.1" numOctaves="1000"/></filter>
   <rect width="4000" height="4000" filter="url(#f)"/>`,
  4000,
);

/** The result, and how often the event loop came round meanwhile. */
async function watched<T>(work: Promise<T>) {
  let rounds = 0;
  const timer = setInterval(() => rounds++, 5);
  try {
    return { result: await work.catch((error: unknown) => error), rounds };
  } finally {
    clearInterval(timer);
  }
}

describe('the event loop goes on', () => {
  it.each([
    ['a BMP of 64 bytes', () => bmpOfRuns(6000, 6000), {}],
    ['a flat HDR', () => hdrOf(8192, 2048, [10, 20, 30, 128, 1, 1, 1, 255, 1, 1, 1, 255]), {}],
    ['a BMP as light', () => bmpOfRuns(3000, 3000), { colorspace: 'linear' }],
  ] as const)('%s', async (_, file, options) => {
    const { result, rounds } = await watched(load(file(), { ...cpu, ...options }));
    expect(result).toBeInstanceOf(Image);
    expect(rounds).toBeGreaterThan(3);
    (result as Image).free();
  });

  it('of many large pictures at once, each as it should be', async () => {
    const sides = [2100, 2200, 2300, 2400, 2500, 2600];
    const images = await Promise.all(sides.map((side) => loadU8(bmpOfRuns(side, side), cpu)));
    for (const [i, image] of images.entries()) {
      expect(image.width).toBe(sides[i]);
      expect([...download(image, { region: { x: 9, y: 9, width: 1, height: 1 } })]).toEqual([
        0x11, 0x22, 0x33, 255,
      ]);
      image.free();
    }
  });

  it('an encoded BMP is the same from a thread', async () => {
    using large = fromRaw(
      { data: new Uint8Array(4 * 2048 * 2048).fill(77), width: 2048, height: 2048 },
      cpu,
    );
    const { result, rounds } = await watched(encode(large, 'bmp'));
    expect(rounds).toBeGreaterThan(0);
    using back = await loadU8(result as Buffer, cpu);
    expect(download(back).every((code) => code === 77)).toBe(true);
  });
});

describe('limits', () => {
  const files: [string, () => Buffer][] = [
    ['an SVG with filters', () => endlessSvg],
    [
      'an SVG of nested uses',
      () => {
        const groups = Array.from(
          { length: 29 },
          (_, i) => `<g id="a${i + 1}">${`<use xlink:href="#a${i}"/>`.repeat(10)}</g>`,
        );
        return svgOf(
          `<defs><rect id="a0" width="1" height="1"/>${groups.join('')}</defs><use xlink:href="#a29"/>`,
        );
      },
    ],
    ['a compressed SVG', () => gzipSync(endlessSvg)],
    ['an HDR of runs', () => hdrOf(16384, 8192, [10, 20, 30, 128, 1, 1, 1, 255, 1, 1, 1, 255])],
    ['a BMP of 64 bytes', () => bmpOfRuns(16384, 16384)],
  ];

  it.each(files)('%s ends at its time limit', async (_, file) => {
    const begin = performance.now();
    const { result, rounds } = await watched(loadU8(file(), { ...cpu, timeLimit: 0.3 }));
    expect(result).toMatchObject({
      code: 'ERR_TIME_LIMIT',
      message: 'buffer: takes longer than the limit of 0.3 s; raise timeLimit',
    });
    expect(rounds).toBeGreaterThan(3);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it.each(files)('%s ends when it is aborted', async (_, file) => {
    const abort = new AbortController();
    const loading = loadU8(file(), { ...cpu, signal: abort.signal });
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await expect(loading).rejects.toMatchObject({
      code: 'ERR_ABORTED',
      cause: expect.objectContaining({ message: 'enough' }),
    });
  });

  it('a signal that was aborted before', async () => {
    const options = { ...cpu, signal: AbortSignal.abort() };
    for (const read of [load, loadU8, imageInfo]) {
      await expect(read(bmpOfRuns(2, 2), options)).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    }
  });

  it('memory of a process: an SVG whose filters keep pictures', async () => {
    const kept = Array.from(
      { length: 60 },
      (_, i) => `<feOffset dx="${i}" in="SourceGraphic" result="r${i}"/>`,
    );
    const merged = Array.from({ length: 60 }, (_, i) => `<feMergeNode in="r${i}"/>`);
    const svg = svgOf(
      `<filter id="f">${kept.join('')}<feMerge>${merged.join('')}</feMerge></filter>
      <rect width="3000" height="3000" filter="url(#f)"/>`,
      3000,
    );
    await expect(loadU8(svg, { ...cpu, memoryLimit: 2 ** 28 })).rejects.toMatchObject({
      code: 'ERR_MEMORY_LIMIT',
      message: expect.stringMatching(
        /more memory than the limit of 268435456 bytes; raise memoryLimit/,
      ),
    });
  });

  it('memory that is known before', async () => {
    for (const [file, bytes] of [
      [bmpOfRuns(100, 100), 40_000],
      [hdrOf(16, 100, [9, 9, 9, 128, 1, 1, 1, 15]), 25_600],
    ] as const) {
      (await load(file, { ...cpu, memoryLimit: bytes })).free();
      await expect(load(file, { ...cpu, memoryLimit: bytes - 1 })).rejects.toMatchObject({
        code: 'ERR_MEMORY_LIMIT',
      });
    }
  });

  it('one that takes for ever does not stop the others', async () => {
    const endless = Array.from({ length: 6 }, () =>
      loadU8(endlessSvg, { ...cpu, timeLimit: 1 }).catch((error) => error.code),
    );
    const png = await encode(
      fromRaw({ data: new Uint8Array(16), width: 2, height: 2 }, cpu),
      'png',
    );
    const others = await Promise.all(Array.from({ length: 8 }, () => loadU8(png, cpu)));
    expect(others.map(({ width }) => width)).toEqual(Array(8).fill(2));
    const drawn = await loadU8(svgOf('<rect width="100" height="100" fill="#010203"/>'), cpu);
    expect([...download(drawn)].slice(0, 4)).toEqual([1, 2, 3, 255]);
    expect(await Promise.all(endless)).toEqual(Array(6).fill('ERR_TIME_LIMIT'));
  });

  it.each([
    [{ timeLimit: 0 }, 'timeLimit'],
    [{ timeLimit: Number.NaN }, 'timeLimit'],
    [{ timeLimit: '9' }, 'timeLimit'],
    [{ memoryLimit: 0 }, 'memoryLimit'],
    [{ memoryLimit: '1G' }, 'memoryLimit'],
    [{ signal: {} }, 'signal'],
  ])('refuses %o', async (options, path) => {
    const wrong = { ...cpu, ...options } as LoadOptions;
    await expect(load(bmpOfRuns(2, 2), wrong)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path,
    });
  });

  it('a batch has them, too, and goes on with the next picture', async () => {
    writeFileSync(join(folder, 'a.svg'), endlessSvg);
    writeFileSync(join(folder, 'b.bmp'), bmpOfRuns(20, 10));
    const inputs = ['a.svg', 'b.bmp'].map((name) => join(folder, name));
    const options = { ...cpu, timeLimit: 0.5 };
    const { files } = await runBatch(pipeline(), inputs, join(folder, '{name}.png'), options)
      .finished;
    expect(files.map(({ error }) => error?.code)).toEqual(['ERR_TIME_LIMIT', undefined]);

    const batch = runBatch(pipeline(), inputs, join(folder, 'x-{name}.png'), cpu);
    setTimeout(() => batch.abort(), 300);
    await expect(batch.finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
  });
});

describe('processes', () => {
  const program = (after: string) => `import { loadU8 } from 'framelane';
    loadU8(Buffer.from(${JSON.stringify(endlessSvg.toString())}), { device: 'cpu' }).catch(() => {});
    setTimeout(() => { console.log('working'); ${after} }, 1000);`;
  const childrenOf = (pid: number) =>
    readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
    );
  const isAlive = (pid: string) => {
    try {
      return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };

  it.each([
    ['process.exit', 'process.exit(0)'],
    ['SIGKILL', 'setInterval(() => {}, 1000)'],
  ])('end with the program, which does not wait: %s', async (how, after) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program(after)]);
    const decoders: string[] = [];
    const watch = setInterval(() => decoders.push(...childrenOf(child.pid as number)), 50);
    await once(child.stdout, 'data');
    clearInterval(watch);
    const begin = performance.now();
    if (how === 'SIGKILL') child.kill('SIGKILL');
    await once(child, 'exit');
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(decoders.length).toBeGreaterThan(0);
    for (let i = 0; i < 100 && decoders.some(isAlive); i++) await delay(100);
    expect(decoders.filter(isAlive)).toEqual([]);
  });

  it('a program ends by itself, although a decoder is idle', async () => {
    const text = `import { loadU8 } from 'framelane';
      await loadU8(Buffer.from(${JSON.stringify(svgOf('').toString())}), { device: 'cpu' });
      await loadU8(Buffer.from(${JSON.stringify([...bmpOfRuns(3000, 3000)])}), { device: 'cpu' });`;
    const begin = performance.now();
    const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
      stdio: 'inherit',
    });
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(performance.now() - begin).toBeLessThan(60_000);
  });
});

describe('svg reads nothing but itself', () => {
  it.each([
    '<image href="file:///etc/passwd" width="9" height="9"/>',
    '<image href="/etc/passwd" width="9" height="9"/>',
    `<image href="${join(folder, 'red.png')}" width="100" height="100"/>`,
    `<image href="file://${join(folder, 'red.png')}" width="100" height="100"/>`,
    '<style>@import url("file:///etc/passwd");</style>',
    `<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="${join(folder, 'a.xml')}" parse="text"/>`,
  ])('%s', async (content) => {
    const red = fromRaw({ data: new Uint8Array([255, 0, 0, 255]), width: 1, height: 1 }, cpu);
    writeFileSync(join(folder, 'red.png'), await encode(red, 'png'));
    using image = await loadU8(svgOf(content), cpu);
    expect(download(image).every((code) => code === 0)).toBe(true);
  });

  it('nor entities', async () => {
    const levels = Array.from(
      { length: 10 },
      (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`,
    );
    for (const doctype of [
      `<!ENTITY e0 "aaaaaaaaaa">${levels.join('')}`,
      '<!ENTITY e10 SYSTEM "file:///etc/passwd">',
    ]) {
      const svg = `<?xml version="1.0"?><!DOCTYPE svg [${doctype}]>${svgOf('<text y="50">&e10;</text>')}`;
      const result = await loadU8(Buffer.from(svg), { ...cpu, timeLimit: 10 }).catch((e) => e);
      if (result instanceof ImageU8) {
        expect(download(result).every((code) => code === 0)).toBe(true);
      } else {
        expect(result.code).toBe('ERR_INPUT_INVALID');
      }
    }
  });
});

describe('in linear time', () => {
  const numbers = (littleEndian: boolean) => (value: number, bytes: 2 | 4) => {
    const out = Buffer.alloc(bytes);
    littleEndian ? out.writeUIntLE(value, 0, bytes) : out.writeUIntBE(value, 0, bytes);
    return out;
  };
  const u = numbers(true);

  it('a TIFF whose directory names the whole file again and again', async () => {
    const count = 60_000;
    const size = 8 + 2 + 12 * count + 4;
    const entry = Buffer.concat([u(273, 2), u(3, 2), u(Math.floor(size / 2) - 10, 4), u(8, 4)]);
    const file = Buffer.concat([
      Buffer.from('49492a0008000000', 'hex'),
      u(count, 2),
      Buffer.alloc(12 * count, entry),
      Buffer.alloc(4),
    ]);
    const begin = performance.now();
    await expect(loadU8(file, cpu)).rejects.toMatchObject({ code: 'ERR_INPUT_INVALID' });
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it('TIFF directories in a circle', async () => {
    const strip = Buffer.from([1, 2, 3]);
    const entries = [
      [256, 1],
      [257, 1],
      [258, 8],
      [259, 1],
      [262, 2],
      [273, 8],
      [277, 3],
      [278, 1],
      [279, 3],
    ].map(([tag, value]) =>
      Buffer.concat([u(tag as number, 2), u(4, 2), u(1, 4), u(value as number, 4)]),
    );
    const directory = (next: number) =>
      Buffer.concat([u(entries.length, 2), ...entries, u(next, 4)]);
    const first = 8 + 4;
    const file = Buffer.concat([
      Buffer.from('49492a00', 'hex'),
      u(first, 4),
      strip,
      Buffer.alloc(1),
      directory(first + directory(0).length),
      directory(first),
    ]);
    const result = await loadU8(file, { ...cpu, timeLimit: 10 }).catch((error) => error);
    if (result instanceof ImageU8) expect(result.width).toBe(1);
    else expect(result.code).toMatch(/^ERR_INPUT/);
  });

  it('PNG chunks that inflate to gigabytes', async () => {
    using image = new ImageU8(2, 2, cpu);
    const png = await encode(image, 'png');
    const zeros = deflateSync(Buffer.alloc(2 ** 28));
    const { crc32 } = await import('node:zlib');
    const chunk = (type: string, data: Buffer) => {
      const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
      return Buffer.concat([numbers(false)(data.length, 4), body, numbers(false)(crc32(body), 4)]);
    };
    const named = (data: Buffer) => Buffer.concat([Buffer.from('x\0\0', 'latin1'), data]);
    const before = process.memoryUsage.rss();
    for (const type of ['iCCP', 'zTXt']) {
      const bomb = Buffer.concat([
        png.subarray(0, 33),
        chunk(type, named(zeros)),
        png.subarray(33),
      ]);
      const result = await loadU8(bomb, cpu).catch((error) => error);
      if (result instanceof ImageU8) expect(result.width).toBe(2);
      else expect(result.code).toMatch(/^ERR_/);
      expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 29);
    }
  });

  it('a WOFF whose tables inflate to more than they say', async () => {
    const table = deflateSync(Buffer.alloc(2 ** 26));
    for (const claimed of [100, 0xffffffff]) {
      const head = Buffer.alloc(64);
      head.write('wOFF\0\x01\0\0', 0, 'latin1');
      head.writeUInt16BE(1, 12);
      head.write('name', 44, 'latin1');
      head.writeUInt32BE(64, 48);
      head.writeUInt32BE(Math.min(table.length, claimed), 52);
      head.writeUInt32BE(claimed, 56);
      const path = join(folder, `bomb-${claimed}.woff`);
      writeFileSync(path, Buffer.concat([head, table]));
      await expect(Text.create('x', { fontFile: path, device: 'cpu' })).rejects.toMatchObject({
        code: 'ERR_INPUT_INVALID',
      });
    }
  });

  it('markup of nothing but <', async () => {
    const begin = performance.now();
    for (const text of ['<'.repeat(90_000), '<"'.repeat(40_000), "<a '".repeat(20_000)]) {
      await expect(Text.create(text, { markup: true, device: 'cpu' })).rejects.toMatchObject({
        code: 'ERR_INVALID_MARKUP',
      });
    }
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});

describe('texts that Pango would take minutes for', () => {
  it.each([
    ['a'.repeat(100_000), { size: 1, width: 10 }],
    ['a'.repeat(5_000_000), { size: 1, width: 30_000 }],
    ['a '.repeat(600_000), { size: 1, width: 30_000 }],
    ['x\n'.repeat(400_000), { size: 1 }],
  ])('%#', async (text, style) => {
    await expect(Text.create(text, { ...style, device: 'cpu' })).rejects.toMatchObject({
      code: 'ERR_PIXEL_LIMIT',
    });
  });
});

describe('damage', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const numbers = [0, 1, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

  /** Flipped bits, numbers at their ends, parts cut off, left out and doubled. */
  function damaged(file: Buffer): Buffer {
    let out = Buffer.from(file);
    for (let i = 0; i <= random(3); i++) {
      const at = random(out.length);
      const part = out.subarray(at, at + random(48));
      const kind = random(5);
      if (kind === 0) out.writeUInt8((out[at] ?? 0) ^ (1 << random(8)), at);
      else if (kind === 1 && at + 4 <= out.length) out.writeUInt32BE(numbers[random(8)] ?? 0, at);
      else if (kind === 2 && at + 4 <= out.length) out.writeUInt32LE(numbers[random(8)] ?? 0, at);
      else if (kind === 3) out = Buffer.concat([out.subarray(0, at), part, out.subarray(at)]);
      else if (at > 0)
        out = Buffer.from(
          random(2)
            ? out.subarray(0, at)
            : Buffer.concat([out.subarray(0, at), out.subarray(at + 5)]),
        );
    }
    return out;
  }

  it.each([
    'jpeg',
    'png',
    'webp',
    'avif',
    'heic',
    'tiff',
    'gif',
    'bmp',
    'svg',
    'hdr',
    'rle',
  ] as const)('%s ends with pixels or with an error of ours, in time', async (format) => {
    const data = Uint8Array.from({ length: 4 * 24 * 16 }, () => random(256));
    const frame = () => fromRaw({ data, width: 24, height: 16 }, cpu);
    const own = {
      svg: () =>
        svgOf(
          '<filter id="f"><feGaussianBlur stdDeviation="2"/></filter><rect width="20" height="10" filter="url(#f)" stroke="red" stroke-dasharray="1 2"/>',
        ),
      hdr: () => hdrOf(16, 8, [2, 2, 0, 16, 144, 9, 144, 8, 144, 7, 144, 128]),
      rle: () => bmpOfRuns(8, 8),
    };
    const isAnimated = format === 'gif' || format === 'webp';
    const file =
      format === 'svg' || format === 'hdr' || format === 'rle'
        ? own[format]()
        : await encode(isAnimated ? [frame(), frame()] : frame(), format, { effort: 0 });
    const rounds = Number(process.env['FRAMELANE_FUZZ'] ?? 25);
    for (let i = 0; i < rounds; i++) {
      const bytes = damaged(file);
      const options = { ...cpu, timeLimit: 5, pixelLimit: 2 ** 24, page: random(8) === 0 ? 1 : 0 };
      const begin = performance.now();
      const result = await load(bytes, options).catch((error) => error);
      const what = `${format} ${i}: ${bytes.toString('base64')}`;
      expect(performance.now() - begin, what).toBeLessThan(30_000);
      if (result instanceof Image) result.free();
      else
        expect(result.code, `${what} ${result}`).toMatch(
          /^ERR_(INPUT|PIXEL|UNSUPPORTED|INVALID|TIME|MEMORY)_/,
        );
    }
  });
});

describe('nothing of a file that is something else is told', () => {
  it('as a picture, a table, a pipeline or a font', async () => {
    const secrets = [
      'root:$6$hunter2:19000:0:99999:7:::\ndaemon:*:19000\n',
      'TITLE hunter2\n',
      '{"hunter2": "hunter2"}',
      '#?RADIANCE\nFORMAT=hunter2\n\nhunter2 hunter2\n',
      '#?RADIANCE\n\nhunter2 hunter2\n',
    ];
    for (const [i, secret] of secrets.entries()) {
      for (const extension of ['png', 'hdr', 'cube', 'json', 'woff']) {
        const path = join(folder, `other-${i}.${extension}`);
        writeFileSync(path, secret);
        const attempts = [
          load(path, cpu),
          imageInfo(path),
          loadLut(path),
          readPipeline(path),
          Text.create('x', { fontFile: path, device: 'cpu' }),
        ];
        for (const result of await Promise.allSettled(attempts)) {
          if (result.status === 'fulfilled') throw new Error(`${path} was read`);
          expect(result.reason).toBeInstanceOf(FramelaneError);
          expect(result.reason.message).not.toMatch(/hunter2|19000|daemon|68756e74/);
        }
      }
    }
  });
});
