/** The table of operations, from which types, checks, JSON, help and docs are derived. */
import type { CompleteOptions, Written } from '../schema/parameter.ts';
import { adjust } from './adjust.ts';
import { blend } from './blend.ts';
import { effect } from './effect.ts';
import { fill } from './fill.ts';
import { filter } from './filter.ts';
import type { StageOptions } from './help/index.ts';
import type { Scope } from './help/scope.ts';
import { measure } from './measure.ts';
import { resize } from './resize.ts';
import { transform } from './transform.ts';

export const ops = {
  ...fill,
  ...adjust,
  ...filter,
  ...blend,
  ...effect,
  ...transform,
  ...resize,
  ...measure,
};

export type Ops = typeof ops;
export type OpName = keyof Ops;

export type { Scope } from './help/scope.ts';

type UnionToIntersection<U> = (U extends unknown ? (u: U) => void : never) extends (
  i: infer I,
) => void
  ? I
  : never;

// The options one by one, because editors show no comments on properties of mapped types such as Omit.
type OptionsWithout<N extends OpName, Left> = N extends keyof StageOptions
  ? NonNullable<UnionToIntersection<StageOptions[N][Exclude<keyof StageOptions[N], Left>]>>
  : never;

/** What a caller may write for one option; `never` if the table no longer has it. */
export type OptionOf<N, K> = N extends OpName ? Written<Ops[N]['parameters'], K> : never;

/** The options of an operation as a caller writes them. */
export type OptionsOf<N extends OpName> = OptionsWithout<N, never>;

/** The options of an operation after validation. */
export type CompleteOptionsOf<N extends OpName> = CompleteOptions<Ops[N]['parameters']>;

/** An operation and its options, as in a pipeline file. */
export type StageInput = { [N in OpName]: { readonly op: N } & OptionsOf<N> & Scope }[OpName];

/** A validated stage, every default filled in. */
export type Stage = { [N in OpName]: { readonly op: N } & CompleteOptionsOf<N> & Scope }[OpName];

type Preset<N extends OpName, Method> = Method extends keyof Ops[N]['methods']
  ? keyof Ops[N]['methods'][Method]
  : never;
type Primary<N extends OpName> = Ops[N] extends { primary: infer P } ? P : never;
/** The arguments of a call: the options, or the primary value followed by the others. */
export type Call<All, Primary, Others> =
  | (object extends All ? [options?: All] : [options: All])
  | (Primary extends keyof All
      ? [value: Exclude<All[Primary], undefined>, options?: Others]
      : never);

/**
 * The arguments of a method of the builder, or of the group if `Method` names one: the options, or the primary value
 * followed by the other options. `Extra` adds further options, such as `dst`.
 */
export type OpArguments<N extends OpName, Method = unknown, Extra = unknown> = Call<
  OptionsWithout<N, Preset<N, Method>> & Extra,
  Primary<N>,
  OptionsWithout<N, Preset<N, Method> | Primary<N>> & Extra
>;

/** A method of the builder that returns a `P`; `never` if the table no longer has the operation. */
export type StageMethod<N, P> = N extends OpName
  ? (...args: OpArguments<N, unknown, Scope>) => P
  : never;
