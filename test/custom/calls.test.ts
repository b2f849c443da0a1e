/** Calls of defined operations on images: they wait and fuse as those of the built-in ones do. */
import { Adjust, defineOp, defineStencilOp, download, type Image, Stream } from 'framelane';
import { describe, expect } from 'vitest';
import { onEachDevice } from '../helpers/devices.ts';
import { bytes, counts, expectGray, gray } from '../helpers/pending.ts';

const number = { type: 'number' } as const;
const plus = defineOp({
  name: 'plusTint',
  primary: 'n',
  params: {
    n: { ...number, default: 0.25 },
    tint: { type: 'color', default: [1, 1, 1, 1] },
    mode: { type: 'enum', values: ['add', 'halve'], default: 'add' },
    on: { type: 'boolean', default: true },
  },
  pixel: `
    vec3 changed = mode == mode.add ? c.rgb + n * tint.rgb * tint.a : c.rgb * 0.5;
    if (on) c.rgb = changed;`,
});
const timesTwo = defineOp({ name: 'timesTwo', pixel: 'c.rgb *= 2.0' });
const right = defineStencilOp({
  name: 'rightOf',
  radius: 2,
  params: { n: number },
  pixel: 'c.rgb = at(2, 0).rgb + n',
});

describe('a call', () => {
  onEachDevice('waits, and is one pass with its neighbours', (device) => {
    using image = gray(0.25, device);
    const made = counts(() => {
      Adjust.brightness(image, 0.25);
      plus(image, 0.5);
      timesTwo(image);
      Adjust.contrast(image, 1);
      plus(image);
    });
    expect(made).toEqual({ recorded: 5, launched: 0, passes: 0, killed: 0 });
    const read = counts(() => expectGray(image, 2.25));
    expect(read).toMatchObject({ launched: 1, passes: 1 });
  });

  onEachDevice('passes every kind of option', (device) => {
    using image = gray(1, device);
    plus(image, { n: 2, tint: [0.5, 0.5, 0.5, 0.5] });
    expectGray(image, 1.5);
    plus(image, { mode: 'halve' });
    expectGray(image, 0.75);
    plus(image, 8, { on: false });
    expectGray(image, 0.75);
  });

  onEachDevice('of a stencil makes an image, or fills one', (device) => {
    using image = gray(0.5, device);
    using made = right(image, { n: 0.25 });
    expectGray(made, 0.75);
    using filled = gray(0, device);
    expect(right(made, { n: 0.25, dst: filled })).toBe(filled);
    expectGray(filled, 1);
    expectGray(image, 0.5);
  });

  onEachDevice('on bytes rounds after each', (device) => {
    using image = bytes(10, device);
    plus(image, 0.3 / 255);
    plus(image, 0.3 / 255);
    const samples = download(image) as unknown as Uint8Array;
    expect(samples[0]).toBe(10);
  });

  onEachDevice('runs on a stream', (device) => {
    using stream = new Stream({ device });
    using image = gray(0.5, device);
    plus(image, 0.25, { stream });
    expectGray(image as Image, 0.75);
  });
});
