/** The options of a method call as values in the order of their declaration, without an intermediate object. */

import { type OpDeclaration, ownValue, validateOptions } from '../schema/declaration.ts';
import { kindOf, type Parameter } from '../schema/parameter.ts';
import { isOptionsObject } from './call.ts';
import { scope } from './scope.ts';

/** A method, prepared for its calls. */
export interface Method {
  readonly op: OpDeclaration;
  /** Options preset by the method. */
  readonly preset: Readonly<Record<string, unknown>>;
  readonly parameters: readonly Parameter[];
  /** The index of each option's value; `dst`, `temp` and `stream` follow the operation's own. */
  readonly places: ReadonlyMap<string, number>;
  /** The values of omitted options; undefined without a default. */
  readonly defaults: readonly unknown[];
  readonly primary: number;
}

export function methodOf(op: OpDeclaration, preset: Readonly<Record<string, unknown>>): Method {
  const names = Object.keys(op.parameters);
  const parameters = Object.values(op.parameters);
  const defaults = parameters.map((parameter, i) => {
    return preset[names[i] as string] ?? ('default' in parameter ? parameter.default : undefined);
  });
  const places = new Map([...names, 'dst', 'temp', 'stream'].map((name, place) => [name, place]));
  if (op.pattern !== 'dst') for (const name of ['dst', 'temp']) places.delete(name);
  return {
    op,
    preset,
    parameters,
    places,
    defaults: [...defaults, undefined, undefined, undefined],
    primary: op.primary === undefined ? -1 : names.indexOf(op.primary),
  };
}

const acceptedBy = (parameter: Parameter, value: unknown) =>
  kindOf(parameter).accept(parameter, value);

/**
 * The complete values of a call: the operation's parameters in order, then `dst`, `temp` and `stream`. Undefined if the call needs the
 * full checks, mostly because of invalid options.
 */
export function quickValues(
  method: Method,
  first: unknown,
  second: unknown,
): unknown[] | undefined {
  const { op, parameters, primary } = method;
  const values = method.defaults.slice();
  let options = first;
  if (first !== undefined && primary !== -1 && !isOptionsObject(op, first)) {
    options = second;
    values[primary] = acceptedBy(parameters[primary] as Parameter, first);
  }
  if (options !== undefined && !take(method, options, values, options === second)) return undefined;
  return isComplete(method, values) ? values : undefined;
}

function take(method: Method, options: unknown, values: unknown[], hasPrimary: boolean): boolean {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return false;
  const { parameters, places, preset, primary } = method;
  for (const name of Object.keys(options)) {
    const place = places.get(name);
    if (place === undefined || Object.hasOwn(preset, name)) return false;
    const given = (options as Record<string, unknown>)[name];
    if (given === undefined || (hasPrimary && place === primary)) continue;
    const parameter = parameters[place];
    const value = parameter === undefined ? given : acceptedBy(parameter, given);
    if (value === undefined) return false;
    values[place] = value;
  }
  return true;
}

function isComplete({ op, parameters, places }: Method, values: readonly unknown[]): boolean {
  for (let i = 0; i < parameters.length; i++) {
    if (values[i] === undefined && !parameters[i]?.optional) return false;
  }
  const { atLeastOneOf } = op;
  return !atLeastOneOf?.every((name) => values[places.get(name) as number] === undefined);
}

/** The same through the checks of pipelines, which are slower but report what is wrong. */
export function checkedValues(
  { op, places, parameters }: Method,
  given: Readonly<Record<string, unknown>>,
): unknown[] {
  // An in-place operation has no dst, so there it is an unknown option.
  const { stream, ...others } = given;
  const { dst, temp, ...options } = others;
  const isMaking = op.pattern === 'dst';
  // Messages name the options of all calls, too.
  const accepting = { ...op, parameters: { ...op.parameters, ...scope } };
  const complete: object = validateOptions(accepting, isMaking ? options : others);
  const own = [...places.keys()].slice(0, parameters.length);
  return [
    ...own.map((name) => ownValue(complete, name)),
    ...(isMaking ? [dst, temp] : [undefined, undefined]),
    stream,
  ];
}
