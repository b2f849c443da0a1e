import { describeValue, FramelaneError } from './errors.ts';

/** The error for an option outside its schema. */
export function invalidOption(path: string, expected: string, value: unknown): FramelaneError {
  return new FramelaneError(
    'ERR_INVALID_OPTION',
    `${path}: expected ${expected}, received ${describeValue(value)}`,
    { path },
  );
}
