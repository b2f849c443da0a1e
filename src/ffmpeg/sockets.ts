/** Socket pairs between native threads and children. */
import { addon } from '../native/binding.ts';

export interface SocketPair {
  /** Given to a native handle, which owns it from then on. */
  readonly local: number;
  /** Given to a child as it starts. */
  readonly remote: number;
}

/**
 * Makes a pair for `connect`, which hands both ends on. Our copy of the child's end is closed after it: it would hide from
 * us that the child has ended.
 */
export function withSocketPair<T>(connect: (pair: SocketPair) => T): T {
  const pair = addon().socketPair();
  try {
    return connect(pair);
  } finally {
    addon().closeDescriptor(pair.remote);
  }
}
