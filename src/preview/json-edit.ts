/** Changes of single values in a JSON text that leave everything else as its writer left it. */
import { parseJson } from '../json-text.ts';
import { isPlainObject } from '../schema.ts';

/**
 * The text with the value at `path` replaced, or added as the last member of its object.
 *
 * @example
 * setJsonValue('{"stages": [{ "op": "sepia" }]}', 'stages[0].intensity', 0.5)
 */
export function setJsonValue(text: string, path: string, value: unknown): string {
  const json = parseJson(text);
  const old = json.span(path);
  if (old !== undefined) return text.slice(0, old.start) + print(value) + text.slice(old.end);

  const dot = path.lastIndexOf('.');
  const parent = path.slice(0, Math.max(0, dot));
  const name = path.slice(dot + 1);
  const span = json.span(parent);
  const last =
    span === undefined ? undefined : lastMember(text.slice(span.start, span.end), parent);
  const after = last === undefined ? undefined : json.span(last);
  if (last === undefined || after === undefined) {
    throw new Error(`there is no object with members at "${parent}"`);
  }
  const member = `,${gapBefore(text, json.locate(last))}${JSON.stringify(name)}: ${print(value)}`;
  return text.slice(0, after.end) + member + text.slice(after.end);
}

/** The values of a JSON text by their paths; undefined where there is none. */
export function jsonValues(text: string): (path: string) => unknown {
  const json = parseJson(text);
  return (path) => {
    const span = json.span(path);
    return span === undefined ? undefined : JSON.parse(text.slice(span.start, span.end));
  };
}

function lastMember(objectText: string, path: string): string | undefined {
  const object: unknown = JSON.parse(objectText);
  const key = isPlainObject(object) ? Object.keys(object).at(-1) : undefined;
  if (key === undefined) return undefined;
  return path === '' ? key : `${path}.${key}`;
}

/** What stands between a member and the comma before it: members on lines of their own get a line of their own. */
function gapBefore(text: string, position: { line: number; column: number } | undefined): string {
  const { line, column } = position ?? { line: 1, column: 1 };
  const lines = text.split('\n');
  const indent = lines[line - 1]?.slice(0, column - 1) ?? '';
  if (line === 1 || indent.trim() !== '') return ' ';
  return `${lines[line - 2]?.endsWith('\r') ? '\r\n' : '\n'}${indent}`;
}

/** One line, with the spaces that people write. */
function print(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(print).join(', ')}]` : JSON.stringify(value);
}
