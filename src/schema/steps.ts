/** How the preview changes a value with keys: whole, or by parts that have an order. */

export type Steppable = number | boolean | string;

/** What a step moves along; every parameter that is changed whole is one. */
export interface Scale {
  readonly kind: 'number' | 'integer' | 'boolean' | 'enum';
  readonly unit?: string;
  readonly min?: number;
  readonly exclusiveMin?: number;
  readonly max?: number;
  /** Of an enum. */
  readonly values?: readonly string[];
}

export interface Step {
  /** Of the part: `red`; empty where it is the value. */
  readonly name: string;
  readonly scale: Scale;
  /** The part of a value in any form it can be written; undefined where it has none. */
  read(value: unknown): Steppable | undefined;
  /** What to write for the value with another part, where `written` stands. */
  write(value: unknown, part: Steppable, written: unknown): unknown;
}

export const wholeValue = (scale: Scale): readonly Step[] => [
  { name: '', scale, read: (value) => value as Steppable, write: (_, part) => part },
];
