/** Errors of the CUDA compiler: where the first one is, and all that it says. */
import { FramelaneError } from '../errors/errors.ts';

export interface CompileMessage {
  readonly file: string;
  readonly line: number;
  /** From 1; undefined where the compiler shows no place in the line. */
  readonly column: number | undefined;
  readonly text: string;
  /** The line of the source, without the compiler's own indent. */
  readonly source: string | undefined;
}

/** The file in which the compiler looks up the names that it is given. */
const nameFile = '__nv_name_map';
const indent = 2;

/** The first error in the compiler's log. */
export function firstError(log: string): CompileMessage | undefined {
  const lines = log.split('\n');
  for (const [index, line] of lines.entries()) {
    const found = /^(.+?)\((\d+)\): (?:catastrophic )?error: (.*)$/.exec(line);
    if (found === null) continue;
    const [, file = '', number, text = ''] = found;
    const [shown, pointer] = lines.slice(index + 1, index + 3);
    const caret = /^\s*\^$/.test(pointer ?? '') ? (pointer ?? '').indexOf('^') : -1;
    const column = caret < indent ? undefined : caret - indent + 1;
    const source = column === undefined ? undefined : shown?.slice(indent);
    return { file, line: Number(number), column, text, source };
  }
  return undefined;
}

/** ERR_COMPILE_FAILED with the first error's place and line; `log` has everything. */
export function compileError(failure: string, log: string): FramelaneError {
  return new FramelaneError('ERR_COMPILE_FAILED', messageOf(failure, log), { log });
}

function messageOf(failure: string, log: string): string {
  const error = firstError(log);
  if (error === undefined) return `CUDA code: ${log.trim() || failure}`;
  const { file, line, column, text, source } = error;
  if (file === nameFile) {
    const name = source?.replace(/^#pragma \S+ /, '') ?? '';
    return `names: ${JSON.stringify(name)}: ${text}; expected a name that the source declares`;
  }
  const place = column === undefined ? `${line}` : `${line}:${column}`;
  const count = /^(\d+) errors? detected/m.exec(log)?.[1] ?? '1';
  const more = count === '1' ? '' : ` (the first of ${count} errors; error.log has all)`;
  if (source === undefined || column === undefined) return `${file}:${place}: ${text}${more}`;
  const pointer = source.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${file}:${place}: ${text}${more}\n  ${source}\n  ${pointer}^`;
}
