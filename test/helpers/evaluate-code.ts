/** Runs the words of a compiled operation, read by the numbers that the addon reads, in doubles rounded to floats. */

/** By number, as the native side has them. */
const names = (
  'mov add sub mul div min max fma neg abs floor ceil round fract sqrt rsqrt exp2 log2 pow sin cos tan asin acos atan ' +
  'atan2 lt le eq ne and or not select mod sign step smoothstep mix hash out tap'
).split(' ');

const f = Math.fround;
const half = (v: number) => (v - Math.floor(v) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v));

const values: Readonly<Record<string, (a: number, b: number, c: number) => number>> = {
  mov: (a) => a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  // biome-ignore lint/complexity/useMathMinMax: NaN gives the second
  min: (a, b) => (a < b ? a : b),
  // biome-ignore lint/complexity/useMathMinMax: NaN gives the second
  max: (a, b) => (a > b ? a : b),
  neg: (a) => -a,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  round: half,
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
  lt: (a, b) => Number(a < b),
  le: (a, b) => Number(a <= b),
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  not: (a) => Number(a === 0),
  select: (a, b, c) => (a !== 0 ? b : c),
  mod: (a, b) => a - f(b * Math.floor(f(a / b))),
  sign: Math.sign,
  step: (a, b) => Number(b >= a),
  smoothstep(a, b, c) {
    const t = Math.min(1, Math.max(0, (c - a) / (b - a)));
    return t * t * (3 - 2 * t);
  },
  mix: (a, b, c) => a + f(f(b - a) * c),
  hash,
};

const bits = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0] as number;

/** pcg3d (Jarzynski and Olano 2020) of the bits, whose high halves first go into the low ones. */
function hash(...given: readonly number[]): number {
  const start = (value: number) => {
    const word = bits(value + 0);
    return (Math.imul(word ^ (word >>> 16), 1664525) + 1013904223) >>> 0;
  };
  let [x, y, z] = given.map(start) as [number, number, number];
  const mix = () => {
    x = (x + Math.imul(y, z)) >>> 0;
    y = (y + Math.imul(z, x)) >>> 0;
    z = (z + Math.imul(x, y)) >>> 0;
  };
  mix();
  x = (x ^ (x >>> 16)) >>> 0;
  y = (y ^ (y >>> 16)) >>> 0;
  z = (z ^ (z >>> 16)) >>> 0;
  x = (x + Math.imul(y, z)) >>> 0;
  return (x >>> 8) / 2 ** 24;
}

export interface Program {
  readonly words: Uint32Array;
  readonly constants: number;
  readonly instructions: number;
}

/** Red, green, blue, alpha, x, y, width and height. */
export type Inputs = readonly number[];
export type Tap = (dx: number, dy: number, channel: number) => number;

const noTap: Tap = () => {
  throw new Error('a tap in an operation on single pixels');
};

/** The four channels of the result. */
export function evaluateCode(
  { words, constants, instructions }: Program,
  inputs: Inputs,
  parameters: ArrayLike<number> = [],
  tap = noTap,
): number[] {
  const first = 4 * Math.ceil(constants / 4);
  if (words.length !== first + 4 * instructions) throw new Error(`${words.length} words`);
  const table = new Float32Array(words.buffer, words.byteOffset, constants);
  const registers: number[] = [];
  const result = inputs.slice(0, 4);
  const given = (list: ArrayLike<number>, index: number, what: string) => {
    const value = list[index];
    if (value === undefined) throw new Error(`${what} ${index} has no value`);
    return value;
  };
  const kinds = [registers, inputs, parameters, table];
  const read = (word: number) => {
    const list = kinds[word >>> 16];
    if (list === undefined) throw new Error(`an operand of kind ${word >>> 16}`);
    return given(list, word & 0xffff, `operand of kind ${word >>> 16}`);
  };
  for (let at = first; at < words.length; at += 4) {
    const [head = 0, a = 0, b = 0, c = 0] = words.subarray(at, at + 4);
    const name = names[head & 0xff] ?? '';
    const target = head >>> 8;
    if (name === 'out') result[target] = read(a);
    else if (name === 'tap') {
      const [dx = 0, dy = 0, channel = 0] = [a, b, c].map((word) => {
        if (word >>> 16 !== 4) throw new Error('tap: not an immediate');
        return (word << 16) >> 16;
      });
      registers[target] = f(tap(dx, dy, channel));
    } else {
      const rule = values[name];
      if (rule === undefined || target > 63) throw new Error(`${name} to ${target}`);
      const operands = [a, b, c].slice(0, name === 'hash' ? 3 : rule.length).map(read);
      registers[target] = f(rule(...(operands as [number, number, number])));
    }
  }
  return result.map((value) => f(value));
}
