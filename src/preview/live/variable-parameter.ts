/** The values that a variable accepts: its type, narrowed by the options that it sets. */
import { opNamed } from '../../ops/registry.ts';
import { kindOfVariable, type Variable } from '../../pipeline/variables.ts';
import { isPlainObject } from '../../schema/declaration.ts';
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
    const op = opNamed(String(stage['op']));
    const options = Object.keys(stage).filter((option) => stage[option] === `\${${name}}`);
    return options.flatMap((option) => op?.parameters[option] ?? []);
  });
}
