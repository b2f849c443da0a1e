/** True or false. */
import { variable } from './json.ts';
import { type Described, kind, type Spec, type Types } from './kind.ts';
import { wholeValue } from './steps.ts';

export interface BooleanParameter extends Described {
  readonly kind: 'boolean';
  readonly default?: boolean;
}

export interface BooleanTypes extends Types {
  readonly parameter: BooleanParameter;
  readonly input: boolean;
  readonly value: boolean;
}

export const boolean = <const S extends Spec<BooleanParameter>>(doc: string, spec: S) => ({
  kind: 'boolean' as const,
  doc,
  ...spec,
});

export const booleanKind = kind<BooleanTypes>()({
  accept: (_, value) => (isBoolean(value) ? value : undefined),
  describe: () => 'true or false',
  example: () => true,
  schema: () => ({ anyOf: [{ type: 'boolean' }, variable] }),
  fromText: {
    expected: 'true or false',
    parse: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined),
  },
  variable: {
    type: 'boolean',
    expected: 'true or false',
    accepts: isBoolean,
    schema: { type: 'boolean' },
    asParameter: (doc) => ({ kind: 'boolean', doc }),
  },
  steps: wholeValue,
});

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
