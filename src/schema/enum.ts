/** One of a few words. */
import { didYouMean } from '../errors/suggest.ts';
import { template } from './json.ts';
import { type AnyParameter, type Described, kind, type Types } from './kind.ts';
import { wholeValue } from './steps.ts';

export interface EnumParameter extends Described {
  readonly kind: 'enum';
  readonly values: readonly string[];
  readonly default?: string;
}

type ValueOf<P> = P extends { readonly values: readonly (infer V)[] } ? V : never;

export interface EnumTypes extends Types {
  readonly parameter: EnumParameter;
  readonly input: ValueOf<this['parameter']>;
  readonly value: ValueOf<this['parameter']>;
}

export const oneOf = <const V extends readonly string[], const S extends { default: V[number] }>(
  values: V,
  doc: string,
  spec: S,
) => ({ kind: 'enum' as const, values, doc, ...spec });

export const enumKind = kind<EnumTypes>()({
  accept: ({ values }, value) => values.find((allowed) => allowed === value),
  describe: ({ values }) => `one of ${values.join(', ')}`,
  example: ({ values }) => values[0],
  hint: ({ values }, given) => didYouMean(given, values),
  schema: ({ values }) => ({ anyOf: [{ enum: values }, template] }),
  variable: {
    type: 'string',
    expected: 'a string',
    accepts: (value): value is string => typeof value === 'string',
    schema: { type: 'string' },
    isText: true,
    // A plain string has no steps; one used as an enum has the values that all its uses accept.
    asParameter(doc, uses) {
      const [first, ...others] = uses.filter(isEnum);
      if (first === undefined) return undefined;
      const suits = (value: string) => others.every((use) => use.values.includes(value));
      return { kind: 'enum', doc, values: first.values.filter(suits) } as EnumParameter;
    },
  },
  steps: wholeValue,
});

const isEnum = (use: AnyParameter): use is EnumParameter => use.kind === 'enum';
