/** What the author of an operation writes, and its types. */

import type { Color } from '../schema/color-value.ts';
import type { Flatten } from '../schema/parameter.ts';

interface Described {
  /** One sentence, for help and docs. */
  readonly doc?: string;
}

/** A number, which the text sees as a float. */
export interface NumberParam extends Described {
  readonly type: 'number' | 'integer';
  readonly default?: number;
  readonly min?: number;
  readonly exclusiveMin?: number;
  readonly max?: number;
  /** `px`, `degrees` …; none for a plain number. */
  readonly unit?: string;
}

/** True or false; a bool in the text. */
export interface BooleanParam extends Described {
  readonly type: 'boolean';
  readonly default?: boolean;
}

/** One of a few words. The text sees a float, and the words as `name.word`. */
export interface EnumParam extends Described {
  readonly type: 'enum';
  readonly values: readonly string[];
  readonly default?: string;
}

/** A colour with straight alpha; a vec4 in the text. */
export interface ColorParam extends Described {
  readonly type: 'color';
  readonly default?: Color;
}

export type OpParam = NumberParam | BooleanParam | EnumParam | ColorParam;
export type OpParams = Readonly<Record<string, OpParam>>;

/** What every operation has. */
export interface OpHead {
  /** Its name in pipelines: letters and digits. */
  readonly name: string;
  /** One sentence. */
  readonly doc?: string;
  /** Its options; those without a default must be given. */
  readonly params?: OpParams;
  /** The option that a call may give by position. */
  readonly primary?: string;
}

/** An operation on single pixels. */
export interface OpDefinition extends OpHead {
  /** What it does to the pixel `c`, see docs/custom-ops.md. */
  readonly pixel: string;
}

/** An operation on a pixel and its neighbours. */
export interface StencilOpDefinition extends OpDefinition {
  /** How far `at(dx, dy)` may read: 1 to 8 pixels. */
  readonly radius: number;
}

/** An operation by a CUDA kernel. */
export interface KernelOpDefinition extends OpHead {
  /** CUDA C++ with the kernel in it, see docs/custom-ops.md. */
  readonly kernel: string;
  /** The name of the kernel; by default that of the operation. */
  readonly entry?: string;
  /** What the CPU computes: a text as of `defineOp`, or with a radius as of `defineStencilOp`. Without it, the operation needs a CUDA device. */
  readonly cpu?: { readonly pixel: string; readonly radius?: number };
}

type InputOf<P> = P extends { readonly type: 'enum'; readonly values: readonly (infer V)[] }
  ? V
  : P extends { readonly type: 'boolean' }
    ? boolean
    : P extends { readonly type: 'color' }
      ? Color
      : number;

type WithDefault<P> = {
  [K in keyof P]: P[K] extends { readonly default: unknown } ? K : never;
}[keyof P];

/** The parameters of a definition. */
export type ParamsOf<D extends OpHead> = D extends {
  readonly params: infer P extends OpParams;
}
  ? P
  : Record<never, never>;

/** The options of the operation as a caller writes them. */
export type DefinedOptions<P> = Flatten<
  { readonly [K in Exclude<keyof P, WithDefault<P>>]: InputOf<P[K]> } & {
    readonly [K in WithDefault<P>]?: InputOf<P[K]> | undefined;
  }
>;

/** The name of the option that may be given by position. */
export type PrimaryOf<D> = D extends { readonly primary: infer P } ? P : never;
