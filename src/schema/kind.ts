/** The interface of a kind of parameter; everything that depends on the kind goes through it. */
import type { JsonSchema } from './json.ts';
import type { Step } from './steps.ts';

/** Properties of every parameter. */
export interface Described {
  readonly doc: string;
  /** `px`, `degrees` …; none for a plain number. */
  readonly unit?: string;
  /** May be absent and has no default: the operation decides. */
  readonly optional?: true;
  /** A value for documentation that shows an effect; by default the default value, or an example of the kind. */
  readonly example?: unknown;
}

/** A parameter of any kind, also of kinds not in the table. */
export interface AnyParameter extends Described {
  readonly kind: string;
}

/** The properties of a parameter that an operation writes; the factory adds kind and doc. */
export type Spec<P extends AnyParameter> = Omit<P, 'kind' | 'doc' | 'values'>;

/**
 * The TypeScript types of a kind. `input` and `value` may depend on the parameter through `this['parameter']`.
 */
export interface Types {
  readonly parameter: AnyParameter;
  /** What a caller may write. */
  readonly input: unknown;
  /** What a validated parameter holds. */
  readonly value: unknown;
}

/** A part of a value that other modules process, such as the path of a file. */
export interface Part<T> {
  /** Its path below the value: `.image`; empty if it is the whole value. */
  readonly at: string;
  /** Undefined if the value has none. */
  of(value: unknown): T | undefined;
  /** The value with this part replaced. */
  with(value: unknown, part: T): unknown;
}

/** The path of a file in a value. Modules above load the file and free what it becomes. */
export interface FilePart extends Part<string> {
  /** How the value is written with a path, for a message: `{ image: path }`. */
  readonly written: string;
}

/** A value as one word of a command line. */
export interface FromText {
  /** `a number`, for a message. */
  readonly expected: string;
  /** Undefined if the text is not such a value. */
  parse(text: string): unknown;
}

/** Variables of a pipeline file with values of this kind; for a kind with files, paths. */
export interface VariableOfKind {
  readonly type: string;
  /** `a number`, for a message. */
  readonly expected: string;
  accepts(value: unknown): boolean;
  /** The schema of the default. */
  readonly schema: JsonSchema;
  /** `--set name=text` takes the text itself rather than a number or JSON. */
  readonly isText?: true;
  /** The variable as a parameter, narrowed by the parameters it is the whole value of; undefined if nothing is known. */
  asParameter(doc: string, uses: readonly AnyParameter[]): AnyParameter | undefined;
}

/** The frame that a branch begins with, other than the input of its operation. */
export interface FrameReference {
  /** Another input of the plan. */
  readonly input?: string;
  /** The plan's own input, so many frames ago. */
  readonly previous?: number;
}

/** Stages that compute the value, not validated yet. */
export interface BranchPart extends Part<readonly unknown[]> {
  reference(value: unknown): FrameReference | undefined;
}

export interface Kind<T extends Types = Types> {
  /** Only for type inference; never set. */
  readonly types?: T;
  /** The value in its complete form; undefined if the parameter does not accept it. */
  accept(parameter: T['parameter'], given: unknown): T['value'] | undefined;
  /** Whether an object passed by position is a value rather than the options; by default none is. */
  takes?(object: object): boolean;
  /** What it accepts, as the middle of a sentence: "an integer from 0 to 10000". Errors, help and docs print it. */
  describe(parameter: T['parameter']): string;
  /** The same for pipeline files and the immediate API, which accept less; in the latter the example is a variable name. */
  readonly inFile?: string;
  readonly inMemory?: { readonly value: string; readonly example: string };
  /** A value for documentation if the parameter has neither example nor default. */
  example(parameter: T['parameter']): unknown;
  /** A hint that the error adds after a rejected value. */
  hint?(parameter: T['parameter'], given: unknown): string;
  /** The schema of a value in a pipeline file, including variables. */
  schema(parameter: T['parameter']): JsonSchema;
  /** The `$defs` that `schema` refers to; without descriptions, which editors would show instead of the parameter's. */
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  /** Without it the text itself is the value. */
  readonly fromText?: FromText;
  readonly variable?: VariableOfKind;
  readonly file?: FilePart;
  readonly branch?: BranchPart;
  /** The parts that the keys of the preview change; none by default. */
  steps?(parameter: T['parameter']): readonly Step[];
}

/** The declared kind; keeps in its type whether it has files and variables, and which. */
type Declared<T extends Types, R> = Kind<T> & Pick<R, Extract<keyof R, 'file' | 'variable'>>;

/** Declares a kind. */
export const kind =
  <T extends Types>() =>
  <const R extends Kind<T>>(row: R): Declared<T, R> =>
    row;
