/** Frames as the tests see them: samples of their own width, plane by plane. */
import {
  type CompileOptions,
  compilePlan,
  type DeviceId,
  type FrameShape,
  frameBytes,
  type Pipeline,
  pipeline,
} from 'framelane';
import { expect } from 'vitest';
import { makeNaturalImage, samplesOf } from './image.ts';
import { makeRandom } from './random.ts';

export type Format = FrameShape['format'];
export type Samples = Uint8Array | Uint16Array | Float32Array;

export interface PlaneShape {
  readonly kind: 'luma' | 'chroma' | 'alpha' | 'rgba';
  readonly width: number;
  readonly height: number;
  readonly offset: number;
}

export const bitsOf = (format: Format) => Number(/(8|1[026])$/.exec(format)?.[1] ?? 8);
export const maxCodeOf = (format: Format) => 2 ** bitsOf(format) - 1;
export const subsamplingOf = (format: Format) => ({
  x: /42[02]/.test(format) ? 1 : 0,
  y: format.includes('420') ? 1 : 0,
});

export function newFrame(shape: FrameShape): Samples {
  const bytes = frameBytes(shape);
  if (shape.format === 'rgbaf32') return new Float32Array(bytes / 4);
  return bitsOf(shape.format) > 8 ? new Uint16Array(bytes / 2) : new Uint8Array(bytes);
}

/** Where each plane lies among the frame's samples. */
export function planesOf({ format, width, height }: FrameShape): PlaneShape[] {
  if (format.startsWith('rgba')) return [{ kind: 'rgba', width: 4 * width, height, offset: 0 }];
  const { x, y } = subsamplingOf(format);
  const chroma = {
    kind: 'chroma' as const,
    width: Math.ceil(width / 2 ** x),
    height: Math.ceil(height / 2 ** y),
  };
  const planes = [
    { kind: 'luma' as const, width, height },
    ...(format.startsWith('gray') ? [] : [chroma, chroma]),
    ...(format.startsWith('yuva') ? [{ kind: 'alpha' as const, width, height }] : []),
  ];
  let next = 0;
  return planes.map((plane) => {
    const offset = next;
    next += plane.width * plane.height;
    return { ...plane, offset };
  });
}

export const planeIn = (samples: Samples, { offset, width, height }: PlaneShape) =>
  samples.subarray(offset, offset + width * height);

/** Every code value that the format has, at random. */
export function noiseFrame(shape: FrameShape, seed = 1): Samples {
  const random = makeRandom(seed * 7919 + shape.width * 31 + shape.height);
  const codes = maxCodeOf(shape.format) + 1;
  return newFrame(shape).map(() => Math.floor(random() * codes));
}

export function runFrame(
  look: Pipeline,
  input: Samples,
  shape: FrameShape,
  options: CompileOptions = {},
): Samples {
  const plan = compilePlan(look, shape, options);
  const output = newFrame(plan.output);
  plan.run(input, output);
  return output;
}

export const convert = (
  input: Samples,
  from: FrameShape,
  to: NonNullable<CompileOptions['output']>,
  device: DeviceId,
) => runFrame(pipeline(), input, from, { device, output: to });

/** A natural picture as a frame of that shape. */
export function naturalFrame(shape: FrameShape, device: DeviceId, seed = 5): Samples {
  const rgba = samplesOf(makeNaturalImage(shape, seed), 'u8');
  return convert(rgba, { ...shape, format: 'rgba8' }, { format: shape.format }, device);
}

/** The largest difference. */
export function farthest(received: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(received.length).toBe(expected.length);
  let most = 0;
  for (let i = 0; i < received.length; i++) {
    const difference = Math.abs((received[i] as number) - (expected[i] as number));
    if (!(difference <= most)) most = difference;
  }
  return most;
}
