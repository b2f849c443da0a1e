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
  /** Where `stages[2].radius` stands, or else the nearest enclosing value. */
  locate(path: string): Position;
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
      while (known !== '' && !reader.offsets.has(known))
        known = known.replace(/[.[][^.[]*$|^[^.[]+$/, '');
      return positionAt(text, reader.offsets.get(known) ?? 0);
    },
  };
}

/** Deeper than any pipeline, shallower than the stack. */
const maximumDepth = 100;
const space = /[ \t\r\n]*/y;
const string = /"(?:[^"\\\n]|\\.)*"/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Reader {
  readonly offsets = new Map<string, number>();
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    if (text.startsWith('\uFEFF')) this.at = 1;
  }

  document(): unknown {
    const value = this.value('', 0);
    if (this.next() !== '') throw this.error('expected the end of the file');
    return value;
  }

  private value(path: string, depth: number): unknown {
    const start = this.next();
    if (!this.offsets.has(path)) this.offsets.set(path, this.at);
    if (depth > maximumDepth) throw this.error(`nested deeper than ${maximumDepth}`);
    if (start === '{') return this.object(path, depth + 1);
    if (start === '[') return this.array(path, depth + 1);
    if (start === '"') return this.string();
    const text = this.match(scalar);
    if (text === undefined) throw this.error('expected a value');
    return JSON.parse(text);
  }

  private object(path: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    this.list('}', () => {
      const start = this.next();
      const from = this.at;
      if (start !== '"')
        throw this.error(start === '}' ? 'trailing comma' : 'expected a key in double quotes');
      const key = this.string();
      if (members.has(key)) throw this.error(`the key ${JSON.stringify(key)} is given twice`, from);
      if (this.next() !== ':') throw this.error('expected ":"');
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
      items.push(this.value(`${path}[${items.length}]`, depth));
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
        if (after !== ',') throw this.error(`expected "," or "${close}"`);
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

  private error(message: string, at = this.at): JsonError {
    const found = this.text.slice(at, at + 1);
    const received = found === '' ? 'the file ends' : `found ${JSON.stringify(found)}`;
    const note = found === '/' ? '; JSON has no comments' : '';
    return new JsonError(`${message}, ${received}${note}`, positionAt(this.text, at));
  }
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
