/** Calls of the immediate API wait: what they may wait for, what makes them run, and that nobody can tell. */
import {
  Adjust,
  apply,
  Blend,
  compilePlan,
  convertFloatToU8,
  convertU8ToFloat,
  copy,
  download,
  Fill,
  Filter,
  Image,
  pipeline,
  setMemoryBudget,
  Transform,
  upload,
} from 'framelane';
import { beforeEach, describe, expect, it } from 'vitest';
import { addon } from '../../src/native/binding.ts';
import { deviceIds, onEachDevice, requireDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { bytes, counts, expectGray, gray, pending } from '../helpers/pending.ts';

beforeEach(() => addon().immediatePolicy({ mode: 'deferred' }));

describe('a chain', () => {
  onEachDevice('is one pass of calls in place', (device) => {
    const image = gray(0.25, device);
    const recorded = counts(() => {
      Adjust.brightness(image, 0.25);
      Filter.invert(image);
      Adjust.brightness(image, -0.25);
    });
    expect(recorded).toEqual({ recorded: 3, launched: 0, passes: 0, killed: 0 });
    expect(counts(() => expectGray(image, 0.25))).toMatchObject({ launched: 1, passes: 1 });
  });

  onEachDevice('stores one value in two images', (device) => {
    const [bytesIn, floats] = [bytes(51, device), new Image(6, 5, { device })];
    convertU8ToFloat(floats, bytesIn);
    Filter.invert(floats);
    convertFloatToU8(bytesIn, floats);
    expect(counts(() => expectGray(bytesIn, 204))).toMatchObject({ launched: 1, passes: 1 });
    expect(download(floats)[0]).toBeCloseTo(0.8, 6);
  });

  onEachDevice('drops the floats of a loop that reads only bytes', (device) => {
    const [image, floats] = [bytes(10, device), new Image(6, 5, { device })];
    const turn = () => {
      convertU8ToFloat(floats, image);
      for (const factor of [0.25, 0.5, -0.25, -0.5]) Adjust.brightness(floats, factor);
      Filter.invert(floats);
      convertFloatToU8(image, floats);
    };
    turn();
    for (let i = 0; i < 3; i++) {
      expect(counts(turn)).toEqual({ recorded: 7, launched: 1, passes: 1, killed: 1 });
    }
    expectGray(image, 10); // inverted four times
  });

  onEachDevice('rounds between operations on bytes', (device) => {
    const image = bytes(10, device);
    const floats = new Image(6, 5, { device });
    // 10.4 is 10 again; unrounded it would be 11.2 after the third.
    for (let i = 0; i < 3; i++) Adjust.brightness(image, 0.4 / 255);
    convertU8ToFloat(floats, image);
    expect(counts(() => expectGray(image, 10))).toMatchObject({ launched: 1 });
    expectGray(floats, Math.fround(10 * Math.fround(1 / 255)));
  });

  onEachDevice('rounds what is beyond bytes as a store does', (device) => {
    const [image, floats] = [bytes(200, device), new Image(6, 5, { device })];
    Adjust.brightness(image, 10);
    convertU8ToFloat(floats, image);
    expectGray(floats, 1);
    Adjust.brightness(image, -10);
    Adjust.brightness(image, 51 / 255);
    expectGray(image, 51);
  });
});

describe('a call', () => {
  onEachDevice('runs what its operand waits for', (device) => {
    const [base, over] = [gray(0, device), pending(0.25, device)];
    expect(counts(() => Blend.normal(base, over))).toMatchObject({ recorded: 1, launched: 1 });
    expectGray(base, 0.5);
  });

  onEachDevice('blends an image with itself', (device) => {
    const image = pending(0, device);
    expect(counts(() => Blend.add(image, image))).toMatchObject({ recorded: 0, launched: 1 });
    expectGray(image, 0.5);
  });

  onEachDevice('drops a store that it covers', (device) => {
    const [image, other] = [pending(0, device), gray(0.75, device)];
    expect(counts(() => copy(image, other))).toMatchObject({ killed: 1, launched: 0 });
    expectGray(image, 0.75);
  });

  onEachDevice('keeps a store that it covers in part', (device) => {
    const [image, small] = [pending(0, device), new Image(2, 2, { device })];
    Fill.color(small, [0.75, 0.75, 0.75, 1]);
    expect(counts(() => copy(image, small))).toMatchObject({ killed: 0, launched: 1 });
    expectGray(image, 0.75);
    image.resize(6, 5);
    expect(download(image).at(-2)).toBe(0.25);
  });

  onEachDevice('runs who reads what it overwrites', (device) => {
    const [image, before, base] = [
      gray(0.25, device),
      new Image(6, 5, { device }),
      gray(0, device),
    ];
    copy(before, image);
    Blend.normal(base, image);
    expect(counts(() => Adjust.brightness(image, 0.5))).toMatchObject({ launched: 2, killed: 0 });
    expectGray(before, 0.25);
    expectGray(base, 0.25);
    expectGray(image, 0.75);
  });

  onEachDevice('does not write over what its chain cuts out of', (device) => {
    const [image, part] = [gray(0.25, device), new Image(6, 5, { device })];
    Transform.crop(image, { x: 1, y: 1, width: 4, height: 4, dst: part });
    Adjust.brightness(part, 0.25);
    expect(counts(() => copy(image, part))).toMatchObject({ launched: 1 });
    expectGray(image, 0.5);
    expectGray(part, 0.5);
  });

  onEachDevice('does not write over what its chain blends', (device) => {
    const [base, sum, over] = [gray(0.25, device), new Image(6, 5, { device }), gray(0.5, device)];
    copy(sum, base);
    Blend.add(sum, over);
    expect(counts(() => copy(over, sum))).toMatchObject({ launched: 1 });
    expectGray(over, 0.75);
    expectGray(sum, 0.75);
  });

  onEachDevice('in place leaves the other image of a chain its value', (device) => {
    const [image, other] = [pending(0, device), new Image(6, 5, { device })];
    copy(other, image);
    expect(counts(() => Adjust.brightness(image, 0.5))).toMatchObject({ launched: 1, passes: 1 });
    expectGray(other, 0.25);
    expectGray(image, 0.75);
  });

  onEachDevice('that fills needs nothing from before', (device) => {
    const image = pending(0, device);
    expect(counts(() => Fill.color(image, [0.5, 0.5, 0.5, 1]))).toMatchObject({ killed: 1 });
    expect(counts(() => expectGray(image, 0.5))).toMatchObject({ launched: 1, passes: 1 });
  });

  onEachDevice('that fills at once takes no memory', (device) => {
    const image = new Image(512, 512, { device });
    addon().immediatePolicy({ mode: 'eager' });
    setMemoryBudget({ device: 1 }, device);
    try {
      Fill.color(image, [0.5, 0.5, 0.5, 1]);
      Fill.gradient(image, { from: [0.5, 0.5, 0.5, 1], to: [0.5, 0.5, 0.5, 1] });
    } finally {
      setMemoryBudget({ device: 0 }, device);
    }
    expectGray(image, 0.5);
  });

  onEachDevice('that shows an image elsewhere starts anew, and goes on', (device) => {
    const image = pending(0, device);
    let mirrored = image;
    expect(
      counts(() => {
        mirrored = Transform.flip(image);
        Adjust.brightness(mirrored, 0.25);
      }),
    ).toMatchObject({ recorded: 2, launched: 1 });
    expect(counts(() => expectGray(mirrored, 0.5))).toMatchObject({ launched: 1, passes: 1 });
  });

  onEachDevice('of a pipeline goes on with what waits', (device) => {
    const image = pending(0, device);
    expect(
      counts(() => apply(pipeline().brightness(0.25).invert(), image, { dst: image })),
    ).toMatchObject({ recorded: 1, launched: 0 });
    expect(counts(() => expectGray(image, 0.5))).toMatchObject({ launched: 1, passes: 1 });
    const soft = pending(0, device);
    apply(pipeline().brightness(0.25).gaussianBlur(1), soft, { dst: soft });
    expect(counts(() => download(soft))).toMatchObject({ launched: 0 });
    expect(download(soft)[0]).toBeCloseTo(0.5, 6);
  });

  onEachDevice('that needs neighbours runs now, and who reads its destination before', (device) => {
    const [image, dst, old] = [pending(0, device), gray(0.75, device), new Image(6, 5, { device })];
    copy(old, dst);
    expect(counts(() => Filter.gaussianBlur(image, { radius: 1, dst }))).toMatchObject({
      recorded: 0,
      launched: 2,
    });
    expectGray(old, 0.75);
    expect(download(dst)[0]).toBeCloseTo(0.25, 6);
  });

  onEachDevice('lends temp only where it needs it', (device) => {
    const [image, dst] = [gray(0, device), new Image(6, 5, { device })];
    const [temp, old] = [pending(0.25, device), new Image(6, 5, { device })];
    const points = pipeline().brightness(0.25);
    expect(counts(() => apply(points, image, { dst, temp }))).toMatchObject({
      launched: 0,
      killed: 0,
    });
    expectGray(temp, 0.5);
    copy(old, temp);
    // The alpha of 1/2 keeps the colours from moving past the filter, so that there are three passes and frames between.
    const passes = pipeline().opacity(0.5).gaussianBlur(1).opacity(2);
    apply(passes, image, { dst, temp });
    expectGray(old, 0.5);
  });

  onEachDevice('refuses a temp that it works on', (device) => {
    const [image, over] = [pending(0, device), gray(0, device)];
    const refused = (temp: Image) =>
      errorOf(() => apply(pipeline().blend({ source: over }), image, { dst: image, temp }));
    for (const temp of [image, over]) {
      expect(refused(temp)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
    expectGray(image, 0.25);
  });

  onEachDevice('that rounds to bytes ends a chain, which runs at the next one', (device) => {
    const [image, floats, other] = [bytes(0, device), pending(0.25, device), gray(0, device)];
    expect(counts(() => convertFloatToU8(image, floats))).toMatchObject({ launched: 0 });
    expect(counts(() => Adjust.brightness(other, 0.25))).toMatchObject({ launched: 1 });
    expectGray(image, 128);
    expectGray(floats, 0.5);
  });

  onEachDevice('reads rounded bytes back rounded', (device) => {
    const [image, floats, back] = [
      bytes(0, device),
      gray(0.3, device),
      new Image(6, 5, { device }),
    ];
    convertFloatToU8(image, floats);
    expect(counts(() => convertU8ToFloat(back, image))).toMatchObject({ launched: 1 });
    expectGray(back, Math.fround(77 * Math.fround(1 / 255)));
  });

  onEachDevice('on an image of a plan runs now', (device) => {
    const over = gray(0.25, device);
    const shape = { format: 'rgba8', width: 6, height: 5 } as const;
    const plan = compilePlan(pipeline().blend({ source: over }), shape, { device });
    Adjust.brightness(over, 0.35);
    const output = new Uint8Array(6 * 5 * 4);
    plan.run(new Uint8Array(6 * 5 * 4), output);
    expect(output[0]).toBe(153);
  });
});

describe('an image', () => {
  onEachDevice('that is freed drops its store', (device) => {
    const image = pending(0, device);
    expect(counts(() => image.free())).toMatchObject({ launched: 0, killed: 1 });
  });

  onEachDevice('that is freed is read before', (device) => {
    const [image, other] = [gray(0.25, device), new Image(6, 5, { device })];
    copy(other, image);
    expect(counts(() => image.free())).toMatchObject({ launched: 1, killed: 0 });
    expectGray(other, 0.25);
  });

  onEachDevice('that shrinks has been stored whole', (device) => {
    const image = pending(0, device);
    expect(counts(() => image.resize(6, 5))).toMatchObject({ launched: 0 });
    expect(counts(() => image.resize(1, 1))).toMatchObject({ launched: 1 });
    image.resize(6, 5);
    expectGray(image, 0.25);
  });

  onEachDevice('that shrinks was read whole', (device) => {
    const [image, other, base] = [gray(0.25, device), new Image(6, 5, { device }), gray(0, device)];
    copy(other, image);
    Blend.normal(base, image);
    image.resize(1, 1);
    expectGray(other, 0.25);
    expectGray(base, 0.25);
  });

  onEachDevice('that is written in part has been stored before', (device) => {
    const image = pending(0, device);
    const region = { x: 0, y: 0, width: 1, height: 1 };
    const one = Float32Array.of(0.75, 0.75, 0.75, 1);
    expect(counts(() => upload(image, one, { region }))).toMatchObject({ launched: 1, killed: 0 });
    expect([download(image)[0], download(image)[4]]).toEqual([0.75, 0.25]);
  });

  it('whose memory JavaScript has never waits', () => {
    const image = pending(0, 'cpu');
    const memory = image.asPinned();
    expect(memory[0]).toBe(0.25);
    Adjust.brightness(image, 0.25);
    expect(memory[0]).toBe(0.5);
    const other = new Image(6, 5, { device: 'cpu' });
    expect(counts(() => copy(other, image))).toMatchObject({ launched: 1 });
  });

  for (const device of deviceIds.filter((id) => id !== 'cpu')) {
    it(`of another device is refused at the call on ${device}`, (context) => {
      requireDevice(context, device);
      const [image, over] = [pending(0, 'cpu'), gray(0, device)];
      expect(errorOf(() => Blend.normal(image, over)).code).toBe('ERR_DEVICE_MISMATCH');
      expectGray(image, 0.25);
    });
  }
});
