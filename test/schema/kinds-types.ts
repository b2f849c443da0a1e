/** What the compiler must infer from the table of kinds: checked by `npm run types`, never called. */
import type { Stage } from '../../src/ops/index.ts';
import type { FileKind } from '../../src/schema/kinds.ts';
import type { Input, Parameter, Value } from '../../src/schema/parameter.ts';
import type { VariableType } from '../../src/schema/variable.ts';

export function types(stage: Extract<Stage, { op: 'flip' }>) {
  type Choice = { kind: 'enum'; doc: ''; values: readonly ['a', 'b'] };
  const choice: Value<Choice> & Input<Choice> = 'a' as 'a' | 'b';
  const either: 'a' | 'b' = choice;
  const kindNames: Parameter['kind'][] = ['number', 'integer', 'boolean', 'enum'];
  const variables: VariableType[] = ['number', 'integer', 'boolean', 'string', 'color', 'image'];
  const direction: 'horizontal' | 'vertical' | 'both' = stage.direction;
  // @ts-expect-error a kind with files without a row
  const rows: Record<FileKind, number> = { image: 1 };
  // @ts-expect-error a word that is none of the enum
  const third: Value<Choice> = 'c';
  // @ts-expect-error four numbers after validation
  const rgba: Value<{ kind: 'color'; doc: '' }> = [0, 0, 0];
  // @ts-expect-error no type of variable
  const type: VariableType = 'text';
  // @ts-expect-error no kind
  const kind: Parameter['kind'] = 'nonsense';
  return { either, kindNames, variables, direction, rows, third, rgba, type, kind };
}
