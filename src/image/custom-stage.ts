/** Defined operations for the addon: the number of their code, and the numbers of their parameters. */
import { codeOf } from '../custom/declare.ts';
import { numbersOf, parameterNumbers } from '../custom/parameters.ts';
import { addon } from '../native/binding.ts';
import type { NativeStage } from '../native/plan.ts';
import { scope } from '../ops/scope.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { codeNumber } from './code-number.ts';

const nameOf = (radius: number) => (radius === 0 ? 'custom' : 'customStencil');

/** The stage with the operation's code in place of its options; `values` are complete, its mask and region native. */
export function customStage(op: OpDeclaration, values: NativeStage): NativeStage {
  const { radius } = codeOf(op);
  const kept = Object.keys(scope).filter((name) => Object.hasOwn(values, name));
  return {
    op: nameOf(radius),
    ...(radius > 0 && { radius }),
    code: codeNumber(op),
    parameters: parameterNumbers(op.parameters, values),
    ...Object.fromEntries(kept.map((name) => [name, values[name]])),
  };
}

/** The same for recorded calls: the operation's number, and the slots before those of its parameters. */
export function customSlots(op: OpDeclaration): { id: number; head: readonly number[] } {
  const { radius } = codeOf(op);
  const head = [codeNumber(op), numbersOf(op.parameters)];
  return { id: addon().opId(nameOf(radius)), head: radius === 0 ? head : [radius, ...head] };
}
