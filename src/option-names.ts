import { FramelaneError } from './errors.ts';
import { invalidOption } from './invalid-option.ts';
import { didYouMean } from './suggest.ts';

export function expectOptions(options: unknown): asserts options is object {
  if (typeof options === 'object' && options !== null) return;
  throw invalidOption('options', 'an object', options);
}

/** Refuses options that there are not: most of them are misspelt. */
export function checkNames(options: unknown, known: readonly string[]): void {
  expectOptions(options);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known);
  const message = `${unknown}: there is no such option${hint}; expected ${known.join(', ')}`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path: unknown });
}
