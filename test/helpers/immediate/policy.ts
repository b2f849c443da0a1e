/** When calls of the immediate API reach the device. */
import { addon } from '../../../src/native/binding.ts';
import type { ImmediatePolicy } from '../../../src/native/immediate.ts';

export type Policy = ImmediatePolicy;

/** Of the environment, which is a test file's own. */
export const usePolicy = (policy: Policy) => addon().immediatePolicy(policy);

export const immediateStats = () => addon().immediateStats();

export const policyText = ({ mode, seed, fold }: Policy) =>
  `${mode}${seed === undefined ? '' : ` of seed ${seed}`}, folding ${fold ? 'on' : 'off'}`;
