/** How far one key press changes a value. */
import type { Scale } from '../../schema/steps.ts';
import type { LiveParameter, ParameterValue } from './live-parameter.ts';

/**
 * A hundredth of a narrow range; elsewhere the power of ten that makes 20 to 200 steps of the value the parameter starts
 * from, and never less than 0.01.
 */
export function stepOf({ kind, unit, min, exclusiveMin, max }: Scale, start: number): number {
  if (kind === 'integer' || unit === 'degrees') return 1;
  const lowest = min ?? exclusiveMin;
  if (lowest !== undefined && max !== undefined && max - lowest <= 2) return (max - lowest) / 100;
  return Math.max(0.01, 10 ** Math.floor(Math.log10(Math.abs(start) / 20)));
}

/** The value after as many steps: numbers stop at the ends of the range, choices go round. */
export function stepped(parameter: LiveParameter, steps: number): ParameterValue {
  const { value, values, step, min = -Infinity, max = Infinity } = parameter;
  if (typeof value === 'boolean') return steps % 2 === 0 ? value : !value;
  if (typeof value === 'string') {
    const choices = values ?? [value];
    const next = (choices.indexOf(value) + steps) % choices.length;
    return choices.at(next) ?? value;
  }
  // Ten digits: 0.1 + 0.2 is 0.3.
  const next = Number((value + steps * step).toPrecision(10));
  // What is outside already, such as a colour above 1, is not pulled in by going farther.
  return steps < 0 ? Math.max(next, Math.min(value, min)) : Math.min(next, Math.max(value, max));
}
