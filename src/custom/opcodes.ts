/** The instructions of compiled operations; an opcode is its place in this list, which the addon numbers alike. */
export const opcodes = [
  'mov',
  'add',
  'sub',
  'mul',
  'div',
  'min',
  'max',
  'fma',
  'neg',
  'abs',
  'floor',
  'ceil',
  'round',
  'fract',
  'sqrt',
  'rsqrt',
  'exp2',
  'log2',
  'pow',
  'sin',
  'cos',
  'tan',
  'asin',
  'acos',
  'atan',
  'atan2',
  'lt',
  'le',
  'eq',
  'ne',
  'and',
  'or',
  'not',
  'select',
  'mod',
  'sign',
  'step',
  'smoothstep',
  'mix',
  'hash',
  'out',
  'tap',
] as const;

export type Opcode = (typeof opcodes)[number];

/** Values an instruction reads without computing them. */
export const inputs = ['r', 'g', 'b', 'a', 'x', 'y', 'width', 'height'] as const;

/** Kinds of operands, in the upper half of their word. */
export const operandKinds = {
  register: 0,
  input: 1,
  parameter: 2,
  constant: 3,
  immediate: 4,
} as const;

/** What the addon takes. */
export const most = {
  instructions: 512,
  registers: 64,
  constants: 128,
  parameters: 12,
  radius: 8,
} as const;
