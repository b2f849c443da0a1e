import { describeValue, FramelaneError } from './errors.ts';

/** The error of a value that a pipeline cannot have: where, what was expected, what was received. */
export function invalidPipeline(path: string, expected: string, received: unknown, hint = '') {
  const where = path && `${path}: `;
  const message = `${where}expected ${expected}, received ${describeValue(received)}${hint}`;
  return new FramelaneError('ERR_INVALID_PIPELINE', message, { path: path || undefined });
}
