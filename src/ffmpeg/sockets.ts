/** Socket pairs between native threads and child processes. */
import { addon } from '../native/binding.ts';

export interface SocketPair {
  /** Passed to a native handle, which owns it from then on. */
  readonly local: number;
  /** Passed to a child when it starts. */
  readonly remote: number;
}

/**
 * Opens socket pairs, and closes our copies of the children's ends at the end of the scope: an open copy would hide that a
 * child has ended.
 */
export class SocketPairs implements Disposable {
  readonly #remotes: number[] = [];

  open(): SocketPair {
    const pair = addon().socketPair();
    this.#remotes.push(pair.remote);
    return pair;
  }

  [Symbol.dispose](): void {
    for (const remote of this.#remotes.splice(0)) addon().closeDescriptor(remote);
  }
}

/** One pair, for `connect` to pass on both ends. */
export function withSocketPair<T>(connect: (pair: SocketPair) => T): T {
  using pairs = new SocketPairs();
  return connect(pairs.open());
}
