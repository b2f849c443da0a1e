/** Whatever stands in the words of a custom op, the addon refuses it or runs it, and stays alive. */
import { type FramelaneError, Image, upload } from 'framelane';
import { describe, expect, it } from 'vitest';
import { handleOf } from '../../src/image/image.ts';
import { addon } from '../../src/native/binding.ts';
import type { NativeStage } from '../../src/native/plan.ts';
import { rounds } from '../helpers/chains.ts';
import { Assembler, definedStage, opcodes, wordOf } from '../helpers/custom-code.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { makeRandom } from '../helpers/random.ts';
import { samplesIn } from '../helpers/run.ts';

type Change = Readonly<Record<string, unknown>>;

/** The error of a stage: some right code, changed. */
function errorOf(change: Change, code = new Assembler().out(0, 'g')): FramelaneError | undefined {
  using image = new Image(2, 2, { device: 'cpu' });
  upload(image, new Float32Array(16));
  const stage: NativeStage = { ...code.source(), ...change };
  try {
    addon().apply([definedStage(stage)], handleOf(image), handleOf(image), null);
  } catch (error) {
    return error as FramelaneError;
  }
  return undefined;
}

const instruction = (...words: readonly number[]) => ({
  words: Uint32Array.from([...words, 0, 0, 0].slice(0, 4)),
  constants: 0,
  instructions: 1,
});
const out = opcodes.indexOf('out');
const add = opcodes.indexOf('add');
const tap = opcodes.indexOf('tap');
const red = wordOf('input', 0);

const rows: readonly (readonly [what: string, change: Change, message: string])[] = [
  [
    'an opcode beyond the last',
    instruction(42),
    'instruction 0: opcode: expected 0 to 41, received 42',
  ],
  ['an opcode of 255', instruction(255), 'opcode: expected 0 to 41'],
  [
    'a register beyond the last',
    instruction(add | (64 << 8), red, red),
    'add to: expected 0 to 63, received 64',
  ],
  ['bits above the register', instruction((1 << 31) >>> 0, red), 'mov to: expected 0 to 63'],
  ['a fifth channel', instruction(out | (4 << 8), red), 'out to: expected 0 to 3, received 4'],
  ['an operand of no kind', instruction(add, red, 5 << 16), 'add b: expected a register, an input'],
  [
    'an immediate operand',
    instruction(add, red, wordOf('immediate', 1)),
    'add b: expected a register',
  ],
  [
    'an input beyond the last',
    instruction(add, wordOf('input', 8), red),
    'add a input: expected 0 to 7',
  ],
  [
    'a parameter beyond the last',
    instruction(add, wordOf('parameter', 12), red),
    'expected 0 to 11',
  ],
  [
    'a constant of none',
    instruction(add, wordOf('constant', 0), red),
    'add a constant: expected 0 to -1',
  ],
  [
    'a register not written',
    instruction(add, red, wordOf('register', 1)),
    'expected a register that has been written',
  ],
  [
    'a register beyond, read',
    instruction(add, red, wordOf('register', 64)),
    'add b register: expected 0 to 63',
  ],
  [
    'a tap without a window',
    instruction(tap, ...[0, 0, 0].map((v) => wordOf('immediate', v))),
    'tap: expected a stencil',
  ],
  [
    'more instructions than words',
    { instructions: 2 },
    'words: expected 8 for 0 constants and 2 instructions, received 4',
  ],
  ['fewer instructions than words', { instructions: 0 }, 'words: expected 0'],
  ['too many instructions', { instructions: 513 }, 'instructions: expected 0 to 512, received 513'],
  ['negative instructions', { instructions: -1 }, 'instructions: expected 0 to 512'],
  ['too many constants', { constants: 129 }, 'constants: expected 0 to 128, received 129'],
  [
    'too many parameters',
    { parameters: new Float32Array(13) },
    'parameters: expected at most 12 floats',
  ],
  ['no name', { name: '' }, 'name: expected 1 to 64 bytes, received 0'],
  ['a long name', { name: 'x'.repeat(65) }, 'name: expected 1 to 64 bytes, received 65'],
  [
    'alpha said to stay, and written',
    { ...instruction(out | (3 << 8), red), opaque: 'keeps' },
    'opaque: expected breaks',
  ],
  [
    'alpha said to be 1, and left',
    { opaque: 'makes' },
    'opaque: expected keeps, by what the code does to alpha',
  ],
  [
    'a position that is not told',
    instruction(out, wordOf('input', 4)),
    'positional: expected true',
  ],
  ['a radius below 0', { op: 'customStencil', radius: -1 }, 'radius: expected 0 to 8, received -1'],
  ['a radius above 8', { op: 'customStencil', radius: 9 }, 'radius: expected 0 to 8, received 9'],
];

describe('refused with ERR_INVALID_ARGUMENT', () => {
  it.each(rows)('%s', (_, change, message) => {
    expect(errorOf(change)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    expect(errorOf(change)?.message).toContain(message);
  });

  const taps: readonly (readonly [string, readonly number[], string])[] = [
    ['too far right', [3, 0, 0], 'tap dx: expected -2 to 2, received 3'],
    ['too far up', [0, -3, 0], 'tap dy: expected -2 to 2, received -3'],
    ['of a fifth channel', [0, 0, 4], 'tap channel: expected 0 to 3, received 4'],
    ['of a channel below 0', [0, 0, -1], 'tap channel: expected 0 to 3, received -1'],
    ['farthest', [-32768, 0, 0], 'tap dx: expected -2 to 2, received -32768'],
  ];
  it.each(taps)('a tap %s', (_, values, message) => {
    const words = instruction(tap, ...values.map((v) => wordOf('immediate', v)));
    expect(errorOf({ ...words, op: 'customStencil', radius: 2 })?.message).toContain(message);
  });

  it('a tap by a register', () => {
    const words = instruction(tap, red, red, red);
    const error = errorOf({ ...words, op: 'customStencil', radius: 2 });
    expect(error?.message).toContain('tap a: expected an immediate integer, received kind 1');
  });
});

describe('refused with ERR_INVALID_OPTION', () => {
  it.each([
    { words: [1, 2, 3, 4] },
    { words: undefined },
    { words: new Float32Array(4) },
    { words: new Uint8Array(16) },
    { parameters: [1] },
    { parameters: undefined },
    { constants: 0.5 },
    { instructions: Number.NaN },
    { positional: 1 },
    { opaque: 'maybe' },
    { name: 3 },
    { op: 'customStencil' },
  ])('%o', (change) => {
    expect(errorOf(change)).toMatchObject({ code: 'ERR_INVALID_OPTION' });
  });
});

it.each([
  ['no number', undefined, 'ERR_INVALID_ARGUMENT'],
  ['a number of none', 2 ** 20, 'ERR_INVALID_ARGUMENT'],
  ['a number between two', 0.5, 'ERR_INVALID_ARGUMENT'],
  ['below 0', -1, 'ERR_INVALID_ARGUMENT'],
])('code is refused that is %s', (_, code, expected) => {
  using image = new Image(2, 2, { device: 'cpu' });
  upload(image, new Float32Array(16));
  const stage: NativeStage = { op: 'custom', code, parameters: new Float32Array() };
  const call = () => addon().apply([stage], handleOf(image), handleOf(image), null);
  expect(call).toThrow(expect.objectContaining({ code: expected }));
});

it('code that reads farther than its operation is refused', () => {
  using image = new Image(2, 2, { device: 'cpu' });
  upload(image, new Float32Array(16));
  const wide = new Assembler();
  wide.out(0, wide.tap(2, 0, 0));
  const { code } = wide.stage({ radius: 2 });
  for (const stage of [
    { op: 'custom', code, parameters: new Float32Array() },
    { op: 'customStencil', radius: 1, code, parameters: new Float32Array() },
  ]) {
    const call = () => addon().apply([stage], handleOf(image), handleOf(image), null);
    expect(call).toThrow(/stages\[0\].*code: expected one of reach/);
  }
});

it('what an instruction does not read may be anything', () => {
  const words = Uint32Array.from([out, red, 0xffff_ffff, 0xffff_ffff]);
  expect(errorOf({ words })).toBe(undefined);
});

/** Words of which many are right, or they would all be refused for the same reason. */
function randomStage(random: () => number): NativeStage {
  const below = (count: number) => Math.floor(random() * count);
  const constants = below(9);
  const instructions = below(24);
  const words = new Uint32Array(Math.ceil(constants / 4) * 4 + 4 * instructions);
  for (let i = 0; i < constants; i++) words[i] = below(2 ** 32);
  const operand = () => {
    if (random() < 0.01) return below(2 ** 32);
    const kind = below(4);
    return (kind << 16) | below([4, 8, 12, Math.max(constants, 1)][kind] as number);
  };
  // Four registers, written first.
  for (let i = 0; i < instructions; i++) {
    const at = Math.ceil(constants / 4) * 4 + 4 * i;
    const opcode = random() < 0.01 ? below(256) : random() < 0.15 ? out : below(42);
    const isTap = opcode === tap;
    words[at] =
      i < 4 ? i << 8 : opcode | (below(4) << 8) | (random() < 0.005 ? below(2 ** 24) << 8 : 0);
    for (let k = 1; k < 4; k++) {
      words[at + k] =
        i < 4
          ? (1 << 16) | i
          : isTap
            ? wordOf('immediate', below(k === 3 ? 4 : 7) - (k === 3 ? 0 : 3))
            : operand();
    }
  }
  const radius = below(9);
  const stencil = random() < 0.4;
  return {
    op: stencil ? 'customStencil' : 'custom',
    ...(stencil && { radius }),
    words,
    constants,
    instructions,
    parameters: Float32Array.from({ length: below(13) }, () => random() * 4 - 2),
    name: 'random',
    positional: true,
    opaque: 'breaks',
  };
}

onEachDevice('random words are refused or run', (device) => {
  const random = makeRandom(Number(process.env['FRAMELANE_SEED'] ?? 1));
  let ran = 0;
  const count = rounds(600);
  for (let i = 0; i < count; i++) {
    const width = 1 + Math.floor(random() * 300);
    const height = 1 + Math.floor(random() * 4);
    using image = new Image(width, height, { device });
    upload(
      image,
      Float32Array.from({ length: width * height * 4 }, () => random() * 2 - 0.5),
    );
    const stages = Array.from({ length: 1 + (i % 3) }, () => randomStage(random));
    try {
      addon().apply(stages.map(definedStage), handleOf(image), handleOf(image), null);
      expect(samplesIn(image)).toHaveLength(width * height * 4);
      ran++;
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' });
    }
  }
  expect(ran).toBeGreaterThan(count / 10);
});
