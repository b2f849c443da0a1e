/** The table of operations: everything else (types, checks, JSON, help, docs) follows from it. */
import type { CompleteOptions, Flatten, Options } from '../schema/parameter.ts';
import { adjust } from './adjust.ts';
import { blend } from './blend.ts';
import { effect } from './effect.ts';
import { fill } from './fill.ts';
import { filter } from './filter.ts';
import { measure } from './measure.ts';
import { resize } from './resize.ts';
import type { Scope } from './scope.ts';
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

/** The options of an operation as a caller writes them. */
export type OptionsOf<N extends OpName> = Options<Ops[N]['parameters']>;

/** The options of an operation after validation. */
export type CompleteOptionsOf<N extends OpName> = CompleteOptions<Ops[N]['parameters']>;

/** An operation and its options, as they stand in a pipeline file. */
export type StageInput = { [N in OpName]: { readonly op: N } & OptionsOf<N> & Scope }[OpName];

/** A validated stage, every default filled in. */
export type Stage = { [N in OpName]: { readonly op: N } & CompleteOptionsOf<N> & Scope }[OpName];

type Preset<N extends OpName, Method> = Method extends keyof Ops[N]['methods']
  ? keyof Ops[N]['methods'][Method]
  : never;
type Primary<N extends OpName> = Ops[N] extends { primary: infer P } ? P : never;
type Call<O, P> =
  | (object extends O ? [options?: O] : [options: O])
  | (P extends keyof O ? [value: Exclude<O[P], undefined>, options?: Flatten<Omit<O, P>>] : never);

/**
 * The arguments of a method of the builder, or of the group's where `Method` names it: the options, or the primary value
 * and then the other options. `Extra` adds options of the caller's own, such as `dst`.
 */
export type OpArguments<N extends OpName, Method = unknown, Extra = unknown> = Call<
  Flatten<Omit<OptionsOf<N>, Preset<N, Method>> & Extra>,
  Primary<N>
>;
