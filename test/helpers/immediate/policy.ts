/** When calls of the immediate API reach the device. */
import { addon } from '../../../src/binding.ts';

export interface Policy {
  readonly mode: 'deferred' | 'eager' | 'random';
  readonly seed?: number;
  /** Whether neighbouring affine operations become one matrix. */
  readonly fold?: boolean;
}

interface Stats {
  /** Calls that waited, and chains of them that have been run. */
  readonly recorded: number;
  readonly launched: number;
}

const native = () =>
  addon() as unknown as { immediatePolicy(policy: Policy): void; immediateStats(): Stats };

// Of the environment, which is a test file's own.
export function usePolicy(policy: Policy): void {
  native().immediatePolicy(policy);
}

export const immediateStats = () => native().immediateStats();

export const policyText = ({ mode, seed, fold }: Policy) =>
  `${mode}${seed === undefined ? '' : ` of seed ${seed}`}, folding ${fold ? 'on' : 'off'}`;
