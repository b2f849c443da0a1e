/** What a kind of parameter says of itself; whatever depends on the kind of a parameter reads it from here. */
import type { JsonSchema } from './json.ts';
import type { Step } from './steps.ts';

/** What every parameter says, whatever its kind. */
export interface Described {
  readonly doc: string;
  /** `px`, `degrees` …; none for a plain number. */
  readonly unit?: string;
  /** Given by neither caller nor default: the operation decides. */
  readonly optional?: true;
  /** A value that makes a difference, for documentation; without it the default, or what the kind has. */
  readonly example?: unknown;
}

/** A parameter of any kind, those of `kinds` and those to come. */
export interface AnyParameter extends Described {
  readonly kind: string;
}

/** What an operation writes of a parameter; its factory adds the kind and the sentence. */
export type Spec<P extends AnyParameter> = Omit<P, 'kind' | 'doc' | 'values'>;

/**
 * The TypeScript types of a kind. `input` and `value` may depend on the parameter: `this['parameter']` is the one at hand.
 */
export interface Types {
  readonly parameter: AnyParameter;
  /** What a caller may write. */
  readonly input: unknown;
  /** What a validated parameter holds. */
  readonly value: unknown;
}

/** A part of a value that other rooms work on, such as the file it names. */
export interface Part<T> {
  /** Where it stands below the value: `.image`; empty where it is the value. */
  readonly at: string;
  /** Undefined where the value has none. */
  of(value: unknown): T | undefined;
  /** The value with another in its place. */
  with(value: unknown, part: T): unknown;
}

/** A path in a value. Where a file is read, what it becomes and who frees that is for the rooms above. */
export interface FilePart extends Part<string> {
  /** How the value is written with a path, for a message: `{ image: path }`. */
  readonly written: string;
}

/** A value as one word of a command line. */
export interface FromText {
  /** `a number`, for a message. */
  readonly expected: string;
  /** Undefined where the text is none. */
  parse(text: string): unknown;
}

/** Variables of a pipeline file that hold values of this kind; for a kind with files, the path. */
export interface VariableOfKind {
  readonly type: string;
  /** `a number`, for a message. */
  readonly expected: string;
  accepts(value: unknown): boolean;
  /** Of its default. */
  readonly schema: JsonSchema;
  /** What `--set name=text` gives is the text itself, rather than a number or JSON. */
  readonly isText?: true;
  /** The variable as a parameter, narrowed by those whose whole value it is; undefined where nothing is known of it. */
  asParameter(doc: string, uses: readonly AnyParameter[]): AnyParameter | undefined;
}

/** Which frame a branch begins with, where that is not the one that its operation gets. */
export interface FrameReference {
  /** Another input of the plan. */
  readonly input?: string;
  /** The plan's own input, so many frames before. */
  readonly previous?: number;
}

/** Stages that make the value, each still to be checked. */
export interface BranchPart extends Part<readonly unknown[]> {
  reference(value: unknown): FrameReference | undefined;
}

export interface Kind<T extends Types = Types> {
  /** For the compiler alone; there is no such value. */
  readonly types?: T;
  /** The value in its complete form; undefined where the parameter does not take it. */
  accept(parameter: T['parameter'], given: unknown): T['value'] | undefined;
  /** Whether an object that a call gives by position is a value, and not the options; without it none is. */
  takes?(object: object): boolean;
  /** What it accepts, as the middle of a sentence: "an integer from 0 to 10000". Errors, help and docs print it. */
  describe(parameter: T['parameter']): string;
  /** The same where that is less: in a pipeline file, and in the immediate API, where the example is an object of that name. */
  readonly inFile?: string;
  readonly inMemory?: { readonly value: string; readonly example: string };
  /** A value for documentation, where neither the parameter nor its default gives one. */
  example(parameter: T['parameter']): unknown;
  /** What an error adds after the value that is refused. */
  hint?(parameter: T['parameter'], given: unknown): string;
  /** Of a value in a pipeline file, variables included. */
  schema(parameter: T['parameter']): JsonSchema;
  /** What `schema` refers to in `$defs`; without a description, which an editor would show instead of the parameter's. */
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  /** A kind without it takes the text as it is. */
  readonly fromText?: FromText;
  readonly variable?: VariableOfKind;
  readonly file?: FilePart;
  readonly branch?: BranchPart;
  /** What the keys of the preview change, one after the other; nothing without it. */
  steps?(parameter: T['parameter']): readonly Step[];
}

/** A kind as it is declared: whether it has files and variables, and which, is known to the compiler. */
type Declared<T extends Types, R> = Kind<T> & Pick<R, Extract<keyof R, 'file' | 'variable'>>;

/** Declares a kind. */
export const kind =
  <T extends Types>() =>
  <const R extends Kind<T>>(row: R): Declared<T, R> =>
    row;
