/** Parses the text of an operation: statements and expressions as in C and GLSL, without loops and functions. */
import { didYouMean } from '../errors/suggest.ts';
import { invalidText, type OpText } from './op-text.ts';
import type { Chain, Expression, Link, Member, Statement } from './syntax.ts';
import { describeToken, type Token, tokensOf } from './tokens.ts';

/** Bounds the recursion of the parser, and of all that walks its tree. */
const mostNesting = 256;
const mostText = 65536;

/** Operators by precedence, those that bind most first. */
const levels: readonly (readonly string[])[] = [
  ['*', '/', '%'],
  ['+', '-'],
  ['<', '>', '<=', '>='],
  ['==', '!='],
  ['&&'],
  ['||'],
];
const operators = new Set(levels.flat());
const types = new Set(['float', 'bool', 'vec2', 'vec3', 'vec4']);

/** Words of GLSL and C that a text may not use, and why. */
const refused: Readonly<Record<string, string>> = {
  for: 'loops are not part of the language',
  while: 'loops are not part of the language',
  do: 'loops are not part of the language',
  return: 'the result is what c is at the end; assign to c',
  discard: 'a pixel cannot be discarded; set c.a to 0.0',
  void: 'functions cannot be defined',
  int: 'numbers are of type float',
  uint: 'numbers are of type float',
  double: 'numbers are of type float',
};

/** Words that are no names. */
export const reservedWords: readonly string[] = [
  ...types,
  ...Object.keys(refused),
  ...['if', 'else', 'true', 'false', 'const'],
];

export function parse(source: OpText): readonly Statement[] {
  if (source.text.length > mostText) {
    const message = `expected at most ${mostText} characters, received ${source.text.length}`;
    throw invalidText(source, 0, message);
  }
  return new Parser(source).program();
}

class Parser {
  readonly #source: OpText;
  readonly #tokens: readonly Token[];
  #place = 0;
  #depth = 0;

  constructor(source: OpText) {
    this.#source = source;
    this.#tokens = tokensOf(source);
  }

  program(): readonly Statement[] {
    const body: Statement[] = [];
    while (this.#next.kind !== 'end') body.push(...this.#statement());
    return body;
  }

  #statement(): readonly Statement[] {
    return this.#nested(() => {
      const { at, kind, text } = this.#next;
      if (this.#takes(';')) return [];
      if (text === '{') return [{ kind: 'block', at, body: this.#block() }];
      if (kind !== 'word') throw this.#unexpected('a statement');
      if (this.#takes('if')) return [this.#choice(at)];
      if (text === 'const' || types.has(text)) return this.#declaration();
      const { [text]: reason } = Object.hasOwn(refused, text) ? refused : {};
      if (reason !== undefined) throw this.#invalid(at, `${text}: ${reason}`);
      return [this.#assignment()];
    });
  }

  #block(): readonly Statement[] {
    this.#expect('{');
    const body: Statement[] = [];
    while (!this.#takes('}')) {
      if (this.#next.kind === 'end') throw this.#unexpected('}');
      body.push(...this.#statement());
    }
    return body;
  }

  #choice(at: number): Statement {
    this.#expect('(');
    const condition = this.#expression();
    this.#expect(')');
    const yes = this.#statement();
    const no = this.#takes('else') ? this.#statement() : [];
    return { kind: 'if', at, condition, yes, no };
  }

  #declaration(): readonly Statement[] {
    const constant = this.#takes('const');
    if (!types.has(this.#next.text)) throw this.#unexpected(`a type: ${[...types].join(', ')}`);
    const type = this.#take().text;
    const declared: Statement[] = [];
    do {
      const { at, text: name } = this.#word('a name');
      if (reservedWords.includes(name)) {
        throw this.#invalid(at, `expected a name, received "${name}", a word of the language`);
      }
      const value = this.#takes('=') ? this.#expression() : undefined;
      declared.push({ kind: 'declare', at, type, name, constant, value });
    } while (this.#takes(','));
    this.#end(', or ;');
    return declared;
  }

  #assignment(): Statement {
    const { at, text: name } = this.#take();
    const members: Member[] = [];
    while (this.#takes('.')) {
      const member = this.#word('components such as rgb');
      members.push({ at: member.at, member: member.text });
    }
    const { at: operatorAt, text } = this.#next;
    const [, operator] = /^([-+*/%]?)=$/.exec(text) ?? [];
    if (operator === undefined) throw this.#notAssigned(name, at, text);
    this.#take();
    const value = this.#expression();
    this.#end('an operator or ;');
    const short = operator === '' ? undefined : operator;
    return { kind: 'assign', at, name, members, operator: short, operatorAt, value };
  }

  #notAssigned(name: string, at: number, received: string) {
    if (this.#next.kind === 'word') {
      const hint = didYouMean(name, [...types, 'if', 'const']);
      return this.#invalid(at, `expected a type or an assignment, received "${name}"${hint}`);
    }
    const hint = received === '(' ? '; a statement assigns its value: c = …' : '';
    return this.#unexpected('= or an operator such as +=', hint);
  }

  /** A semicolon; the last statement of the text needs none. */
  #end(expected: string): void {
    if (this.#next.kind === 'end' || this.#takes(';')) return;
    throw this.#unexpected(expected);
  }

  #expression(): Expression {
    return this.#nested(() => {
      const condition = this.#chain();
      const { at: signAt } = this.#next;
      if (!this.#takes('?')) return condition;
      const yes = this.#expression();
      this.#expect(':');
      const no = this.#expression();
      return { kind: 'choice', at: condition.at, signAt, condition, yes, no };
    });
  }

  #chain(): Expression {
    const first = this.#operand();
    const rest: Link[] = [];
    while (this.#next.kind === 'sign' && operators.has(this.#next.text)) {
      const { at, text: operator } = this.#take();
      rest.push({ at, operator, value: this.#operand() });
    }
    return grouped(first, rest);
  }

  #operand(): Expression {
    const { kind, at, text } = this.#next;
    if (kind !== 'sign' || (text !== '-' && text !== '+' && text !== '!')) return this.#postfix();
    this.#take();
    return this.#nested(() => ({ kind: 'sign', at, sign: text, of: this.#operand() }));
  }

  #postfix(): Expression {
    let value = this.#primary();
    for (let count = 0; this.#takes('.'); count++) {
      if (count > 8) throw this.#unexpected('at most 8 members');
      const { at: memberAt, text: member } = this.#word('components such as rgb');
      value = { kind: 'member', at: value.at, of: value, member, memberAt };
    }
    return value;
  }

  #primary(): Expression {
    const token = this.#next;
    const { kind, at, text } = token;
    if (kind === 'number') return this.#number();
    if (kind === 'word') {
      this.#take();
      if (text === 'true' || text === 'false') return { kind: 'truth', at, value: text === 'true' };
      return this.#next.text === '('
        ? { kind: 'call', at, name: text, args: this.#arguments() }
        : { kind: 'name', at, name: text };
    }
    if (!this.#takes('(')) throw this.#unexpected('a value');
    const value = this.#expression();
    this.#expect(')');
    return value;
  }

  #number(): Expression {
    const { at, text } = this.#take();
    const value = Math.fround(Number(text));
    if (!Number.isFinite(value)) {
      throw this.#invalid(at, `expected a number in the range of 32-bit floats, received ${text}`);
    }
    const next = this.#next;
    if (next.kind === 'word' && next.at === at + text.length) {
      throw this.#unexpected(`an operator after ${text}`);
    }
    return { kind: 'number', at, value };
  }

  #arguments(): readonly Expression[] {
    this.#expect('(');
    const args: Expression[] = [];
    if (this.#takes(')')) return args;
    do args.push(this.#expression());
    while (this.#takes(','));
    this.#expect(')', ', or )');
    return args;
  }

  get #next(): Token {
    return this.#tokens[this.#place] as Token;
  }

  #take(): Token {
    const token = this.#next;
    this.#place++;
    return token;
  }

  #takes(text: string): boolean {
    if (this.#next.text !== text || this.#next.kind === 'end') return false;
    this.#place++;
    return true;
  }

  #expect(text: string, expected = text): void {
    if (!this.#takes(text)) throw this.#unexpected(expected);
  }

  #word(expected: string): Token {
    if (this.#next.kind !== 'word') throw this.#unexpected(expected);
    return this.#take();
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > mostNesting) {
      throw this.#invalid(this.#next.at, `expected at most ${mostNesting} levels of nesting`);
    }
    const value = read();
    this.#depth--;
    return value;
  }

  #unexpected(expected: string, hint = '') {
    const received = describeToken(this.#next);
    return this.#invalid(this.#next.at, `expected ${expected}, received ${received}${hint}`);
  }

  #invalid(at: number, message: string) {
    return invalidText(this.#source, at, message);
  }
}

/** A flat list of operators as chains of one precedence each. */
function grouped(first: Expression, rest: readonly Link[]): Expression {
  let head = first;
  let links = rest;
  for (const level of levels) {
    if (!links.some(({ operator }) => level.includes(operator))) continue;
    // Each value with the links of this level that follow it becomes one value.
    const left: Link[] = [];
    let value = head;
    let chain: Link[] = [];
    let opened: Link | undefined;
    const close = () => {
      const whole = chain.length === 0 ? value : chainOf(value, chain);
      if (opened === undefined) head = whole;
      else left.push({ ...opened, value: whole });
    };
    for (const link of links) {
      if (level.includes(link.operator)) chain.push(link);
      else {
        close();
        opened = link;
        value = link.value;
        chain = [];
      }
    }
    close();
    links = left;
  }
  return head;
}

function chainOf(first: Expression, rest: readonly Link[]): Chain {
  return { kind: 'chain', at: first.at, first, rest };
}
