/** Descriptions of options and example calls, for the reference, editors and pipeline files. */

import type { OpDeclaration, OpSpec } from '../schema/declaration.ts';
import { exampleOf, kindOf, type Parameter } from '../schema/parameter.ts';

type Options = Pick<OpSpec, 'parameters' | 'atLeastOneOf'>;

/** Where an option is written: in a call of the builder, in a pipeline file, or in a call of the immediate API. */
type Place = 'pipeline' | 'file' | 'immediate';

/** Description, accepted values and default of an option: "The blur. A number of at least 0, in px; default 1." */
export function optionHelp(
  options: Options,
  name: string,
  parameter: Parameter,
  place: Place,
): string {
  const { inFile, inMemory, describe } = kindOf(parameter);
  const less = { pipeline: undefined, file: inFile, immediate: inMemory?.value }[place];
  const value = less ?? describe(parameter);
  const unit = parameter.unit === undefined ? '' : `, in ${parameter.unit}`;
  const absence = ('default' in parameter ? 'default ' : '') + defaultText(options, name);
  return `${parameter.doc} ${capitalise(value)}${unit}; ${absence}.`;
}

/** The default of an option, as shown in tables. */
export function defaultText({ parameters, atLeastOneOf }: Options, name: string): string {
  const parameter = parameters[name];
  if (parameter !== undefined && 'default' in parameter) return JSON.stringify(parameter.default);
  if (atLeastOneOf?.includes(name)) return `one of ${atLeastOneOf.join(', ')} is required`;
  return parameter?.optional ? 'optional' : 'required';
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The options of an example: the required ones, and the one that can be passed by position. */
export function exampleOptions(op: OpDeclaration): Readonly<Record<string, unknown>> {
  const shown = Object.entries(op.parameters).filter(([name, parameter]) => {
    const hasValue = 'default' in parameter || parameter.example !== undefined;
    const isRequired = !('default' in parameter || parameter.optional);
    return isRequired || (op.primary === name && hasValue) || op.atLeastOneOf?.[0] === name;
  });
  return Object.fromEntries(shown.map(([name, parameter]) => [name, exampleOf(parameter)]));
}

/** A call of the builder: `pipeline().gaussianBlur(8)`. */
export function stageExample(op: OpDeclaration): string {
  const options = Object.entries(exampleOptions(op));
  const written = options.map(([name, value]) => [name, source(value)] as const);
  return `pipeline().${op.name}(${callArguments(op, written).join(', ')})`;
}

/** A call of the immediate API, in which images and LUTs are objects: `Blend.multiply(image, overlay)`. */
export function methodExample(op: OpDeclaration, method: string): string {
  const preset = op.methods[method] ?? {};
  const options = Object.entries(exampleOptions(op)).filter(([name]) => !(name in preset));
  const written = options.map(([name, value]) => {
    const parameter = op.parameters[name];
    return [name, (parameter && kindOf(parameter).inMemory?.example) ?? source(value)] as const;
  });
  return `${op.group}.${method}(${['image', ...callArguments(op, written)].join(', ')})`;
}

type Written = readonly (readonly [name: string, source: string])[];

function callArguments({ primary }: OpDeclaration, options: Written): string[] {
  const byPosition = options.filter(([name]) => name === primary).map(([, value]) => value);
  const others = options.filter(([name]) => name !== primary);
  if (others.length === 0) return byPosition;
  const named = others.map(([name, value]) => (name === value ? name : `${name}: ${value}`));
  return [...byPosition, `{ ${named.join(', ')} }`];
}

/** A value as TypeScript. */
function source(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(source).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${name}: ${source(member)}`);
  return `{ ${members.join(', ')} }`;
}
