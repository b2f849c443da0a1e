/** Text with a syntax of its own, which the declaring module checks. */
import { someText } from './json.ts';
import { type Described, kind, type Types } from './kind.ts';

export interface TextParameter extends Described {
  readonly kind: 'text';
  /** As the middle of a sentence: "parameters as name=value". */
  readonly expects: string;
}

/** An optional text. */
export const text = (doc: string, expects: string) => ({
  kind: 'text' as const,
  doc,
  expects,
  optional: true as const,
});

export interface TextTypes extends Types {
  readonly parameter: TextParameter;
  readonly input: string;
  readonly value: string;
}

export const textKind = kind<TextTypes>()({
  accept: (_, value) => (typeof value === 'string' && value !== '' ? value : undefined),
  describe: ({ expects }) => expects,
  example: () => 'text',
  schema: () => someText,
});
