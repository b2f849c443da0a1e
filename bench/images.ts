/** Loading and saving photos against sharp alone, and transfers of pixels to a device and back. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DeviceId,
  download,
  downloadAsync,
  Image,
  pinnedSamples,
  pipeline,
  runBatch,
  upload,
  uploadAsync,
} from 'framelane';
import sharp, { type Sharp } from 'sharp';
import { type Contender, interleave, round } from './statistics.ts';

export interface ImageBench {
  readonly device: DeviceId;
  readonly ffmpeg: string;
  readonly sample: string;
  readonly rounds: number;
}

export interface ImageResult {
  readonly name: string;
  /** Per image, with several in progress. */
  readonly milliseconds: number;
  readonly peers: Readonly<Record<string, { milliseconds: number; ourSpeedOverTheirs: number }>>;
}

export interface TransferResult {
  readonly name: string;
  readonly milliseconds: number;
}

const [width, height] = [4000, 3000];
const sigma = 4;
const saturation = 1.2;
const inOneRound = 12;
const inFlight = Math.min(availableParallelism(), 4) + 1;
const folder = join(tmpdir(), `framelane-bench-photos-${process.pid}`);

/** 12 megapixels of the sample with grain, like a camera's photo. */
function photoOf({ ffmpeg, sample }: ImageBench): string {
  const path = join(tmpdir(), 'framelane-bench-12mp.jpg');
  if (existsSync(path)) return path;
  const filter = `scale=${width}:${height}:flags=bicubic,noise=alls=6:allf=t`;
  const output = ['-frames:v', '1', '-vf', filter, '-pix_fmt', 'yuvj420p', '-q:v', '2', path];
  execFileSync(ffmpeg, ['-v', 'error', '-y', '-ss', '1', '-i', sample, ...output]);
  return path;
}

/** A folder with several names for the photo, because a batch processes each file once. */
function nameOften(photo: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'out'), { recursive: true });
  for (let i = 0; i < inOneRound; i++) symlinkSync(photo, join(folder, `${i}.jpg`));
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

/** The same concurrency as ours, with one thread each: on two cores the fastest setting of sharp. */
function sharpContender(name: string, edit: (picture: Sharp) => Sharp): Contender {
  const run = () => {
    const indices = Array.from({ length: inOneRound }, (_, i) => i).values();
    const work = async () => {
      for (const i of indices) {
        const picture = sharp(join(folder, `${i}.jpg`), { sequentialRead: true });
        await edit(picture)
          .jpeg({ quality: 90 })
          .toFile(join(folder, 'out', `${i}.jpg`));
      }
    };
    return secondsOf(() => Promise.all(Array.from({ length: inFlight }, work)));
  };
  return { name, run };
}

/** Saturation as in framelane: away from BT.601 luma. */
function saturationMatrix(factor: number): [Row, Row, Row] {
  const luma = [0.299, 0.587, 0.114];
  const row = (own: number) =>
    luma.map((weight, i) => weight * (1 - factor) + (i === own ? factor : 0)) as Row;
  return [row(0), row(1), row(2)];
}

type Row = [number, number, number];

async function benchPhotos(bench: ImageBench): Promise<ImageResult> {
  nameOften(photoOf(bench));
  sharp.concurrency(1);
  sharp.cache(false); // a batch reads no file twice
  const look = pipeline().gaussianBlur({ sigma }).saturation(saturation);
  const options = { device: bench.device, quality: 90, overwrite: true };
  const ours: Contender = {
    name: 'framelane',
    run: () =>
      secondsOf(async () => {
        const output = join(folder, 'out/{name}.jpg');
        const { failed } = await runBatch(look, join(folder, '*.jpg'), output, options).finished;
        if (failed > 0) throw new Error(`${failed} pictures failed`);
      }),
  };
  const peers = [
    sharpContender('sharp blur, modulate', (p) => p.blur(sigma).modulate({ saturation })),
    sharpContender('sharp blur, recomb', (p) => p.blur(sigma).recomb(saturationMatrix(saturation))),
    sharpContender('sharp decode and encode alone', (p) => p),
  ];
  const seconds = await interleave([ours, ...peers], bench.rounds);
  rmSync(folder, { recursive: true, force: true });
  const each = (name: string) => ((seconds.get(name) ?? Number.NaN) * 1000) / inOneRound;
  const mine = each(ours.name);
  return {
    name: '12 MP JPEG: blur sigma 4, saturation, JPEG 90',
    milliseconds: round(mine),
    peers: Object.fromEntries(
      peers.map(({ name }) => [
        name,
        { milliseconds: round(each(name)), ourSpeedOverTheirs: round(each(name) / mine, 3) },
      ]),
    ),
  };
}

/** 1080p bytes on the host to floats on the device and back: copy and conversion, synchronous and asynchronous. */
async function benchTransfers(device: DeviceId): Promise<TransferResult[]> {
  using image = new Image(1920, 1080, { device });
  const pinned = pinnedSamples(image, 'u8');
  const plain = new Uint8Array(pinned.length);
  const ways: Record<string, () => Promise<unknown>> = {
    'upload 1080p u8 to f32, pinned': async () => upload(image, pinned),
    'download 1080p f32 to u8, pinned': async () => download(image, { into: pinned }),
    'uploadAsync 1080p u8 to f32, pinned': () => uploadAsync(image, pinned),
    'uploadAsync 1080p u8 to f32': () => uploadAsync(image, plain),
    'downloadAsync 1080p f32 to u8, pinned': () => downloadAsync(image, { into: pinned }),
    'downloadAsync 1080p f32 to u8': () => downloadAsync(image, { into: plain }),
  };
  const contenders = Object.entries(ways).map(([name, work]) => ({
    name,
    run: () => secondsOf(work),
  }));
  await interleave(contenders, 20); // clocks and caches
  const seconds = await interleave(contenders, 200);
  return [...seconds].map(([name, value]) => ({ name, milliseconds: round(value * 1000, 3) }));
}

export async function benchImages(bench: ImageBench) {
  return { photos: await benchPhotos(bench), transfers: await benchTransfers(bench.device) };
}
