/** Each instruction of custom ops on both devices, against doubles of JavaScript. */
import { type DeviceId, Image, upload } from 'framelane';
import { describe, expect, it } from 'vitest';
import { handleOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import { Assembler, type Operand, opcodes } from '../helpers/custom-code.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { makeRandom } from '../helpers/random.ts';
import { samplesIn } from '../helpers/run.ts';

const special = [
  ...[
    0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 2, 3, -3, 0.1, 0.999999, 1e-3, 1e-7, 8388607.5,
  ],
  ...[16777216, -3e9, 3.4e38, -3.4e38, 1.2e-38, 1e-40, -1e-40, 1.4e-45, 1e20, 255, 127.5, -126.5],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
].map(Math.fround);

interface Row {
  readonly value: (a: number, b: number, c: number) => number;
  /** Of the exact value, in units of 2^-24. */
  readonly relative?: number | ((a: number, b: number, c: number) => number);
  readonly absolute?: number | ((a: number, b: number, c: number) => number);
  /** Where the row says something. */
  readonly holds?: (a: number, b: number, c: number) => boolean;
}

const truth = (value: boolean) => (value ? 1 : 0);
/** Of a NaN and another number the second one. */
const lesser = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? b : Math.min(a, b));
const greater = (a: number, b: number) => (Number.isNaN(a) || Number.isNaN(b) ? b : Math.max(a, b));
const nearestEven = (v: number) => {
  const rounded = Math.round(v);
  return Math.abs(v % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
};
const ulp = 2 ** -24;
const isSmall = (a: number) => Math.abs(a) <= 8192 || !Number.isFinite(a);

/** The words of pcg3d, as core/custom_math.hpp specifies them. */
function hash(...values: readonly [number, number, number]): number {
  const start = (v: number) => {
    const bits = new Uint32Array(Float32Array.of(v + 0).buffer)[0] as number;
    return (Math.imul(bits ^ (bits >>> 16), 1664525) + 1013904223) >>> 0;
  };
  let [x, y, z] = values.map(start) as [number, number, number];
  const mixed = (a: number, b: number, c: number) => (a + Math.imul(b, c)) >>> 0;
  const folded = (v: number) => (v ^ (v >>> 16)) >>> 0;
  x = mixed(x, y, z);
  y = mixed(y, z, x);
  z = mixed(z, x, y);
  return (mixed(folded(x), folded(y), folded(z)) >>> 8) * ulp;
}

/** `relative` 1: rounded once. Sums of products have an error of their largest part, however fused. */
const rows: Readonly<Record<string, Row>> = {
  mov: { value: (a) => a },
  add: { value: (a, b) => a + b, relative: 1 },
  sub: { value: (a, b) => a - b, relative: 1 },
  mul: { value: (a, b) => a * b, relative: 1 },
  div: { value: (a, b) => a / b, relative: 1 },
  min: { value: lesser },
  max: { value: greater },
  fma: {
    value: (a, b, c) => a * b + c,
    relative: 1,
    absolute: (a, b) => Math.abs(a * b) * ulp,
    holds: (a, b) => Math.abs(a * b) < 3e38 || !Number.isFinite(a * b),
  },
  neg: { value: (a) => -a },
  abs: { value: Math.abs },
  floor: { value: Math.floor },
  ceil: { value: Math.ceil },
  round: { value: nearestEven },
  fract: { value: (a) => a - Math.floor(a), relative: 1 },
  sqrt: { value: Math.sqrt, relative: 1 },
  rsqrt: { value: (a) => 1 / Math.sqrt(a), relative: 4 },
  exp2: { value: (a) => 2 ** a, relative: 6 },
  log2: { value: Math.log2, relative: 5 },
  pow: {
    value: (a, b) => (a >= 0 ? a ** b : Number.NaN),
    relative: (a, b) => 6 + 5 * Math.abs(b * Math.log2(a) || 0),
    // 1 to infinity is one or nothing.
    holds: (a, b) => !(Math.abs(a - 1) < 1e-5 && Math.abs(b) > 1e9),
  },
  sin: { value: Math.sin, absolute: 4e-7, holds: isSmall },
  cos: { value: Math.cos, absolute: 4e-7, holds: isSmall },
  tan: {
    value: Math.tan,
    absolute: (a) => 1e-6 * (1 + Math.tan(a) ** 2),
    holds: (a) => isSmall(a) && !(Math.abs(Math.cos(a)) < 1e-3),
  },
  asin: { value: Math.asin, relative: 8 },
  acos: { value: Math.acos, relative: 8 },
  atan: { value: Math.atan, relative: 8 },
  atan2: {
    value: Math.atan2,
    relative: 8,
    holds: (a, b) =>
      !(Math.abs(a) + Math.abs(b) > 3e38) || !Number.isFinite(a) || !Number.isFinite(b),
  },
  lt: { value: (a, b) => truth(a < b) },
  le: { value: (a, b) => truth(a <= b) },
  eq: { value: (a, b) => truth(a === b) },
  ne: { value: (a, b) => truth(a !== b) },
  and: { value: (a, b) => truth(a !== 0 && b !== 0) },
  or: { value: (a, b) => truth(a !== 0 || b !== 0) },
  not: { value: (a) => truth(a === 0) },
  select: { value: (a, b, c) => (a !== 0 ? b : c) },
  mod: {
    value: (a, b) => a - b * Math.floor(Math.fround(a / b)),
    relative: 1,
    absolute: (a) => 2 * Math.abs(a) * ulp,
    holds: (a, b) => Math.abs(a / b) < 1e7 || Number.isNaN(a / b),
  },
  sign: { value: Math.sign },
  step: { value: (a, b) => truth(b >= a) },
  smoothstep: {
    value: (a, b, c) => {
      const t = lesser(greater((c - a) / (b - a), 0), 1);
      return t * t * (3 - 2 * t);
    },
    absolute: (a, b, c) => 4e-7 * (1 + (Math.abs(a) + Math.abs(b) + Math.abs(c)) / Math.abs(b - a)),
    holds: (a, b, c) =>
      Math.max(Math.abs(a), Math.abs(b), Math.abs(c)) < 1e30 &&
      (Math.abs(b - a) > 1e-30 || a === b),
  },
  mix: {
    value: (a, b, c) => a + (b - a) * c,
    relative: 2,
    absolute: (a, b, c) => 4 * ulp * (Math.abs(a) + (Math.abs(a) + Math.abs(b)) * Math.abs(c)),
    holds: (a, b, c) => (Math.abs(a) + Math.abs(b)) * (1 + Math.abs(c)) < 3e38,
  },
  hash: {
    value: (a, b, c) => hash(a, b, c),
    holds: (...abc) => !abc.some(Number.isNaN), // they have more than one form
  },
};

/** Triples of everything special with everything special, and of numbers of every size. */
function triples(): Float32Array {
  const values: number[] = [];
  for (const a of special) {
    for (const b of special) {
      values.push(a, b, special[(values.length * 7) % special.length] as number, 1);
      values.push(special[(values.length * 5) % special.length] as number, a, b, 1);
    }
  }
  const random = makeRandom(5);
  const any = () => (random() < 0.5 ? -1 : 1) * 2 ** (random() * 24 - 12);
  for (let i = 0; i < 6000; i++) values.push(any(), any(), random() < 0.5 ? random() : any(), 1);
  for (let i = 0; i < 3000; i++) values.push(random(), random() * 4, random(), 1);
  for (let i = 0; i < 3000; i++) values.push((random() - 0.5) * 16384, random() - 0.5, random(), 1);
  return Float32Array.from(values);
}
const data = triples();
const width = data.length / 4;

function runOn(
  device: DeviceId,
  assembler: Assembler,
  samples = data,
  columns = samples.length / 4,
): Float32Array {
  using image = new Image(columns, samples.length / 4 / columns, { device });
  upload(image, samples);
  const handle = handleOf(image);
  addon().apply([assembler.stage()], handle, handle, null);
  return samplesIn(image) as Float32Array;
}

const limitOf = (limit: Row['absolute'], ...abc: readonly [number, number, number]) =>
  typeof limit === 'function' ? limit(...abc) : (limit ?? 0);

/** The first instruction's value in red that is not what the row says. */
function wrongIn(row: Row, received: Float32Array): string | undefined {
  for (let i = 0; i < received.length; i += 4) {
    const abc = [data[i], data[i + 1], data[i + 2]] as [number, number, number];
    if (row.holds?.(...abc) === false) continue;
    const value = received[i] as number;
    const exact = row.value(...abc);
    const rounded = Math.fround(exact);
    if (Number.isNaN(exact) ? Number.isNaN(value) : value === rounded) continue;
    const relative = Math.abs(exact) * ulp * limitOf(row.relative, ...abc);
    const difference = Math.abs(value - exact);
    // Half a step of denormals, and of what becomes infinite only by rounding.
    if (difference <= relative + limitOf(row.absolute, ...abc) + 2 ** -148) continue;
    if (Math.abs(exact) > 3.4e38 && Math.abs(value) > 3.39e38 && exact > 0 === value > 0) continue;
    return `of ${abc}: expected ${exact}, received ${value}`;
  }
  return undefined;
}

it('there is a row for each opcode but those that write and read pixels', () => {
  expect(Object.keys(rows)).toEqual(opcodes.slice(0, -2));
});

describe.each(Object.entries(rows))('%s', (name, row) => {
  const operands: readonly Operand[] = (['r', 'g', 'b'] as const).slice(0, row.value.length || 1);

  onEachDevice('has the value of JavaScript', (device) => {
    const assembler = new Assembler();
    assembler.out(0, assembler.add(name, operands));
    expect(wrongIn(row, runOn(device, assembler))).toBe(undefined);
  });

  onEachDevice('takes operands of every kind', (device) => {
    const [a, b, c] = [0.75, -0.625, 0.375];
    const numbers = [a, b, c].slice(0, operands.length);
    const assembler = new Assembler();
    const registers = numbers.map((value) => assembler.add('mov', [value]));
    assembler.out(0, assembler.add(name, numbers));
    assembler.out(1, assembler.add(name, registers));
    const kinds = numbers.map((value, i) => (i === 1 ? (registers[i] as Operand) : value));
    assembler.out(2, assembler.add(name, kinds));
    const result = runOn(device, assembler, new Float32Array(4 * 37));
    const same = Array.from({ length: 37 }, (_, i) => result.subarray(4 * i, 4 * i + 3));
    for (const [red, green, blue] of same) {
      expect([green, blue]).toEqual([red, red]);
    }
    expect(Math.abs((result[0] as number) - row.value(a, b, c)) || 0).toBeLessThan(1e-5);
  });
});

onEachDevice('hash is even and unlike its neighbours', (device) => {
  const [w, h] = [512, 256];
  const assembler = new Assembler();
  assembler.out(0, assembler.add('hash', ['r', 'g', 3]));
  const samples = new Float32Array(w * h * 4);
  for (let i = 0; i < w * h; i++) samples.set([i % w, Math.floor(i / w), 0, 1], 4 * i);
  const result = runOn(device, assembler, samples, w);
  const values = Array.from({ length: w * h }, (_, i) => result[4 * i] as number);
  const bins = new Array(64).fill(0);
  for (const value of values) bins[Math.floor(value * 64)]++;
  const expected = (w * h) / 64;
  const chi = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chi).toBeLessThan(110); // 63 degrees of freedom: 1 in 5000
  for (const step of [1, 2, w, w + 1, 16 * w]) {
    const product = (v: number, i: number) => (v - 0.5) * ((values[i + step] ?? 0.5) - 0.5);
    const correlation = (12 / values.length) * values.reduce((sum, v, i) => sum + product(v, i), 0);
    expect(Math.abs(correlation), `${step} further`).toBeLessThan(4.5 / Math.sqrt(values.length));
  }
});

it('every row has numbers to be held against', () => {
  expect(width).toBeGreaterThan(10_000);
});
