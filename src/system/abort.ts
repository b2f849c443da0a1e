/** Waiting that an AbortSignal ends. */
import { FramelaneError } from '../errors/errors.ts';
import { whenAborted } from './limits.ts';

/** The error for work that was aborted; the signal's reason is its cause. */
export function abortError(what: string, signal: AbortSignal): FramelaneError {
  return new FramelaneError('ERR_ABORTED', `${what} was aborted`, { cause: signal.reason });
}

/** Settles as the work does, or rejects with ERR_ABORTED at once; work that is shared goes on for the others. */
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
  work.catch(() => {}); // it may fail after nobody waits for it
  try {
    return await Promise.race([aborted, work]);
  } finally {
    forget();
  }
}
