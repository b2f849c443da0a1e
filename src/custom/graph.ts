/** The values of an operation, each made once: equal ones are shared, and known ones computed. */
import { foldConstants } from './fold.ts';
import type { Opcode } from './opcodes.ts';

/** A value by its place in the graph. */
export type Value = number;

export type Node =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'tap'; readonly dx: number; readonly dy: number; readonly channel: number }
  | { readonly kind: 'code'; readonly opcode: Opcode; readonly operands: readonly Value[] };

/** Their operands may change places. */
const commutative: ReadonlySet<Opcode> = new Set(['add', 'mul', 'and', 'or', 'eq', 'ne']);

/** Far above what can be run; bounds the time that a hostile text takes. */
const mostValues = 65536;

export class Graph {
  readonly nodes: Node[] = [];
  readonly #known = new Map<string, Value>();

  constant(value: number): Value {
    const single = Math.fround(value);
    const name = Object.is(single, -0) ? '-0' : String(single);
    return this.#share(`constant ${name}`, { kind: 'constant', value: single });
  }

  input(index: number): Value {
    return this.#share(`input ${index}`, { kind: 'input', index });
  }

  parameter(index: number): Value {
    return this.#share(`parameter ${index}`, { kind: 'parameter', index });
  }

  tap(dx: number, dy: number, channel: number): Value {
    return this.#share(`tap ${dx} ${dy} ${channel}`, { kind: 'tap', dx, dy, channel });
  }

  code(opcode: Opcode, ...operands: Value[]): Value {
    const constants = operands.map((operand) => this.known(operand));
    if (constants.every((value) => value !== undefined)) {
      const folded = foldConstants(opcode, constants as number[]);
      if (folded !== undefined) return this.constant(folded);
    }
    const simple = this.#simplified(opcode, operands, constants);
    if (simple !== undefined) return simple;
    const ordered = commutative.has(opcode) ? operands.toSorted((a, b) => a - b) : operands;
    const node = { kind: 'code', opcode, operands: ordered } as const;
    return this.#share(`${opcode} ${ordered.join(' ')}`, node);
  }

  /** The number of a constant; undefined for other values. */
  known(value: Value): number | undefined {
    const node = this.nodes[value];
    return node?.kind === 'constant' ? node.value : undefined;
  }

  /** Operations that leave an operand exactly as it is. */
  #simplified(
    opcode: Opcode,
    operands: readonly Value[],
    constants: readonly (number | undefined)[],
  ): Value | undefined {
    const [a = 0, b = 0, c = 0] = operands;
    const [left, right] = constants;
    switch (opcode) {
      case 'mul':
        return right === 1 ? a : left === 1 ? b : undefined;
      case 'div':
        return right === 1 ? a : undefined;
      case 'add':
        // Only -0 leaves -0 as it is.
        return Object.is(right, -0) ? a : Object.is(left, -0) ? b : undefined;
      case 'sub':
        return Object.is(right, 0) ? a : undefined;
      case 'neg': {
        const node = this.nodes[a];
        return node?.kind === 'code' && node.opcode === 'neg' ? node.operands[0] : undefined;
      }
      case 'select':
        if (left !== undefined) return left !== 0 ? b : c;
        return b === c ? b : undefined;
      case 'and':
        if (left === 0 || right === 0) return this.constant(0);
        // Operands are truths, 0 or 1.
        return left !== undefined ? b : right !== undefined ? a : undefined;
      case 'or':
        if (left === 0 || right === 0) return left === 0 ? b : a;
        return left !== undefined || right !== undefined ? this.constant(1) : undefined;
      default:
        return undefined;
    }
  }

  #share(key: string, node: Node): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.nodes.length >= mostValues) throw new TooManyValues();
    this.#known.set(key, this.nodes.length);
    return this.nodes.push(node) - 1;
  }
}

/** The text computes more than any operation can; becomes ERR_INVALID_OP with its place. */
export class TooManyValues extends Error {}
