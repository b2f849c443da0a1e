/** Output names from input names: `out/{name}.webp`. */
import { basename, dirname, extname, join } from 'node:path';
import { FramelaneError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';

/** The values of the placeholders. */
export interface InputName {
  readonly input: string;
  /** From 0. */
  readonly index: number;
  /** The number of inputs: indices are padded to the same length, so that names sort. */
  readonly count: number;
}

const placeholder = /\{(\w+)\}/g;

const values: Readonly<Record<string, (of: InputName) => string>> = {
  name: ({ input }) => basename(input, extname(input)),
  ext: ({ input }) => extname(input).slice(1),
  dir: ({ input }) => dirname(input),
  index: ({ index, count }) => String(index + 1).padStart(String(count).length, '0'),
};

export const placeholders = Object.keys(values);

/** Whether a name has a placeholder, known or not. */
export function hasPlaceholder(template: string): boolean {
  return template.search(placeholder) >= 0;
}

/** The output for an input; ERR_INVALID_OPTION for an unknown placeholder. */
export function expandTemplate(template: string, of: InputName): string {
  const path = template.replace(placeholder, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value(of);
    const known = placeholders.map((one) => `{${one}}`).join(', ');
    const message = `output: expected placeholders ${known}, received ${whole}${didYouMean(name, placeholders)}`;
    throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'output' });
  });
  return join(path);
}
