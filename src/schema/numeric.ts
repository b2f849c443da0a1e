/** The range of numbers and integers. */
import type { JsonSchema } from './json.ts';
import type { AnyParameter, Described, Types } from './kind.ts';

export interface NumericParameter<K extends string = 'number' | 'integer'> extends Described {
  readonly kind: K;
  readonly default?: number;
  readonly min?: number;
  readonly exclusiveMin?: number;
  readonly max?: number;
}

export interface NumericTypes<K extends string> extends Types {
  readonly parameter: NumericParameter<K>;
  readonly input: number;
  readonly value: number;
}

type Range = Pick<NumericParameter, 'min' | 'exclusiveMin' | 'max'>;

export function inRange({ min, exclusiveMin, max }: Range, value: number): boolean {
  if (min !== undefined && value < min) return false;
  if (exclusiveMin !== undefined && value <= exclusiveMin) return false;
  return max === undefined || value <= max;
}

export function describeRange({ min, exclusiveMin, max }: Range): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  const lower = exclusiveMin !== undefined ? ` above ${exclusiveMin}` : '';
  const from = min !== undefined ? ` of at least ${min}` : '';
  const upper = max !== undefined ? ` up to ${max}` : '';
  return lower + from + upper;
}

/** 1, or the nearest value in range. */
export function exampleInRange({ min, exclusiveMin, max }: Range): number {
  const least = exclusiveMin === undefined ? (min ?? 1) : exclusiveMin + 1;
  return Math.min(Math.max(1, least), max ?? Number.POSITIVE_INFINITY);
}

export function rangeSchema({ min, exclusiveMin, max }: Range): JsonSchema {
  return {
    ...(min !== undefined && { minimum: min }),
    ...(exclusiveMin !== undefined && { exclusiveMinimum: exclusiveMin }),
    ...(max !== undefined && { maximum: max }),
  };
}

/** The unit, and the range of values that all of them accept. */
export function commonRange(uses: readonly AnyParameter[]) {
  const numeric = uses.filter(isNumeric);
  const given = (key: keyof Range) => numeric.flatMap((use) => use[key] ?? []);
  const unit = numeric.find((use) => use.unit !== undefined)?.unit;
  const [min, exclusiveMin, max] = [given('min'), given('exclusiveMin'), given('max')];
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(min.length === 0 ? {} : { min: Math.max(...min) }),
    ...(exclusiveMin.length === 0 ? {} : { exclusiveMin: Math.max(...exclusiveMin) }),
    ...(max.length === 0 ? {} : { max: Math.min(...max) }),
  };
}

const isNumeric = (use: AnyParameter): use is NumericParameter =>
  use.kind === 'number' || use.kind === 'integer';

/** `4M` is 4000000. */
export const numberFromText = {
  expected: 'a number',
  parse(text: string): number | undefined {
    const [, digits = '', unit = ''] = /^([-+]?[\d.]+)([kM]?)$/.exec(text) ?? [];
    const value = Number(digits) * { '': 1, k: 1000, M: 1_000_000 }[unit as '' | 'k' | 'M'];
    return digits !== '' && Number.isFinite(value) ? value : undefined;
  },
};
