/** Stages of defined operations for the addon: their code and the numbers of their parameters. */
import { codeOf } from '../custom/declare.ts';
import { parameterNumbers } from '../custom/parameters.ts';
import type { DeviceId } from '../device.ts';
import type { NativeStage } from '../native/plan.ts';
import { scope } from '../ops/scope.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { codeTable } from './code-table.ts';
import { handleOf } from './image.ts';

/** The stage with the operation's code in place of its options; `values` are complete, its mask and region native. */
export function customStage(op: OpDeclaration, values: NativeStage, device: DeviceId): NativeStage {
  const code = codeOf(op);
  const { words, constants, instructions, positional, opaque, radius } = code;
  const kept = Object.keys(scope).filter((name) => Object.hasOwn(values, name));
  return {
    op: radius === 0 ? 'custom' : 'customStencil',
    name: op.name,
    code: handleOf(codeTable(code, device)),
    ...{ words, constants, instructions, positional, opaque },
    ...(radius > 0 && { radius }),
    parameters: parameterNumbers(op.parameters, values),
    ...Object.fromEntries(kept.map((name) => [name, values[name]])),
  };
}
