/** Many pictures through one pipeline: names, refusals, depth, failures, stopping, memory. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BatchFile,
  type BatchOptions,
  type BatchProgress,
  download,
  imageInfo,
  load,
  loadU8,
  memoryUsage,
  pipeline,
  runBatch,
} from 'framelane';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { ffmpegFile, noise, rgbaOf, temporaryFolder } from '../helpers/files.ts';

const cpu = { device: 'cpu' } as const;
const root = temporaryFolder('batch');
const invert = pipeline().invert();
let folders = 0;

/** A folder of its own for each test, with pictures of one colour in it. */
async function folderOf(pictures: Readonly<Record<string, number>>): Promise<string> {
  const folder = join(root, String(++folders));
  mkdirSync(folder);
  for (const [name, code] of Object.entries(pictures)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    const background = { r: code, g: code, b: code };
    await sharp({ create: { width: 6, height: 4, channels: 3, background } }).toFile(path);
  }
  return folder;
}

async function firstCode(path: string): Promise<number> {
  using image = await loadU8(path, cpu);
  return download(image)[0] as number;
}

const nothingIn = (folder: string) => expect(readdirSync(folder)).toEqual([]);

describe('names', () => {
  it('patterns are expanded and sorted, placeholders filled in, folders made', async () => {
    const folder = await folderOf({ 'b/x.png': 30, 'b/deep/x.y.png': 20, 'a/z.png': 10 });
    writeFileSync(join(folder, 'a/note.txt'), 'not a match');
    const template = `${folder}/out/{dir}/{index}-{name}-{ext}.png`;
    const { finished } = runBatch(invert, `${folder}/**/*.png`, template, cpu);
    const { done, failed, total, files } = await finished;
    expect([done, failed, total]).toEqual([3, 0, 3]);
    const outputs = ['a/1-z-png.png', 'b/deep/2-x.y-png.png', 'b/3-x-png.png'];
    expect(files.map(({ output }) => output)).toEqual(
      outputs.map((name) => `${folder}/out${folder}/${name}`),
    );
    for (const [i, { output, size }] of files.entries()) {
      expect(await firstCode(output)).toBe(255 - 10 * (i + 1));
      expect(size).toEqual({ width: 6, height: 4 });
    }
  });

  it('indices have as many digits as the last one', async () => {
    const names = Array.from({ length: 11 }, (_, i) => [`${String.fromCharCode(97 + i)}.png`, i]);
    const folder = await folderOf(Object.fromEntries(names));
    await runBatch(invert, `${folder}/*.png`, `${folder}/out/{index}.png`, cpu).finished;
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(
      Array.from({ length: 11 }, (_, i) => `${String(i + 1).padStart(2, '0')}.png`),
    );
    expect(await firstCode(`${folder}/out/11.png`)).toBe(245);
  });

  it('a list keeps its order, a file that is named twice is done once, and brackets may be its name', async () => {
    const folder = await folderOf({ 'z.png': 1, 'a[1].png': 2 });
    const list = [`${folder}/z.png`, `${folder}/a[1].png`, `${folder}/*.png`, `${folder}/./z.png`];
    const { files } = await runBatch(invert, list, `${folder}/{index}.png`, cpu).finished;
    expect(files.map(({ input }) => input)).toEqual(list.slice(0, 2));
    expect(await firstCode(`${folder}/2.png`)).toBe(253);
  });

  it('the format is that of the extension, options are those of save', async () => {
    const folder = await folderOf({ 'a.png': 100, 'b.webp': 100 });
    const inputs = [`${folder}/a.png`, `${folder}/b.webp`];
    const { finished } = runBatch(invert, inputs, `${folder}/{name}2.{ext}`, {
      ...cpu,
      effort: 0,
      quality: 50,
    });
    await finished;
    expect((await imageInfo(`${folder}/a2.png`)).format).toBe('png');
    expect((await imageInfo(`${folder}/b2.webp`)).format).toBe('webp');
  });
});

describe('refused before any work', () => {
  it('two inputs with one output', async () => {
    const folder = await folderOf({ 'a/x.png': 1, 'b/x.png': 2 });
    const { finished } = runBatch(invert, `${folder}/*/x.png`, `${folder}/out/{name}.png`, cpu);
    await expect(finished).rejects.toMatchObject({
      code: 'ERR_OUTPUT_INVALID',
      message: expect.stringMatching(/a\/x\.png and .*b\/x\.png would both become it/),
    });
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  });

  it('an output that is an input, even by another name, even with overwrite', async () => {
    const folder = await folderOf({ 'in/x.png': 1 });
    const before = readFileSync(`${folder}/in/x.png`);
    symlinkSync(`${folder}/in`, `${folder}/link`);
    for (const output of [`${folder}/in/{name}.png`, `${folder}/link/{name}.png`]) {
      const { finished } = runBatch(invert, `${folder}/in/*`, output, { ...cpu, overwrite: true });
      await expect(finished).rejects.toMatchObject({ code: 'ERR_OUTPUT_INVALID' });
    }
    expect(readFileSync(`${folder}/in/x.png`)).toEqual(before);
  });

  it('an output that exists, unless overwrite says so', async () => {
    const folder = await folderOf({ 'a.png': 1, 'b.png': 2, 'out/b.png': 7 });
    const args = [invert, `${folder}/*.png`, `${folder}/out/{name}.png`] as const;
    await expect(runBatch(...args, cpu).finished).rejects.toMatchObject({
      code: 'ERR_OUTPUT_EXISTS',
    });
    expect(readdirSync(`${folder}/out`)).toEqual(['b.png']);
    await runBatch(...args, { ...cpu, overwrite: true }).finished;
    expect(await firstCode(`${folder}/out/b.png`)).toBe(253);
  });

  it.each([
    ['nothing/*.png', '{name}.png', {}, 'ERR_INPUT_NOT_FOUND', /matches no file/],
    [[], '{name}.png', {}, 'ERR_INPUT_NOT_FOUND', /there are none/],
    ['', '{name}.png', {}, 'ERR_INVALID_ARGUMENT', /expected paths/],
    [7, '{name}.png', {}, 'ERR_INVALID_ARGUMENT', /expected paths/],
    ['a.png', '{nmae}.png', {}, 'ERR_INVALID_OPTION', /did you mean "name"/],
    ['a.png', '{name}.xyz', {}, 'ERR_UNSUPPORTED_FORMAT', /expected an extension/],
    ['a.png', 'out', {}, 'ERR_UNSUPPORTED_FORMAT', /expected an extension/],
    ['a.png', '', {}, 'ERR_OUTPUT_INVALID', /expected a path/],
    ['a.svg', '{name}.{ext}', {}, 'ERR_UNSUPPORTED_FORMAT', /expected an extension/],
    ['a.png', '{name}.jpg', { quality: 0 }, 'ERR_INVALID_OPTION', /quality/],
    ['a.png', '{name}.jpg', { depth: 16 }, 'ERR_INVALID_OPTION', /depth/],
    ['a.png', '{name}.jpg', { qualty: 80 }, 'ERR_INVALID_OPTION', /did you mean "quality"/],
    ['a.png', '{name}.jpg', { page: -1 }, 'ERR_INVALID_OPTION', /page/],
    ['a.png', '{name}.jpg', { pixelLimit: 'x' }, 'ERR_INVALID_OPTION', /pixelLimit/],
    ['a.png', '{name}.jpg', { colorspace: 'p3' }, 'ERR_INVALID_OPTION', /colorspace/],
    ['a.png', '{name}.jpg', { autorotate: 1 }, 'ERR_INVALID_OPTION', /autorotate/],
    ['a.png', '{name}.jpg', { overwrite: 'no' }, 'ERR_INVALID_OPTION', /overwrite/],
  ] as const)('%o to %s with %o', async (inputs, output, options, code, message) => {
    const wrong = { ...cpu, ...options } as BatchOptions;
    const { finished } = runBatch(invert, inputs as never, output, wrong);
    await expect(finished).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([0, -1, 1.5, Number.NaN, '2'])('a concurrency of %o', (concurrency) => {
    const options = { ...cpu, concurrency: concurrency as number };
    expect(() => runBatch(invert, 'a.png', 'b.png', options)).toThrow(/concurrency: expected/);
  });
});

it.each([null, 7])('%o as the options', (options) => {
  const start = () => runBatch(invert, 'a.png', 'b.png', options as never);
  expect(start).toThrow(/options: expected an object/);
});

describe('depth', () => {
  const wide = noise(9, 5, 4, 16);

  it.each([
    ['png', 16],
    ['tiff', 16],
    ['webp', 8],
    ['avif', 12],
    ['heic', 10],
  ] as const)('16 bits in, to %s', async (format, depth) => {
    const folder = await folderOf({});
    writeFileSync(`${folder}/in.png`, ffmpegFile(wide, 'rgba64le', ['-c:v', 'png']));
    const { finished } = runBatch(pipeline(), `${folder}/in.png`, `${folder}/out.${format}`, {
      ...cpu,
      ...(depth < 16 && { lossless: true }),
    });
    await finished;
    expect((await imageInfo(`${folder}/out.${format}`)).depth).toBe(depth);
    using image = await load(`${folder}/out.${format}`, cpu);
    const maximum = 2 ** depth - 1;
    const codes = Array.from(download(image), (value) => Math.round(value * maximum));
    expect(codes).toEqual(rgbaOf(wide).map((code) => Math.round((code * maximum) / 65535)));
  });

  it('is that of the pipeline, too: there and back loses nothing', async () => {
    const folder = await folderOf({ 'eight.png': 77 });
    writeFileSync(`${folder}/wide.png`, ffmpegFile(wide, 'rgba64le', ['-c:v', 'png']));
    const there = pipeline()
      .gamma(3)
      .gamma(1 / 3);
    await runBatch(there, `${folder}/*.png`, `${folder}/{name}.tiff`, cpu).finished;
    expect((await imageInfo(`${folder}/eight.tiff`)).depth).toBe(8);
    using image = await load(`${folder}/wide.tiff`, cpu);
    const codes = Array.from(download(image), (value) => Math.round(value * 65535));
    const worst = rgbaOf(wide).map((code, i) => Math.abs(code - (codes[i] as number)));
    expect(Math.max(...worst)).toBeLessThanOrEqual(1);
  });

  it('depth says otherwise, both ways', async () => {
    const folder = await folderOf({ 'eight.png': 77 });
    writeFileSync(`${folder}/wide.png`, ffmpegFile(wide, 'rgba64le', ['-c:v', 'png']));
    for (const depth of [8, 16] as const) {
      const options = { ...cpu, depth };
      await runBatch(invert, `${folder}/*.png`, `${folder}/${depth}/{name}.png`, options).finished;
      for (const name of ['eight', 'wide']) {
        expect((await imageInfo(`${folder}/${depth}/${name}.png`)).depth).toBe(depth);
      }
    }
  });
});

describe('failures', () => {
  it('one picture fails with its own error, the others are done', async () => {
    const folder = await folderOf({ 'a.png': 1, 'b.png': 2, 'c.png': 3 });
    const whole = readFileSync(`${folder}/b.png`);
    writeFileSync(`${folder}/b.png`, whole.subarray(0, whole.length - 30));
    writeFileSync(`${folder}/empty.png`, '');
    writeFileSync(`${folder}/text.png`, 'words');
    mkdirSync(`${folder}/out/c.png/taken`, { recursive: true });
    const inputs = ['a', 'b', 'c', 'empty', 'missing', 'text'].map(
      (name) => `${folder}/${name}.png`,
    );
    const batch = runBatch(invert, inputs, `${folder}/out/{name}.png`, { ...cpu, overwrite: true });
    const events: [BatchFile[], BatchProgress[]] = [[], []];
    batch.on('file', (file) => events[0].push(file));
    batch.on('progress', (progress) => events[1].push(progress));
    const { done, failed, files } = await batch.finished;
    expect([done, failed]).toEqual([1, 5]);
    expect(files.map(({ error }) => error?.code)).toEqual([
      undefined,
      'ERR_INPUT_TRUNCATED',
      'ERR_OUTPUT_INVALID',
      'ERR_INPUT_EMPTY',
      'ERR_INPUT_NOT_FOUND',
      'ERR_INPUT_INVALID',
    ]);
    for (const { input, error } of files) {
      if (error) expect(error.message).toContain(input.split('/').at(-1));
    }
    expect(events[0]).toHaveLength(6);
    expect(events[1].map((one) => one.done + one.failed)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readdirSync(`${folder}/out`).sort()).toEqual(['a.png', 'c.png']);
  });

  it('a file where a folder should be is one of them', async () => {
    const folder = await folderOf({ 'a.png': 1 });
    const output = `${folder}/a.png/{name}.png`;
    const { files } = await runBatch(invert, `${folder}/a.png`, output, cpu).finished;
    expect(files[0]?.error).toMatchObject({
      code: 'ERR_OUTPUT_INVALID',
      message: expect.stringMatching(/a\.png\/a\.png: the folder .*a\.png cannot be created/),
    });
  });

  it.each(['file', 'progress'] as const)(
    'a listener of %s that throws ends it, when nothing is under way any more',
    async (event) => {
      const names = Array.from({ length: 8 }, (_, i) => [`${i}.png`, i]);
      const folder = await folderOf(Object.fromEntries(names));
      const options = { ...cpu, concurrency: 3 };
      const { live } = memoryUsage('cpu').device;
      const batch = runBatch(invert, `${folder}/*.png`, `${folder}/out/{name}.png`, options);
      let calls = 0;
      batch.on(event, () => {
        calls++;
        throw new Error('of the listener');
      });
      await expect(batch.finished).rejects.toThrow('of the listener');
      const left = readdirSync(`${folder}/out`);
      expect(calls).toBeLessThanOrEqual(3);
      expect(memoryUsage('cpu').device.live).toBe(live);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(readdirSync(`${folder}/out`)).toEqual(left);
      expect(left.length).toBeLessThan(8);
    },
  );

  it('more pixels than the limit is one of them', async () => {
    const folder = await folderOf({ 'a.png': 1 });
    const options = { ...cpu, pixelLimit: 23 };
    const { files } = await runBatch(invert, `${folder}/a.png`, `${folder}/b.png`, options)
      .finished;
    expect(files[0]?.error?.code).toBe('ERR_PIXEL_LIMIT');
  });
});

describe('stopping', () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.png`, i]));

  it('stop finishes what is under way and starts nothing more', async () => {
    const folder = await folderOf(many);
    const options = { ...cpu, concurrency: 2 };
    const batch = runBatch(invert, `${folder}/*.png`, `${folder}/out/{name}.png`, options);
    batch.once('file', () => batch.stop());
    const { done, stopped, files, total } = await batch.finished;
    expect([stopped, total]).toEqual([true, 12]);
    expect(done).toBeGreaterThanOrEqual(1);
    expect(done).toBeLessThanOrEqual(3);
    expect(readdirSync(`${folder}/out`)).toHaveLength(files.length);
  });

  it('an aborted signal leaves whole files only, and writes none afterwards', async () => {
    const folder = await folderOf(many);
    const controller = new AbortController();
    const options = { ...cpu, concurrency: 3, signal: controller.signal };
    const batch = runBatch(invert, `${folder}/*.png`, `${folder}/out/{name}.png`, options);
    const written: string[] = [];
    batch.on('file', ({ output }) => {
      written.push(output.split('/').at(-1) as string);
      controller.abort('enough');
    });
    await expect(batch.finished).rejects.toMatchObject({ code: 'ERR_ABORTED', cause: 'enough' });
    const left = readdirSync(`${folder}/out`);
    expect(new Set(left)).toEqual(new Set(written));
    expect(left.length).toBeLessThan(12);
  });

  it('aborted before it began, it does nothing', async () => {
    const folder = await folderOf({});
    const signal = AbortSignal.abort();
    const { finished } = runBatch(invert, `${folder}/*.png`, `${folder}/x/{name}.png`, {
      ...cpu,
      signal,
    });
    await expect(finished).rejects.toMatchObject({ code: 'ERR_ABORTED' });
    nothingIn(folder);
  });
});

describe('memory', () => {
  onEachDevice(
    'pictures of any size use the same buffers, and all are given back',
    async (device) => {
      const folder = await folderOf({});
      const sizes = [
        [160, 120],
        [40, 200],
        [121, 67],
      ] as const;
      for (let i = 0; i < 40; i++) {
        const [width, height] = sizes[i % 3] as readonly [number, number];
        const picture = sharp({ create: { width, height, channels: 3, background: '#369' } });
        await picture
          .png({ compressionLevel: 0 })
          .toFile(`${folder}/${String(i).padStart(2, '0')}.png`);
      }
      const before = memoryUsage(device).device;
      const blur = pipeline().gaussianBlur({ sigma: 3 }).saturation(1.2);
      const options = { device, concurrency: 2 };
      const batch = runBatch(blur, `${folder}/*.png`, `${folder}/out/{name}.png`, options);
      const seen: { allocations: number; live: number }[] = [];
      batch.on('file', () => seen.push(memoryUsage(device).device));
      const { done } = await batch.finished;
      expect(done).toBe(40);
      // Once each of the two ways has seen the largest, nothing more is asked for.
      expect(seen[36]?.allocations).toBe(seen[20]?.allocations);
      expect(seen[36]?.live).toBe(seen[20]?.live);
      expect(memoryUsage(device).device.live).toBe(before.live);
    },
  );
});
