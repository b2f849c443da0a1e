/** Code of custom ops, put together by hand: an assembler of the words that the addon runs. */
import { addon } from '../../src/native/binding.ts';
import type { NativeCode, NativeStage } from '../../src/native/plan.ts';

/** An opcode is a place in this list. */
export const opcodes = [
  ...['mov', 'add', 'sub', 'mul', 'div', 'min', 'max', 'fma', 'neg', 'abs', 'floor', 'ceil'],
  ...['round', 'fract', 'sqrt', 'rsqrt', 'exp2', 'log2', 'pow', 'sin', 'cos', 'tan', 'asin'],
  ...['acos', 'atan', 'atan2', 'lt', 'le', 'eq', 'ne', 'and', 'or', 'not', 'select', 'mod'],
  ...['sign', 'step', 'smoothstep', 'mix', 'hash', 'out', 'tap'],
] as const;

const inputs = ['r', 'g', 'b', 'a', 'x', 'y', 'width', 'height'] as const;
type Input = (typeof inputs)[number];

const kinds = ['register', 'input', 'parameter', 'constant', 'immediate'] as const;
export const wordOf = (kind: (typeof kinds)[number], index: number) =>
  ((kinds.indexOf(kind) << 16) | (index & 0xffff)) >>> 0;

/** What an instruction takes: a register by its word, an input by its name, a constant by its value. */
export type Operand = { readonly word: number } | Input | number;
type Opaque = 'keeps' | 'makes' | 'breaks';

export interface StageOptions {
  readonly parameters?: readonly number[];
  readonly positional?: boolean;
  readonly opaque?: Opaque;
  /** Of a stencil. */
  readonly radius?: number;
  readonly name?: string;
}

/** Defines the code that a stage has in it, and puts its number there. */
export function definedStage(source: NativeStage): NativeStage {
  const { op, radius, parameters, ...code } = source;
  const defined = { ...code, ...(radius !== undefined && { radius }) } as unknown as NativeCode;
  const number = addon().defineCode(defined);
  return { op, radius, parameters, code: number };
}

export class Assembler {
  readonly #constants: number[] = [];
  readonly #instructions: number[] = [];
  #registers = 0;

  parameter(index: number): Operand {
    return { word: wordOf('parameter', index) };
  }

  /** Into a new register, unless one is given. */
  add(name: string, operands: readonly Operand[], into = this.#registers++): Operand {
    const opcode = opcodes.indexOf(name as (typeof opcodes)[number]);
    if (opcode < 0) throw new Error(`no opcode is called ${name}`);
    const words = [0, 1, 2].map((i) => this.#word(operands[i] ?? { word: 0 }));
    this.#instructions.push(opcode | (into << 8), ...words);
    return { word: wordOf('register', into) };
  }

  tap(dx: number, dy: number, channel: number): Operand {
    const words = [dx, dy, channel].map((value) => ({ word: wordOf('immediate', value) }));
    return this.add('tap', words);
  }

  out(channel: number, operand: Operand): this {
    this.add('out', [operand], channel);
    return this;
  }

  get words(): Uint32Array {
    const rows = Math.ceil(this.#constants.length / 4);
    const words = new Uint32Array(rows * 4 + this.#instructions.length);
    new Float32Array(words.buffer).set(this.#constants);
    words.set(this.#instructions, rows * 4);
    return words;
  }

  stage(options: StageOptions = {}): NativeStage {
    return definedStage(this.source(options));
  }

  /** The stage with its code in it. */
  source(options: StageOptions = {}): NativeStage {
    const {
      parameters = [],
      positional = false,
      opaque = 'breaks',
      radius,
      name = 'test',
    } = options;
    return {
      op: radius === undefined ? 'custom' : 'customStencil',
      ...(radius !== undefined && { radius }),
      words: this.words,
      constants: this.#constants.length,
      instructions: this.#instructions.length / 4,
      parameters: Float32Array.from(parameters),
      name,
      positional,
      opaque,
    };
  }

  #word(operand: Operand): number {
    if (typeof operand === 'object') return operand.word;
    if (typeof operand === 'string') return wordOf('input', inputs.indexOf(operand));
    const known = this.#constants.findIndex((value) => Object.is(value, Math.fround(operand)));
    const index = known >= 0 ? known : this.#constants.push(Math.fround(operand)) - 1;
    return wordOf('constant', index);
  }
}
