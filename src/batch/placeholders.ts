/** Names of outputs made from names of inputs: `out/{name}.webp`. */
import { basename, dirname, extname, join } from 'node:path';
import { FramelaneError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';

/** What stands for what in a template. */
export interface InputName {
  readonly input: string;
  /** From 0. */
  readonly index: number;
  /** How many inputs there are: indices are padded to one length, so that names sort. */
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

/** Whether a name has a part in braces, known or not. */
export function hasPlaceholder(template: string): boolean {
  return template.search(placeholder) >= 0;
}

/** The output for an input; ERR_INVALID_OPTION for a placeholder there is not. */
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
