/** What a variable accepts: its type, narrowed by the options whose whole value it is. */
import { ops } from '../ops/index.ts';
import type { EnumParameter, NumericParameter, Parameter } from '../parameter.ts';
import { isPlainObject, type OpDeclaration, ownValue } from '../schema.ts';
import type { Variable } from '../variables.ts';

/** A declaration as that of an option; undefined for texts and files, which have no steps. */
export function variableParameter(
  name: string,
  variable: Variable,
  stages: readonly unknown[],
): Parameter | undefined {
  const doc = variable.description ?? '';
  const uses = usesOf(name, stages);
  switch (variable.type) {
    case 'number':
    case 'integer': {
      const isWhole = variable.type === 'integer' || uses.some((use) => use.kind === 'integer');
      const range = commonRange(uses.filter(isNumeric));
      return { kind: isWhole ? 'integer' : 'number', doc, ...range };
    }
    case 'boolean':
    case 'color':
      return { kind: variable.type, doc };
    case 'string':
      return commonChoice(doc, uses.filter(isEnum));
    case 'image':
    case 'lut':
      return undefined;
  }
}

function usesOf(name: string, stages: readonly unknown[]): Parameter[] {
  return stages.flatMap((stage) => {
    if (!isPlainObject(stage)) return [];
    const op = ownValue(ops, String(stage['op'])) as OpDeclaration | undefined;
    const options = Object.keys(stage).filter((option) => stage[option] === `\${${name}}`);
    return options.flatMap((option) => op?.parameters[option] ?? []);
  });
}

const isNumeric = (use: Parameter): use is NumericParameter =>
  use.kind === 'number' || use.kind === 'integer';
const isEnum = (use: Parameter): use is EnumParameter => use.kind === 'enum';

function commonRange(uses: readonly NumericParameter[]) {
  const given = (key: 'min' | 'exclusiveMin' | 'max') => uses.flatMap((use) => use[key] ?? []);
  const unit = uses.find((use) => use.unit !== undefined)?.unit;
  const [min, exclusiveMin, max] = [given('min'), given('exclusiveMin'), given('max')];
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(min.length === 0 ? {} : { min: Math.max(...min) }),
    ...(exclusiveMin.length === 0 ? {} : { exclusiveMin: Math.max(...exclusiveMin) }),
    ...(max.length === 0 ? {} : { max: Math.min(...max) }),
  };
}

function commonChoice(doc: string, uses: readonly EnumParameter[]): EnumParameter | undefined {
  const [first, ...others] = uses;
  if (first === undefined) return undefined;
  const values = first.values.filter((value) => others.every((use) => use.values.includes(value)));
  return { kind: 'enum', doc, values };
}
