/** Converts the arguments of a method call to an options object: `brightness(0.1)` is `brightness({ factor: 0.1 })`. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import type { OpDeclaration } from '../schema/declaration.ts';
import { kindOf } from '../schema/parameter.ts';

type Preset = Readonly<Record<string, unknown>>;

/** The options of a call, not validated yet; `preset` holds those that the method sets. */
export function optionsFromCall(
  op: OpDeclaration,
  args: readonly unknown[],
  preset: Preset = {},
): Readonly<Record<string, unknown>> {
  const [first, second] = args;
  if (first === undefined) return { ...preset };
  const byPosition = op.primary !== undefined && !isOptionsObject(op, first);
  const options = byPosition ? second : first;
  if (options !== undefined && !isObject(options)) {
    throw invalid('options', `${op.name} expects an object, received ${describeValue(options)}`);
  }
  for (const [name, value] of Object.entries(preset)) {
    if (options !== undefined && Object.hasOwn(options, name)) {
      throw invalid(
        name,
        `the method already sets ${op.name}'s ${name} to ${describeValue(value)}`,
      );
    }
  }
  return { ...options, ...(byPosition ? { [op.primary ?? '']: first } : {}), ...preset };
}

/** Whether the first argument of a call holds the options, rather than the primary value. */
export function isOptionsObject(op: OpDeclaration, value: unknown): boolean {
  if (!isObject(value)) return false;
  const primary = op.parameters[op.primary ?? ''];
  return !(primary && kindOf(primary).takes?.(value));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, message: string): FramelaneError {
  return new FramelaneError('ERR_INVALID_OPTION', `${path}: ${message}`, { path });
}
