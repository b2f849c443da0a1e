/** Every sample runs, and leaves the file it promises. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probe } from 'framelane';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ffmpeg } from './helpers/programs.ts';

const samples = fileURLToPath(new URL('../samples/', import.meta.url));
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

  it.each(['02-video-loop.ts', '03-pipeline.ts', '08-titles.ts'])(
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
    const { data, info } = await sharp(output).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([1280, 720, 4]);
    const pixel = (x: number, y: number) => [...data.subarray(4 * (y * 1280 + x)).subarray(0, 4)];
    expect(pixel(640, 360)).toEqual([255, 0, 0, 255]);
    expect(pixel(0, 0)).toEqual([0, 0, 255, 255]);
  });

  it('type-check against the package as it is published', () => {
    const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', samples, '--noEmit'], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
  });

  it.each(readdirSync(samples).filter((name) => name.endsWith('.ts')))(
    '%s is short and says what one learns',
    (name) => {
      const lines = readFileSync(join(samples, name), 'utf8').trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(40);
      expect(lines[0]).toMatch(/^\/\/ You learn: /);
    },
  );
});
