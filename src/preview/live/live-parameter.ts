/** What can be changed in a running preview. */
import type { Scale, Steppable } from '../../schema/steps.ts';

export type ParameterValue = Steppable;

/** One value that can be changed while frames run through the pipeline. */
export interface LiveParameter {
  /** Unique: `strength` for a variable, `stages[1].radius`, `stages[5].color.red`. */
  readonly name: string;
  /** For people: `strength`, `gaussianBlur radius`, `vignette color red`. */
  readonly label: string;
  /** Index of its stage in the file; undefined for a variable. */
  readonly stage: number | undefined;
  readonly kind: Scale['kind'];
  readonly value: ParameterValue;
  /** Of the operation, or of the variable in the saved file; undefined where there is none. */
  readonly default: ParameterValue | undefined;
  /** Where a change by steps ends. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** One step of a number; 1 for the others. */
  readonly step: number;
  readonly unit: string | undefined;
  /** Of an enum. */
  readonly values: readonly string[] | undefined;
  /** Whether it differs from what the file says. */
  readonly changed: boolean;
}
