/** The errors for arguments, options and pipelines that are not valid: where, expected, received. */
import { describeValue, type ErrorCode, FramelaneError } from './errors.ts';

/** The error for an argument of the wrong kind. */
export function invalidArgument(path: string, expected: string, value: unknown): FramelaneError {
  return invalid('ERR_INVALID_ARGUMENT', path, expected, value);
}

/** The error for an option outside its schema. */
export function invalidOption(path: string, expected: string, value: unknown): FramelaneError {
  return invalid('ERR_INVALID_OPTION', path, expected, value);
}

/** The error for a value that a pipeline cannot have; `path` is empty for the pipeline as a whole. */
export function invalidPipeline(
  path: string,
  expected: string,
  value: unknown,
  hint = '',
): FramelaneError {
  return invalid('ERR_INVALID_PIPELINE', path, expected, value, hint);
}

/** Throws ERR_INVALID_ARGUMENT unless the value can be the path of a file. */
export function checkPath(
  path: unknown,
  what = 'path',
  expected = 'a path',
): asserts path is string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return;
  throw invalidArgument(what, expected, path);
}

/** Rejects `new` for a class that only its own `open` may construct: `open` passes `made`. */
export function expectOpened(name: string, made: boolean): void {
  if (made) return;
  const message = `${name}: expected await ${name}.open(…), received new ${name}(…)`;
  throw new FramelaneError('ERR_INVALID_ARGUMENT', message);
}

function invalid(code: ErrorCode, path: string, expected: string, value: unknown, hint = '') {
  const where = path && `${path}: `;
  const message = `${where}expected ${expected}, received ${describeValue(value)}${hint}`;
  return new FramelaneError(code, message, { path: path || undefined });
}
