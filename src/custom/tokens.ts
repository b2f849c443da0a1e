/** Splits the text of an operation into words, numbers and signs. */
import { describeValue } from '../errors/errors.ts';
import { invalidText, type OpText } from './op-text.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'sign' | 'end';
  readonly text: string;
  /** Its offset in the text. */
  readonly at: number;
}

const patterns = [
  ['space', /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y],
  ['word', /[A-Za-z_]\w*/y],
  ['number', /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['sign', /[-+*/%]=|[<>=!]=|&&|\|\||\/(?!\*)|[-+*%<>=!?:;,.(){}]/y],
] as const;

export function tokensOf(source: OpText): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const [kind, found] = matchAt(text, at);
    if (kind === undefined) throw strange(source, at);
    if (kind !== 'space') tokens.push({ kind, text: found, at });
    at += found.length;
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

function matchAt(text: string, at: number) {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) return [kind, found] as const;
  }
  return [undefined, ''] as const;
}

function strange(source: OpText, at: number) {
  const { text } = source;
  if (text.startsWith('/*', at)) {
    return invalidText(source, at, 'expected */ after /*, received the end of the text');
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const received = describeValue(character);
  return invalidText(source, at, `expected a name, a number or an operator, received ${received}`);
}

/** A token in a message. */
export function describeToken({ kind, text }: Token): string {
  return kind === 'end' ? 'the end of the text' : describeValue(text);
}
