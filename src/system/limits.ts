/** How long work on a file of others may take, and how much memory. */
import { FramelaneError } from '../errors/errors.ts';

export interface Limits {
  /** Seconds. */
  readonly timeLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The result, or ERR_TIME_LIMIT or ERR_ABORTED once it is no longer waited for; `stop` is called then. */
export async function untilLimit<T>(
  work: Promise<T>,
  { timeLimit = Number.POSITIVE_INFINITY, signal }: Limits,
  stop: () => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let forget = () => {};
  const limit = new Promise<never>((_, reject) => {
    const end = (error: FramelaneError) => {
      reject(error);
      stop();
    };
    forget = whenAborted(signal, () => end(aborted(signal)));
    // What a timer can count to.
    if (timeLimit <= 2_000_000) {
      timer = setTimeout(() => end(timeExceeded(timeLimit)), timeLimit * 1000).unref();
    }
  });
  work.catch(() => {}); // it may fail after the limit, when nobody waits for it
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

/** Calls `act` once, when the signal is aborted or at once where it has been; returns what takes that back. */
export function whenAborted(signal: AbortSignal | undefined, act: () => void): () => void {
  if (signal?.aborted) act();
  else signal?.addEventListener('abort', act, { once: true });
  return () => signal?.removeEventListener('abort', act);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted(signal);
}

function aborted(signal: AbortSignal | undefined): FramelaneError {
  return new FramelaneError('ERR_ABORTED', 'was aborted', { cause: signal?.reason });
}

export function timeExceeded(seconds: number, cause?: unknown): FramelaneError {
  const message = `takes longer than the ${seconds} s allowed; raise timeLimit`;
  return new FramelaneError('ERR_TIME_LIMIT', message, { cause });
}

export function memoryExceeded(bytes: number): FramelaneError {
  const message = `takes more than the ${bytes} bytes of memory allowed; raise memoryLimit`;
  return new FramelaneError('ERR_MEMORY_LIMIT', message);
}
