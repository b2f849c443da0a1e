/** How keys of the preview change a value: as a whole, or part by part. */

export type Steppable = number | boolean | string;

/** The range of a step; parameters that change as a whole are one themselves. */
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
  /** Name of the part: `red`; empty for the whole value. */
  readonly name: string;
  readonly scale: Scale;
  /** The part of a value in any notation; undefined if it has none. */
  read(value: unknown): Steppable | undefined;
  /** The value with this part changed, in the notation of `written`. */
  write(value: unknown, part: Steppable, written: unknown): unknown;
}

export const wholeValue = (scale: Scale): readonly Step[] => [
  { name: '', scale, read: (value) => value as Steppable, write: (_, part) => part },
];
