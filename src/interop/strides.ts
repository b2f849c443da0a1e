/** Shapes and strides: strides are in bytes, of either sign. */
import { FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';

/** As many dimensions as copies take. */
export const mostDimensions = 8;

export function checkShape(shape: unknown, what = 'shape'): asserts shape is readonly number[] {
  const isShape =
    Array.isArray(shape) &&
    shape.length <= mostDimensions &&
    shape.every((size) => Number.isInteger(size) && size >= 0) &&
    Number.isSafeInteger(countOf(shape) * 8);
  if (!isShape) {
    throw invalidArgument(what, `up to ${mostDimensions} sizes, integers of at least 0`, shape);
  }
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** The strides of a packed array, the last dimension fastest. */
export function packedStrides(shape: readonly number[], elementBytes: number): number[] {
  const strides: number[] = [];
  let next = elementBytes;
  for (const size of [...shape].reverse()) {
    strides.unshift(next);
    next *= size;
  }
  return strides;
}

/** Whether the elements lie behind one another in their order. Dimensions of one element may have any stride. */
export function isPacked(
  shape: readonly number[],
  strides: readonly number[],
  elementBytes: number,
): boolean {
  if (shape.includes(0)) return true;
  const packed = packedStrides(shape, elementBytes);
  return shape.every((size, i) => size === 1 || strides[i] === packed[i]);
}

/** The bytes that an array touches, relative to its first element. */
export function extentOf(
  shape: readonly number[],
  strides: readonly number[],
  elementBytes: number,
): { readonly low: number; readonly high: number } {
  if (shape.includes(0)) return { low: 0, high: 0 };
  let [low, high] = [0, elementBytes];
  for (const [i, size] of shape.entries()) {
    const reach = (size - 1) * (strides[i] as number);
    if (reach < 0) low += reach;
    else high += reach;
  }
  return { low, high };
}

/** The strides of the same elements in another shape; undefined where they would have to move. */
export function reshapedStrides(
  shape: readonly number[],
  strides: readonly number[],
  target: readonly number[],
  elementBytes: number,
): number[] | undefined {
  if (countOf(shape) === 0) return packedStrides(target, elementBytes);
  const sizes = shape.flatMap((size, i) =>
    size === 1 ? [] : [{ size, stride: strides[i] as number }],
  );
  const result: number[] = [];
  let next = 0;
  let left = 1; // elements of the present run that the target has not taken
  let stride = elementBytes; // of its last dimension
  for (const [i, size] of target.entries()) {
    if (size === 1) {
      result.push(left > 1 ? stride * left : (sizes[next]?.stride ?? elementBytes));
      continue;
    }
    // A run of neighbours that lie behind one another, as long as this dimension needs it.
    while (left % size !== 0 || left === 1) {
      const joined = sizes[next];
      if (joined === undefined) return undefined;
      if (left > 1 && stride !== joined.stride * joined.size) return undefined;
      left *= joined.size;
      stride = joined.stride;
      next++;
    }
    left /= size;
    result[i] = stride * left;
  }
  return left === 1 ? result : undefined;
}

export function requireCount(
  received: number,
  expected: number,
  what: string,
  unit = 'elements',
): void {
  if (received === expected) return;
  throw new FramelaneError(
    'ERR_INVALID_ARGUMENT',
    `${what}: expected ${expected} ${unit}, received ${received}`,
    { path: what },
  );
}
