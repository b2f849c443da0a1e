/** Exact fractions: frame rates and time bases. */
import { invalidOption } from '../../errors/invalid.ts';

export interface Rational {
  readonly num: number;
  readonly den: number;
}

/** A frame rate as an option: 25, 29.97, { num: 30000, den: 1001 }. */
export type FrameRate = number | Rational;

/** Parses `30000/1001`, as ffprobe writes it; undefined for `0/0` and anything else that is not a positive fraction. */
export function parseRational(text: string | undefined): Rational | undefined {
  const [num, den] = (text ?? '').split(/[/:]/).map(Number);
  return num && den && num > 0 && den > 0 ? { num, den } : undefined;
}

export function toNumber({ num, den }: Rational): number {
  return num / den;
}

/** A fraction in lowest terms, as NUT requires. */
export function fraction(num: number, den: number): Rational {
  let [divisor, rest] = [num, den];
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return { num: num / divisor, den: den / divisor };
}

/** FFmpeg's fractions have 32-bit parts. */
const largest = 2 ** 31 - 1;

/** A fraction from a caller: both parts whole, above 0, and no larger than FFmpeg's. */
export function rationalOf(value: unknown, path: string): Rational {
  if (typeof value === 'object' && value !== null) {
    const { num, den } = value as Rational;
    const fits = (part: unknown) =>
      Number.isInteger(part) && Number(part) > 0 && Number(part) <= largest;
    if (fits(num) && fits(den)) return fraction(num, den);
  }
  throw invalidOption(path, 'a fraction { num, den } above 0', value);
}

/** The exact rate a number means: 29.97 is 30000/1001, not 2997/100. */
export function frameRateOf(rate: unknown, path = 'frameRate'): Rational {
  if (typeof rate === 'object') return rationalOf(rate, path);
  if (typeof rate !== 'number' || !(rate > 0 && rate <= 1000)) {
    throw invalidOption(path, 'frames per second above 0 and up to 1000, or { num, den }', rate);
  }
  const whole = Math.round(rate);
  if (Math.abs(rate - whole) < 1e-6) return { num: whole, den: 1 };
  const ntsc = Math.round(rate * 1.001);
  if (Math.abs(rate - ntsc / 1.001) < 0.005) return fraction(ntsc * 1000, 1001);
  return fraction(Math.round(rate * 1000), 1000);
}
