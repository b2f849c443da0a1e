import { describeValue, FramelaneError } from './errors.ts';

/** ERR_INVALID_ARGUMENT for what is no name of a file. */
export function checkPath(
  path: unknown,
  what = 'path',
  expected = 'a path',
): asserts path is string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return;
  throw invalidArgument(what, expected, path);
}

/** Refuses `new` for what is opened by a promise: `made` is what only its own `open` hands the constructor. */
export function expectOpened(name: string, made: boolean): void {
  if (made) return;
  const message = `${name}: expected await ${name}.open(…), received new ${name}(…)`;
  throw new FramelaneError('ERR_INVALID_ARGUMENT', message);
}

/** The error for an argument of the wrong kind. */
export function invalidArgument(path: string, expected: string, value: unknown): FramelaneError {
  const message = `${path}: expected ${expected}, received ${describeValue(value)}`;
  return new FramelaneError('ERR_INVALID_ARGUMENT', message, { path });
}
