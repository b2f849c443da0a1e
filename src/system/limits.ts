/** Limits of time and memory for work on untrusted files. */
import { FramelaneError } from '../errors/errors.ts';

export interface Limits {
  /** Seconds. */
  readonly timeLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The result of the work; at the limit or an abort calls `stop` and rejects with ERR_TIME_LIMIT or ERR_ABORTED. */
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
    // The maximum of a timer.
    if (timeLimit <= 2_000_000) {
      timer = setTimeout(() => end(timeExceeded(timeLimit)), timeLimit * 1000).unref();
    }
  });
  work.catch(() => {}); // it may fail after the limit
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    forget();
  }
}

/** Calls `act` once when the signal aborts, or at once if it already has; returns a function that cancels this. */
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
  const message = `takes longer than the limit of ${seconds} s; raise timeLimit`;
  return new FramelaneError('ERR_TIME_LIMIT', message, { cause });
}

export function memoryExceeded(bytes: number): FramelaneError {
  const message = `takes more memory than the limit of ${bytes} bytes; raise memoryLimit`;
  return new FramelaneError('ERR_MEMORY_LIMIT', message);
}
