/** Changes values by steps, one per key press. */
import type { Scale } from '../../schema/steps.ts';
import type { LiveParameter, ParameterValue } from './live-parameter.ts';

/**
 * The size of one step: 1 for integers and degrees, a hundredth of a range up to 2; otherwise the power of ten that divides
 * the starting value into 20 to 200 steps, at least 0.01.
 */
export function stepOf({ kind, unit, min, exclusiveMin, max }: Scale, start: number): number {
  if (kind === 'integer' || unit === 'degrees') return 1;
  const lowest = min ?? exclusiveMin;
  if (lowest !== undefined && max !== undefined && max - lowest <= 2) return (max - lowest) / 100;
  return Math.max(0.01, 10 ** Math.floor(Math.log10(Math.abs(start) / 20)));
}

/** The value after some steps: numbers stop at the ends of the range, choices wrap around. */
export function stepped(parameter: LiveParameter, steps: number): ParameterValue {
  const { value, values, step, min = -Infinity, max = Infinity } = parameter;
  if (typeof value === 'boolean') return steps % 2 === 0 ? value : !value;
  if (typeof value === 'string') {
    const choices = values ?? [value];
    const next = (choices.indexOf(value) + steps) % choices.length;
    return choices.at(next) ?? value;
  }
  // Ten digits, so that 0.1 + 0.2 is 0.3.
  const next = Number((value + steps * step).toPrecision(10));
  // A value outside the range, such as a colour above 1, does not jump back when stepped outward.
  return steps < 0 ? Math.max(next, Math.min(value, min)) : Math.min(next, Math.max(value, max));
}
