import { describeValue, FramelaneError } from './errors.ts';

/** The error for an argument of the wrong kind. */
export function invalidArgument(path: string, expected: string, value: unknown): FramelaneError {
  const message = `${path}: expected ${expected}, received ${describeValue(value)}`;
  return new FramelaneError('ERR_INVALID_ARGUMENT', message, { path });
}
