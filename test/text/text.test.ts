/** Text: its size by the font's own tables, its colours, its cache, and a machine without fonts. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import {
  Blend,
  type DeviceId,
  download,
  Fill,
  FramelaneError,
  Image,
  ImageU8,
  memoryUsage,
  Text,
  type TextStyle,
} from 'framelane';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { withoutFonts } from '../helpers/fontless.ts';

const folder = mkdtempSync(join(tmpdir(), 'framelane-text-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fontFolder = 'node_modules/@fontsource/dejavu-sans/files';
const woff = readFileSync(`${fontFolder}/dejavu-sans-latin-400-normal.woff`);
const cpu = { device: 'cpu' as const };

/** A table of the WOFF file, found by its tag. */
function table(tag: string): Buffer {
  for (let i = 44; ; i += 20) {
    if (woff.toString('latin1', i, i + 4) !== tag) continue;
    const start = woff.readUInt32BE(i + 4);
    const packed = woff.subarray(start, start + woff.readUInt32BE(i + 8));
    return packed.length < woff.readUInt32BE(i + 12) ? inflateSync(packed) : packed;
  }
}

/** Glyph of a character, by the cmap's format 4. */
function glyphOf(code: number): number {
  const cmap = table('cmap');
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const at = cmap.readUInt32BE(4 + 8 * i + 4);
    if (cmap.readUInt16BE(at) !== 4) continue;
    const twice = cmap.readUInt16BE(at + 6);
    for (let s = at + 14; ; s += 2) {
      if (cmap.readUInt16BE(s) < code) continue;
      const start = cmap.readUInt16BE(s + twice + 2);
      const delta = cmap.readInt16BE(s + 2 * twice + 2);
      const range = s + 3 * twice + 2;
      const offset = cmap.readUInt16BE(range);
      if (offset === 0) return (code + delta) & 0xffff;
      return cmap.readUInt16BE(range + offset + 2 * (code - start));
    }
  }
  throw new Error('no cmap of format 4');
}

/** Advance in ems, from hmtx. */
function advanceOf(character: string): number {
  const metrics = table('hhea').readUInt16BE(34);
  const glyph = Math.min(glyphOf(character.charCodeAt(0)), metrics - 1);
  return table('hmtx').readUInt16BE(4 * glyph) / table('head').readUInt16BE(18);
}

async function errorOf(run: () => Promise<unknown>): Promise<FramelaneError> {
  const error = await run().then(
    () => expect.fail('nothing was thrown'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FramelaneError);
  return error as FramelaneError;
}

/** Colours of fully opaque pixels. */
async function opaqueColors(text: string, style: TextStyle): Promise<Set<string>> {
  using image = await Text.create(text, { ...style, ...cpu });
  const pixels = download(image);
  const colors = new Set<string>();
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] === 255) colors.add(pixels.subarray(i, i + 3).join());
  }
  return colors;
}

describe('size', () => {
  it.each(['n', 'H', 'm', 'i'])('%s advances as hmtx says', async (letter) => {
    const size = 100;
    const one = await Text.measure(letter, { size });
    const many = await Text.measure(letter.repeat(41), { size });
    expect((many.width - one.width) / 40).toBeCloseTo(advanceOf(letter) * size, 0);
  });

  it('letter spacing adds its pixels after each character', async () => {
    const plain = await Text.measure('nnnnn', { size: 40 });
    const spaced = await Text.measure('nnnnn', { size: 40, letterSpacing: 7.5 });
    expect(spaced.width - plain.width).toBe(30);
    const tight = await Text.measure('nnnnn', { size: 40, letterSpacing: -5 });
    expect(plain.width - tight.width).toBe(20);
  });

  it('line spacing adds its pixels between lines, whatever ends them', async () => {
    const plain = await Text.measure('x\nx\nx', { size: 40 });
    for (const text of ['x\nx\nx', 'x\r\nx\r\nx', 'x\rx\rx']) {
      const { height } = await Text.measure(text, { size: 40, lineSpacing: 11 });
      expect(height - plain.height).toBe(22);
    }
  });

  it.each<TextStyle>([
    {},
    { size: 13.5, font: 'mono', padding: 3 },
    { size: 40, weight: 700, width: 150, justify: true, background: '#fff' },
  ])('is measured as created: %j', async (style) => {
    const text = 'Some words that go on 😀 & on';
    using image = await Text.create(text, { ...style, ...cpu });
    expect(await Text.measure(text, style)).toEqual({ width: image.width, height: image.height });
  });

  it('wraps at the width, justified lines fill it', async () => {
    const text = 'several short words of text to be broken into lines';
    const wrapped = await Text.measure(text, { size: 30, width: 300 });
    const justified = await Text.measure(text, { size: 30, width: 300, justify: true });
    expect(wrapped.width).toBeLessThanOrEqual(300);
    expect(justified.width).toBeGreaterThanOrEqual(297);
    expect(wrapped.height).toBeGreaterThan(60);
  });

  it.each([false, true])(
    'a maximal height leaves words out and says so, markup %s',
    async (markup) => {
      const text = markup
        ? '<b>one</b> <i>two three &amp; four</i> five six'
        : 'one two three & four five six';
      const style = { size: 24, width: 110, markup };
      const all = await Text.measure(text, style);
      const cut = await Text.measure(text, { ...style, maxHeight: 55 });
      expect(all.height).toBeGreaterThan(80);
      expect(cut.height).toBeLessThanOrEqual(55);
      expect(cut.height).toBeGreaterThan(40);
      expect(await Text.measure(text, { ...style, maxHeight: 500 })).toEqual(all);
    },
  );

  it.each([0, 1, 2])('lines of align %s lie where they should', async (which) => {
    const align = (['left', 'center', 'right'] as const)[which] as 'left' | 'center' | 'right';
    using image = await Text.create('H\nHHHHHHHHH', { size: 40, align, ...cpu });
    const pixels = download(image);
    let [sum, count] = [0, 0];
    for (let i = 0; i < image.width * 25; i++) {
      if ((pixels[4 * i + 3] as number) < 128) continue;
      sum += i % image.width;
      count++;
    }
    const half = (advanceOf('H') * 40) / 2;
    expect(sum / count / image.width).toBeCloseTo(
      ([half, image.width / 2, image.width - half][which] as number) / image.width,
      1,
    );
  });

  it('of space alone is nothing', async () => {
    for (const text of ['', '   ', '\n\t', '\u200b', '\u00ad', '\u200f\n\u200d']) {
      expect(await Text.measure(text)).toEqual({ width: 0, height: 0 });
      expect((await errorOf(() => Text.create(text))).code).toBe('ERR_INVALID_SIZE');
    }
  });
});

describe('colour', () => {
  it('plain text is one colour, and its < and & are ink', async () => {
    expect(await opaqueColors('<b>&', { color: '#1278fe', size: 60 })).toEqual(
      new Set(['18,120,254']),
    );
    const escaped = await Text.measure('&amp;<b>', { size: 60 });
    const markup = await Text.measure('&amp;amp;&lt;b&gt;', { size: 60, markup: true });
    expect(escaped).toEqual(markup);
  });

  it('markup keeps its own colours', async () => {
    const text = 'H<span foreground="#ff0000">H</span><span foreground="#00f">H</span>';
    const colors = await opaqueColors(text, { markup: true, color: '#0f0', size: 60 });
    expect(colors).toEqual(new Set(['0,255,0', '255,0,0', '0,0,255']));
  });

  it.each(['😀', '❤️', '🎬', '🇫🇷'])('%s is in colour', async (text) => {
    for (const markup of [false, true]) {
      expect((await opaqueColors(text, { markup, size: 60 })).size).toBeGreaterThan(2);
    }
  });

  it('alpha is straight', async () => {
    using image = await Text.create('H', { size: 100, color: [1, 0.2, 0, 0.5], ...cpu });
    const pixels = download(image);
    const middle = 4 * Math.floor(image.height / 2) * image.width + 4 * Math.floor(image.width / 2);
    const [red, green, blue, alpha] = pixels.subarray(middle, middle + 4);
    expect([red, green, blue]).toEqual([255, 51, 0]);
    expect(alpha).toBe(128);
    // and no pixel of the antialiased edge has another colour
    expect(pixels.every((value, i) => value === [255, 51, 0][i % 4] || i % 4 === 3)).toBe(true);
  });

  it('a background lies under text and padding, as libvips composes them', async () => {
    const style = { size: 50, color: '#ff0000c0', ...cpu } as const;
    using ink = await Text.create('Rg', style);
    using image = await Text.create('Rg', { ...style, background: '#0040ff80', padding: 4 });
    expect([image.width, image.height]).toEqual([ink.width + 8, ink.height + 8]);
    const raw = { width: ink.width, height: ink.height, channels: 4 } as const;
    const expected = await sharp({
      create: { width: image.width, height: image.height, channels: 4, background: '#0040ff80' },
    })
      .composite([{ input: Buffer.from(download(ink)), raw, left: 4, top: 4 }])
      .raw()
      .toBuffer();
    const worst = download(image).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(2);
  });
});

describe('images and their cache', () => {
  onEachDevice('the same again costs no drawing and no new pixels', async (device: DeviceId) => {
    Text.clearCache();
    const before = Text.cacheUsage();
    using first = await Text.create('again', { device, size: 31 });
    using second = await Text.create('again', { device, size: 31 });
    const after = Text.cacheUsage();
    expect([after.hits - before.hits, after.misses - before.misses, after.entries]).toEqual([
      1, 1, 1,
    ]);
    expect(after.bytes).toBeGreaterThanOrEqual(4 * first.width * first.height);
    const pixels = download(first);
    expect(download(second)).toEqual(pixels);
    Fill.color(second, '#f00'); // a copy: the cache is as it was
    using third = await Text.create('again', { device, size: 31 });
    expect(download(third)).toEqual(pixels);
  });

  onEachDevice('fills dst, as bytes or floats, without new memory', async (device: DeviceId) => {
    using bytes = new ImageU8(300, 100, { device });
    using floats = new Image(300, 100, { device });
    expect(await Text.create('dst', { dst: bytes })).toBe(bytes);
    expect(await Text.create('dst', { dst: floats })).toBe(floats);
    const { allocations } = memoryUsage(device).device;
    await Text.create('dst', { dst: floats });
    expect(memoryUsage(device).device.allocations).toBe(allocations);
    expect(await Text.measure('dst')).toEqual({ width: bytes.width, height: bytes.height });
    expect(download(floats, { as: 'u8' })).toEqual(download(bytes));
    using small = new ImageU8(4, 4, { device });
    const error = await errorOf(() => Text.create('dst', { dst: small }));
    expect([error.code, small.width]).toEqual(['ERR_CAPACITY_EXCEEDED', 4]);
  });

  it('is bounded by bytes and gives them back', async () => {
    Text.clearCache();
    const { live } = memoryUsage('cpu').device;
    Text.setCacheLimit(100_000);
    for (let i = 0; i < 40; i++) (await Text.create(`text ${i}`, { size: 60, ...cpu })).free();
    const { bytes, entries } = Text.cacheUsage();
    expect(bytes).toBeLessThanOrEqual(100_000);
    expect(entries).toBeGreaterThan(0);
    expect(memoryUsage('cpu').device.live - live).toBeGreaterThanOrEqual(bytes);
    Text.setCacheLimit(16 * 2 ** 20);
    Text.clearCache();
    expect(Text.cacheUsage()).toMatchObject({ bytes: 0, entries: 0 });
    expect(memoryUsage('cpu').device.live).toBe(live);
  });

  onEachDevice('blends over a frame', async (device: DeviceId) => {
    using frame = new Image(64, 64, { device });
    Fill.color(frame, '#000');
    using title = await Text.create('■', { size: 80, color: '#fff', device, as: 'f32' });
    Blend.normal(frame, title, { anchor: 'center' });
    expect([
      ...download(frame, { as: 'u8', region: { x: 32, y: 32, width: 1, height: 1 } }),
    ]).toEqual([255, 255, 255, 255]);
  });
});

describe('fonts', () => {
  it('come along: a machine without any draws the same', async () => {
    const made = withoutFonts(
      folder,
      `
      import { Text } from 'framelane';
      const sizes = {};
      for (const font of ['sans', 'mono']) sizes[font] = await Text.measure('nn', { size: 100, font });
      const emoji = await Text.create('😀', { size: 100, device: 'cpu' });
      const { download } = await import('framelane');
      sizes.yellow = download(emoji).some((red, i, all) => i % 4 === 0 && red > 200 && all[i + 1] > 150 && all[i + 2] < 100);
      sizes.missing = await Text.measure('x', { font: 'Nimbus Sans' }).catch((error) => error.code);
      console.log(JSON.stringify(sizes));`,
    ) as Record<string, { width: number } | boolean | string>;
    const { width } = await Text.measure('nn', { size: 100 });
    expect(Math.abs((made['sans'] as { width: number }).width - width)).toBeLessThanOrEqual(1);
    expect(made).toMatchObject({ yellow: true, missing: 'ERR_FONT_NOT_FOUND' });
    expect(readdirSync(join(folder, 'cache/framelane/fonts-1')).join()).toMatch(
      /dejavu-sans.*\.ttf/,
    );
  });

  it('mono is', async () => {
    const [narrow, wide] = await Promise.all(
      ['|iiii|', '|mmmm|'].map((text) => Text.measure(text, { font: 'mono', size: 50 })),
    );
    expect(narrow?.width).toBe(wide?.width);
  });

  it('bold has more ink', async () => {
    const ink = async (weight: number) => {
      using image = await Text.create('weight', { size: 60, weight, ...cpu });
      return download(image).reduce((sum, value, i) => sum + (i % 4 === 3 ? value : 0), 0);
    };
    expect(await ink(700)).toBeGreaterThan(1.2 * (await ink(400)));
  });

  it('a file is taken as it is', async () => {
    const fontFile = `${fontFolder}/dejavu-sans-latin-400-normal.woff`;
    expect(await Text.measure('file', { fontFile })).toEqual(await Text.measure('file'));
    const ttf = join(folder, 'broken.ttf');
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(3),
      Buffer.alloc(500, 1),
      woff.subarray(0, 99),
    ]) {
      writeFileSync(ttf, bytes);
      const { code } = await errorOf(() => Text.create('x', { fontFile: ttf }));
      expect(code).toBe('ERR_INPUT_INVALID');
    }
  });

  it.each([
    [{ font: 'No Such Font At All' }, 'font'],
    [{ fontFile: 'no/such.ttf' }, 'fontFile'],
  ])('that are missing are an error: %j', async (style, path) => {
    expect(await errorOf(() => Text.create('x', style))).toMatchObject({
      code: 'ERR_FONT_NOT_FOUND',
      path,
    });
  });

  it.each(['שלום', 'مرحبا', '中文字', '\u{10fffd}'])(
    '%s is drawn with what there is',
    async (text) => {
      expect((await Text.measure(text)).width).toBeGreaterThan(5);
    },
  );
});

describe('what is wrong', () => {
  it.each([
    ['a < b', 'line 1, column 3'],
    ['a\nb & c', 'line 2, column 3'],
    ['<b>x', 'line 1, column 1'],
    ['<b>x</i>', 'line 1, column 5'],
    ['ok\n<b>x</b> <span colour="red">y</span>', 'line 2, column 10'],
    ['<span foreground="nocolor">y</span>', 'line 1, column 1'],
  ])('markup %j at %s', async (text, where) => {
    const { code, message } = await errorOf(() => Text.create(text, { markup: true }));
    expect([code, message]).toEqual(['ERR_INVALID_MARKUP', expect.stringContaining(where)]);
  });

  const bad = [
    { size: Number.NaN },
    { size: -1 },
    { size: 0 },
    { size: 1e9 },
    { size: '12' },
    { weight: 50 },
    { width: 0 },
    { width: 1.5 },
    { width: 1e6 },
    { maxHeight: -4 },
    { align: 'centre' },
    { justify: 1 },
    { color: 'nope' },
    { color: [2, 0, 0] },
    { padding: -1 },
    { lineSpacing: 0.5 },
    { font: '' },
    { letterSpacing: Number.POSITIVE_INFINITY },
    { fontsize: 3 },
    { size: null },
    { justify: null },
    { maxHeight: 1 },
  ];
  it.each(bad)('option %j', async (option) => {
    const { code, path } = await errorOf(() => Text.create('x', option as TextStyle));
    expect([code, path]).toEqual(['ERR_INVALID_OPTION', Object.keys(option)[0]]);
  });

  it.each([null, 7, 'large'])('options %j', async (options) => {
    for (const attempt of [Text.create, Text.measure]) {
      const { code, path } = await errorOf(() => attempt('x', options as never));
      expect([code, path]).toEqual(['ERR_INVALID_OPTION', 'options']);
    }
  });

  it('a folder as a font file', async () => {
    const { code, message } = await errorOf(() => Text.create('x', { fontFile: tmpdir() }));
    expect([code, message]).toEqual(['ERR_INPUT_INVALID', expect.stringContaining(tmpdir())]);
  });

  it.each([null, '5', -1, Number.NaN])('a cache limit of %j', (bytes) => {
    const before = Text.cacheUsage().limit;
    expect(() => Text.setCacheLimit(bytes as number)).toThrow(/bytes: expected a number/);
    expect(Text.cacheUsage().limit).toBe(before);
  });

  it.each([undefined, null, 5, {}, 'a\0b'])('text %j', async (text) => {
    const { code } = await errorOf(() => Text.create(text as string));
    expect(code).toBe('ERR_INVALID_ARGUMENT');
  });

  it.each([
    ['a'.repeat(100_000), { size: 12 }],
    ['a'.repeat(4000), { size: 30 }],
    ['a '.repeat(50_000), { size: 400, width: 1000 }],
  ])('too large %#', async (text, style) => {
    expect((await errorOf(() => Text.create(text, style))).code).toBe('ERR_PIXEL_LIMIT');
  });

  it('100 kB in a box are quick', async () => {
    const { height } = await Text.measure('word '.repeat(20_000), {
      size: 12,
      width: 200,
      maxHeight: 100,
    });
    expect(height).toBeLessThanOrEqual(100);
  });
});
