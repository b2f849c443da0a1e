/** Defined operations for the addon: the number of their code, and the numbers of their parameters. */
import { codeOf, hasText, kernelOf } from '../custom/declare.ts';
import { kernelParameters } from '../custom/kernel-source.ts';
import { numbersOf, parameterNumbers } from '../custom/parameters.ts';
import type { DeviceId } from '../device.ts';
import { addon } from '../native/binding.ts';
import type { NativeStage } from '../native/plan.ts';
import { scope } from '../ops/scope.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { codeNumber } from './code-number.ts';

const nameOf = (radius: number) => (radius === 0 ? 'custom' : 'customStencil');

/** The stage with the operation's code in place of its options; `values` are complete, its mask and region native. */
export function customStage(op: OpDeclaration, values: NativeStage, device: DeviceId): NativeStage {
  const kept = Object.keys(scope).filter((name) => Object.hasOwn(values, name));
  const own = runsKernel(op, device) ? kernelStage(op, values) : textStage(op, values);
  return { ...own, ...Object.fromEntries(kept.map((name) => [name, values[name]])) };
}

/** A kernel that the CPU has no text for is left to the addon, which says so. */
const runsKernel = (op: OpDeclaration, device: DeviceId) =>
  kernelOf(op) !== undefined && !(device === 'cpu' && hasText(op));

function kernelStage(op: OpDeclaration, values: NativeStage): NativeStage {
  const parameters = kernelParameters(op.parameters, values);
  return { op: 'customKernel', name: op.name, ...kernelOf(op), parameters };
}

function textStage(op: OpDeclaration, values: NativeStage): NativeStage {
  const { radius } = codeOf(op);
  return {
    op: nameOf(radius),
    ...(radius > 0 && { radius }),
    code: codeNumber(op),
    parameters: parameterNumbers(op.parameters, values),
  };
}

/** The same for recorded calls: the operation's number, and the slots before those of its parameters. */
export function customSlots(op: OpDeclaration): { id: number; head: readonly number[] } {
  const { radius } = codeOf(op);
  const head = [codeNumber(op), numbersOf(op.parameters)];
  return { id: addon().opId(nameOf(radius)), head: radius === 0 ? head : [radius, ...head] };
}
