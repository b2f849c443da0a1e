/** Typed values: a vector is the list of its components. */
import type { Graph, Value } from './graph.ts';

export type Type = 'float' | 'bool' | 'vec2' | 'vec3' | 'vec4';

export interface Typed {
  readonly type: Type;
  readonly parts: readonly Value[];
}

export const sizes: Readonly<Record<Type, number>> = {
  float: 1,
  bool: 1,
  vec2: 2,
  vec3: 3,
  vec4: 4,
};

const bySize: readonly Type[] = ['float', 'float', 'vec2', 'vec3', 'vec4'];

/** One number is a float, several are a vector. */
export function numbers(parts: readonly Value[]): Typed {
  return { type: bySize[parts.length] as Type, parts };
}

export function truth(value: Value): Typed {
  return { type: 'bool', parts: [value] };
}

export const isVector = ({ type }: Typed): boolean => sizes[type] > 1;

/** Where a problem is, and how to report it. */
export interface Context {
  readonly graph: Graph;
  /** The largest distance that `at` reads; 0 for operations on single pixels. */
  readonly radius: number;
  fail(at: number, message: string): Error;
}

/**
 * The components of numbers of one size, a float standing for a vector of equal ones; undefined if sizes differ or there are
 * truths.
 */
export function aligned(values: readonly Typed[]): readonly (readonly Value[])[] | undefined {
  const size = Math.max(...values.map(({ parts }) => parts.length));
  const fits = values.every(
    ({ type, parts }) => type !== 'bool' && (parts.length === size || parts.length === 1),
  );
  if (!fits) return undefined;
  return Array.from({ length: size }, (_, i) => {
    return values.map(({ parts }) => (parts.length === 1 ? parts[0] : parts[i]) as Value);
  });
}

/** Their sum, from left to right. */
export function sum(graph: Graph, values: readonly Value[]): Value {
  return values.reduce((total, value) => graph.code('add', total, value));
}

export function dot(graph: Graph, a: readonly Value[], b: readonly Value[]): Value {
  return sum(
    graph,
    a.map((value, i) => graph.code('mul', value, b[i] as Value)),
  );
}
