/** The code of defined operations in the addon: handed over once for each, and a number from then on. */
import { codeOf } from '../custom/declare.ts';
import { addon } from '../native/binding.ts';
import type { OpDeclaration } from '../schema/declaration.ts';

const numbers = new WeakMap<OpDeclaration, number>();

export function codeNumber(op: OpDeclaration): number {
  const known = numbers.get(op);
  if (known !== undefined) return known;
  const { radius, words, constants, instructions, positional, opaque } = codeOf(op);
  const number = addon().defineCode({
    name: op.name,
    ...{ words, constants, instructions, positional, opaque },
    ...(radius > 0 && { radius }),
  });
  numbers.set(op, number);
  return number;
}
