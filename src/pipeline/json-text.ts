/**
 * JSON with comments, trailing commas and positions, by jsonc-parser: `JSON.parse` supports none of these, and silently keeps
 * the last of two equal keys. Messages say what was expected and where, but never quote the text, which may be that of any
 * file.
 */
import {
  createScanner,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface JsonDocument {
  readonly value: unknown;
  /** The position of `stages[2].radius`, or of the nearest enclosing value other than the whole document. */
  locate(path: string): Position | undefined;
}

export class JsonError extends Error {
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

export function parseJson(text: string): JsonDocument {
  const root = parseNodes(text);
  return {
    value: jsonValue(root),
    locate(path) {
      const { node, key } = nearestNode(root, path);
      return node === root ? undefined : positionAt(text, (key ?? node).offset);
    },
  };
}

/** Deeper than any pipeline, shallower than the stack. */
const maximumDepth = 100;

/** The root node; JsonError for invalid JSON. */
export function parseNodes(text: string): Node {
  // Replaces a byte order mark, so that offsets do not change.
  const json = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  expectDepth(json);
  const errors: ParseError[] = [];
  const root = parseTree(json, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const message = messages[printParseErrorCode(first.error)] ?? 'expected a value';
    const found = message.startsWith('expected') ? `, ${foundAt(json, first.offset)}` : '';
    throw new JsonError(`${message}${found}`, positionAt(json, first.offset));
  }
  if (root === undefined)
    throw new JsonError('expected a value, the file ends', positionAt(json, 0));
  expectSingleKeys(root, json);
  return root;
}

/** The parser is recursive, so the depth is checked first. */
function expectDepth(json: string): void {
  const scanner = createScanner(json, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const first = json.charAt(scanner.getTokenOffset());
    if (first === '}' || first === ']') depth--;
    if (first !== '{' && first !== '[') continue;
    if (++depth <= maximumDepth) continue;
    const position = positionAt(json, scanner.getTokenOffset());
    throw new JsonError(`nested deeper than ${maximumDepth}`, position);
  }
}

function expectSingleKeys(node: Node, json: string): void {
  const seen = new Map<unknown, Node>();
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const key = child.children?.[0] as Node;
      const first = seen.get(key.value);
      if (first !== undefined) {
        const { line, column } = positionAt(json, first.offset);
        const message = `the same key as at line ${line}, column ${column}`;
        throw new JsonError(message, positionAt(json, key.offset));
      }
      seen.set(key.value, key);
    }
    expectSingleKeys(child, json);
  }
}

/** Like `JSON.parse`: `__proto__` is an ordinary key. */
export function jsonValue({ type, children = [], value }: Node): unknown {
  if (type === 'array') return children.map(jsonValue);
  if (type !== 'object') return value;
  return Object.fromEntries(
    children.map(({ children: pair = [] }) => [pair[0]?.value, jsonValue(pair[1] as Node)]),
  );
}

interface Found {
  readonly node: Node;
  /** The rest of the path, which does not exist. */
  readonly rest: string;
  /** The key of the node in its object. */
  readonly key?: Node | undefined;
}

/** The value at a path such as `stages[2].radius`, or its nearest existing parent. */
export function nearestNode(root: Node, path: string): Found {
  let found: Found = { node: root, rest: path };
  for (let next: Found | undefined = found; next !== undefined; next = childOn(found)) found = next;
  return found;
}

function childOn({ node, rest }: Found): Found | undefined {
  if (node.type === 'array') {
    const [whole = '', index] = /^\[(\d+)\]/.exec(rest) ?? [];
    const item = index === undefined ? undefined : node.children?.[Number(index)];
    return item && { node: item, rest: rest.slice(whole.length) };
  }
  if (node.type !== 'object') return undefined;
  const names = rest.startsWith('.') ? rest.slice(1) : rest;
  const isNamed = (key: string) =>
    names.startsWith(key) && ['', '.', '['].includes(names.charAt(key.length));
  // A key may contain a dot, so the longest match wins.
  const fitting = (node.children ?? []).filter(({ children }) =>
    isNamed(String(children?.[0]?.value)),
  );
  const lengthOf = ({ children }: Node) => String(children?.[0]?.value).length;
  const pair = fitting.sort((a, b) => lengthOf(b) - lengthOf(a))[0];
  const [key, value] = pair?.children ?? [];
  if (names === '' || key === undefined || value === undefined) return undefined;
  return { node: value, rest: names.slice(key.value.length), key };
}

const messages: Readonly<Record<string, string>> = {
  InvalidSymbol: 'an invalid symbol; keys and strings need double quotes',
  InvalidNumberFormat: 'expected a JSON number',
  PropertyNameExpected: 'expected a key in double quotes',
  ColonExpected: 'expected ":"',
  CommaExpected: 'expected "," or a closing bracket',
  CloseBraceExpected: 'expected "," or "}"',
  CloseBracketExpected: 'expected "," or "]"',
  EndOfFileExpected: 'expected the end of the file',
  InvalidCommentToken: 'an invalid comment',
  UnexpectedEndOfComment: 'an unterminated comment',
  UnexpectedEndOfString: 'a string without a closing quote on its line',
  UnexpectedEndOfNumber: 'expected a JSON number',
  InvalidUnicode: 'a string with an invalid escape',
  InvalidEscapeCharacter: 'a string with an invalid escape',
  InvalidCharacter: 'a string with a control character',
};

/** The kind of the token found instead. */
function foundAt(json: string, offset: number): string {
  const found = json.charAt(offset);
  if (found === '') return 'the file ends';
  if ('{}[],:'.includes(found)) return `found "${found}"`;
  if (found === '"') return 'found a string';
  return /[-\d]/.test(found) ? 'found a number' : 'found something else';
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
