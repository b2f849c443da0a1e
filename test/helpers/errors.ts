import { FramelaneError } from 'framelane';
import { expect } from 'vitest';

/** What a call throws; a call that returns fails the test. */
export function errorOf(run: () => unknown): FramelaneError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(FramelaneError);
    return error as FramelaneError;
  }
  throw new Error('expected an error, nothing was thrown');
}
