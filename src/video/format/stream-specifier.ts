/** Selects streams by FFmpeg's specifiers, or by language. */
import { invalidOption } from '../../errors/invalid.ts';
import type { StreamInfo } from './stream-info.ts';

/** An index in the file (`1`), an index among streams of its kind (`a:1`), the container's id (`#0x101`), or a language (`eng`). */
export type StreamSpecifier = number | string;

const forms: readonly [RegExp, (stream: StreamInfo, name: string, at: number) => boolean][] = [
  [/^(\d+)$/, ({ index }, number) => index === Number(number)],
  [/^[va]:(\d+)$/, (_stream, number, at) => at === Number(number)],
  [/^(?:#|i:)?(0x[\da-f]+)$/i, ({ id }, number) => id === Number(number)],
  [/^(?:#|i:)(\d+)$/, ({ id }, number) => id === Number(number)],
  [/^([a-z]{2,3}(?:-[a-z\d]+)*)$/i, ({ language }, tag) => sameLanguage(language, tag)],
];

const kinds = { videoStream: 'v', audioStreams: 'a' } as const;

export function checkSpecifier(option: keyof typeof kinds, value: unknown): void {
  const kind = kinds[option];
  const written = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  const known = forms.some(([form]) => form.test(written));
  if (known && (!written.includes(':') || /^i:/.test(written) || written.startsWith(kind))) return;
  const example = `the index of a stream, ${kind}:0, #0x101 or a language such as eng`;
  throw invalidOption(option, example, value);
}

/** The streams (all of one kind) that a specifier names, in the order of the file. */
export function matchingStreams<Stream extends StreamInfo>(
  streams: readonly Stream[],
  specifier: StreamSpecifier,
): Stream[] {
  for (const [form, matches] of forms) {
    const name = form.exec(String(specifier))?.[1];
    if (name !== undefined) return streams.filter((stream, at) => matches(stream, name, at));
  }
  return [];
}

/** `eng`, `en` and `en-US` name the same language; so do `ger`, `deu` and `de`. */
function sameLanguage(tag: string | undefined, wanted: string): boolean {
  return tag !== undefined && languageOf(tag) === languageOf(wanted);
}

function languageOf(tag: string): string {
  try {
    return new Intl.Locale(tag.replaceAll('_', '-')).language;
  } catch {
    return tag.toLowerCase();
  }
}
