/** Declarations of operations, and the validation of options against them. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import { type CompleteOptions, kindOf, type Parameter, type Parameters } from './parameter.ts';
import { ownValue } from './plain-object.ts';

export { isPlainObject, ownValue } from './plain-object.ts';

export type GroupName =
  | 'Fill'
  | 'Adjust'
  | 'Filter'
  | 'Blend'
  | 'Effect'
  | 'Transform'
  | 'Resize'
  | 'Measure'
  | 'Custom';

/** The declaration of one operation, without its name and group. */
export interface OpSpec {
  /** One sentence. */
  readonly doc: string;
  readonly formula: string;
  /** Where the formula comes from. */
  readonly source: string;
  /** `inPlace` changes its image; `dst` makes an image, or fills `dst`; `result` measures its image. */
  readonly pattern: 'inPlace' | 'dst' | 'result';
  /** The option a call may give by position: `Adjust.brightness(image, 0.1)`. */
  readonly primary?: string;
  /** The methods of the group and the options each presets; by default one with the operation's name. */
  readonly methods?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Optional parameters of which one must be given. */
  readonly atLeastOneOf?: readonly string[];
  /** Some values can be taken from the metadata of the source; an image has none. */
  readonly asksSource?: true;
  readonly parameters: Parameters;
}

export interface OpDeclaration extends OpSpec {
  readonly name: string;
  readonly group: GroupName;
  readonly methods: NonNullable<OpSpec['methods']>;
}

type Declared<G extends GroupName, N, S extends OpSpec> = S & {
  readonly name: N;
  readonly group: G;
  readonly methods: S extends { methods: infer M }
    ? M
    : { readonly [K in N & string]: Record<never, never> };
};

/** Declares the operations of one group. */
export function family<G extends GroupName, const S extends Readonly<Record<string, OpSpec>>>(
  group: G,
  specs: S,
) {
  const entries = Object.entries(specs).map(([name, spec]) => {
    return [name, { name, group, methods: { [name]: {} }, ...spec }];
  });
  return Object.fromEntries(entries) as { readonly [N in keyof S]: Declared<G, N, S[N]> };
}

/**
 * Completes the options of an operation, with defaults filled in and colours as four numbers, or throws
 * ERR_INVALID_OPTION. Only own properties are read; undefined counts as absent.
 *
 * @example
 * validateOptions(ops.gaussianBlur, { radius: 8 }, 'stages[2]')
 */
export function validateOptions<
  D extends Pick<OpDeclaration, 'name' | 'parameters' | 'atLeastOneOf'>,
>(op: D, options: unknown, path = ''): CompleteOptions<D['parameters']> {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(op.name, path || 'options', 'an object of options', describeValue(options));
  }
  const { parameters, atLeastOneOf } = op;
  rejectUnknown(op, options, path);
  const complete: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = validateValue(op.name, parameter, ownValue(options, name), join(path, name));
    if (value !== undefined) complete[name] = value;
  }
  if (atLeastOneOf?.every((name) => complete[name] === undefined)) {
    throw invalid(op.name, path || 'options', atLeastOneOf.join(' or '), 'neither');
  }
  return complete as CompleteOptions<D['parameters']>;
}

function rejectUnknown(
  op: Pick<OpDeclaration, 'name' | 'parameters'>,
  options: object,
  path: string,
) {
  const known = Object.keys(op.parameters);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const expected = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  const where = join(path, unknown);
  throw new FramelaneError(
    'ERR_INVALID_OPTION',
    `${where}: ${op.name} has no option ${describeValue(unknown)}${didYouMean(unknown, known)}; ${expected}`,
    { path: where },
  );
}

function validateValue(op: string, parameter: Parameter, given: unknown, path: string): unknown {
  if (given === undefined) {
    if ('default' in parameter) return parameter.default;
    if (parameter.optional) return undefined;
    throw invalid(op, path, kindOf(parameter).describe(parameter), 'nothing');
  }
  const kind = kindOf(parameter);
  const value = kind.accept(parameter, given);
  if (value !== undefined) return value;
  const hint = kind.hint?.(parameter, given) ?? '';
  throw invalid(op, path, kind.describe(parameter), describeValue(given) + hint);
}

function invalid(op: string, path: string, expected: string, received: string): FramelaneError {
  const message = `${path}: ${op} expects ${expected}, received ${received}`;
  return new FramelaneError('ERR_INVALID_OPTION', message, { path });
}

/** The path of an option; `path` is empty in a call of the immediate API. */
export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
