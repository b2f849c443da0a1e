/** How each export that knows images shows, or overwrites, pixels whose write still waits: images, plans, `apply`. */
import {
  Adjust,
  type AnyImage,
  compilePlan,
  copy,
  type DeviceId,
  Fill,
  Filter,
  type Image,
  pipeline,
  Transform,
} from 'framelane';
import { expect } from 'vitest';
import { addon } from '../../../src/native/binding.ts';
import { newImage } from '../run.ts';
import {
  all,
  before,
  expectAll,
  filled,
  handleOf,
  inverted,
  other,
  overwriting,
  pending,
  pixels,
  shape,
  size,
  write,
  written,
} from './pending.ts';

export type Row = (device: DeviceId) => unknown;
export type Rows = Readonly<Record<string, Row | string>>;

export const elements = ['f32', 'u8'] as const;

/** For images of both kinds. */
export const each =
  (check: (element: 'f32' | 'u8', device: DeviceId) => unknown) => async (device: DeviceId) => {
    for (const element of elements) await check(element, device);
  };

/** A call that only settles what waits: the pixels stay what was written. */
const settles = (call: (device: DeviceId) => void) =>
  each((element, device) => {
    using image = pending(element, device);
    call(device);
    expectAll(image, written);
  });

const laidOver = (source: AnyImage) => pipeline().blend(source);
const planWith = (source: AnyImage) =>
  compilePlan(laidOver(source), shape, { device: source.device });

function runPlan(plan: { run(input: Uint8Array, output: Uint8Array): void }): Uint8Array {
  const output = new Uint8Array(4 * pixels);
  plan.run(all(before), output);
  return output;
}

const blendStage = (source: AnyImage) => ({
  op: 'blend',
  source: handleOf(source),
  mode: 'normal',
  anchor: 'topLeft',
  offsetX: 0,
  offsetY: 0,
  opacity: 1,
});

const tableStage = (table: AnyImage) => ({
  op: 'lut3d',
  lut: {
    table: handleOf(table),
    dimensions: 1,
    size: 2,
    domainMin: [0, 0, 0],
    domainMax: [1, 1, 1],
  },
  interpolation: 'tetrahedral',
  strength: 1,
});

/** A call that copies an image into another of either kind. */
export const copies = (copyInto: (target: AnyImage, source: AnyImage) => void) =>
  each(async (element, device) => {
    for (const kind of elements) {
      using source = pending(kind, device);
      using target = filled(element, device);
      copyInto(target, source);
      Filter.invert(source);
      expectAll(target, written, 'the copy');
      expectAll(source, inverted, 'the source');
      using full = filled(kind, device, other);
      await overwriting(target, () => copyInto(target, full), other);
    }
  });

/** A call that frees an image which others have read, or been laid over with. */
export const frees = (free: (image: AnyImage) => void) =>
  each((element, device) => {
    const source = pending(element, device);
    using target = newImage(size, element, device);
    const operand = pending(element, device);
    using base = filled(element, device);
    copy(target, source);
    addon().apply([blendStage(operand)], handleOf(base), handleOf(base), null);
    free(source);
    free(operand);
    using next = filled(element, device, other); // may get the memory that was freed
    expectAll(target, written, 'what was read from it');
    expectAll(base, written, 'what it was laid over');
    expectAll(next, other, 'the next image');
  });

export const functionRows: Rows = {
  initialize: 'hands over the error class',
  manifest: 'lists operations',
  devices: 'lists devices',
  outputSize: 'computes with sizes',
  specialised: 'counts programs',
  specialisedPrograms: 'texts',
  hostMemory: 'memory of its own',
  memoryUsage: settles((device) => addon().memoryUsage(device)),
  setMemoryBudget: settles((device) => addon().setMemoryBudget(device, 'device', 0)),
  trimMemory: settles((device) => addon().trimMemory(device)),
  synchronize: settles((device) => addon().synchronize(device)),
  measure: each((element, device) => {
    using image = pending(element, device);
    const result = addon().measure({ op: 'statistics' }, handleOf(image));
    const { r, g } = result as { r: { mean: number }; g: { mean: number } };
    expect(r.mean).toBeCloseTo(written[0] / 255, 6);
    expect(g.mean).toBeCloseTo(written[1] / 255, 6);
    expectAll(image, written);
  }),
  apply: each(async (element, device) => {
    const apply = (stage: { op: string }, from: AnyImage, to: AnyImage, temp?: AnyImage) =>
      addon().apply([stage], handleOf(from), handleOf(to), temp ? handleOf(temp) : null);
    const blur = { op: 'gaussianBlur', radius: 2 };
    using source = pending(element, device);
    using target = newImage(size, element, device);
    apply({ op: 'invert' }, source, target);
    expectAll(target, inverted, 'of a source');
    expectAll(source, written, 'the source');
    for (const kind of elements) {
      using operand = pending(kind, device);
      using base = filled(element, device);
      apply(blendStage(operand), base, base);
      expectAll(base, written, 'of an operand');
    }
    using table = pending('f32', device);
    using looked = filled(element, device);
    apply(tableStage(table), looked, looked);
    expectAll(looked, written, 'of a table');
    using full = filled(element, device, other);
    for (const stage of [{ op: 'invert' }, blur]) {
      using blank = filled(element, device, stage === blur ? other : [54, 248, 156, 255]);
      await overwriting(target, () => apply(stage, blank, target), other);
    }
    using reader = newImage(size, element, device);
    using temp = pending(element, device);
    copy(reader, temp);
    apply(blur, full, target, temp);
    expectAll(reader, written, 'who read what lent its memory');
    expectAll(target, other, 'with memory that was lent');
  }),
};

export const imageRows: Rows = {
  'ImageHandle.constructor': 'an image by its number',
  ...Object.fromEntries(
    ['width', 'height', 'capacity', 'byteLength'].map((name) => [
      `ImageHandle.${name}`,
      each((element, device) => {
        using source = pending(element, device);
        using target = newImage(size, element, device);
        Transform.crop(source as Image, { x: 1, y: 1, width: 3, height: 2, dst: target as Image });
        const { width, height, capacity, byteLength } = handleOf(target);
        const bytes = 6 * (element === 'f32' ? 16 : 4);
        expect([width, height, capacity, byteLength]).toEqual([3, 2, pixels, bytes]);
        expectAll(target, written);
      }),
    ]),
  ),
  'ImageHandle.resize': each((element, device) => {
    using image = pending(element, device);
    using reader = newImage(size, element, device);
    copy(reader, image);
    Adjust.brightness(image, 0);
    handleOf(image).resize(2, 3);
    expectAll(image, written, 'the first pixels');
    handleOf(image).resize(size.width, size.height);
    expectAll(image, written, 'all pixels');
    expectAll(reader, written, 'who read it before');
    expect(reader.width).toBe(size.width);
  }),
  'ImageHandle.upload': each(async (element, device) => {
    using image = filled(element, device);
    await overwriting(image, () => handleOf(image).upload(all(other)), other);
  }),
  'ImageHandle.uploadAsync': each(async (element, device) => {
    using image = filled(element, device);
    await overwriting(image, () => handleOf(image).uploadAsync(all(other)), other);
  }),
  'ImageHandle.download': each((element, device) => {
    using image = pending(element, device);
    const bytes = new Uint8Array(4 * pixels);
    handleOf(image).download(bytes);
    expect(bytes).toEqual(all(written));
    const floats = new Float32Array(4 * pixels);
    write(image);
    handleOf(image).download(floats);
    expect(floats[1]).toBeCloseTo(179 / 255, 6);
  }),
  'ImageHandle.downloadAsync': each(async (element, device) => {
    using image = pending(element, device);
    expect(await handleOf(image).downloadAsync(new Uint8Array(4 * pixels))).toEqual(all(written));
  }),
  'ImageHandle.copyRegion': each((element, device) => {
    using source = pending(element, device);
    using target = filled(element, device);
    Fill.color(target, [0, 0, 0, 1]);
    handleOf(target).copyRegion(handleOf(source), 1, 1, 0, 0, size.width - 1, 1);
    const bytes = new Uint8Array(4 * pixels);
    handleOf(target).download(bytes);
    const row = [...all(written, size.width - 1), 0, 0, 0, 255];
    expect([...bytes.subarray(0, 4 * size.width)], 'what was copied').toEqual(row);
    expect([...bytes.subarray(4 * size.width, 4 * size.width + 4)], 'the rest').toEqual([
      0, 0, 0, 255,
    ]);
    expectAll(source, written, 'the source');
  }),
  'ImageHandle.memory': each((element, device) => {
    using image = pending(element, device);
    const memory = handleOf(image).memory();
    if (memory === null) return expect(device).not.toBe('cpu');
    const shown = () =>
      element === 'u8'
        ? new Uint8Array(memory)[1]
        : Math.round(255 * (new Float32Array(memory)[1] ?? 0));
    expect(shown(), 'what was written before').toBe(written[1]);
    Filter.invert(image);
    expect(shown(), 'what is written after').toBe(inverted[1]);
    using target = newImage(size, element, device);
    copy(target, image);
    new Uint8Array(memory).fill(0);
    return expectAll(target, inverted, 'who read it before the memory changed');
  }),
};

export const planRows: Rows = {
  'PlanHandle.constructor': each((element, device) => {
    using operand = pending(element, device);
    expect(runPlan(planWith(operand))).toEqual(all(written));
  }),
  'PlanHandle.run': each((element, device) => {
    using operand = filled(element, device, other);
    const plan = planWith(operand);
    write(operand);
    expect(runPlan(plan)).toEqual(all(written));
  }),
  'PlanHandle.free': each((element, device) => {
    using operand = filled(element, device);
    const plan = planWith(operand);
    write(operand);
    plan.free();
    expectAll(operand, written);
  }),
  'PlanHandle.benchmark': each((element, device) => {
    using operand = filled(element, device);
    const plan = planWith(operand);
    write(operand);
    plan.benchmark(1, 1);
    expectAll(operand, written);
  }),
  ...Object.fromEntries(
    ['output', 'passthrough', 'opaque', 'workspaceBytes', 'describe'].map((name) => [
      `PlanHandle.${name}`,
      'tells of the plan itself',
    ]),
  ),
  'PlanRunnerHandle.constructor': 'a thread without work',
  'PlanRunnerHandle.close': 'ends the thread',
  'PlanRunnerHandle.run': async (device) => {
    const runner = new (addon().PlanRunnerHandle)(device);
    using source = pending('u8', device);
    using target = filled('u8', device);
    const inverts = compilePlan(pipeline().invert(), shape, { device });
    await overwriting(
      target,
      () => runner.run(inverts, handleOf(source), handleOf(target), 0, 0),
      inverted,
    );
    using operand = filled('f32', device);
    const lays = planWith(operand);
    write(operand);
    await runner.run(lays, handleOf(source), handleOf(target), 0, 0);
    expectAll(target, written, 'of an operand');
    await runner.close();
  },
};
