/** Whole numbers. */
import { variable } from './json.ts';
import { kind, type Spec } from './kind.ts';
import {
  commonRange,
  describeRange,
  exampleInRange,
  inRange,
  type NumericParameter,
  type NumericTypes,
  numberFromText,
  rangeSchema,
} from './numeric.ts';
import { wholeValue } from './steps.ts';

export const integer = <const S extends Spec<NumericParameter>>(doc: string, spec: S) => ({
  kind: 'integer' as const,
  doc,
  ...spec,
});

export const integerKind = kind<NumericTypes<'integer'>>()({
  accept: (parameter, value) => (isWhole(value) && inRange(parameter, value) ? value : undefined),
  describe: (parameter) => `an integer${describeRange(parameter)}`,
  schema: (parameter) => ({ anyOf: [{ type: 'integer', ...rangeSchema(parameter) }, variable] }),
  example: exampleInRange,
  fromText: numberFromText,
  variable: {
    type: 'integer',
    expected: 'an integer',
    accepts: (value): value is number => Number.isSafeInteger(value),
    schema: { type: 'integer' },
    asParameter: (doc, uses) => ({ kind: 'integer', doc, ...commonRange(uses) }),
  },
  steps: wholeValue,
});

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}
