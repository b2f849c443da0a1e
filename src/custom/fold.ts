/** Computes instructions whose operands are known, in 32-bit floats. `hash` and `tap` are left to the device. */
import type { Opcode } from './opcodes.ts';

const truth = (value: boolean) => (value ? 1 : 0);

const rules: Partial<Record<Opcode, (a: number, b: number, c: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: lesser,
  max: greater,
  neg: (a) => -a,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundToEven,
  fract: (a) => a - Math.floor(a),
  sqrt: Math.sqrt,
  rsqrt: (a) => 1 / Math.sqrt(a),
  exp2: (a) => 2 ** a,
  log2: Math.log2,
  pow: (a, b) => (a >= 0 ? a ** b : Number.NaN),
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  not: (a) => truth(a === 0),
  mod: (a, b) => a - Math.fround(b * Math.floor(Math.fround(a / b))),
  sign: Math.sign,
  step: (a, b) => truth(b >= a),
  smoothstep(from, to, value) {
    const along = Math.fround(Math.fround(value - from) / Math.fround(to - from));
    const t = lesser(greater(along, 0), 1);
    return Math.fround(t * t) * Math.fround(3 - 2 * t);
  },
  mix: (a, b, c) => a + Math.fround(Math.fround(b - a) * c),
};

/** The second one if either is NaN, as on the devices. */
function lesser(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.min returns NaN
  return a < b ? a : b;
}

function greater(a: number, b: number): number {
  // biome-ignore lint/complexity/useMathMinMax: Math.max returns NaN
  return a > b ? a : b;
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Undefined for what is not folded. */
export function foldConstants(opcode: Opcode, values: readonly number[]): number | undefined {
  const [a = 0, b = 0, c = 0] = values;
  const result = rules[opcode]?.(a, b, c);
  return result === undefined ? undefined : Math.fround(result);
}
