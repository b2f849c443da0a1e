/** Runs operations of the table through the immediate API, from pixels to pixels. */
import {
  Adjust,
  type AnyImage,
  Blend,
  type DeviceId,
  download,
  Effect,
  Fill,
  Filter,
  Image,
  ImageU8,
  isImage,
  Lut,
  Measure,
  type OpName,
  ops,
  pipeline,
  Resize,
  type StageInput,
  Transform,
  upload,
} from 'framelane';
import { expect } from 'vitest';
import type { Samples } from './frames.ts';
import { type Element, type Pixels, pixelsFrom, type Size, samplesOf } from './image.ts';

type Options = Readonly<Record<string, unknown>>;
const groups = { Adjust, Blend, Effect, Fill, Filter, Measure, Resize, Transform };

type Method = (image: AnyImage, options: Options) => AnyImage;

export function newImage({ width, height }: Size, element: Element, device: DeviceId): AnyImage {
  return element === 'f32'
    ? new Image(width, height, { device })
    : new ImageU8(width, height, { device });
}

export function imageFrom(pixels: Pixels, element: Element, device: DeviceId): AnyImage {
  const image = newImage(pixels, element, device);
  upload(image, samplesOf(pixels, element));
  return image;
}

/** The same pixels in an image that could hold more. */
export function roomyImageFrom(pixels: Pixels, element: Element, device: DeviceId): AnyImage {
  const image = newImage({ width: pixels.width + 3, height: pixels.height + 2 }, element, device);
  image.resize(pixels.width, pixels.height);
  upload(image, samplesOf(pixels, element));
  return image;
}

/** To the last bit; `toEqual` takes a second for a large picture. */
export function expectSameSamples(received: Samples, expected: Samples, what = 'samples') {
  const bytes = (samples: Samples) =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  if (bytes(received).equals(bytes(expected))) return;
  const index = expected.findIndex((value, i) => !Object.is(value, received[i]));
  const values = `expected ${expected[index]}, received ${received[index]}`;
  expect.fail(
    `${what}: ${expected.length} samples, ${received.length} received; at ${index} ${values}`,
  );
}

export const samplesIn = (image: AnyImage) => download(image as Image) as Float32Array | Uint8Array;
export const pixelsIn = (image: AnyImage) => pixelsFrom(image, samplesIn(image));

/** The group's method for an operation with those options, and the options it still takes: `Blend.multiply` and its like. */
export function findMethod(op: string, options: Options): { method: Method; rest: Options } {
  const { group, methods } = ops[op as OpName];
  for (const [name, preset] of Object.entries(methods as Record<string, Options>)) {
    const decided = Object.entries(preset);
    if (!decided.every(([key, value]) => (options[key] ?? defaultOf(op, key)) === value)) continue;
    const rest = Object.entries(options).filter(([key]) => !Object.hasOwn(preset, key));
    const method = (groups[group] as unknown as Record<string, Method>)[name] as Method;
    return { method, rest: Object.fromEntries(rest) };
  }
  throw new Error(`no method of ${group} stands for ${op} ${JSON.stringify(options)}`);
}

function defaultOf(op: string, name: string): unknown {
  const parameter = (ops[op as OpName].parameters as Record<string, { default?: unknown }>)[name];
  return parameter?.default;
}

export const isInPlace = (op: string) => ops[op as OpName].pattern === 'inPlace';

/** A pipeline from plain data, for tests that build options as they go. */
export const pipelineOf = (...stages: readonly ({ readonly op: string } & Options)[]) =>
  pipeline(stages as unknown as readonly StageInput[]);

/** Options as a test's name shows them. */
export function optionsText(options: Options): string {
  const short = (_: string, value: unknown) => {
    if (value instanceof Lut) return `${value.dimensions}-D LUT of ${value.size}`;
    return isImage(value) ? `${value.width}x${value.height} image` : value;
  };
  return JSON.stringify(options, short).replaceAll('"', '');
}
