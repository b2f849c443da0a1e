/** toneMap: answers of the standards, what any HDR to SDR mapping must keep, FFmpeg's zscale, and what auto means. */
import { Adjust, Image, isToneMapped, pipeline, prepareStages, upload } from 'framelane';
import { describe, expect, it } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { paint, pixelsFrom, samplesOf } from '../helpers/image.ts';
import { ffmpegFilter } from '../helpers/programs.ts';
import { imageFrom, pixelsIn } from '../helpers/run.ts';
import { pqSignal } from '../reference/tone-map.ts';

type Options = Parameters<typeof Adjust.toneMap>[1];

/** The results of greys, channel by channel. */
function greys(
  signals: readonly number[],
  options: Options,
  device: 'cpu' | `cuda:${number}` = 'cpu',
) {
  using image = new Image(signals.length, 1, { device });
  upload(image, Float32Array.from(signals.flatMap((v) => [v, v, v, 1])));
  Adjust.toneMap(image, options as never);
  return pixelsIn(image).data;
}

const steps = Array.from({ length: 1024 }, (_, i) => i / 1023);

// ST 2084 codes of 100, 203, 1000 and 10000 cd/m2 on displays that show them as they are.
onEachDevice('PQ signals are the light the standard says', (device) => {
  for (const [signal, nits, peak] of [
    [0.508078, 100, 1000],
    [0.580689, 203, 1000],
    [0.751827, 1000, 1000],
    [0.751827, 1000, 10000],
    [1, 10000, 10000],
    [0, 0, 1000],
  ] as const) {
    const [value] = greys([signal], { from: 'pq', sourcePeak: peak, targetPeak: peak }, device);
    expect(value, `${nits} cd/m2`).toBeCloseTo((nits / peak) ** (1 / 2.4), 4);
  }
});

// BT.2100: 0.5 is 1/12 of the scene's light, to the power of the system gamma of 1.2 for the display.
onEachDevice('HLG signals are the light the standard says', (device) => {
  const peaks = { from: 'hlg', sourcePeak: 1000, targetPeak: 1000 } as const;
  const [zero, , , , half, , , , one] = greys([0, 0.5, 1], peaks, device);
  expect(zero).toBe(0);
  expect(half).toBeCloseTo(Math.sqrt(1 / 12), 5);
  expect(one).toBeCloseTo(1, 5);
});

for (const from of ['pq', 'hlg'] as const) {
  onEachDevice(`${from}: greys stay grey, rise, and run from 0 to 1`, (device) => {
    const data = greys(steps, { from }, device);
    const colors = steps.map((_, i) => [...data.subarray(4 * i, 4 * i + 3)]);
    for (const [i, color] of colors.entries()) {
      expect(Math.max(...color) - Math.min(...color)).toBeLessThan(2e-6);
      const darker = Math.max(...(colors[i - 1] ?? [0]));
      expect(Math.max(...color)).toBeGreaterThanOrEqual(darker - 1e-5);
    }
    expect(data[0]).toBe(0);
    expect(data.at(-4)).toBeCloseTo(1, 4);
  });
}

it('what is brighter than the source peak is white', () => {
  const data = greys([pqSignal(1000), 0.9, 1], { from: 'pq' });
  for (const i of [0, 4, 8]) expect(data[i]).toBeCloseTo(1, 4);
});

it('light below the knee stays as it is', () => {
  for (const nits of [0.1, 1, 18, 50, 85]) {
    const [value] = greys([pqSignal(nits)], { from: 'pq' });
    expect((value as number) ** 2.4 * 203).toBeCloseTo(nits, 2);
  }
});

describe('against FFmpeg', () => {
  const size = { width: 32, height: 32 };
  // Colours of BT.709, below the knee in every channel.
  const dim = paint(size, (x, y) => {
    const level = 10 + 2 * y;
    const light = [level, level * (1 + x / 320), level * (1.1 - x / 160)] as const;
    return [pqSignal(light[0]), pqSignal(light[1]), pqSignal(light[2]), 1];
  });
  const bytes = samplesOf(dim, 'u8') as Uint8Array;
  const input = 'format=gbrp16le,zscale=tin=smpte2084:pin=bt2020:min=gbr:rin=full';

  it('below the knee it is zscale from PQ of BT.2020 to BT.709', () => {
    const filter = `${input}:t=bt709:p=bt709:m=gbr:r=full:npl=203,format=rgba`;
    const theirs = pixelsFrom(size, ffmpegFilter(bytes, size, filter));
    using image = imageFrom(pixelsFrom(size, bytes), 'f32', 'cpu');
    Adjust.toneMap(image, { from: 'pq' });
    const ours = pixelsIn(image).data;
    const errors = [...ours].map((v, i) => Math.abs(v - (theirs.data[i] as number)));
    expect(Math.max(...errors)).toBeLessThan(2.5 / 255);
  });

  it('highlights come out about as bright as with its tonemap', () => {
    const bright = paint(size, (x, y) => {
      const light = 5 * 1.2 ** ((x + y) / 2.2);
      return [pqSignal(light), pqSignal(light * 0.8), pqSignal(light * 0.6), 1];
    });
    const codes = samplesOf(bright, 'u8') as Uint8Array;
    const filter =
      `${input}:t=linear:p=bt709:m=gbr:r=full:npl=203,format=gbrpf32le,tonemap=mobius:peak=4.93:desat=0,` +
      'zscale=tin=linear:pin=bt709:min=gbr:rin=full:t=bt709:p=bt709:m=gbr:r=full,format=gbrp,format=rgba';
    const theirs = pixelsFrom(size, ffmpegFilter(codes, size, filter));
    using image = imageFrom(pixelsFrom(size, codes), 'f32', 'cpu');
    Adjust.toneMap(image, { from: 'pq' });
    const errors = [...pixelsIn(image).data].map((v, i) =>
      Math.abs(v - (theirs.data[i] as number)),
    );
    expect(Math.max(...errors)).toBeLessThan(0.15);
  });
});

describe('auto', () => {
  const mapped = pipeline().toneMap();
  const resolved = async (look: typeof mapped, transfer?: string) => {
    using prepared = await prepareStages(look, 'cpu', { transfer });
    return prepared.stages.map((stage) => stage['from']);
  };

  it('is what the source says, and nothing where that is SDR', async () => {
    expect(await resolved(mapped, 'smpte2084')).toEqual(['pq']);
    expect(await resolved(mapped, 'arib-std-b67')).toEqual(['hlg']);
    expect(await resolved(mapped, 'bt709')).toEqual([]);
    expect(await resolved(mapped.toneMap(), 'smpte2084')).toEqual(['pq']); // the second one gets SDR
    expect(await resolved(pipeline().toneMap({ from: 'hlg' }), 'bt709')).toEqual(['hlg']);
  });

  it('needs a source that says', async () => {
    await expect(resolved(mapped)).rejects.toMatchObject({
      code: 'ERR_INVALID_OPTION',
      path: 'stages[0].from',
      message: expect.stringMatching(/received an untagged one; set from to "pq" or "hlg"$/),
    });
    await expect(resolved(mapped, 'linear')).rejects.toThrow('received one tagged "linear"');
    const inBranch = pipeline().invert().blend(mapped);
    await expect(resolved(inBranch)).rejects.toMatchObject({
      path: 'stages[1].source.stages[0].from',
      message: expect.stringMatching(/^stages\[1\]\.source\.stages\[0\]\.from: /),
    });
    using image = new Image(1, 1, { device: 'cpu' });
    expect(errorOf(() => Adjust.toneMap(image)).code).toBe('ERR_INVALID_OPTION');
  });

  it('tells whether the result is SDR', () => {
    expect(isToneMapped(mapped.stages, { transfer: 'arib-std-b67' })).toBe(true);
    expect(isToneMapped(mapped.stages, { transfer: 'bt709' })).toBe(false);
    expect(isToneMapped(pipeline().invert().stages, {})).toBe(false);
    expect(isToneMapped(pipeline().toneMap({ from: 'pq' }).stages, {})).toBe(true);
  });
});
