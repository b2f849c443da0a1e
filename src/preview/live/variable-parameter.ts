/** The values that a variable accepts: its type, narrowed by the options that it sets. */
import { ops } from '../../ops/index.ts';
import { kindOfVariable, type Variable } from '../../pipeline/variables.ts';
import { isPlainObject, type OpDeclaration, ownValue } from '../../schema/declaration.ts';
import type { AnyParameter } from '../../schema/kind.ts';

/** Describes a variable like an option; undefined for a text without known values. */
export function variableParameter(
  name: string,
  { type, description = '' }: Variable,
  stages: readonly unknown[],
): AnyParameter | undefined {
  return kindOfVariable(type).asParameter(description, usesOf(name, stages));
}

function usesOf(name: string, stages: readonly unknown[]): AnyParameter[] {
  return stages.flatMap((stage) => {
    if (!isPlainObject(stage)) return [];
    const op = ownValue(ops, String(stage['op'])) as OpDeclaration | undefined;
    const options = Object.keys(stage).filter((option) => stage[option] === `\${${name}}`);
    return options.flatMap((option) => op?.parameters[option] ?? []);
  });
}
