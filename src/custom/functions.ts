/** The functions of the language, one row each. */
import type { Graph, Value } from './graph.ts';
import type { Opcode } from './opcodes.ts';
import { only } from './operators.ts';
import {
  aligned,
  type Context,
  dot,
  isVector,
  numbers,
  sizes,
  type Type,
  type Typed,
  truth,
} from './typed.ts';

interface Row {
  /** How it is called: `mix(a, b, t)`. Errors and docs show it. */
  readonly call: string;
  /** How many arguments it takes. */
  readonly counts: readonly number[];
  /** What its arguments are, for a message. */
  readonly expects: string;
  /** Undefined if the arguments are of other types. */
  readonly value: (context: Context, args: readonly Typed[], at: number) => Typed | undefined;
}

const sameSize = 'floats or vectors of one size';

/** Computes each component by itself. */
function each(call: string, compute: (graph: Graph, parts: readonly Value[]) => Value): Row {
  const count = call.split(',').length;
  return {
    call,
    counts: [count],
    expects: count === 1 ? 'a float or a vector' : sameSize,
    value({ graph }, args) {
      const parts = aligned(args);
      return parts && numbers(parts.map((part) => compute(graph, part)));
    },
  };
}

const coded = (call: string, opcode: Opcode): Row =>
  each(call, (graph, parts) => graph.code(opcode, ...parts));

/** Computes one number of vectors of one size. */
function whole(
  call: string,
  compute: (graph: Graph, ...vectors: (readonly Value[])[]) => readonly Value[],
  wanted?: Type,
): Row {
  const count = call.split(',').length;
  const vectors = wanted ?? (count === 1 ? 'a float or a vector' : sameSize);
  return {
    call,
    counts: [count],
    expects: vectors,
    value({ graph }, args) {
      const [{ type } = args[0] as Typed] = args;
      const fits = type !== 'bool' && args.every((arg) => arg.type === (wanted ?? type));
      return fits ? numbers(compute(graph, ...args.map(({ parts }) => parts))) : undefined;
    },
  };
}

const length = (graph: Graph, v: readonly Value[]): Value =>
  v.length === 1 ? graph.code('abs', v[0] as Value) : graph.code('sqrt', dot(graph, v, v));

const difference = (graph: Graph, a: readonly Value[], b: readonly Value[]) =>
  a.map((part, i) => graph.code('sub', part, b[i] as Value));

/** The least normal float: dividing by its root leaves a vector without length at zero. */
const leastLength = 2 ** -126;

function normalize(graph: Graph, v: readonly Value[]): readonly Value[] {
  const square = graph.code('max', dot(graph, v, v), graph.constant(leastLength));
  const size = graph.code('sqrt', square);
  return v.map((part) => graph.code('div', part, size));
}

function cross(graph: Graph, a: readonly Value[], b: readonly Value[]): readonly Value[] {
  const product = (i: number, j: number) => graph.code('mul', a[i] as Value, b[j] as Value);
  const axes = [
    [1, 2],
    [2, 0],
    [0, 1],
  ] as const;
  return axes.map(([i, j]) => graph.code('sub', product(i, j), product(j, i)));
}

/** ITU-R BT.709. */
const lumaWeights = [0.2126, 0.7152, 0.0722];

const rows: readonly Row[] = [
  coded('abs(x)', 'abs'),
  coded('sign(x)', 'sign'),
  coded('floor(x)', 'floor'),
  coded('ceil(x)', 'ceil'),
  coded('round(x)', 'round'),
  coded('fract(x)', 'fract'),
  coded('mod(x, y)', 'mod'),
  coded('min(x, y)', 'min'),
  coded('max(x, y)', 'max'),
  each('clamp(x, low, high)', (graph, [x = 0, low = 0, high = 0]) =>
    graph.code('min', graph.code('max', x, low), high),
  ),
  coded('mix(x, y, t)', 'mix'),
  coded('step(edge, x)', 'step'),
  coded('smoothstep(from, to, x)', 'smoothstep'),
  coded('sqrt(x)', 'sqrt'),
  coded('inversesqrt(x)', 'rsqrt'),
  coded('pow(x, y)', 'pow'),
  each('exp(x)', (graph, [x = 0]) =>
    graph.code('exp2', graph.code('mul', x, graph.constant(Math.LOG2E))),
  ),
  coded('exp2(x)', 'exp2'),
  each('log(x)', (graph, [x = 0]) =>
    graph.code('mul', graph.code('log2', x), graph.constant(Math.LN2)),
  ),
  coded('log2(x)', 'log2'),
  coded('sin(x)', 'sin'),
  coded('cos(x)', 'cos'),
  coded('tan(x)', 'tan'),
  coded('asin(x)', 'asin'),
  coded('acos(x)', 'acos'),
  {
    call: 'atan(y, x) or atan(x)',
    counts: [1, 2],
    expects: sameSize,
    value({ graph }, args) {
      const opcode = args.length === 1 ? 'atan' : 'atan2';
      return numbersOf(args, (parts) => graph.code(opcode, ...parts));
    },
  },
  whole('dot(a, b)', (graph, a = [], b = []) => [dot(graph, a, b)]),
  whole('length(v)', (graph, v = []) => [length(graph, v)]),
  whole('distance(a, b)', (graph, a = [], b = []) => [length(graph, difference(graph, a, b))]),
  whole('normalize(v)', (graph, v = []) => normalize(graph, v)),
  whole('cross(a, b)', (graph, a = [], b = []) => cross(graph, a, b), 'vec3'),
  whole(
    'luma(rgb)',
    (graph, rgb = []) => [
      dot(
        graph,
        rgb,
        lumaWeights.map((weight) => graph.constant(weight)),
      ),
    ],
    'vec3',
  ),
  {
    call: 'hash(x)',
    counts: [1],
    expects: 'a float, a vec2 or a vec3',
    value({ graph }, [x]) {
      if (x === undefined || x.type === 'bool' || x.type === 'vec4') return undefined;
      const zero = graph.constant(0);
      const [a = zero, b = zero, c = zero] = x.parts;
      return numbers([graph.code('hash', a, b, c)]);
    },
  },
  {
    call: 'float(x)',
    counts: [1],
    expects: 'a float or a bool',
    value: (_, [x]) => (x && !isVector(x) ? numbers(x.parts) : undefined),
  },
  {
    call: 'bool(x)',
    counts: [1],
    expects: 'a float or a bool',
    value({ graph }, [x]) {
      if (x === undefined || isVector(x)) return undefined;
      return x.type === 'bool' ? x : truth(graph.code('ne', only(x), graph.constant(0)));
    },
  },
  ...(['vec2', 'vec3', 'vec4'] as const).map(constructorOf),
  { call: 'at(dx, dy)', counts: [2], expects: 'two integers without variables', value: neighbour },
];

function numbersOf(
  args: readonly Typed[],
  compute: (parts: readonly Value[]) => Value,
): Typed | undefined {
  const parts = aligned(args);
  return parts && numbers(parts.map(compute));
}

/** One float for all components, or as many components as the vector has. */
function constructorOf(type: 'vec2' | 'vec3' | 'vec4'): Row {
  const size = sizes[type];
  const letters = [...'xyzw'].slice(0, size).join(', ');
  return {
    call: `${type}(${letters})`,
    counts: Array.from({ length: size }, (_, i) => i + 1),
    expects: `one float, or floats and vectors of ${size} components in all`,
    value(_, args) {
      if (args.some((arg) => arg.type === 'bool')) return undefined;
      const parts = args.flatMap((arg) => arg.parts);
      if (parts.length === 1) return { type, parts: Array(size).fill(parts[0]) };
      return parts.length === size ? { type, parts } : undefined;
    },
  };
}

/** The pixel at a distance, in a stencil. */
function neighbour(context: Context, args: readonly Typed[], at: number): Typed | undefined {
  const { graph, radius } = context;
  if (radius === 0) {
    throw context.fail(at, 'at reads neighbours, which only defineStencilOp has');
  }
  const distances = args.map((arg) => (arg.type === 'float' ? graph.known(only(arg)) : undefined));
  if (!distances.every((distance) => distance !== undefined && Number.isInteger(distance))) {
    return undefined;
  }
  const [dx = 0, dy = 0] = distances as number[];
  if (Math.max(Math.abs(dx), Math.abs(dy)) > radius) {
    const received = `at(${dx}, ${dy})`;
    throw context.fail(
      at,
      `at expects distances from -${radius} to ${radius}, received ${received}`,
    );
  }
  const channels = [0, 1, 2, 3];
  // The pixel itself is an input.
  if (dx === 0 && dy === 0) return numbers(channels.map((channel) => graph.input(channel)));
  return numbers(channels.map((channel) => graph.tap(dx + 0, dy + 0, channel)));
}

export const functions: ReadonlyMap<string, Row> = new Map(
  rows.map((row) => [row.call.slice(0, row.call.indexOf('(')), row]),
);

/** The value of a call; `at` is its place. */
export function callFunction(
  context: Context,
  name: string,
  args: readonly Typed[],
  at: number,
): Typed {
  const { call, counts, expects, value } = functions.get(name) as Row;
  if (!counts.includes(args.length)) {
    const count = counts.length === 1 ? counts[0] : `${counts[0]} to ${counts.at(-1)}`;
    const values = count === 1 ? 'value' : 'values';
    throw context.fail(at, `${call} expects ${count} ${values}, received ${args.length}`);
  }
  const result = value(context, args, at);
  if (result !== undefined) return result;
  const received = args.map(({ type }) => type).join(', ');
  throw context.fail(at, `${call} expects ${expects}, received ${received}`);
}
