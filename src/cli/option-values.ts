/** Values that options of several commands take. */
import { InvalidArgumentError, Option } from 'commander';

export function choice(flag: string, description: string, values: readonly string[]): Option {
  return new Option(flag, description).choices(values);
}

export function positiveInteger(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected an integer of at least 1.');
}
