/** The operators of the language. */
import type { Value } from './graph.ts';
import type { Opcode } from './opcodes.ts';
import { aligned, type Context, numbers, sizes, type Typed, truth } from './typed.ts';

const arithmetic: Readonly<Record<string, Opcode>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
};

/** Comparisons, and whether their sides change places. */
const comparisons: Readonly<Record<string, readonly [opcode: Opcode, swapped: boolean]>> = {
  '<': ['lt', false],
  '<=': ['le', false],
  '>': ['lt', true],
  '>=': ['le', true],
};

const connectives: Readonly<Record<string, Opcode>> = { '&&': 'and', '||': 'or' };

/** The value of `left operator right`; `at` is the place of the operator. */
export function operate(
  context: Context,
  operator: string,
  left: Typed,
  right: Typed,
  at: number,
): Typed {
  const { graph } = context;
  const received = `${left.type} ${operator} ${right.type}`;
  const opcode = arithmetic[operator];
  if (opcode !== undefined) {
    const pairs = aligned([left, right]);
    if (pairs !== undefined) return numbers(pairs.map((pair) => graph.code(opcode, ...pair)));
    const expected = 'floats, vectors of one size, or a vector and a float';
    throw context.fail(at, `${operator} expects ${expected}, received ${received}`);
  }
  const connective = connectives[operator];
  if (connective !== undefined) {
    if (left.type === 'bool' && right.type === 'bool') {
      return truth(graph.code(connective, only(left), only(right)));
    }
    throw context.fail(at, `${operator} expects two bools, received ${received}`);
  }
  const [comparison, swapped] = comparisons[operator] ?? [];
  if (comparison === undefined) return equality(context, operator, left, right, at);
  if (left.type !== 'float' || right.type !== 'float') {
    throw context.fail(at, `${operator} expects two floats, received ${received}`);
  }
  const sides = swapped ? [only(right), only(left)] : [only(left), only(right)];
  return truth(graph.code(comparison, ...sides));
}

/** Vectors are equal if all their components are. */
function equality(
  { graph, fail }: Context,
  operator: string,
  left: Typed,
  right: Typed,
  at: number,
): Typed {
  if (left.type !== right.type) {
    const received = `${left.type} ${operator} ${right.type}`;
    throw fail(at, `${operator} expects two values of one type, received ${received}`);
  }
  const [each, joined] = operator === '==' ? (['eq', 'and'] as const) : (['ne', 'or'] as const);
  const results = left.parts.map((part, i) => graph.code(each, part, right.parts[i] as Value));
  return truth(results.reduce((all, one) => graph.code(joined, all, one)));
}

/** The value of `sign value`. */
export function applySign(
  context: Context,
  sign: '-' | '+' | '!',
  value: Typed,
  at: number,
): Typed {
  const { graph, fail } = context;
  const wanted = sign === '!' ? value.type === 'bool' : value.type !== 'bool';
  if (!wanted) {
    const expected = sign === '!' ? 'a bool' : 'a float or a vector';
    throw fail(at, `${sign} expects ${expected}, received ${value.type}`);
  }
  if (sign === '!') return truth(graph.code('not', only(value)));
  return sign === '+' ? value : numbers(value.parts.map((part) => graph.code('neg', part)));
}

/** The value of `condition ? yes : no`; both are computed. */
export function choose(
  context: Context,
  condition: Typed,
  yes: Typed,
  no: Typed,
  at: number,
): Typed {
  if (condition.type !== 'bool') {
    throw context.fail(at, `? expects a bool before it, received ${condition.type}`);
  }
  if (yes.type !== no.type) {
    const received = `${yes.type} and ${no.type}`;
    throw context.fail(at, `? expects two values of one type, received ${received}`);
  }
  return { type: yes.type, parts: select(context, only(condition), yes.parts, no.parts) };
}

export function select(
  { graph }: Context,
  condition: Value,
  yes: readonly Value[],
  no: readonly Value[],
): readonly Value[] {
  return yes.map((part, i) => graph.code('select', condition, part, no[i] as Value));
}

const sets = ['rgba', 'xyzw'];

/** The places of the components that a member names; `at` is the member's. */
export function componentsOf(
  { fail }: Context,
  { type }: Typed,
  member: string,
  at: number,
): readonly number[] {
  const size = type === 'bool' ? 0 : sizes[type];
  const names = sets.find((set) => [...member].every((letter) => set.includes(letter)));
  const places = [...member].map((letter) => names?.indexOf(letter) ?? -1);
  const known = member.length <= 4 && places.every((place) => place >= 0 && place < size);
  if (size > 1 && known) return places;
  const letters = size < 2 ? 'none' : sets.map((set) => set.slice(0, size)).join(' or ');
  throw fail(at, `${type} has components ${letters}, received ".${member.slice(0, 40)}"`);
}

/** The value of a float or a bool. */
export function only({ parts }: Typed): Value {
  return parts[0] as Value;
}
