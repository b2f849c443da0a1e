/** The variables of a pipeline file: declared with a type and a default, written as "${name}" in the stages. */
import { resolve } from 'node:path';
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidPipeline } from '../errors/invalid.ts';
import { didYouMean } from '../errors/suggest.ts';
import { isPlainObject, ownValue } from '../schema/declaration.ts';
import {
  type VariableKind,
  type VariableType,
  type VariableValue,
  variableKinds,
} from '../schema/variable.ts';

export type { VariableValue } from '../schema/variable.ts';

/** A declared variable; an `image` or `lut` is a path, the default relative to the pipeline file. */
export interface Variable {
  readonly type: VariableType;
  readonly default: VariableValue;
  readonly description?: string | undefined;
}

export type Variables = Readonly<Record<string, Variable>>;

export function readVariables(declared: unknown): Variables {
  if (declared === undefined) return {};
  if (!isPlainObject(declared)) throw invalidPipeline('variables', 'an object', declared);
  return Object.fromEntries(
    Object.entries(declared).map(([name, variable]) => [name, readVariable(name, variable)]),
  );
}

function readVariable(name: string, declared: unknown): Variable {
  const path = `variables.${name}`;
  if (!/^[A-Za-z_]\w*$/.test(name))
    throw invalidPipeline(path, 'a name of letters, digits and _', name);
  if (!isPlainObject(declared)) throw invalidPipeline(path, '{ "type", "default" }', declared);
  const known = ['type', 'default', 'description'];
  const unknown = Object.keys(declared).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw invalidPipeline(`${path}.${unknown}`, `one of ${known.join(', ')}`, unknown);
  const types = [...variableKinds.keys()];
  const type = types.find((candidate) => candidate === ownValue(declared, 'type'));
  if (type === undefined) {
    throw invalidPipeline(`${path}.type`, `one of ${types.join(', ')}`, ownValue(declared, 'type'));
  }
  const description = ownValue(declared, 'description');
  if (description !== undefined && typeof description !== 'string') {
    throw invalidPipeline(`${path}.description`, 'a string', description);
  }
  return {
    type,
    default: accept(type, ownValue(declared, 'default'), `${path}.default`),
    description,
  };
}

/** Every variable's value: the given one, else the default; a default path is relative to `folder`. */
export function bindVariables(
  variables: Variables,
  given: Readonly<Record<string, unknown>>,
  folder: string,
): ReadonlyMap<string, VariableValue> {
  for (const name of Object.keys(given)) findVariable(variables, name);
  return new Map(
    Object.entries(variables).map(([name, { type, default: fallback }]) => {
      const own = ownValue(given, name);
      const value = own === undefined ? fallback : accept(type, own, `variables.${name}`);
      const base = own === undefined ? folder : '.';
      return [name, kindOfVariable(type).isPath ? resolve(base, String(value)) : value];
    }),
  );
}

/** The value of a text (of `--set name=text`) by the variable's type. */
export function parseVariable(variables: Variables, name: string, text: string): VariableValue {
  const { type } = findVariable(variables, name);
  const { isText } = kindOfVariable(type);
  return accept(type, isText ? text : parseWord(text), `variables.${name}`);
}

function findVariable(variables: Variables, name: string): Variable {
  if (Object.hasOwn(variables, name)) return variables[name] as Variable;
  const names = Object.keys(variables);
  const known = names.length === 0 ? 'the pipeline has none' : `it has ${names.join(', ')}`;
  const message = `the pipeline has no variable ${describeValue(name)}${didYouMean(name, names)}; ${known}`;
  throw new FramelaneError('ERR_INVALID_PIPELINE', message, { path: 'variables' });
}

/** A number, or true, false or a list in JSON; anything else is text. */
function parseWord(text: string): unknown {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(number)) return number;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function accept(type: VariableType, value: unknown, path: string): VariableValue {
  const { accepts, expected } = kindOfVariable(type);
  if (!accepts(value)) throw invalidPipeline(path, expected, value);
  return value as VariableValue;
}

/** The kind of values of a variable of this type. */
export function kindOfVariable(type: VariableType): VariableKind {
  return variableKinds.get(type) as VariableKind;
}
