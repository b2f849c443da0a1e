/** Compiles the text of an operation: parse, check, simplify, order, number. */
import { type Code, emit } from './emit.ts';
import { lower, type TextParameter } from './lower.ts';
import { invalidText, type OpText } from './op-text.ts';
import { most } from './opcodes.ts';
import { parse } from './parser.ts';

/** `radius` is 0 for operations on single pixels; ERR_INVALID_OP with the place of a mistake. */
export function compileText(
  source: OpText,
  parameters: readonly TextParameter[],
  radius: number,
): Code {
  const code = emit(lower(source, parse(source), parameters, radius));
  if ('words' in code) return code;
  const { what, needed } = code;
  const name = what === 'registers' ? 'values at a time' : what;
  throw invalidText(source, 0, `expected at most ${most[what]} ${name}, received ${needed}`);
}
