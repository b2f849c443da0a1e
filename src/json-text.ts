/**
 * JSON with positions: `JSON.parse` names none on Node 20 and keeps the last of two equal keys without a word, and both
 * cost the writer of a pipeline file time.
 */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface JsonDocument {
  readonly value: unknown;
  /** Where `stages[2].radius` stands, or else the nearest enclosing value below the whole document. */
  locate(path: string): Position | undefined;
  /** Where the value at exactly this path begins and ends in the text; '' is the whole document. */
  span(path: string): Span | undefined;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

export class JsonError extends Error {
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

export function parseJson(text: string): JsonDocument {
  const reader = new Reader(text);
  const value = reader.document();
  return {
    value,
    locate(path) {
      let known = path;
      while (known !== '' && !reader.offsets.has(known)) known = known.replace(lastSegment, '');
      const offset = reader.offsets.get(known);
      return offset === undefined ? undefined : positionAt(text, offset);
    },
    span: (path) => reader.spans.get(path),
  };
}

const lastSegment = /[.[]?[^.[]*$/;

/** Deeper than any pipeline, shallower than the stack. */
const maximumDepth = 100;
const space = /[ \t\r\n]*/y;
const string = /"(?:[^"\\\n]|\\.)*"/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Reader {
  /** Where members (their keys) and items begin. */
  readonly offsets = new Map<string, number>();
  readonly spans = new Map<string, Span>();
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    if (text.startsWith('\uFEFF')) this.at = 1;
  }

  document(): unknown {
    const value = this.value('', 0);
    if (this.next() !== '') throw this.unexpected('the end of the file');
    return value;
  }

  private value(path: string, depth: number): unknown {
    const first = this.next();
    if (depth > maximumDepth) throw this.error(`nested deeper than ${maximumDepth}`);
    const start = this.at;
    const value = this.valueOf(first, path, depth);
    this.spans.set(path, { start, end: this.at });
    return value;
  }

  private valueOf(first: string, path: string, depth: number): unknown {
    if (first === '{') return this.object(path, depth + 1);
    if (first === '[') return this.array(path, depth + 1);
    if (first === '"') return this.string();
    const text = this.match(scalar);
    if (text === undefined) throw this.unexpected('a value');
    return JSON.parse(text);
  }

  private object(path: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    this.list('}', () => {
      const start = this.next();
      const from = this.at;
      if (start === '}') throw this.error('trailing comma');
      if (start !== '"') throw this.unexpected('a key in double quotes');
      const key = this.string();
      if (members.has(key)) throw this.error(`the key ${JSON.stringify(key)} is given twice`, from);
      if (this.next() !== ':') throw this.unexpected('":"');
      this.at++;
      const child = path === '' ? key : `${path}.${key}`;
      this.offsets.set(child, from);
      members.set(key, this.value(child, depth));
    });
    return Object.fromEntries(members);
  }

  private array(path: string, depth: number): unknown {
    const items: unknown[] = [];
    this.list(']', () => {
      if (this.next() === ']') throw this.error('trailing comma');
      const child = `${path}[${items.length}]`;
      this.offsets.set(child, this.at);
      items.push(this.value(child, depth));
    });
    return items;
  }

  private list(close: string, item: () => void): void {
    this.at++;
    if (this.next() !== close) {
      for (;;) {
        item();
        const after = this.next();
        if (after === close) break;
        if (after !== ',') throw this.unexpected(`"," or "${close}"`);
        this.at++;
      }
    }
    this.at++;
  }

  private string(): string {
    const from = this.at;
    const text = this.match(string);
    if (text === undefined) throw this.error('a string that does not end on its line');
    try {
      return JSON.parse(text);
    } catch {
      throw this.error('a string with an invalid escape or control character', from);
    }
  }

  /** The next character that is no space, '' at the end. */
  private next(): string {
    this.match(space);
    return this.text.charAt(this.at);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.text)?.[0];
    this.at += text?.length ?? 0;
    return text;
  }

  private unexpected(expected: string): JsonError {
    const found = this.text.charAt(this.at);
    if (found === '/') return this.error('JSON has no comments');
    const received = found === '' ? 'the file ends' : `found ${JSON.stringify(found)}`;
    return this.error(`expected ${expected}, ${received}`);
  }

  private error(message: string, at = this.at): JsonError {
    return new JsonError(message, positionAt(this.text, at));
  }
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
