/** Waiting that an AbortSignal can end. */
import { FramelaneError } from '../errors/errors.ts';
import { whenAborted } from './limits.ts';

/** The error for work that was aborted; the signal's reason is its cause. */
export function abortError(what: string, signal: AbortSignal): FramelaneError {
  return new FramelaneError('ERR_ABORTED', `${what} was aborted`, { cause: signal.reason });
}

/** Settles like the work, or rejects with ERR_ABORTED at once; shared work continues for other callers. */
export async function untilAborted<T>(
  work: Promise<T>,
  what: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work;
  let forget = () => {};
  const aborted = new Promise<never>((_, reject) => {
    forget = whenAborted(signal, () => reject(abortError(what, signal)));
  });
  work.catch(() => {}); // it may fail after the abort
  try {
    return await Promise.race([aborted, work]);
  } finally {
    forget();
  }
}
