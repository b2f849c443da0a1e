/** Columns and number formats of the HUD, in its colours. */
import type { Line, Span } from './text.ts';

/** Characters per line. */
export const lineColumns = 72;

export const tones = {
  value: '#eceff4',
  label: '#9fb0c3',
  accent: '#7cc4ff',
  good: '#63d297',
  warn: '#ffc45c',
  bad: '#ff8a80',
  off: '#8a97a9',
} as const;

export type Tone = keyof typeof tones;

export const span = (text: string, tone: Tone = 'value', bold = false): Span => ({
  text,
  color: tones[tone],
  bold,
});

export const heading = (text: string): Span => span(text.padEnd(labelColumns), 'label');

/** Width of the first column, which has the labels. */
export const labelColumns = 10;

/** Pads the text to a number of columns, or cuts it with an ellipsis. */
export function left(text: string, columns: number): string {
  const characters = [...text];
  if (characters.length <= columns) return text + ' '.repeat(columns - characters.length);
  return `${characters.slice(0, columns - 1).join('')}…`;
}

export function right(text: string, columns: number): string {
  return text.padStart(columns);
}

/** Breaks the text into lines, at spaces if possible; the last line ends with an ellipsis if text is left over. */
export function wrap(text: string, columns: number, maxLines: number): string[] {
  const lines = text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, columns));
  if (lines.length <= maxLines) return lines;
  return [...lines.slice(0, maxLines - 1), left(`${lines[maxLines - 1]} …`, columns).trimEnd()];
}

function wrapParagraph(paragraph: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = [...paragraph];
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns);
    const end = space > 0 ? space : columns;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...lines, rest.join('')];
}

/** `1:02:03.450`; without hours below one hour. */
export function clock(seconds: number): string {
  const total = Math.round(Math.max(0, seconds) * 1000);
  const [hours, minutes] = [Math.floor(total / 3_600_000), Math.floor(total / 60_000) % 60];
  const rest = ((total % 60_000) / 1000).toFixed(3).padStart(6, '0');
  if (hours === 0) return `${minutes}:${rest}`;
  return `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}

/** Milliseconds with about three significant digits; microseconds below 0.1 ms. */
export function duration(seconds: number): string {
  const ms = seconds * 1000;
  if (ms >= 0.1 || ms === 0) return `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : 2)} ms`;
  return `${(ms * 1000).toFixed(1)} µs`;
}

/** Bytes with a binary unit, at most one decimal. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = count < 1 ? 0 : Math.min(4, Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}

/** A line of labels and values: `p50 16.7 ms   p95 17.0 ms`. */
export function pairs(
  entries: readonly (readonly [label: string, value: string, tone?: Tone])[],
): Line {
  return entries.flatMap(([label, value, tone = 'value'], index) => [
    span(`${index === 0 ? '' : '   '}${label} `, 'label'),
    span(value, tone),
  ]);
}
