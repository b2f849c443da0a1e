import { FramelaneError } from './errors.ts';
import { invalidOption } from './invalid.ts';
import { didYouMean } from './suggest.ts';

/** The names of an interface's options; the compiler refuses one that is missing and one too many. */
export function namesOf<T>(names: { readonly [Name in keyof Required<T>]: true }): string[] {
  return Object.keys(names);
}

export function expectOptions(options: unknown, what = 'options'): asserts options is object {
  if (typeof options === 'object' && options !== null) return;
  throw invalidOption(what, 'an object', options);
}

/**
 * Refuses options that there are not: most of them are misspelt. `where` is what the options are of, as the caller wrote it:
 * `outputs[1]`.
 */
export function checkNames(options: unknown, known: readonly string[], where = ''): void {
  expectOptions(options, where || 'options');
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const path = where === '' ? unknown : `${where}.${unknown}`;
  const hint = didYouMean(unknown, known);
  const message = `${path}: there is no such option${hint}; expected ${known.join(', ')}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path });
}
