/** Saves a frame exactly as the pipeline made it. */
import { existsSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { Frame } from '../../image/frame.ts';
import { Image, ImageU8 } from '../../image/image.ts';
import { pixelFormatOf } from '../../image/pixel-formats.ts';
import { type SaveOptions, save } from '../../image/save.ts';
import { upload } from '../../image/transfer.ts';
import type { NativeShape } from '../../native/native.ts';
import { compileStages } from '../../plan.ts';

/** Whether samples have more than 8 bits. */
export function isDeep({ format }: Pick<NativeShape, 'format'>): boolean {
  return pixelFormatOf(format).bits > 8;
}

/** 16 bits per sample if the frame has more than 8. The frame is copied before this returns its promise. */
export async function saveFrame(frame: Frame, path: string): Promise<void> {
  const { width, height } = frame.shape;
  const deep = isDeep(frame.shape);
  const plan = compileStages([], frame.shape, {
    device: 'cpu',
    output: { format: deep ? 'rgbaf32' : 'rgba8' },
  });
  const count = 4 * width * height;
  const data = deep ? new Float32Array(count) : new Uint8Array(count);
  plan.run(frame.download(), data);
  await savePixels({ width, height, data }, path, { depth: deep ? 16 : 8, overwrite: false });
}

/** RGBA, top row first. */
export async function savePixels(
  pixels: {
    readonly width: number;
    readonly height: number;
    readonly data: Uint8Array | Float32Array;
  },
  path: string,
  options: SaveOptions = {},
): Promise<void> {
  const { width, height, data } = pixels;
  const kind = data instanceof Float32Array ? Image : ImageU8;
  using image = new kind(width, height, { device: 'cpu' });
  upload(image, data);
  await save(image, path, options);
}

/** A file name has at most 255 bytes; a filter graph as the source may be longer. */
const longestName = 100;

/** `clip-00m12.500s.png` in a folder, with a number added if that file exists. */
export function screenshotPath(folder: string, source: string, seconds: number): string {
  const name =
    parse(source)
      .name.replace(/[^\w.-]+/g, '_')
      .slice(0, longestName) || 'frame';
  const total = Math.round(seconds * 1000);
  const minutes = String(Math.floor(total / 60_000)).padStart(2, '0');
  const rest = ((total % 60_000) / 1000).toFixed(3).padStart(6, '0');
  const base = join(folder, `${name}-${minutes}m${rest}s`);
  let path = `${base}.png`;
  for (let count = 2; existsSync(path); count++) path = `${base}-${count}.png`;
  return path;
}
