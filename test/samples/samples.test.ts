/** Every sample runs, and leaves the file it promises. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipeline, probe, runSession } from 'framelane';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ffmpeg } from '../helpers/programs.ts';

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'framelane-samples-'));
const clip = join(folder, 'clip.mp4');
const frames = 15;

/** Runs a sample as if started with these arguments; the lines it printed. */
async function run(name: string, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line) => lines.push(String(line)));
  const argv = process.argv;
  process.argv = [argv[0] as string, name, ...args];
  try {
    await import(join(samples, name));
  } finally {
    process.argv = argv;
    log.mockRestore();
  }
  return lines.join('\n');
}

type Pixels = (x: number, y: number) => number[];

/** RGBA of a picture. */
async function pixelsOf(picture: string): Promise<Pixels> {
  const { data, info } = await sharp(picture)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return (x, y) => [...data.subarray(4 * (y * info.width + x), 4 * (y * info.width + x) + 4)];
}

/** The last of the frames, as FFmpeg sees it. */
async function lastFrame(video: string): Promise<Pixels> {
  const picture = `${video}.png`;
  const select = `select=eq(n\\,${frames - 1})`;
  ffmpeg(['-y', '-i', video, '-vf', select, '-frames:v', '1', picture]);
  return await pixelsOf(picture);
}

beforeAll(() => {
  const small = ['-vf', 'scale=320:180', '-frames:v', `${frames}`, '-c:a', 'copy', '-shortest'];
  ffmpeg(['-i', join(samples, 'media', 'clip.mp4'), ...small, clip]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('samples', () => {
  it('01-first-image makes a picture', async () => {
    const output = join(folder, 'first.png');
    expect(await run('01-first-image.ts', output)).toMatch(/^1280x720 on (cpu|cuda:0) -> /);
    const { width, height, channels } = await sharp(output).metadata();
    expect([width, height, channels]).toEqual([1280, 720, 4]);
    const { channels: stats } = await sharp(output).stats();
    expect(stats.every(({ stdev }, i) => i === 3 || stdev > 10)).toBe(true);
  });

  it.each(['02-video-loop.ts', '03-pipeline.ts', '08-titles.ts', '14-custom-op.ts'])(
    '%s makes a video of as many frames, with sound',
    async (name) => {
      const output = join(folder, `${name}.mp4`);
      expect(await run(name, clip, output)).toMatch(new RegExp(`^${frames} frames .* -> `, 'm'));
      const video = await probe(output);
      expect([video.width, video.height, video.frameCount]).toEqual([320, 180, frames]);
      expect(video.audio).toHaveLength(1);
    },
  );

  it.each(['04-memory-collected.ts', '05-memory-using.ts', '06-memory-manual.ts'])(
    '%s makes the same picture again and again',
    async (name) => {
      const output = join(folder, `${name}.jpg`);
      const input = join(folder, 'small.jpg');
      ffmpeg(['-y', '-i', clip, '-frames:v', '1', input]);
      expect(await run(name, input, output, '3')).toMatch(/^3 images, \d+ allocations, .* -> /);
      const { width, height } = await sharp(output).metadata();
      expect([width, height]).toEqual([320, 180]);
    },
  );

  it('07-gl-resource shows frames and reads the last one back', async () => {
    const output = join(folder, 'window.png');
    const frames = 48; // the red at the centre is at its brightest: sin(47 / 30) = 1
    expect(await run('07-gl-resource.ts', `${frames}`, 'headless', output)).toMatch(
      /^48 frames by headless, (shared|uploaded)$/,
    );
    const { width, height, channels } = await sharp(output).metadata();
    expect([width, height, channels]).toEqual([1280, 720, 4]);
    const pixel = await pixelsOf(output);
    expect(pixel(640, 360)).toEqual([255, 0, 0, 255]);
    expect(pixel(0, 0)).toEqual([0, 0, 255, 255]);
  });

  it('13-cuts finds where a scene ends', async () => {
    const film = join(folder, 'scenes.mp4');
    const scenes = '[0][1]concat';
    const source = (color: string) => ['-f', 'lavfi', '-i', `color=${color}:s=64x48:r=10:d=0.5`];
    ffmpeg(['-y', ...source('gray'), ...source('blue'), '-lavfi', scenes, film]);
    expect(await run('13-cuts.ts', film)).toBe('0.500 s: a cut\n10 frames, 1 cuts');
  });

  it('09-camera-mirror shows a source as a mirror does', async () => {
    const output = join(folder, 'mirror.png');
    const source = 'lavfi:color=blue:size=64x48:rate=25,drawbox=w=16:h=12:color=red:t=fill';
    expect(await run('09-camera-mirror.ts', source, '3', 'headless', output)).toMatch(
      /^3 frames by headless on (cpu|cuda:0)$/,
    );
    const pixel = await pixelsOf(output);
    for (const [x, y, rgb] of [
      [61, 2, [255, 0, 0]],
      [45, 2, [0, 0, 255]],
      [2, 2, [0, 0, 255]],
      [61, 30, [0, 0, 255]],
    ] as const) {
      rgb.forEach((value, i) => {
        expect(Math.abs((pixel(x, y)[i] as number) - value)).toBeLessThanOrEqual(3);
      });
    }
  });

  it('10-three-scene puts a scene over the video', async () => {
    const output = join(folder, 'scene.mp4');
    expect(await run('10-three-scene.ts', clip, output)).toMatch(/^15 frames on .* -> /);
    const video = await probe(output);
    expect([video.width, video.height, video.frameCount]).toEqual([320, 180, frames]);
    expect(video.audio).toHaveLength(1);
    const [plain, drawn] = await Promise.all([clip, output].map(lastFrame));
    const red = (pixel: Pixels, x: number, y: number) => pixel(x, y)[0] as number;
    const difference = (x: number, y: number) =>
      Math.abs(red(plain as Pixels, x, y) - red(drawn as Pixels, x, y));
    // A knot of radius 1 + 2 · 0.35 · 1 at distance 6, seen by 40°, leaves the sides as they are.
    for (let y = 8; y < 180; y += 16) {
      for (const x of [20, 40, 280, 300]) expect(difference(x, y)).toBeLessThan(24);
    }
    const orange = Array.from({ length: 180 * 320 }, (_, i) =>
      (drawn as Pixels)(i % 320, Math.floor(i / 320)),
    ).filter(([r = 0, g = 0, b = 0]) => r > 150 && r > 1.5 * g && b < 60);
    expect(orange.length).toBeGreaterThan(2000);
  });

  it('11-panels shows each look as a session writes it', async () => {
    const output = join(folder, 'panels.png');
    expect(await run('11-panels.ts', clip, '2', 'headless', output)).toMatch(
      /^2 frames of 4 panels by headless on (cpu|cuda:0)$/,
    );
    const sheet = await pixelsOf(output);
    const looks = [
      pipeline(),
      pipeline().saturation(0).contrast(1.2),
      pipeline().sepia().vignette(),
      pipeline().invert(),
    ];
    const { frameRate } = await probe(clip);
    const at = frameRate.den / frameRate.num; // of the second frame
    for (const [index, look] of looks.entries()) {
      const path = join(folder, `panel-${index}.png`);
      await runSession(look, clip, [{ path, at }]).finished;
      const expected = await pixelsOf(path);
      const [left, top] = [(index % 2) * 320, Math.floor(index / 2) * 180];
      const differences: number[] = [];
      for (let y = 0; y < 150; y++) {
        for (let x = 0; x < 320; x++) {
          const [a, b] = [sheet(left + x, top + y), expected(x, y)];
          differences.push(Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number)))));
        }
      }
      // Exact halves of a code may fall the other way after one more operation, the blend onto the sheet.
      expect(Math.max(...differences)).toBeLessThanOrEqual(1);
      expect(differences.filter((d) => d > 0).length).toBeLessThan(differences.length / 100);
    }
  });

  it('12-live-changes changes both outputs while they are written', async () => {
    const [output, small] = ['live.mp4', 'live-small.mp4'].map((name) => join(folder, name));
    const told = await run('12-live-changes.ts', clip, output as string, small as string);
    expect(told).toMatch(/^sepia from frame \d+$/m);
    expect(told).toMatch(/^15 frames, [1-9]\d* changes in \d+\.\d s -> /m);
    const videos = await Promise.all([output, small].map((path) => probe(path as string)));
    expect(videos.map(({ height, frameCount }) => [height, frameCount])).toEqual([
      [180, frames],
      [90, frames],
    ]);
    const plain = await lastFrame(clip);
    const [r = 0, g = 0, b = 0] = (await lastFrame(small as string))(80, 45);
    expect(r).toBeGreaterThan(b); // the sepia tone
    expect(g).toBeGreaterThan(b);
    expect((await lastFrame(output as string))(2, 2)).not.toEqual(plain(2, 2));
  });

  it('type-check against the package as it is published', () => {
    const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', samples, '--noEmit'], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  it.each(readdirSync(samples).filter((name) => name.endsWith('.ts')))(
    '%s is short and says what one learns',
    (name) => {
      const lines = readFileSync(join(samples, name), 'utf8').trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(80);
      expect(lines[0]).toMatch(/^\/\/ You learn: /);
    },
  );
});
