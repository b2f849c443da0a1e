/** Changes single values in a JSON text and keeps the rest, comments included. */
import { applyEdits, getNodePath, modify } from 'jsonc-parser';
import { jsonValue, nearestNode, parseNodes } from '../../pipeline/json-text.ts';

/**
 * The text with the value at `path` replaced, or added as the last member of its object.
 *
 * @example
 * setJsonValue('{"stages": [{ "op": "sepia" }]}', 'stages[0].intensity', 0.5)
 */
export function setJsonValue(text: string, path: string, value: unknown): string {
  const { node, rest } = nearestNode(parseNodes(text), path);
  const name = rest.replace(/^\./, '');
  const last = node.children?.at(-1);
  if (rest !== '' && (node.type !== 'object' || last === undefined || /[.[]/.test(name))) {
    throw new Error(`cannot add "${path}": expected an object with members around it`);
  }
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const json = text.slice(mark.length);
  const place = rest === '' ? getNodePath(node) : [...getNodePath(node), name];
  const edits = modify(json, place, value, {}).map((edit) => ({
    ...edit,
    content:
      rest === ''
        ? print(value)
        : `,${gapBefore(text, last?.offset ?? 0)}${JSON.stringify(name)}: ${print(value)}`,
  }));
  return mark + applyEdits(json, edits);
}

/** Looks up the values of a JSON text by their paths; undefined without a value. */
export function jsonValues(text: string): (path: string) => unknown {
  const root = parseNodes(text);
  return (path) => {
    const { node, rest } = nearestNode(root, path);
    return rest === '' ? jsonValue(node) : undefined;
  };
}

/** The whitespace between a comma and the new member: a line of its own if the other members have one. */
function gapBefore(text: string, member: number): string {
  const indented = /(?:^|(\r?\n))([ \t]*)$/.exec(text.slice(0, member));
  return indented?.[1] === undefined ? ' ' : indented[1] + indented[2];
}

/** One line, with spaces as people write them. */
function print(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(print).join(', ')}]` : JSON.stringify(value);
}
