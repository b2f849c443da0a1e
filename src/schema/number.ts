/** Numbers that 32-bit floats can hold. */
import { isFloat } from './color-value.ts';
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

export const number = <const S extends Spec<NumericParameter>>(doc: string, spec: S) => ({
  kind: 'number' as const,
  doc,
  ...spec,
});

export const numberKind = kind<NumericTypes<'number'>>()({
  accept: (parameter, value) => (isFloat(value) && inRange(parameter, value) ? value : undefined),
  describe: (parameter) => `a number${describeRange(parameter)}`,
  schema: (parameter) => ({ anyOf: [{ type: 'number', ...rangeSchema(parameter) }, variable] }),
  example: exampleInRange,
  fromText: numberFromText,
  variable: {
    type: 'number',
    expected: 'a number',
    accepts: isFloat,
    schema: { type: 'number' },
    asParameter: (doc, uses) => ({
      kind: uses.some((use) => use.kind === 'integer') ? 'integer' : 'number',
      doc,
      ...commonRange(uses),
    }),
  },
  steps: wholeValue,
});
