/** The text of an operation, and errors that show where in it something is wrong. */
import { FramelaneError } from '../errors/errors.ts';

export interface OpText {
  /** Of the operation. */
  readonly name: string;
  readonly text: string;
}

/** Columns of a line that an error shows on either side of the place. */
const shown = 60;

/** ERR_INVALID_OP with the place of `offset` and its line, marked by a caret. */
export function invalidText(
  { name, text }: OpText,
  offset: number,
  message: string,
): FramelaneError {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  const line = text.slice(start, end === -1 ? undefined : end);
  const column = offset - start;
  const number = text.slice(0, start).split('\n').length;
  const from = Math.max(0, column - shown);
  const excerpt = line.slice(from, column + shown).replace(controls, '?');
  const indent = excerpt.slice(0, column - from).replace(/[^\t]/g, ' ');
  return new FramelaneError(
    'ERR_INVALID_OP',
    `${name}: pixel, line ${number}, column ${column + 1}: ${message}\n  ${excerpt}\n  ${indent}^`,
    { path: 'pixel' },
  );
}

/** What a terminal might obey; tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const controls = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
