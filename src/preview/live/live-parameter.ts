/** A value that can be changed in a running preview. */
import type { Scale, Steppable } from '../../schema/steps.ts';

export type ParameterValue = Steppable;

export interface LiveParameter {
  /** Unique: `strength` for a variable, `stages[1].radius`, `stages[5].color.red`. */
  readonly name: string;
  /** For display: `strength`, `gaussianBlur radius`, `vignette color red`. */
  readonly label: string;
  /** Index of its stage in the file; undefined for a variable. */
  readonly stage: number | undefined;
  readonly kind: Scale['kind'];
  readonly value: ParameterValue;
  /** The default of the operation, or of the variable in the saved file; undefined without a default. */
  readonly default: ParameterValue | undefined;
  /** Steps stop at `min` and `max`. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The size of one step; 1 for parameters that are no numbers. */
  readonly step: number;
  readonly unit: string | undefined;
  /** The choices of an enum. */
  readonly values: readonly string[] | undefined;
  /** Whether the value differs from the file. */
  readonly changed: boolean;
}
