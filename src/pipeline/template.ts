/** "${name}" in the values of a stage. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { didYouMean } from '../errors/suggest.ts';
import { isPlainObject } from '../schema/declaration.ts';

type Values = ReadonlyMap<string, unknown>;

/** Bounds the text that variables insert: a small file could expand to gigabytes. */
const longestText = 10_000;
const whole = /^\$\{([^{}]*)\}$/;
const anywhere = /(\$?)\$\{([^{}]*)\}/g;

/**
 * The value with every variable replaced: a string that consists of `${name}` becomes the variable's value with its type,
 * inside a longer string it is inserted as text, and `$${` is a literal `${`.
 */
export function substitute(value: unknown, values: Values, path: string): unknown {
  if (typeof value === 'string') return substituteText(value, values, path);
  if (Array.isArray(value)) {
    return value.map((item, index) => substitute(item, values, `${path}[${index}]`));
  }
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, values, `${path}.${key}`)]),
  );
}

/** The variable's name if the text consists of one variable. */
export const variableOf = (text: unknown): string | undefined =>
  typeof text === 'string' ? whole.exec(text)?.[1] : undefined;

function substituteText(text: string, values: Values, path: string): unknown {
  const name = variableOf(text);
  if (name !== undefined) return lookUp(name, values, path);
  let left = longestText;
  return text.replaceAll(anywhere, (match, dollar: string, inner: string) => {
    const replaced = dollar === '' ? String(lookUp(inner, values, path)) : match.slice(1);
    left -= replaced.length;
    if (left < 0) {
      const message = `${path}: expected variables to insert at most ${longestText} characters, received more`;
      throw new FramelaneError('ERR_INVALID_PIPELINE', message, { path });
    }
    return replaced;
  });
}

function lookUp(name: string, values: Values, path: string): unknown {
  if (values.has(name)) return values.get(name);
  const known = [...values.keys()];
  const list = known.length === 0 ? 'the pipeline has none' : `it has ${known.join(', ')}`;
  const message = `${path}: unknown variable ${describeValue(name)}${didYouMean(name, known)}; ${list}`;
  throw new FramelaneError('ERR_INVALID_PIPELINE', message, { path });
}
