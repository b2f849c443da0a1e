import { FramelaneError } from './errors.ts';
import { invalidOption } from './invalid.ts';
import { didYouMean } from './suggest.ts';

/** The names of an interface's options; a missing or extra name does not compile. */
export function namesOf<T>(names: { readonly [Name in keyof Required<T>]: true }): string[] {
  return Object.keys(names);
}

export function expectOptions(options: unknown, what = 'options'): asserts options is object {
  if (typeof options === 'object' && options !== null) return;
  throw invalidOption(what, 'an object', options);
}

/** Rejects unknown options and suggests the closest name. `where` is the place of the options, such as `outputs[1]`. */
export function checkNames(options: unknown, known: readonly string[], where = ''): void {
  expectOptions(options, where || 'options');
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const path = where === '' ? unknown : `${where}.${unknown}`;
  const hint = didYouMean(unknown, known);
  const message = `${path}: unknown option${hint}; expected ${known.join(', ')}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path });
}
