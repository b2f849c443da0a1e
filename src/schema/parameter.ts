/** Parameters of every kind, and the TypeScript types derived from the table of kinds. */
import type { AnyParameter, Kind, Types } from './kind.ts';
import { type FileKind, type KindName, type Kinds, kinds } from './kinds.ts';

type TypesOf<K extends KindName> = Kinds[K] extends { readonly types?: infer T extends Types }
  ? T
  : never;

export type Parameter = { [K in KindName]: TypesOf<K>['parameter'] }[KindName];

export type Parameters = Readonly<Record<string, Parameter>>;

/** The kind's types with `this['parameter']` bound to this parameter. */
type At<P extends Parameter> = P extends Parameter
  ? TypesOf<P['kind']> & { readonly parameter: P }
  : never;

/** What a caller may write for a parameter. */
export type Input<P extends Parameter> = At<P>['input'];

/** What a validated parameter holds. */
export type Value<P extends Parameter> = At<P>['value'];

/** Flattens an intersection into one object type. */
export type Flatten<T> = { readonly [K in keyof T]: T[K] };
type KeysWith<P extends Parameters, Trait> = {
  [K in keyof P]: P[K] extends Trait ? K : never;
}[keyof P];
type OptionalKey<P extends Parameters> = KeysWith<P, { optional: true }>;
type OmittableKey<P extends Parameters> = OptionalKey<P> | KeysWith<P, { default: unknown }>;

/** The options a caller writes: defaults and optional ones may be left out. */
export type Options<P extends Parameters> = Flatten<
  { [K in Exclude<keyof P, OmittableKey<P>>]: Input<P[K]> } & {
    [K in OmittableKey<P>]?: Input<P[K]> | undefined;
  }
>;

/** What a caller may write for one of the options. */
export type Written<P, K> = K extends keyof P
  ? P[K] extends Parameter
    ? Input<P[K]> | (P[K] extends { optional: true } | { default: unknown } ? undefined : never)
    : never
  : never;

/** Validated options: defaults filled in, colours as four numbers, optional ones present only when given. */
export type CompleteOptions<P extends Parameters> = Flatten<
  { [K in Exclude<keyof P, OptionalKey<P>>]: Value<P[K]> } & {
    [K in OptionalKey<P>]?: Value<P[K]>;
  }
>;

/** The row of a parameter's kind. */
export function kindOf(parameter: AnyParameter): Kind {
  return (kinds as Readonly<Record<string, Kind>>)[parameter.kind] as Kind;
}

/** The kind of a parameter whose values may name a file; else undefined. */
export function fileKindOf(parameter: AnyParameter | undefined): FileKind | undefined {
  const hasFile = parameter !== undefined && kindOf(parameter).file !== undefined;
  return hasFile ? (parameter.kind as FileKind) : undefined;
}

/** A value of the parameter for documentation. */
export function exampleOf(parameter: Parameter): unknown {
  if (parameter.example !== undefined) return parameter.example;
  return 'default' in parameter ? parameter.default : kindOf(parameter).example(parameter);
}

/** What a parameter accepts, as the middle of a sentence: "an integer from 0 to 10000". */
export function describeParameter(parameter: AnyParameter): string {
  return kindOf(parameter).describe(parameter);
}
