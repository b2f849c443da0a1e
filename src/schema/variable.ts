/** The types of variables, derived from the kinds of their values. */
import type { Kind, VariableOfKind } from './kind.ts';
import { type KindName, type Kinds, kinds } from './kinds.ts';

export type VariableType = {
  [K in KindName]: Kinds[K] extends { readonly variable: { readonly type: infer T } } ? T : never;
}[KindName];

/** The value of a variable as written. */
export type VariableValue = {
  [K in KindName]: Kinds[K] extends {
    readonly variable: { accepts: (value: unknown) => value is infer V };
  }
    ? V
    : never;
}[KindName];

export interface VariableKind extends Omit<VariableOfKind, 'type'> {
  readonly type: VariableType;
  /** Its values are paths; the default is relative to the pipeline file. */
  readonly isPath: boolean;
}

const rows = Object.values<Kind>(kinds).flatMap(({ variable, file }) =>
  variable === undefined ? [] : [{ ...variable, isPath: file !== undefined } as VariableKind],
);

/** In the order in which messages and the JSON Schema list them. */
export const variableKinds: ReadonlyMap<VariableType, VariableKind> = new Map(
  rows.map((row) => [row.type, row]),
);
