/** The shape of a frame, as callers write it and as the addon expects it. */
import { FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import type { NativeShape } from '../native/plan.ts';
import { pixelFormatOf } from './pixel-formats.ts';

/**
 * Format (`rgba8`, `yuv420p10`, `yuva444p` …), size, matrix, range and chroma location. YUV and gray need a matrix and a
 * range; RGBA has none.
 */
export type FrameShape = Omit<NativeShape, 'matrix' | 'range'> &
  Partial<Pick<NativeShape, 'matrix' | 'range'>>;

const names = namesOf<FrameShape>({
  format: true,
  width: true,
  height: true,
  matrix: true,
  range: true,
  chromaLocation: true,
});

/** Used for RGBA where the addon needs a matrix and a range. */
const rgb = { matrix: 'bt709', range: 'full' } as const;

export function isRgb(format: string): boolean {
  return pixelFormatOf(format).family === 'rgb';
}

/** The complete shape; ERR_INVALID_ARGUMENT for YUV without a matrix or range. */
export function completeShape(shape: FrameShape, what = 'input'): NativeShape {
  checkNames(shape, names, what);
  const { format, matrix, range } = shape;
  if (typeof format !== 'string') {
    throw invalidArgument(`${what}.format`, 'the name of a pixel format', format);
  }
  if (isRgb(format)) return { ...shape, ...rgb, ...given({ matrix, range }) };
  for (const [name, value] of Object.entries({ matrix, range })) {
    if (value !== undefined) continue;
    const values = name === 'matrix' ? 'bt601, bt709 or bt2020' : 'limited or full';
    const message = `${what}.${name}: expected ${values} for ${format}, received nothing`;
    throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path: `${what}.${name}` });
  }
  return shape as NativeShape;
}

function given<T extends object>(values: T): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

/**
 * The bytes of one tightly packed frame.
 *
 * @example
 * const frame = new Uint8Array(frameBytes({ format: 'yuv420p', width: 1920, height: 1080 }))
 */
export function frameBytes(shape: Pick<FrameShape, 'format' | 'width' | 'height'>): number {
  const { format, width, height } = completeShape({ ...rgb, ...shape }, 'shape');
  const { depths, bits, shiftX, shiftY } = pixelFormatOf(format);
  if (depths.length === 0)
    throw invalidArgument('shape.format', 'the name of a pixel format', format);
  const whole = width * height;
  const shared = Math.ceil(width / 2 ** shiftX) * Math.ceil(height / 2 ** shiftY);
  const samples = depths.map((_, component) =>
    component === 1 || component === 2 ? shared : whole,
  );
  const bytesPerSample = bits > 16 ? 4 : bits > 8 ? 2 : 1;
  return samples.reduce((sum, count) => sum + count, 0) * bytesPerSample;
}
