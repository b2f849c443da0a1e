/** Checks, compiles and registers the definition of an operation. */
import { FramelaneError } from '../errors/errors.ts';
import { opNamed, registerOp } from '../ops/registry.ts';
import { isPlainObject, type OpDeclaration } from '../schema/declaration.ts';
import type { Parameters } from '../schema/parameter.ts';
import { compileText } from './compile.ts';
import type { KernelOpDefinition, OpDefinition, StencilOpDefinition } from './definition.ts';
import type { Code } from './emit.ts';
import { kernelSource } from './kernel-source.ts';
import { most } from './opcodes.ts';
import { checkKeys, invalidDefinition, parametersOf, textParameters } from './parameters.ts';

/** What a device runs for an operation. */
export interface CustomCode extends Code {
  /** How far it reads; 0 for operations on single pixels. */
  readonly radius: number;
}

/** A CUDA kernel for an operation. */
export interface KernelCode {
  /** As it is compiled. */
  readonly source: string;
  readonly entry: string;
}

/** What runs; of an operation with a kernel, the text is for the CPU, and may be absent. */
interface Runs {
  readonly code?: CustomCode | undefined;
  readonly kernel?: KernelCode;
}

interface Custom extends Runs {
  /** The definition, to tell an equal one. */
  readonly written: string;
}

const customs = new WeakMap<OpDeclaration, Custom>();

/** The code of an operation that the program has defined by a text. */
export function codeOf(op: OpDeclaration): CustomCode {
  const code = customs.get(op)?.code;
  if (code !== undefined) return code;
  throw new FramelaneError('ERR_INTERNAL', `${op.name} has no code`);
}

/** The kernel of an operation; undefined for those with a text alone. */
export function kernelOf(op: OpDeclaration): KernelCode | undefined {
  return customs.get(op)?.kernel;
}

/** Whether it has a text, which runs everywhere but for CUDA where it has a kernel, too. */
export function hasText(op: OpDeclaration): boolean {
  return customs.get(op)?.code !== undefined;
}

/** Registers an operation on single pixels; ERR_INVALID_OP for what cannot be one. */
export function declareOp(definition: OpDefinition): OpDeclaration {
  const { own, ...head } = headOf('defineOp', definition, ['pixel']);
  const pixel = textOf(head.name, 'pixel', own['pixel']);
  return register(head, 'inPlace', pixel, { pixel }, () => ({
    code: compiled(head, pixel, 0),
  }));
}

/** Registers an operation on a pixel and its neighbours; ERR_INVALID_OP for what cannot be one. */
export function declareStencilOp(definition: StencilOpDefinition): OpDeclaration {
  const { own, ...head } = headOf('defineStencilOp', definition, ['pixel', 'radius']);
  const pixel = textOf(head.name, 'pixel', own['pixel']);
  const radius = radiusOf(head.name, 'radius', own['radius'] ?? 0);
  return register(head, 'dst', pixel, { pixel, radius }, () => ({
    code: compiled(head, pixel, radius),
  }));
}

/** Registers an operation by a CUDA kernel; ERR_INVALID_OP for what cannot be one, but for its source. */
export function declareKernelOp(definition: KernelOpDefinition): OpDeclaration {
  const { own, ...head } = headOf('defineKernelOp', definition, ['kernel', 'entry', 'cpu']);
  const { name, parameters } = head;
  const kernel = textOf(name, 'kernel', own['kernel']);
  const { entry = name, cpu } = own;
  if (typeof entry !== 'string' || !/^[A-Za-z_]\w*$/.test(entry)) {
    throw invalidDefinition(name, 'entry', 'the name of the kernel', entry);
  }
  const text = cpu === undefined ? undefined : cpuOf(name, cpu);
  return register(head, 'dst', kernel, { kernel, entry, ...text }, () => ({
    kernel: { source: kernelSource(name, parameters, kernel), entry },
    code: text && compiled(head, text.pixel, text.radius),
  }));
}

const headKeys = ['name', 'doc', 'params', 'primary'];

/** What all definitions have, checked. */
interface Head {
  readonly caller: string;
  readonly name: string;
  readonly doc: string;
  readonly parameters: Parameters;
  readonly primary: string | undefined;
}

/** The common part of a definition, and its `own` as given. */
function headOf(
  caller: string,
  given: unknown,
  more: readonly string[],
): Head & { readonly own: Readonly<Record<string, unknown>> } {
  if (!isPlainObject(given)) {
    throw invalidDefinition(caller, 'definition', `an object with name and ${more[0]}`, given);
  }
  const { name, doc = 'An operation of this program.', params, primary } = given;
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9]{0,39}$/.test(name)) {
    throw invalidDefinition(caller, 'name', 'at most 40 letters and digits', name);
  }
  checkKeys(name, given, [...headKeys, ...more]);
  textOf(name, 'doc', doc, 'a sentence');
  const parameters = parametersOf(name, params);
  const isPrimary = typeof primary === 'string' && Object.hasOwn(parameters, primary);
  if (primary !== undefined && !isPrimary) {
    const expected = `one of the parameters (${Object.keys(parameters).join(', ') || 'none'})`;
    throw invalidDefinition(name, 'primary', expected, primary);
  }
  const head = { caller, name, doc: String(doc), parameters };
  return { ...head, primary: primary as string | undefined, own: given };
}

/** Registers it, unless it already is. `formula` is shown in lists; `own` is what tells it from others beside its head. */
function register(
  { caller, name, doc, parameters, primary }: Head,
  pattern: 'inPlace' | 'dst',
  formula: string,
  own: object,
  runs: () => Runs,
): OpDeclaration {
  const written = JSON.stringify({ doc, parameters, primary, ...own });
  const known = knownAs(name, written);
  if (known !== undefined) return known;
  const custom = { ...runs(), written };
  const op: OpDeclaration = Object.freeze({
    name,
    group: 'Custom',
    doc,
    formula: shortened(formula),
    source: caller,
    pattern,
    ...(primary !== undefined && { primary }),
    methods: { [name]: {} },
    parameters,
  });
  customs.set(op, custom);
  registerOp(op);
  return op;
}

function compiled({ name, parameters }: Head, text: string, radius: number): CustomCode {
  return { ...compileText({ name, text }, textParameters(parameters), radius), radius };
}

function textOf(name: string, path: string, value: unknown, expected = 'a text'): string {
  if (typeof value === 'string') return value;
  throw invalidDefinition(name, path, expected, value);
}

function radiusOf(name: string, path: string, radius: unknown): number {
  const fits = Number.isInteger(radius) && Number(radius) >= 1 && Number(radius) <= most.radius;
  if (fits) return Number(radius);
  throw invalidDefinition(name, path, `an integer from 1 to ${most.radius}`, radius);
}

/** The text for the CPU; without a radius it is on single pixels. */
function cpuOf(name: string, cpu: unknown): { pixel: string; radius: number } {
  if (!isPlainObject(cpu)) throw invalidDefinition(name, 'cpu', 'an object with pixel', cpu);
  checkKeys(name, cpu, ['pixel', 'radius'], 'cpu');
  const pixel = textOf(name, 'cpu.pixel', cpu['pixel']);
  const { radius } = cpu;
  return { pixel, radius: radius === undefined ? 0 : radiusOf(name, 'cpu.radius', radius) };
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
