/** Image files by other programs, and what they hold. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ffmpeg } from './programs.ts';
import { makeRandom } from './random.ts';

/** A folder that is gone after the test file. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `framelane-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Noise {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bits: 8 | 16;
  /** Interleaved codes. */
  readonly codes: Uint8Array | Uint16Array;
}

/** Codes over their whole range. */
export function noise(width: number, height: number, channels: number, bits: 8 | 16 = 8): Noise {
  const random = makeRandom(width * 31 + height * 7 + channels * 3 + bits);
  const make = (_: unknown, i: number) =>
    i < 4 ? (i % 2) * (2 ** bits - 1) : Math.floor(random() * 2 ** bits);
  const length = width * height * channels;
  const codes = bits === 8 ? Uint8Array.from({ length }, make) : Uint16Array.from({ length }, make);
  return { width, height, channels, bits, codes };
}

/** The same as RGBA: grey three times, alpha opaque where there is none. */
export function rgbaOf({ channels, bits, codes }: Noise): number[] {
  const opaque = 2 ** bits - 1;
  return Array.from({ length: (codes.length / channels) * 4 }, (_, i) => {
    const [pixel, c] = [(i >> 2) * channels, i & 3];
    if (c === 3) return channels % 2 === 0 ? (codes[pixel + channels - 1] as number) : opaque;
    return codes[pixel + (channels < 3 ? 0 : c)] as number;
  });
}

const bytesOf = (codes: Uint8Array | Uint16Array) =>
  new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength);

/** A file that FFmpeg makes of raw pixels, which are in the pixel format `from`. */
export function ffmpegFile(
  { width, height, codes }: Noise,
  from: string,
  args: readonly string[],
): Buffer {
  const raw = ['-f', 'rawvideo', '-pix_fmt', from, '-video_size', `${width}x${height}`];
  const out = ['-frames:v', '1', ...args, '-f', 'image2pipe', 'pipe:1'];
  return ffmpeg([...raw, '-i', 'pipe:0', ...out], bytesOf(codes));
}

/** What FFmpeg decodes a file to. */
export function ffmpegPixels(path: string, pixelFormat: string, ...filters: string[]): Buffer {
  const filter = filters.length ? ['-vf', filters.join()] : [];
  return ffmpeg(['-i', path, ...filter, '-f', 'rawvideo', '-pix_fmt', pixelFormat, 'pipe:1']);
}

/** Peak signal to noise ratio in decibels of 8-bit codes; infinite when they are equal. */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / a.length));
}
