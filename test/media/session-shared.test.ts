/** Stages that outputs have in common are run once a frame, and change nothing in what each of them gets. */
import { type Pipeline, pipeline } from 'framelane';
import { expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { decoded, type OutputRequest, runNative, shown } from '../helpers/native-session.ts';
import { makeRandom } from '../helpers/random.ts';
import { makeClip, temporaryFiles } from '../helpers/video.ts';

const shape = {
  format: 'yuv420p',
  width: 64,
  height: 48,
  matrix: 'bt709',
  range: 'limited',
} as const;
const frames = 12;
const { file } = temporaryFiles();
const nut = decoded(
  makeClip(file('clip.mkv'), { size: '64x48', seconds: frames / 25, output: ['-c:v', 'ffv1'] }),
);
const blurred = pipeline().vignette({ radius: 1 }).gaussianBlur(3);
const with_ = (...added: readonly Pipeline[]) => pipeline(added.flatMap(({ stages }) => stages));

onEachDevice('each output gets what it gets alone, in fewer passes', async (device) => {
  // With the passes that it takes alone, and those that are left to it here.
  const edges = pipeline().resize({ width: 32, height: 24 }).sobel();
  const rows: readonly (readonly [OutputRequest, number, number])[] = [
    [{ look: with_(blurred, pipeline().flip()) }, 3, 3], // vignette, blur, flip
    [{ look: pipeline() }, 0, 0],
    [{ look: with_(blurred, pipeline().resize({ width: 32, height: 24 })) }, 3, 1],
    [{ look: with_(blurred, pipeline().flip()) }, 3, 0],
    [{ look: with_(blurred, pipeline().flip()), format: 'yuv420p10' }, 3, 3], // by codes of 10 bits
    [{ look: with_(blurred, pipeline().flip()), format: 'yuv444p' }, 3, 3], // in RGBA
    [{ look: pipeline().gaussianBlur(3) }, 1, 1],
    [{ look: pipeline().gaussianBlur(4) }, 1, 1],
    [{ look: pipeline().gaussianBlur(3) }, 1, 0],
    [{ look: with_(edges, pipeline().invert()) }, 4, 4], // resize, to RGBA, sobel, invert
    [{ look: with_(edges, pipeline().sepia(1).gaussianBlur(2)) }, 5, 2],
  ];
  const outputs = rows.map(([output]) => output);
  const together = await runNative(nut, { shape, outputs, device });
  for (const [i, [output, passes]] of rows.entries()) {
    const alone = await runNative(nut, { shape, outputs: [output], device });
    expect(shown(together.outputs[i] as Buffer), `outputs[${i}]`).toEqual(
      shown(alone.outputs[0] as Buffer),
    );
    expect(alone.stats.passes, `outputs[${i}]`).toBe(frames * passes);
  }
  const left = rows.reduce((sum, [, , passes]) => sum + passes, 0);
  expect(together.stats.passes).toBe(frames * left);
});

onEachDevice('outputs that end before others leave them whole', async (device) => {
  const outputs: OutputRequest[] = [
    { look: with_(blurred, pipeline().flip()), maxFrames: 3 },
    { look: with_(blurred, pipeline().sepia(0.5)), start: 0.1 },
    { look: with_(blurred, pipeline().flip()) },
    { look: with_(blurred, pipeline().sepia(0.5)), start: 0.2, maxFrames: 2 },
  ];
  const together = await runNative(nut, { shape, outputs, device });
  for (const [i, output] of outputs.entries()) {
    const alone = await runNative(nut, { shape, outputs: [output], device });
    expect(shown(together.outputs[i] as Buffer), `outputs[${i}]`).toEqual(
      shown(alone.outputs[0] as Buffer),
    );
  }
});

it('random pipelines beside each other give what each gives alone', async () => {
  const random = makeRandom(5);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const parts = [
    pipeline().gaussianBlur(2),
    pipeline().brightness(0.1),
    pipeline().median(),
    pipeline().flip(),
    pipeline().vignette({ radius: 1 }),
    pipeline().blend(pipeline().gaussianBlur(1), { opacity: 0.5 }),
    pipeline().histogram(),
    pipeline().blend({ previous: 2 }, { opacity: 0.5 }),
    pipeline().sharpen(1),
  ];
  for (let round = 0; round < 25; round++) {
    const begin = Array.from({ length: 1 + random() * 3 }, () => pick(parts));
    const outputs = Array.from({ length: 4 }, (): OutputRequest => {
      const kept = begin.slice(0, Math.floor(random() * (begin.length + 1)));
      const added = Array.from({ length: random() * 3 }, () => pick(parts));
      return { look: with_(...kept, ...added), format: pick(['yuv420p', 'yuv444p']) };
    });
    const together = await runNative(nut, { shape, outputs });
    for (const [i, output] of outputs.entries()) {
      const alone = await runNative(nut, { shape, outputs: [output] });
      const text = `round ${round}, outputs[${i}] of ${JSON.stringify(outputs)}`;
      expect(shown(together.outputs[i] as Buffer), text).toEqual(shown(alone.outputs[0] as Buffer));
    }
  }
});
