/** Sessions that are aborted at random moments leave nothing behind. FRAMELANE_SOAK=200 runs so many of each. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  FramelaneError,
  memoryUsage,
  pipeline,
  runSession,
  trimMemory,
  VideoReader,
  VideoWriter,
} from 'framelane';
import { expect, it } from 'vitest';
import { belongings } from '../helpers/belongings.ts';
import { makeRandom } from '../helpers/random.ts';
import { eventually, makeClip, processesNaming, temporaryFolder } from '../helpers/video.ts';

const count = Number(process.env['FRAMELANE_SOAK'] ?? 40);
const together = 8;
const folder = temporaryFolder();
const clip = makeClip(join(folder, 'in.mp4'), { size: '160x120', seconds: 4, audioAt: 0 });
const look = pipeline().brightness(0.1).gaussianBlur(2);

interface Work {
  readonly signal: AbortSignal;
  readonly output: string;
}

async function runOne({ signal, output }: Work): Promise<void> {
  await runSession(look, clip, output, { device: 'cpu', preset: 'ultrafast', signal }).finished;
}

async function readOne({ signal }: Work): Promise<void> {
  for await (const _ of await VideoReader.open(clip, { device: 'cpu', signal }));
}

async function writeOne({ signal, output }: Work): Promise<void> {
  await using reader = await VideoReader.open(clip, { device: 'cpu' });
  const { width, height, frameRate } = reader.info;
  const size = { width, height, frameRate, audioFrom: clip, preset: 'ultrafast' } as const;
  await using writer = await VideoWriter.open(output, { ...size, device: 'cpu', signal });
  for await (const image of reader) await writer.write(image);
  await writer.close();
}

it.each([
  ['sessions', runOne],
  ['readers', readOne],
  ['writers', writeOne],
] as const)(
  `${count} %s`,
  async (name, work) => {
    const random = makeRandom(name.length * 1000 + count);
    let ended = 0;
    const one = async (index: number): Promise<boolean> => {
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(index), random() * 300);
      const output = join(folder, `${name}-${index}.mp4`);
      try {
        await work({ signal: controller.signal, output });
        return false;
      } catch (error) {
        if (!(error instanceof FramelaneError)) throw error;
        expect(error).toMatchObject({ code: 'ERR_ABORTED', cause: index });
        expect(readdirSync(folder)).not.toContain(`${name}-${index}.mp4`);
        return true;
      } finally {
        clearTimeout(timer);
        ended++;
      }
    };
    const batch = async (from: number, size: number) =>
      (await Promise.all(Array.from({ length: size }, (_, i) => one(from + i)))).filter(Boolean);

    await batch(-together, together); // what is made once: thread pools, capabilities of FFmpeg
    await runOne({ signal: new AbortController().signal, output: join(folder, `${name}.mp4`) });
    trimMemory('cpu');
    const before = { ...belongings(), live: memoryUsage('cpu').host.live };
    let aborted = 0;
    for (let from = 0; from < count; from += together) {
      aborted += (await batch(from, Math.min(together, count - from))).length;
    }
    expect(ended).toBe(count + together);
    expect(aborted).toBeGreaterThan(count / 3);
    await eventually(() => processesNaming(folder).length === 0, 5000);
    await eventually(() => belongings().descriptors <= before.descriptors, 5000);
    await eventually(() => belongings().threads <= before.threads, 5000);
    await eventually(() => belongings().children <= before.children, 5000); // the last may not be reaped yet
    expect(readdirSync(folder).filter((file) => file.includes('partial'))).toEqual([]);
    expect(memoryUsage('cpu').host.live).toBe(before.live);
    trimMemory('cpu');
    expect(memoryUsage('cpu').host.pooled).toBe(0);
    expect(belongings().residentMiB - before.residentMiB).toBeLessThan(64);
  },
  20_000 + count * 500,
);
