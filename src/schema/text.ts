/** Text in a form of its own; whoever declares it checks it further. */
import { someText } from './json.ts';
import { type Described, kind, type Types } from './kind.ts';

export interface TextParameter extends Described {
  readonly kind: 'text';
  /** As the middle of a sentence: "parameters as name=value". */
  readonly expects: string;
}

/** One that may be left out. */
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
