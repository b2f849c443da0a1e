/** The parameters of an operation: from its definition to the schema, to the text, and to numbers. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import { isPlainObject, ownValue } from '../schema/declaration.ts';
import type { EnumParameter } from '../schema/enum.ts';
import { kindOf, type Parameter, type Parameters } from '../schema/parameter.ts';
import { functions } from './functions.ts';
import { inputNames, type TextParameter } from './lower.ts';
import { most } from './opcodes.ts';
import { reservedWords } from './parser.ts';

const keys = {
  number: ['default', 'min', 'exclusiveMin', 'max', 'unit'],
  integer: ['default', 'min', 'exclusiveMin', 'max', 'unit'],
  boolean: ['default'],
  enum: ['default', 'values'],
  color: ['default'],
} as const;
type ParamType = keyof typeof keys;
const typeNames = Object.keys(keys) as ParamType[];

/** Options that every stage or call can have. */
const taken = ['op', 'mask', 'region', 'dst', 'temp'];

/** ERR_INVALID_OP for a definition; `path` is the place in it. */
export function invalidDefinition(
  op: string,
  path: string,
  expected: string,
  value: unknown,
  hint = '',
): FramelaneError {
  const message = `${op}: ${path}: expected ${expected}, received ${describeValue(value)}${hint}`;
  return new FramelaneError('ERR_INVALID_OP', message, { path });
}

/** Rejects keys that a definition does not have; `path` is its place, empty for the whole. */
export function checkKeys(op: string, object: object, known: readonly string[], path = ''): void {
  const unknown = Object.keys(object).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const at = path === '' ? unknown : `${path}.${unknown}`;
  const hint = didYouMean(unknown, known);
  throw invalidDefinition(op, at, known.join(', '), unknown, hint);
}

/** The parameters as the schema knows them. */
export function parametersOf(op: string, params: unknown = {}): Parameters {
  if (!isPlainObject(params)) {
    throw invalidDefinition(op, 'params', 'an object of parameters', params);
  }
  const entries = Object.entries(params).map(([name, param]) => {
    checkName(op, name);
    return [name, parameterOf(op, name, param)] as const;
  });
  const parameters = Object.fromEntries(entries);
  const count = numbersOf(parameters);
  if (count > most.parameters) {
    const expected = `at most ${most.parameters} numbers (a colour is four)`;
    throw invalidDefinition(op, 'params', expected, count);
  }
  return parameters;
}

function checkName(op: string, name: string): void {
  const path = `params.${name.slice(0, 40)}`;
  if (!/^[A-Za-z]\w{0,39}$/.test(name)) {
    throw invalidDefinition(op, path, 'a name of letters, digits and _', name);
  }
  const language = functions.has(name) || [...inputNames, ...reservedWords].includes(name);
  if (language) throw invalidDefinition(op, path, 'a name that the language does not use', name);
  if (taken.includes(name)) {
    throw invalidDefinition(op, path, 'a name other than the options of all calls', name);
  }
}

function parameterOf(op: string, name: string, given: unknown): Parameter {
  const path = `params.${name}`;
  if (!isPlainObject(given)) throw invalidDefinition(op, path, 'an object with a type', given);
  const { type, doc = `The ${name}.`, ...rest } = given;
  if (!typeNames.includes(type as ParamType)) {
    const hint = didYouMean(type, typeNames);
    throw invalidDefinition(op, `${path}.type`, `one of ${typeNames.join(', ')}`, type, hint);
  }
  const known: readonly string[] = keys[type as ParamType];
  checkKeys(op, given, ['type', 'doc', ...known], path);
  if (typeof doc !== 'string') throw invalidDefinition(op, `${path}.doc`, 'a sentence', doc);
  checkRange(op, path, rest);
  if (type === 'enum') checkWords(op, path, rest);
  const written = Object.entries(rest).filter(([key, value]) => {
    return key !== 'default' && value !== undefined;
  });
  const parameter = { kind: type, doc, ...Object.fromEntries(written) } as Parameter;
  const fallback = ownValue(rest, 'default');
  if (fallback === undefined) return parameter;
  const kind = kindOf(parameter);
  const accepted = kind.accept(parameter, fallback);
  if (accepted !== undefined) return { ...parameter, default: accepted } as Parameter;
  throw invalidDefinition(op, `${path}.default`, kind.describe(parameter), fallback);
}

function checkRange(op: string, path: string, given: Readonly<Record<string, unknown>>): void {
  for (const key of ['min', 'exclusiveMin', 'max']) {
    const bound = given[key];
    if (bound === undefined || (typeof bound === 'number' && Number.isFinite(bound))) continue;
    throw invalidDefinition(op, `${path}.${key}`, 'a number', bound);
  }
  const { min, exclusiveMin, max, unit } = given;
  const least = min ?? exclusiveMin;
  if (least !== undefined && max !== undefined && Number(max) < Number(least)) {
    throw invalidDefinition(op, `${path}.max`, `at least ${least}`, max);
  }
  if (unit !== undefined && typeof unit !== 'string') {
    throw invalidDefinition(op, `${path}.unit`, 'a string', unit);
  }
}

function checkWords(op: string, path: string, { values }: Readonly<Record<string, unknown>>): void {
  const words: readonly unknown[] = Array.isArray(values) ? values : [];
  const isWord = (value: unknown) => typeof value === 'string' && value !== '';
  if (words.length > 0 && words.every(isWord) && new Set(words).size === words.length) return;
  throw invalidDefinition(op, `${path}.values`, 'a list of different words', values);
}

const textTypes = {
  number: 'float',
  integer: 'float',
  enum: 'float',
  boolean: 'bool',
  color: 'vec4',
} as const;

/** The parameters as the text sees them. */
export function textParameters(parameters: Parameters): TextParameter[] {
  return Object.entries(parameters).map(([name, parameter]) => ({
    name,
    type: textTypes[parameter.kind as ParamType],
    words: parameter.kind === 'enum' ? parameter.values : undefined,
  }));
}

/** How many numbers they are: a colour is four. */
export function numbersOf(parameters: Parameters): number {
  const kinds = Object.values(parameters).map(({ kind }) => kind);
  return kinds.reduce((sum, kind) => sum + (kind === 'color' ? 4 : 1), 0);
}

/** The values of a validated stage, in the order of the parameters. */
export function parameterNumbers(
  parameters: Parameters,
  values: Readonly<Record<string, unknown>>,
): Float32Array {
  const numbers = Object.entries(parameters).flatMap(([name, parameter]) => {
    const value = ownValue(values, name);
    if (parameter.kind === 'enum') {
      return (parameter as EnumParameter).values.indexOf(value as string);
    }
    return typeof value === 'boolean' ? Number(value) : (value as number | readonly number[]);
  });
  return Float32Array.from(numbers);
}
