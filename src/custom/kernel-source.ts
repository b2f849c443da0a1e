/** The parameters of kernels: their struct in CUDA C++, and its bytes. */
import type { Parameters } from '../schema/parameter.ts';
import { parameterNumbers } from './parameters.ts';

const types = {
  number: 'float',
  integer: 'int',
  boolean: 'int',
  enum: 'int',
  color: 'float4',
} as const;
type Kind = keyof typeof types;

/** Colours first, because a float4 lies at a multiple of its size. */
function inOrder(parameters: Parameters): Parameters {
  const entries = Object.entries(parameters);
  const isColor = ([, { kind }]: (typeof entries)[number]) => kind === 'color';
  return Object.fromEntries([
    ...entries.filter(isColor),
    ...entries.filter((entry) => !isColor(entry)),
  ]);
}

/** The source as it is compiled. The compiler counts the author's lines, in a file with the name of the operation. */
export function kernelSource(name: string, parameters: Parameters, kernel: string): string {
  const fields = Object.entries(inOrder(parameters)).map(
    ([field, { kind }]) => `${types[kind as Kind]} ${field};`,
  );
  const struct = fields.length === 0 ? '' : `struct Params { ${fields.join(' ')} };\n`;
  return `${struct}#line 1 "${name}.cu"\n${kernel}`;
}

/** The values of a validated stage, as they lie in the struct. */
export function kernelParameters(
  parameters: Parameters,
  values: Readonly<Record<string, unknown>>,
): Float32Array {
  const ordered = inOrder(parameters);
  const kinds = Object.values(ordered).flatMap(({ kind }) =>
    kind === 'color' ? Array<'color'>(4).fill(kind) : [kind],
  );
  const numbers = parameterNumbers(ordered, values);
  const wide = kinds[0] === 'color';
  const bytes = new Float32Array(wide ? 4 * Math.ceil(numbers.length / 4) : numbers.length);
  const integers = new Int32Array(bytes.buffer);
  for (const [i, number] of numbers.entries()) {
    const into = types[kinds[i] as Kind] === 'int' ? integers : bytes;
    into[i] = number;
  }
  return bytes;
}
