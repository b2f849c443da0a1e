/** Turns a graph into instructions: an order, registers, and the words that the addon reads. */
import type { Graph, Node, Value } from './graph.ts';
import type { Lowered } from './lower.ts';
import { most, type Opcode, opcodes, operandKinds } from './opcodes.ts';

export interface Code {
  /** Constants in rows of 4 words, then 4 words for each instruction. */
  readonly words: Uint32Array;
  readonly constants: number;
  readonly instructions: number;
  readonly registers: number;
  /** Whether a result depends on the place of its pixel. */
  readonly positional: boolean;
  /** What it does to an opaque frame. */
  readonly opaque: 'keeps' | 'makes' | 'breaks';
}

/** What a text needs more of than there is. */
export interface Excess {
  readonly what: 'instructions' | 'constants' | 'registers';
  readonly needed: number;
}

type Instruction = Extract<Node, { kind: 'code' | 'tap' }>;

export function emit({ graph, result }: Lowered): Code | Excess {
  // Channels that stay need no instruction.
  const outs = [0, 1, 2, 3].filter((channel) => result[channel] !== graph.input(channel));
  const roots = outs.map((channel) => result[channel] as Value);
  const needed = depthFirst(graph, roots);
  const leaves = leavesOf(graph, needed, roots);
  const constants = leaves.filter((value) => graph.known(value) !== undefined);
  const instructions = needed.length + outs.length;
  // Before registers, whose allocation takes its time.
  if (instructions > most.instructions) return { what: 'instructions', needed: instructions };
  if (constants.length > most.constants) return { what: 'constants', needed: constants.length };
  const asNeeded = allocate(graph, needed, roots);
  const asWritten = allocate(
    graph,
    needed.toSorted((a, b) => a - b),
    roots,
  );
  const { order, places, registers } =
    asWritten.registers < asNeeded.registers ? asWritten : asNeeded;
  if (registers > most.registers) return { what: 'registers', needed: registers };
  const first = Math.ceil(constants.length / 4) * 4;
  const words = new Uint32Array(first + 4 * instructions);
  new Float32Array(words.buffer).set(constants.map((value) => graph.known(value) as number));
  const operand = (value: Value): number => {
    const node = graph.nodes[value] as Node;
    if (node.kind === 'constant') return word('constant', constants.indexOf(value));
    if (node.kind === 'input' || node.kind === 'parameter') return word(node.kind, node.index);
    return word('register', places.get(value) as number);
  };
  let at = first;
  const write = (opcode: Opcode, target: number, operands: readonly number[]) => {
    words.set([opcodes.indexOf(opcode) | (target << 8), ...operands], at);
    at += 4;
  };
  for (const value of order) {
    const node = graph.nodes[value] as Instruction;
    const target = places.get(value) as number;
    if (node.kind === 'code') write(node.opcode, target, node.operands.map(operand));
    else write('tap', target, [node.dx, node.dy, node.channel].map(immediate));
  }
  for (const [i, channel] of outs.entries()) write('out', channel, [operand(roots[i] as Value)]);
  return {
    words,
    constants: constants.length,
    instructions,
    registers,
    positional: leaves.some((value) => isPlace(graph.nodes[value] as Node)),
    opaque: opaqueness(graph, result),
  };
}

const word = (kind: keyof typeof operandKinds, index: number) => (operandKinds[kind] << 16) | index;
const immediate = (value: number) => word('immediate', value & 0xffff);

function operandsOf(graph: Graph, value: Value): readonly Value[] {
  const node = graph.nodes[value] as Node;
  return node.kind === 'code' ? node.operands : [];
}

const isInstruction = (graph: Graph, value: Value) => {
  const { kind } = graph.nodes[value] as Node;
  return kind === 'code' || kind === 'tap';
};

/** How many registers each value takes to compute, if nothing is shared (Sethi and Ullman 1970). */
function needsOf(graph: Graph): number[] {
  const needs: number[] = [];
  // Operands come before what is made of them.
  for (const value of graph.nodes.keys()) {
    const operands = operandsOf(graph, value).map((operand) => needs[operand] ?? 0);
    const held = operands.sort((a, b) => b - a).map((need, i) => (need === 0 ? 0 : need + i));
    needs.push(isInstruction(graph, value) ? Math.max(1, ...held) : 0);
  }
  return needs;
}

/** The instructions that the roots need, each as late as possible; operands that take many registers come first. */
function depthFirst(graph: Graph, roots: readonly Value[]): Value[] {
  const needs = needsOf(graph);
  const byNeed = (a: Value, b: Value) => (needs[a] as number) - (needs[b] as number);
  const order: Value[] = [];
  const seen = new Set<Value>();
  const waiting = roots.toReversed().map((value) => ({ value, ready: false }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, ready } = next;
    if (ready) {
      order.push(value);
      continue;
    }
    if (seen.has(value) || !isInstruction(graph, value)) continue;
    seen.add(value);
    waiting.push({ value, ready: true });
    for (const operand of operandsOf(graph, value).toReversed().toSorted(byNeed)) {
      if (!seen.has(operand)) waiting.push({ value: operand, ready: false });
    }
  }
  return order;
}

/** Gives each value a register from its instruction to its last reader; the lowest free one, so that few are used. */
function allocate(graph: Graph, order: readonly Value[], roots: readonly Value[]) {
  const lastReader = new Map<Value, number>();
  for (const [i, value] of order.entries()) {
    for (const operand of operandsOf(graph, value)) lastReader.set(operand, i);
  }
  for (const root of roots) lastReader.set(root, order.length);
  const places = new Map<Value, number>();
  const free: number[] = [];
  let registers = 0;
  for (const [i, value] of order.entries()) {
    for (const operand of new Set(operandsOf(graph, value))) {
      const place = places.get(operand);
      if (place !== undefined && lastReader.get(operand) === i) free.push(place);
    }
    free.sort((a, b) => b - a);
    places.set(value, free.pop() ?? registers++);
  }
  return { order, places, registers };
}

/** What is read without being computed. */
function leavesOf(graph: Graph, order: readonly Value[], roots: readonly Value[]): Value[] {
  const read = [...order.flatMap((value) => operandsOf(graph, value)), ...roots];
  return [...new Set(read)].filter((value) => !isInstruction(graph, value));
}

const isPlace = (node: Node) => node.kind === 'input' && node.index >= 4;

function opaqueness(graph: Graph, result: readonly Value[]): Code['opaque'] {
  const alpha = graph.nodes[result[3] as Value] as Node;
  if (alpha.kind === 'constant') return alpha.value === 1 ? 'makes' : 'breaks';
  if (alpha.kind === 'input') return alpha.index === 3 ? 'keeps' : 'breaks';
  // An opaque frame is opaque everywhere.
  return alpha.kind === 'tap' && alpha.channel === 3 ? 'keeps' : 'breaks';
}
