/** Plans that are replaced while a native session runs: whole, at a frame's beginning, for every output at once. */
import { once } from 'node:events';
import { type DeviceId, ImageU8, memoryUsage, type Pipeline, pipeline } from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { connect, drain, type OutputRequest, planOf } from '../helpers/native-session.ts';
import { nutOf } from '../helpers/nut.ts';
import { ffmpeg } from '../helpers/programs.ts';
import { makeRandom } from '../helpers/random.ts';
import { eventually } from '../helpers/video.ts';

const gray = {
  format: 'gray8',
  width: 48,
  height: 32,
  matrix: 'bt709',
  range: 'full',
} as const;
const size = gray.width * gray.height;
const sourceOf = (frame: number) => frame % 251;
const nutFrames = (count: number) =>
  nutOf(
    Array.from({ length: count }, (_, i) => ({ time: 40 * i, value: sourceOf(i) })),
    gray,
  );

const tick = () => new Promise((resolve) => setImmediate(resolve));

function framesIn(nut: Buffer, frameSize: number, pixelFormat: string): Buffer[] {
  const raw = ['-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', pixelFormat, '-'];
  const bytes = ffmpeg(['-f', 'nut', '-i', 'pipe:0', ...raw], nut);
  return Array.from({ length: bytes.length / frameSize }, (_, i) =>
    bytes.subarray(i * frameSize, (i + 1) * frameSize),
  );
}

/** Each frame by a plan made for it alone, outside of any session. */
function expected(look: Pipeline, frame: number): Buffer {
  const plan = planOf({ shape: gray, outputs: [] }, { look });
  const result = Buffer.alloc(size);
  plan.run(Buffer.alloc(size, sourceOf(frame)), result);
  plan.free();
  return result;
}

describe('setPlans', () => {
  const deep = { format: 'gray16' } as const;
  const requests: readonly OutputRequest[] = [deep, deep, deep];
  /** The number of the generation in every pixel of every output, by plans that differ in all else. */
  const looks = (generation: number): Pipeline[] => {
    const value = generation / 65535;
    const painted = pipeline().fillColor([value, value, value]);
    const radius = 1 + (generation % 23);
    const smaller = { width: 20 + (generation % 5), height: 10 };
    return [
      painted,
      generation % 2 === 0 ? painted.gaussianBlur({ radius }) : painted.flip(),
      generation % 3 === 0
        ? painted.invert().invert()
        : painted.resize(smaller).resize({ width: gray.width, height: gray.height }),
    ];
  };
  const plansOf = (generation: number, device: DeviceId) =>
    looks(generation).map((look) =>
      planOf({ shape: gray, outputs: [], device }, { ...deep, look }),
    );

  onEachDevice('10,000 times gives every frame of all outputs one generation', async (device) => {
    const [sets, frames] = [10_000, 1500];
    const random = makeRandom(sets);
    const outputs = requests.map((request, i) => ({ ...request, look: looks(0)[i] as Pipeline }));
    const { handle, decoder, encoders } = connect({ shape: gray, outputs, device });
    const received = Promise.all(encoders.map(drain));
    const nut = nutFrames(frames);
    const running = handle.run();
    /** By the number of the frame from which on it holds. */
    const from: number[] = [0];
    let sent = 0;
    for (let generation = 1; generation <= sets; ) {
      for (let k = 1 + random() * 20; k > 0 && generation <= sets; k--, generation++) {
        const plans = plansOf(generation, device);
        from.push(handle.setPlans(plans));
        for (const plan of plans) plan.free();
      }
      const upTo = Math.floor((nut.length * generation) / sets);
      if (!decoder.write(nut.subarray(sent, upTo))) await once(decoder, 'drain');
      sent = upTo;
      await tick();
    }
    decoder.end(nut.subarray(sent));
    expect(await running).toBe(true);
    const shown = (await received).map((bytes) => framesIn(bytes, 2 * size, 'gray16le'));
    let generation = 0;
    let changes = 0;
    for (let frame = 0; frame < frames; frame++) {
      const before = generation;
      while ((from[generation + 1] ?? frames) <= frame) generation++;
      changes += Number(generation > before);
      const painted = Buffer.alloc(2 * size);
      for (let i = 0; i < size; i++) painted.writeUInt16LE(generation, 2 * i);
      for (const output of shown) {
        expect(output).toHaveLength(frames);
        if (output[frame]?.equals(painted)) continue;
        expect([...new Uint16Array(output[frame] as Buffer)], `frame ${frame}`).toEqual([
          ...new Uint16Array(painted),
        ]);
      }
    }
    expect(generation).toBeGreaterThan(sets / 2);
    expect(changes).toBeGreaterThan(100);
    decoder.destroy();
    await handle.close();
  });

  onEachDevice('takes an output from passing through to computing and back', async (device) => {
    const blurred = pipeline().gaussianBlur({ radius: 3 }).invert();
    const request = { shape: gray, outputs: [{}, { look: blurred }, {}], device };
    const { handle, decoder, encoders } = connect(request);
    const received = Promise.all(encoders.map(drain));
    const frames = 60;
    const nut = nutFrames(frames);
    const running = handle.run();
    const sets = [
      [pipeline(), pipeline(), pipeline()],
      [pipeline().invert(), pipeline(), pipeline().brightness(0.25)],
      [blurred, blurred, pipeline()],
      [pipeline(), pipeline(), pipeline()],
      [pipeline().brightness(-0.25), pipeline().flip(), pipeline().invert()],
    ];
    const from: number[] = [];
    for (const [at, looks] of sets.entries()) {
      from.push(handle.setPlans(looks.map((look) => planOf(request, { look }))));
      const share = (n: number) => Math.floor((nut.length * n) / sets.length);
      decoder.write(nut.subarray(share(at), share(at + 1)));
      await eventually(() => handle.stats().framesIn > ((at + 1) * frames) / sets.length - 3);
    }
    decoder.end();
    await running;
    const shown = (await received).map((bytes) => framesIn(bytes, size, 'gray'));
    expect(from[0]).toBe(0);
    expect(from.at(-1)).toBeGreaterThan(20);
    for (let frame = 0; frame < frames; frame++) {
      const at = from.findLastIndex((first) => first <= frame);
      for (const [i, output] of shown.entries()) {
        const alone = expected(sets[at]?.[i] as Pipeline, frame);
        const most = Math.max(
          ...alone.map((value, x) => Math.abs(value - (output[frame]?.[x] ?? 999))),
        );
        expect(most, `frame ${frame} of output ${i}`).toBeLessThanOrEqual(device === 'cpu' ? 0 : 1);
      }
    }
    decoder.destroy();
    await handle.close();
  });

  it('takes no memory in the long run', async () => {
    const { handle, decoder, encoders } = connect({ shape: gray, outputs: requests });
    for (const encoder of encoders) encoder.resume();
    const running = handle.run();
    const nut = nutFrames(400);
    decoder.write(nut);
    const change = (count: number) => {
      for (let generation = 0; generation < count; generation++) {
        const plans = plansOf(generation, 'cpu');
        handle.setPlans(plans);
        for (const plan of plans) plan.free();
      }
    };
    const usage = () => {
      const { device, host } = memoryUsage('cpu');
      return [device, host].map(({ live, allocations }) => ({ live, allocations }));
    };
    change(100);
    await tick();
    const before = usage();
    for (let round = 0; round < 20; round++) {
      change(100);
      await tick();
    }
    expect(usage()).toEqual(before);
    decoder.end();
    await running;
    decoder.destroy();
    await handle.close();
  });

  const other = (change: object, look = pipeline()) =>
    planOf({ shape: { ...gray, ...change }, outputs: [] }, { look });
  it.each<[string, () => unknown, string, RegExp]>([
    ['no list', () => ({}), 'ERR_INVALID_ARGUMENT', /^plans: expected an array/],
    [
      'one plan too few',
      () => [other({})],
      'ERR_INVALID_ARGUMENT',
      /^plans: expected 2, one for each output, received 1/,
    ],
    ['no plan', () => [other({}), {}], 'ERR_INVALID_ARGUMENT', /expected a plan/],
    [
      'another input',
      () => [other({ width: 50 }), other({})],
      'ERR_INVALID_ARGUMENT',
      /^plans\[0\]: expected input of gray8 48x32 bt709 full left, received gray8 50x32 bt709 full left/,
    ],
    [
      'another size',
      () => [other({}), other({}, pipeline().resize({ width: 8, height: 4 }))],
      'ERR_INVALID_ARGUMENT',
      /^plans\[1\]: expected output of gray8 48x32 .*, received gray8 8x4/,
    ],
    [
      'a plan that was freed',
      () => {
        const freed = other({});
        freed.free();
        return [freed, other({})];
      },
      'ERR_DISPOSED',
      /the plan has been freed/,
    ],
  ])('refuses %s and changes nothing', async (_name, plans, code, message) => {
    const outputs = [{ look: pipeline().invert() }, {}];
    const { handle, decoder, encoders } = connect({ shape: gray, outputs });
    const received = Promise.all(encoders.map(drain));
    const wrong = plans() as Parameters<typeof handle.setPlans>[0];
    expect(() => handle.setPlans(wrong)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
    decoder.end(nutFrames(3));
    await handle.run();
    const [inverted, same] = (await received).map((bytes) => framesIn(bytes, size, 'gray'));
    expect(same?.map((frame) => frame[0])).toEqual([0, 1, 2]);
    expect(inverted?.map((frame) => frame[0])).toEqual([255, 254, 253]);
    decoder.destroy();
    await handle.close();
  });

  it('holds before the start, and is refused once it is closed', async () => {
    const { handle, decoder, encoders } = connect({ shape: gray, outputs: [{}] });
    const plan = other({}, pipeline().invert());
    expect(handle.setPlans([plan])).toBe(0);
    const received = drain(encoders[0] as (typeof encoders)[0]);
    decoder.end(nutFrames(2));
    await handle.run();
    expect(framesIn(await received, size, 'gray').map((frame) => frame[0])).toEqual([255, 254]);
    expect(handle.setPlans([plan])).toBe(2); // a frame that does not come
    decoder.destroy();
    await handle.close();
    expect(() => handle.setPlans([plan])).toThrow(
      expect.objectContaining({ code: 'ERR_DISPOSED' }),
    );
  });

  it('may come at any point of an abort', async () => {
    const random = makeRandom(7);
    const nut = nutFrames(200);
    for (let round = 0; round < 20; round++) {
      const { handle, decoder, encoders } = connect({ shape: gray, outputs: [{}, {}] });
      encoders[0]?.resume(); // nobody reads the other
      const running = handle.run().catch((error: unknown) => error);
      decoder.write(nut.subarray(0, Math.floor(random() * nut.length)));
      await new Promise((resolve) => setTimeout(resolve, random() * 6));
      const change = () =>
        handle.setPlans([other({}, pipeline().invert()), other({}, pipeline().flip())]);
      if (random() < 0.5) change();
      handle.abort();
      for (let k = 0; k < 5; k++) change();
      expect(await running).toBe(false);
      for (const socket of [decoder, ...encoders]) socket.destroy();
      await handle.close();
    }
  });
});

describe('a plan that is freed', () => {
  it('is refused by all that asks it, and gives its picture back', async () => {
    const live = () => memoryUsage('cpu').device.live;
    const before = live();
    const picture = new ImageU8(32, 32, { device: 'cpu' });
    const plan = planOf(
      { shape: gray, outputs: [] },
      { look: pipeline().blend({ source: picture }) },
    );
    picture.free();
    expect(live()).toBeGreaterThan(before);
    plan.free();
    plan.free();
    expect(live()).toBe(before);
    const gone = expect.objectContaining({ code: 'ERR_DISPOSED' });
    expect(() => plan.output).toThrow(gone);
    expect(() => plan.describe()).toThrow(gone);
    expect(() => plan.run(Buffer.alloc(size), Buffer.alloc(size))).toThrow(gone);
  });
});
