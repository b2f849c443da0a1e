/** `framelane run` on many pictures: what it says, how it ends, what it leaves. */
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageInfo } from 'framelane';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { events, framelane, type Options } from '../helpers/cli.ts';
import { temporaryFolder } from '../helpers/files.ts';

const folder = temporaryFolder('cli-batch');
const look = join(folder, 'look.json');
const photos = join(folder, 'photos');
const names = ['a.png', 'b.png', 'c.jpg'];

beforeAll(async () => {
  writeFileSync(look, JSON.stringify({ stages: [{ op: 'gaussianBlur', sigma: 2 }] }));
  mkdirSync(photos);
  for (const name of names) {
    const picture = { create: { width: 40, height: 30, channels: 3, background: '#369' } } as const;
    await sharp(picture).toFile(join(photos, name));
  }
});

const run = (args: readonly string[], options?: Options) =>
  framelane(['run', look, '--device', 'cpu', ...args], options);

describe('many pictures', () => {
  it('a quoted pattern', async () => {
    const output = join(folder, 'quoted/{name}.webp');
    const { code, stdout, stderr } = await run(['-i', `${photos}/*`, '-o', output]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /\{name\}\.webp: 3 of 3 pictures in [\d.]+ s on cpu \([\d.]+ a second\)/,
    );
    expect(readdirSync(join(folder, 'quoted'))).toEqual(['a.webp', 'b.webp', 'c.webp']);
  });

  it('a list, as a shell makes it', async () => {
    const list = names.map((name) => join(photos, name));
    const output = join(folder, 'list/{index}.png');
    const { code } = await run(['-i', ...list, '-o', output, '--quiet']);
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'list'))).toEqual(['1.png', '2.png', '3.png']);
  });

  it('under --json: an event for each, and one at the end', async () => {
    const output = join(folder, 'json/{name}.{ext}');
    const { code, stdout } = await run(['-i', `${photos}/*.png`, '-o', output, '--json']);
    expect(code).toBe(0);
    const all = events(stdout);
    expect(all[0]).toEqual({ event: 'start', total: 2, device: 'cpu' });
    expect(all.filter(({ event }) => event === 'file')).toHaveLength(2);
    expect(all.at(-2)).toEqual({ event: 'progress', done: 2, failed: 0, total: 2 });
    expect(all.at(-1)).toMatchObject({ event: 'done', done: 2, failed: 0, stopped: false });
  });

  it('failures are told at the end, with exit code 1, and the others are done', async () => {
    const bad = join(folder, 'bad.png');
    writeFileSync(bad, 'no picture');
    const args = ['-i', bad, join(photos, 'a.png'), join(folder, 'none.png')];
    const { code, stdout, stderr } = await run([...args, '-o', join(folder, 'some/{name}.png')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/1 of 3 pictures in .*, 2 failed\n$/);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^framelane: .*bad\.png: not an image of a known format/),
      expect.stringMatching(/^framelane: .*none\.png: there is no such file/),
    ]);
    expect(readdirSync(join(folder, 'some'))).toEqual(['a.png']);
  });

  it.each([
    [['-i', 'none/*.jpg', '-o', '{name}.png'], 1, /^framelane: none\/\*\.jpg: matches no file\n/],
    [['-i', `${'x'}.png`, '-o', '{nam}.png'], 2, /received \{nam\} \(did you mean "name"\?\)/],
    [['-i', 'a.png', 'b.png', '-o', 'c.png'], 1, /a\.png and b\.png would both become it/],
    [['-i', '*.png', '-o', '{name}.webp', '-o', 'x.png'], 2, /--output: expected one picture/],
    [['-i', '*.png', '-o', '{name}.webp', '--crf', '3'], 2, /--crf: applies to videos only/],
    [['-i', 'a.mp4', 'b.mp4', '-o', '{name}.mp4'], 1, /expected an extension of \.jpg/],
  ])('%j is refused', async (args, exitCode, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toMatch(message);
  });

  it('outputs that exist are left alone, unless --overwrite', async () => {
    const args = ['-i', `${photos}/*.jpg`, '-o', join(folder, 'twice/{name}.png')];
    expect((await run(args)).code).toBe(0);
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/c\.png: already exists/);
    expect((await run([...args, '--overwrite'])).code).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s finishes what is under way, and tells',
    async (signal) => {
      const many = join(folder, signal);
      mkdirSync(many);
      const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
      const picture = sharp({
        create: { width: 400, height: 300, channels: 3, background: '#000', noise },
      });
      const bytes = await picture.png().toBuffer();
      for (let i = 0; i < 60; i++) writeFileSync(join(many, `${i}.png`), bytes);
      const out = join(many, 'out');
      const args = ['-i', `${many}/*.png`, '-o', join(out, '{name}.webp'), '--json'];
      let sent = false;
      const { code, stdout } = await run(args, {
        watch: (child, text) => {
          if (!sent && text.includes('"file"')) sent = child.kill(signal);
        },
      });
      expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(events(stdout).at(-1)).toMatchObject({ event: 'done', stopped: true, failed: 0 });
      const left = readdirSync(out);
      expect(left.length).toBeGreaterThan(0);
      expect(left.length).toBeLessThan(60);
      expect(left.every((name) => /^\d+\.webp$/.test(name))).toBe(true);
      for (const name of left) {
        expect(await imageInfo(join(out, name))).toMatchObject({ width: 400, height: 300 });
      }
    },
  );
});

describe('options of the output', () => {
  const noisy = join(folder, 'noisy.png');
  beforeAll(async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const create = { width: 64, height: 64, channels: 3, background: '#000', noise } as const;
    await sharp({ create }).toFile(noisy);
  });
  const bytes = (name: string) => readFileSync(join(folder, name));

  it.each([
    ['one', 'a.webp'],
    ['many', '{name}.webp'],
  ])('quality, lossless and effort of %s', async (kind, name) => {
    const path = `by-${kind}/${name}`;
    mkdirSync(join(folder, `by-${kind}`));
    const result = path.replace('{name}', 'noisy');
    const written = async (options: string) => {
      const args = ['-i', noisy, '-o', `${join(folder, path)}${options}`, '--overwrite'];
      expect((await run(args)).code).toBe(0);
      return bytes(result);
    };
    const [low, high] = [await written(',quality=5'), await written(',quality=95,effort=0')];
    expect(low.length).toBeLessThan(high.length / 2);
    const exact = await written(',lossless=true,effort=1');
    expect(exact.toString('latin1', 12, 16)).toMatch(/^VP8[LX]$/);
    expect(exact.includes('VP8L')).toBe(true);
    expect(high.includes('VP8L')).toBe(false);
  });

  it('depth, profile and background', async () => {
    const deep = join(folder, 'deep,1.png');
    expect((await run(['-i', noisy, '-o', `${deep},depth=16,icc=p3`])).code).toBe(0);
    const { depth, icc } = await imageInfo(deep);
    expect([depth, icc?.length]).toEqual([16, expect.any(Number)]);
    const clear = join(folder, 'clear.png');
    const nothing = { r: 0, g: 0, b: 0, alpha: 0 };
    await sharp({ create: { width: 8, height: 8, channels: 4, background: nothing } }).toFile(
      clear,
    );
    const flat = join(folder, 'flat.jpg');
    expect((await run(['-i', clear, '-o', `${flat},background=#fff`])).code).toBe(0);
    expect((await sharp(flat).stats()).channels.map(({ min }) => min)).toEqual([255, 255, 255]);
  });

  it.each([
    ['a.webp,quality=101', /quality: expected an integer from 1 to 100, received 101/],
    ['{name}.webp,quality=101', /quality: expected an integer from 1 to 100, received 101/],
    ['{name}.webp,quality=high', /quality: expected a number, received "high"/],
    ['{name}.webp,lossless=yes', /lossless: expected true or false, received "yes"/],
    ['{name}.webp,qualty=3', /received "qualty=3" \(did you mean "quality"\?\)/],
    ['{name}.webp,crf=3', /expected an output option as name=value, received "crf=3"/],
    ['{name}.jpg,lossless=true', /lossless: expected false for jpeg/],
  ])('%s is refused', async (output, message) => {
    const { code, stderr } = await run(['-i', noisy, '-o', join(folder, 'no', output)]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });
});

describe('one picture', () => {
  it('whose name looks like a pattern is that picture', async () => {
    const path = join(folder, 'x[1].png');
    await sharp(join(photos, 'a.png')).toFile(path);
    const { code, stdout } = await run(['-i', path, '-o', join(folder, 'one.png')]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/one\.png: done in/)]);
  });

  it('is not written over, by whatever name, even with --overwrite', async () => {
    const path = join(folder, 'mine.png');
    await sharp(join(photos, 'a.png')).toFile(path);
    linkSync(path, join(folder, 'linked.png'));
    const before = readFileSync(path);
    for (const output of [path, join(folder, 'linked.png'), join(photos, '../mine.png')]) {
      const { code, stderr } = await run(['-i', path, '-o', output, '--overwrite']);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/is a file that is read/)]);
    }
    expect(readFileSync(path)).toEqual(before);
  });

  it('becomes any format that is written, and no other', async () => {
    const path = join(photos, 'a.png');
    const gif = join(folder, 'still.gif');
    expect((await run(['-i', path, '-o', gif])).code).toBe(0);
    expect((await imageInfo(gif)).format).toBe('gif');
    for (const name of ['a.svg', 'a.mp4']) {
      const { code, stderr } = await run(['-i', path, '-o', join(folder, name)]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/one picture \(\.jpg, .*\.dib\)/)]);
    }
  });

  it('of 16 bits stays so', async () => {
    const path = join(folder, 'wide.png');
    const wide = sharp(join(photos, 'a.png')).toColourspace('rgb16').png();
    await wide.toFile(path);
    expect((await imageInfo(path)).depth).toBe(16);
    for (const [name, depth] of [
      ['w.tiff', 16],
      ['w.png', 16],
      ['w.jpg', 8],
    ] as const) {
      expect((await run(['-i', path, '-o', join(folder, name)])).code).toBe(0);
      expect((await imageInfo(join(folder, name))).depth).toBe(depth);
    }
  });
});
