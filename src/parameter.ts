/** The kinds of option an operation can have, as data, and the TypeScript types that follow from it. */
import type { Color, Rgba } from './color.ts';

interface Described {
  readonly doc: string;
  /** `px`, `degrees` …; none for a plain number. */
  readonly unit?: string;
  /** Given by neither caller nor default: the operation decides. */
  readonly optional?: true;
}

export interface NumericParameter extends Described {
  readonly kind: 'number' | 'integer';
  readonly default?: number;
  readonly min?: number;
  readonly exclusiveMin?: number;
  readonly max?: number;
}

export interface BooleanParameter extends Described {
  readonly kind: 'boolean';
  readonly default?: boolean;
}

export interface EnumParameter extends Described {
  readonly kind: 'enum';
  readonly values: readonly string[];
  readonly default?: string;
}

export interface ColorParameter extends Described {
  readonly kind: 'color';
  readonly default?: Rgba;
}

export interface ImageParameter extends Described {
  readonly kind: 'image';
}

export interface LutParameter extends Described {
  readonly kind: 'lut';
}

/** Text in a form of its own; whoever declares it checks it further. */
export interface TextParameter extends Described {
  readonly kind: 'text';
  /** As the middle of a sentence: "parameters as name=value". */
  readonly expects: string;
}

export type Parameter =
  | NumericParameter
  | BooleanParameter
  | EnumParameter
  | ColorParameter
  | ImageParameter
  | LutParameter
  | TextParameter;

export type Parameters = Readonly<Record<string, Parameter>>;

type Spec<P extends Parameter> = Omit<P, 'kind' | 'doc' | 'values'>;

export const number = <const S extends Spec<NumericParameter>>(doc: string, spec: S) => ({
  kind: 'number' as const,
  doc,
  ...spec,
});

export const integer = <const S extends Spec<NumericParameter>>(doc: string, spec: S) => ({
  kind: 'integer' as const,
  doc,
  ...spec,
});

export const boolean = <const S extends Spec<BooleanParameter>>(doc: string, spec: S) => ({
  kind: 'boolean' as const,
  doc,
  ...spec,
});

export const oneOf = <const V extends readonly string[], const S extends { default: V[number] }>(
  values: V,
  doc: string,
  spec: S,
) => ({ kind: 'enum' as const, values, doc, ...spec });

export const color = <const S extends Spec<ColorParameter>>(doc: string, spec: S) => ({
  kind: 'color' as const,
  doc,
  ...spec,
});

export const image = (doc: string) => ({ kind: 'image' as const, doc });

export const lut = (doc: string) => ({ kind: 'lut' as const, doc });

/** A picture by its path; relative to the working directory, or to the pipeline file it stands in. */
export interface ImageReference {
  readonly image: string;
}

/** An Image or ImageU8, or the path of a picture; the layers above load and check it. */
export type ImageSource = ImageReference | { readonly width: number; readonly height: number };

/** A Lut, or the path of a .cube file; relative as that of an image, and loaded by the layers above. */
export type LutSource = string | { readonly dimensions: 1 | 3; readonly size: number };

/** What a caller may write for a parameter. */
export type Input<P extends Parameter> = P extends { kind: 'color' } ? Color : Value<P>;

/** What a validated parameter holds. */
export type Value<P extends Parameter> = P extends { kind: 'number' | 'integer' }
  ? number
  : P extends { kind: 'boolean' }
    ? boolean
    : P extends { kind: 'enum'; values: readonly (infer V)[] }
      ? V
      : P extends { kind: 'color' }
        ? Rgba
        : P extends { kind: 'text' }
          ? string
          : P extends { kind: 'lut' }
            ? LutSource
            : ImageSource;

/** The same object type, written out as one. */
export type Flatten<T> = { readonly [K in keyof T]: T[K] };
type KeysWith<P extends Parameters, Trait> = {
  [K in keyof P]: P[K] extends Trait ? K : never;
}[keyof P];
type OptionalKey<P extends Parameters> = KeysWith<P, { optional: true }>;
type OmittableKey<P extends Parameters> = OptionalKey<P> | KeysWith<P, { default: unknown }>;

/** The options a caller writes: defaults and optional ones may be left out. */
export type Options<P extends Parameters> = Flatten<
  { [K in Exclude<keyof P, OmittableKey<P>>]: Input<P[K]> } & {
    [K in OmittableKey<P>]?: Input<P[K]> | undefined;
  }
>;

/** Validated options: defaults filled in, colours as four numbers, optional ones present only when given. */
export type CompleteOptions<P extends Parameters> = Flatten<
  { [K in Exclude<keyof P, OptionalKey<P>>]: Value<P[K]> } & {
    [K in OptionalKey<P>]?: Value<P[K]>;
  }
>;

/** What a parameter accepts, as the middle of a sentence: "an integer from 0 to 10000". */
export function describeParameter(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number':
    case 'integer':
      return (parameter.kind === 'number' ? 'a number' : 'an integer') + describeRange(parameter);
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of ${parameter.values.join(', ')}`;
    case 'color':
      return 'a colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]")';
    case 'image':
      return 'an Image, an ImageU8 or { image: path }';
    case 'lut':
      return 'a Lut or the path of a .cube file';
    case 'text':
      return parameter.expects;
  }
}

function describeRange({ min, exclusiveMin, max }: NumericParameter): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  const lower = exclusiveMin !== undefined ? ` above ${exclusiveMin}` : '';
  const from = min !== undefined ? ` of at least ${min}` : '';
  const upper = max !== undefined ? ` up to ${max}` : '';
  return lower + from + upper;
}
