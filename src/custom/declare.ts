/** Checks, compiles and registers the definition of an operation. */
import { FramelaneError } from '../errors/errors.ts';
import { opNamed, registerOp } from '../ops/registry.ts';
import { isPlainObject, type OpDeclaration } from '../schema/declaration.ts';
import { compileText } from './compile.ts';
import type { OpDefinition, StencilOpDefinition } from './definition.ts';
import type { Code } from './emit.ts';
import { most } from './opcodes.ts';
import { checkKeys, invalidDefinition, parametersOf, textParameters } from './parameters.ts';

/** What a device runs for an operation. */
export interface CustomCode extends Code {
  /** How far it reads; 0 for operations on single pixels. */
  readonly radius: number;
}

interface Custom {
  readonly code: CustomCode;
  /** The definition, to tell an equal one. */
  readonly written: string;
}

const customs = new WeakMap<OpDeclaration, Custom>();

/** The code of an operation that the program has defined. */
export function codeOf(op: OpDeclaration): CustomCode {
  const custom = customs.get(op);
  if (custom !== undefined) return custom.code;
  throw new FramelaneError('ERR_INTERNAL', `${op.name} has no code`);
}

/** Registers an operation on single pixels; ERR_INVALID_OP for what cannot be one. */
export function declareOp(definition: OpDefinition): OpDeclaration {
  return declare('defineOp', definition, []);
}

/** Registers an operation on a pixel and its neighbours; ERR_INVALID_OP for what cannot be one. */
export function declareStencilOp(definition: StencilOpDefinition): OpDeclaration {
  return declare('defineStencilOp', definition, ['radius']);
}

const definitionKeys = ['name', 'doc', 'params', 'primary', 'pixel'];

function declare(caller: string, given: unknown, more: readonly string[]): OpDeclaration {
  if (!isPlainObject(given)) {
    throw invalidDefinition(caller, 'definition', 'an object with name and pixel', given);
  }
  const { name, doc = 'An operation of this program.', params, primary, pixel, radius = 0 } = given;
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9]{0,39}$/.test(name)) {
    throw invalidDefinition(caller, 'name', 'at most 40 letters and digits', name);
  }
  checkKeys(name, given, [...definitionKeys, ...more]);
  if (typeof doc !== 'string') throw invalidDefinition(name, 'doc', 'a sentence', doc);
  if (typeof pixel !== 'string') throw invalidDefinition(name, 'pixel', 'a text', pixel);
  if (more.length > 0) checkRadius(name, radius);
  const parameters = parametersOf(name, params);
  if (
    primary !== undefined &&
    !(typeof primary === 'string' && Object.hasOwn(parameters, primary))
  ) {
    const expected = `one of the parameters (${Object.keys(parameters).join(', ') || 'none'})`;
    throw invalidDefinition(name, 'primary', expected, primary);
  }
  const written = JSON.stringify({ doc, parameters, primary, pixel, radius });
  const known = knownAs(name, written);
  if (known !== undefined) return known;
  const source = { name, text: pixel };
  const code = compileText(source, textParameters(parameters), Number(radius));
  const op: OpDeclaration = Object.freeze({
    name,
    group: 'Custom',
    doc,
    formula: shortened(pixel),
    source: caller,
    pattern: radius === 0 ? 'inPlace' : 'dst',
    ...(primary !== undefined && { primary: primary as string }),
    methods: { [name]: {} },
    parameters,
  });
  customs.set(op, { code: { ...code, radius: Number(radius) }, written });
  registerOp(op);
  return op;
}

function checkRadius(name: string, radius: unknown): void {
  const fits = Number.isInteger(radius) && Number(radius) >= 1 && Number(radius) <= most.radius;
  if (!fits) throw invalidDefinition(name, 'radius', `an integer from 1 to ${most.radius}`, radius);
}

/** The operation if it is already registered with this definition. */
function knownAs(name: string, written: string): OpDeclaration | undefined {
  const op = opNamed(name);
  if (op === undefined) return undefined;
  const custom = customs.get(op);
  if (custom?.written === written) return op;
  const others =
    custom === undefined ? 'those of the built-in operations' : 'one with another definition';
  throw invalidDefinition(name, 'name', `a name other than ${others}`, name);
}

/** The text on one line, for lists. */
function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ').replaceAll('`', "'");
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
