/** Pango markup: escaping, checking with positions, and cutting without breaking a tag. */
import { FramelaneError } from '../errors/errors.ts';

export function escapeMarkup(text: string): string {
  return text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));
}

interface Token {
  readonly kind: 'tag' | 'text';
  readonly content: string;
  readonly at: number;
}

function tokens(markup: string): Token[] {
  const found: Token[] = [];
  // As in XML a tag contains no <, so the search for its end stops at the next one.
  for (const match of markup.matchAll(/<(?:"[^"<]*"|'[^'<]*'|[^<>"'])*>|[^<]+|</g)) {
    const [content] = match;
    found.push({ kind: content.startsWith('<') ? 'tag' : 'text', content, at: match.index });
  }
  return found;
}

/** Throws ERR_INVALID_MARKUP at the first malformed tag or entity; attributes are not checked. */
export function checkMarkup(markup: string): void {
  const open: { name: string; at: number }[] = [];
  for (const { kind, content, at } of tokens(markup)) {
    if (kind === 'text') {
      const bad = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.exec(content);
      if (bad) throw invalidMarkup(markup, at + bad.index, 'a lone &, write &amp;');
      continue;
    }
    const name = /^<\/?([a-z_]+)[\s\S]*>$/i.exec(content)?.[1];
    if (!name) throw invalidMarkup(markup, at, 'a lone <, write &lt;');
    if (content.endsWith('/>')) continue;
    if (!content.startsWith('</')) open.push({ name, at });
    else if (open.pop()?.name !== name)
      throw invalidMarkup(markup, at, `${content} has no opening tag`);
  }
  const last = open.pop();
  if (last) throw invalidMarkup(markup, last.at, `<${last.name}> is not closed`);
}

/** The opening tags and their positions, to try one by one if Pango rejects the text. */
export const openingTags = (markup: string) =>
  tokens(markup).filter(({ kind, content }) => kind === 'tag' && !content.startsWith('</'));

export function invalidMarkup(markup: string, at: number, what: string): FramelaneError {
  const before = markup.slice(0, at).split('\n');
  const column = (before.at(-1) as string).length + 1;
  const message = `text: invalid markup at line ${before.length}, column ${column}: ${what}`;
  return new FramelaneError('ERR_INVALID_MARKUP', message, { path: 'text' });
}

const character = /&[^;]+;|\p{RI}\p{RI}|\P{M}(?:\p{M}|\p{EMod}|\u200d|(?<=\u200d)\P{M})*|\p{M}/gu;

/** The number of characters; an entity counts as one. */
export const countCharacters = (markup: string) =>
  tokens(markup).reduce(
    (sum, { kind, content }) =>
      sum + (kind === 'text' ? (content.match(character)?.length ?? 0) : 0),
    0,
  );

/** The first characters and an ellipsis; the tags stay. */
export function cutMarkup(markup: string, characters: number): string {
  let left = characters;
  let out = '';
  for (const { kind, content } of tokens(markup)) {
    if (kind === 'tag') {
      out += content;
      continue;
    }
    if (left < 0) continue;
    const parts = content.match(character) ?? [];
    const kept = parts.slice(0, left).join('');
    out += parts.length > left ? `${kept.trimEnd()}…` : kept;
    left = parts.length > left ? -1 : left - parts.length;
  }
  return out;
}

/** Whether the text may contain colour emoji: emoji by default or with U+FE0F, flags and keycaps. */
export const hasEmoji = (text: string) =>
  /\p{Emoji_Presentation}|\p{ExtPict}|\p{RI}|\ufe0f|&#/u.test(text);
