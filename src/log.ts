/**
 * Logging to stderr. FRAMELANE_LOG is a level for every scope (`debug`) or levels by scope
 * (`video=info,ffmpeg=debug`); without it nothing is logged.
 */
const levels = ['debug', 'info', 'warn', 'error'] as const;
const scopes = ['video', 'batch', 'plan', 'ffmpeg'] as const;

type Level = (typeof levels)[number];
type Scope = (typeof scopes)[number];
type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** `text` is printed unquoted: a command line, or a line of another program. */
type Write = (message: string, fields?: Fields, text?: string) => void;

/** A disabled level has no function, so that `log.debug?.(…)` does not evaluate its arguments. */
export type Logger = Readonly<Partial<Record<Level, Write>>>;

/** The lowest enabled level of each scope, and the invalid parts of the setting. */
export function parseLogSetting(setting: string): {
  readonly thresholds: ReadonlyMap<Scope, Level>;
  readonly unknown: readonly string[];
} {
  const thresholds = new Map<Scope, Level>();
  const unknown: string[] = [];
  for (const part of setting.split(',').map((item) => item.trim())) {
    const [scope, name] = part.includes('=') ? part.split('=') : [undefined, part];
    const level = levels.find((known) => known === name);
    const named = scopes.filter((known) => scope === undefined || known === scope);
    if (level === undefined || named.length === 0) unknown.push(part);
    else for (const each of named) thresholds.set(each, level);
  }
  return { thresholds, unknown };
}

const setting = process.env['FRAMELANE_LOG'] ?? '';
const { thresholds, unknown } = setting
  ? parseLogSetting(setting)
  : { thresholds: new Map<Scope, Level>(), unknown: [] };
if (unknown.length > 0) {
  const expected = `one of ${levels.join(', ')}, or a list such as ${scopes.map((scope) => `${scope}=debug`).join(',')}`;
  process.stderr.write(`FRAMELANE_LOG: expected ${expected}; received ${unknown.join(',')}\n`);
}

/** The logger of a scope. */
export function logger(scope: Scope): Logger {
  const lowest = thresholds.get(scope);
  const on = lowest === undefined ? [] : levels.slice(levels.indexOf(lowest));
  return Object.fromEntries(
    on.map((level) => {
      const write: Write = (message, fields = {}, text) => {
        const named = Object.entries(fields)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => ` ${name}=${quoted(String(value))}`);
        const rest = text === undefined ? '' : `: ${text}`;
        const time = new Date().toISOString();
        process.stderr.write(`${time} ${level} ${scope} ${message}${named.join('')}${rest}\n`);
      };
      return [level, write];
    }),
  );
}

function quoted(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

/** The words quoted for bash, on one line. */
export function shellQuoted(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const oneLine = !/[\n\r\t]/.test(word);
  if (oneLine) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `$'${word.replaceAll(/[\\']/g, '\\$&').replaceAll(/[\n\r\t]/g, (c) => escapes[c] ?? c)}'`;
}
