/** What is no operation: errors that name it, the place in its text, and what was expected. */
import { defineOp, defineStencilOp, type FramelaneError } from 'framelane';
import { describe, expect, it } from 'vitest';
import { compileText } from '../../src/custom/compile.ts';
import { errorOf } from '../helpers/errors.ts';

const parameters = [
  { name: 'amount', type: 'float' },
  { name: 'mode', type: 'float', words: ['soft', 'hard'] },
] as const;

const failure = (text: string, radius = 0): FramelaneError =>
  errorOf(() => compileText({ name: 'grade', text }, parameters, radius));

describe('a text', () => {
  it('has its line and column, and the line itself with a caret', () => {
    const { code, path, message } = failure('c.r = 1.0;\n\tc.rgb *= amout;\nc.g = 1.0;');
    expect([code, path]).toEqual(['ERR_INVALID_OP', 'pixel']);
    expect(message.split('\n')).toEqual([
      'grade: pixel, line 2, column 11: unknown name "amout" (did you mean "amount"?); expected one of c, x, y, width, height, ' +
        'uv, amount, mode',
      '  \tc.rgb *= amout;',
      '  \t         ^',
    ]);
  });

  it.each([
    // Words and signs
    ['c.r = 1.0 # 2.0;', 11, 'expected a name, a number or an operator, received "#"'],
    ['c.r = "1";', 7, 'expected a name, a number or an operator, received "\\""'],
    ['c.r = é;', 7, 'expected a name, a number or an operator, received "é"'],
    ['c.r = 1.0; /* no end', 12, 'expected */ after /*, received the end of the text'],
    ['c.r = 1e39;', 7, 'expected a number in the range of 32-bit floats, received 1e39'],
    ['c.r = 1.0f;', 10, 'expected an operator after 1.0, received "f"'],
    // Structure
    ['c.r = ;', 7, 'expected a value, received ";"'],
    ['c.r = 1.0 +', 12, 'expected a value, received the end of the text'],
    ['c.r = (1.0;', 11, 'expected ), received ";"'],
    ['c.r = max(1.0 2.0);', 15, 'expected , or ), received "2.0"'],
    ['c.r = 1.0\nc.g = 1.0', 1, 'expected an operator or ;, received "c"'],
    ['c.r', 4, 'expected = or an operator such as +=, received the end of the text'],
    [
      'sin(1.0);',
      4,
      'expected = or an operator such as +=, received "("; a statement assigns its value: c = …',
    ],
    ['{ c.r = 1.0;', 13, 'expected }, received the end of the text'],
    ['if c.r > 1.0 {}', 4, 'expected (, received "c"'],
    [
      'flaot k = 1.0;',
      1,
      'expected a type or an assignment, received "flaot" (did you mean "float"?)',
    ],
    ['const k = 1.0;', 7, 'expected a type: float, bool, vec2, vec3, vec4, received "k"'],
    ['float if = 1.0;', 7, 'expected a name, received "if", a word of the language'],
    ['vec3 k = c.rgb k;', 16, 'expected , or ;, received "k"'],
    ['1.0;', 1, 'expected a statement, received "1.0"'],
    ['else c.r = 1.0;', 1, 'expected a type or an assignment, received "else"'],
    ['c.r = c.g = 1.0;', 11, 'expected an operator or ;, received "="'],
    ['c.r++;', 4, 'expected = or an operator such as +=, received "+"'],
    // What is not part of the language
    ['for (;;) {}', 1, 'for: loops are not part of the language'],
    ['while (true) {}', 1, 'while: loops are not part of the language'],
    ['int i = 1;', 1, 'int: numbers are of type float'],
    ['void f() {}', 1, 'void: functions cannot be defined'],
    ['return c;', 1, 'return: the result is what c is at the end; assign to c'],
    // Names
    ['c.r = foo(1.0);', 7, 'unknown function "foo"'],
    [
      'c.r = smothstep(0.0, 1.0, c.r);',
      7,
      'unknown function "smothstep" (did you mean "smoothstep"?)',
    ],
    ['c.r = sin;', 7, 'unknown name "sin", which is a function: sin(x)'],
    ['d = c;', 1, 'unknown name "d"; expected one of c'],
    [
      '{ float k = 1.0; } c.r = k;',
      26,
      'unknown name "k"; expected one of c, x, y, width, height, uv, amount, mode',
    ],
    ['float c = 1.0;', 7, 'c is already defined; expected another name'],
    ['float k; vec2 k;', 15, 'k is already defined; expected another name'],
    ['float sin = 1.0;', 7, 'sin is already defined; expected another name'],
    [
      'amount = 1.0;',
      1,
      'amount is a parameter, which cannot be assigned; copy it: float name = amount;',
    ],
    ['uv.x = 1.0;', 1, 'uv is an input, which cannot be assigned; copy it: vec2 name = uv;'],
    [
      'const float k = 1.0; k = 2.0;',
      22,
      'k is a constant, which cannot be assigned; copy it: float name = k;',
    ],
    ['c.r = mode.sfot;', 12, 'expected one of soft, hard, received "sfot" (did you mean "soft"?)'],
    // Types
    ['c.rgb = c;', 9, 'c.rgb expects a vec3, received a vec4'],
    ['c.rgb = 1.0;', 9, 'c.rgb expects a vec3, received a float'],
    ['vec2 k = c.rgb;', 10, 'k expects a vec2, received a vec3'],
    [
      'c.rgb = c.rgb + c.rg;',
      15,
      '+ expects floats, vectors of one size, or a vector and a float, received vec3 + vec2',
    ],
    [
      'c.rg *= c.rgb;',
      6,
      '* expects floats, vectors of one size, or a vector and a float, received vec2 * vec3',
    ],
    [
      'c.r = true + 1.0;',
      12,
      '+ expects floats, vectors of one size, or a vector and a float, received bool + float',
    ],
    ['c.r = 1.0 < 2.0 < 3.0 ? 1.0 : 2.0;', 17, '< expects two floats, received bool < float'],
    ['c.r = c < c ? 1.0 : 2.0;', 9, '< expects two floats, received vec4 < vec4'],
    ['c.r = c.r && true ? 1.0 : 2.0;', 11, '&& expects two bools, received float && bool'],
    [
      'c.r = c.rg == c.r ? 1.0 : 2.0;',
      12,
      '== expects two values of one type, received vec2 == float',
    ],
    ['c.r = !c.r ? 1.0 : 2.0;', 7, '! expects a bool, received float'],
    ['c.r = -true;', 7, '- expects a float or a vector, received bool'],
    ['c.r = c.g ? 1.0 : 2.0;', 11, '? expects a bool before it, received float'],
    [
      'c.rg = c.r > 0.0 ? c.rg : 1.0;',
      18,
      '? expects two values of one type, received vec2 and float',
    ],
    ['if (c.r) c.r = 1.0;', 5, 'if expects a bool, received a float; compare it: x != 0.0'],
    ['if (c) c.r = 1.0;', 5, 'if expects a bool, received a vec4'],
    // Components
    ['c.rq = c.rg;', 3, 'vec4 has components rgba or xyzw, received ".rq"'],
    ['c.r = uv.z;', 10, 'vec2 has components rg or xy, received ".z"'],
    ['c.r = c.rx;', 9, 'vec4 has components rgba or xyzw, received ".rx"'],
    ['c.r = c.rgbar;', 9, 'vec4 has components rgba or xyzw, received ".rgbar"'],
    ['c.r = amount.x;', 14, 'float has components none, received ".x"'],
    ['c.rr = c.rg;', 3, '.rr names a component twice, so it cannot be assigned'],
    // Functions
    ['c.r = max(1.0);', 7, 'max(x, y) expects 2 values, received 1'],
    ['c.r = atan();', 7, 'atan(y, x) or atan(x) expects 1 to 2 values, received 0'],
    [
      'c.rgb = max(c.rgb, c.rg);',
      9,
      'max(x, y) expects floats or vectors of one size, received vec3, vec2',
    ],
    [
      'c.r = dot(c.rgb, 1.0);',
      7,
      'dot(a, b) expects floats or vectors of one size, received vec3, float',
    ],
    ['c.r = luma(c);', 7, 'luma(rgb) expects vec3, received vec4'],
    ['c.r = hash(c);', 7, 'hash(x) expects a float, a vec2 or a vec3, received vec4'],
    ['c.r = float(c.rg);', 7, 'float(x) expects a float or a bool, received vec2'],
    [
      'c.rgb = vec3(c.rg);',
      9,
      'vec3(x, y, z) expects one float, or floats and vectors of 3 components in all, received vec2',
    ],
    [
      'c.rgb = vec3(c);',
      9,
      'vec3(x, y, z) expects one float, or floats and vectors of 3 components in all, received vec4',
    ],
    ['c = at(0, 0);', 5, 'at reads neighbours, which only defineStencilOp has'],
  ])('%s', (text, column, message) => {
    const { code, message: received } = failure(text);
    expect(code).toBe('ERR_INVALID_OP');
    const [, place, rest] = /^grade: pixel, line \d+, column (\d+): (.*)$/m.exec(received) ?? [];
    expect([Number(place), rest]).toEqual([column, message]);
  });

  it.each([
    ['c = at(2, 0);', 'at expects distances from -1 to 1, received at(2, 0)'],
    ['c = at(0, -2);', 'at expects distances from -1 to 1, received at(0, -2)'],
    ['c = at(0.5, 0);', 'at(dx, dy) expects two integers without variables, received float, float'],
    [
      'c = at(amount, 0);',
      'at(dx, dy) expects two integers without variables, received float, float',
    ],
    [
      'c = at(1e30, 0);',
      'at expects distances from -1 to 1, received at(1.0000000150474662e+30, 0)',
    ],
    [
      'c = at(1.0 / 0.0, 0);',
      'at(dx, dy) expects two integers without variables, received float, float',
    ],
  ])('of a stencil: %s', (text, message) => {
    expect(failure(text, 1).message).toContain(`: ${message}\n`);
  });
});

describe('a hostile text', () => {
  it.each([
    ['parentheses', `c.r = ${'('.repeat(60_000)}`],
    ['signs', `c.r = ${'-'.repeat(60_000)}1.0`],
    ['blocks', '{'.repeat(60_000)],
    ['conditions', 'if (true) {} else '.repeat(3000)],
    ['choices', `c.r = ${'true ? 1.0 : '.repeat(4000)}1.0`],
    ['calls', `c.r = ${'sin('.repeat(15_000)}`],
  ])('cannot nest %s deeply', (_, text) => {
    expect(failure(text).message).toContain('expected at most 256 levels of nesting');
  });

  it('cannot chain members', () => {
    expect(failure(`c = c${'.rgba'.repeat(12_000)}`).message).toContain('at most 8 members');
  });

  it('may nest as deep as the limit', () => {
    const levels = 80;
    const open = '(1.0 + 2.0 * (c.r < 0.1 || c.g == 1.0 && true || 1.0 < 2.0 + 3.0 * c.b ? 1.0 : ';
    const text = `c.r = ${open.repeat(levels)}c.b${'))'.repeat(levels)}`;
    expect(compileText({ name: 'deep', text }, [], 0).instructions).toBeGreaterThan(levels);
  });

  it.each([
    [
      'instructions',
      `c.r = c.g${' + c.b * c.r'.repeat(5000)};`,
      'expected at most 512 instructions',
    ],
    ['values', 'c = normalize(c) + c;'.repeat(3000), 'expected at most 512 instructions'],
    [
      'branches',
      `vec4 k = c; ${'if (c.r > 0.5) { c = c * c + k; k = k * c.yzwx; }'.repeat(1200)}`,
      'expected at most 512 instructions',
    ],
    [
      'constants',
      Array.from({ length: 129 }, (_, i) => `c.r += c.g * ${i + 0.5};`).join('\n'),
      'expected at most 128 constants, received 129',
    ],
    [
      'registers',
      // Every one is needed after all of them are known.
      `${Array.from({ length: 65 }, (_, i) => `float v${i} = sin(x * ${i}.5);`).join('\n')}
       float s = ${Array.from({ length: 65 }, (_, i) => `v${i}`).join(' + ')};
       c.r = ${Array.from({ length: 65 }, (_, i) => `(s / v${i})`).join(' + ')};`,
      'expected at most 64 values at a time, received',
    ],
  ])('cannot make too many %s', (_, text, message) => {
    const { code, message: received } = failure(text);
    expect([code, received]).toEqual(['ERR_INVALID_OP', expect.stringContaining(message)]);
  });

  it('of more than 64 KiB is not read', () => {
    const { message } = failure(' '.repeat(65_537));
    expect(message).toContain('expected at most 65536 characters, received 65537');
  });

  it('takes no time', () => {
    const pieces = [
      'c = c.bgra * c + uv.xyxy;',
      'vec4 k = hash(c.rgb) * c;',
      'a'.repeat(60_000),
      '1.0 ',
      '.',
      '/',
    ];
    for (const piece of pieces) {
      const start = performance.now();
      const text = piece.repeat(Math.floor(65_536 / piece.length));
      try {
        compileText({ name: 'slow', text }, [], 0);
      } catch {} // Most are wrong
      expect(performance.now() - start, piece.slice(0, 30)).toBeLessThan(2000);
    }
  });

  it('does not send a terminal its controls', () => {
    expect(failure('c.r = \u001b[31m;').message).not.toContain('\u001b');
  });
});

describe('a definition', () => {
  const good = { name: 'neverDefined', pixel: 'c.r = 1.0' };
  const number = { type: 'number', default: 1 } as const;
  const many = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`p${i}`, number]));

  it.each([
    [undefined, 'defineOp: definition: expected an object with name and pixel, received undefined'],
    [
      { ...good, name: 'no op' },
      'defineOp: name: expected at most 40 letters and digits, received "no op"',
    ],
    [
      { ...good, name: 'brightness' },
      'brightness: name: expected a name other than those of the built-in operations, received "brightness"',
    ],
    [
      { ...good, pxiel: '' },
      'neverDefined: pxiel: expected name, doc, params, primary, pixel, received "pxiel" (did you mean "pixel"?)',
    ],
    [
      { ...good, radius: 1 },
      'neverDefined: radius: expected name, doc, params, primary, pixel, received "radius"',
    ],
    [{ name: 'neverDefined' }, 'neverDefined: pixel: expected a text, received undefined'],
    [{ ...good, doc: 1 }, 'neverDefined: doc: expected a sentence, received 1'],
    [
      { ...good, params: [] },
      'neverDefined: params: expected an object of parameters, received []',
    ],
    [
      { ...good, params: { a: 1 } },
      'neverDefined: params.a: expected an object with a type, received 1',
    ],
    [
      { ...good, params: { a: { type: 'nubmer' } } },
      'neverDefined: params.a.type: expected one of number, integer, boolean, enum, color, received "nubmer" (did you mean "number"?)',
    ],
    [
      { ...good, params: { a: { type: 'number', mni: 0 } } },
      'neverDefined: params.a.mni: expected type, doc, default, min, exclusiveMin, max, unit, received "mni" (did you mean "min"?)',
    ],
    [
      { ...good, params: { a: { type: 'number', min: 1, max: 0 } } },
      'neverDefined: params.a.max: expected at least 1, received 0',
    ],
    [
      { ...good, params: { a: { type: 'number', min: Number.NaN } } },
      'neverDefined: params.a.min: expected a number, received NaN',
    ],
    [
      { ...good, params: { a: { type: 'number', max: 1, default: 2 } } },
      'neverDefined: params.a.default: expected a number up to 1, received 2',
    ],
    [
      { ...good, params: { a: { type: 'integer', default: 0.5 } } },
      'neverDefined: params.a.default: expected an integer, received 0.5',
    ],
    [
      { ...good, params: { a: { type: 'enum' } } },
      'neverDefined: params.a.values: expected a list of different words, received undefined',
    ],
    [
      { ...good, params: { a: { type: 'enum', values: ['a', 'a'] } } },
      'neverDefined: params.a.values: expected a list of different words, received ["a", "a"]',
    ],
    [
      { ...good, params: { 'a b': number } },
      'neverDefined: params.a b: expected a name of letters, digits and _, received "a b"',
    ],
    [
      { ...good, params: { sin: number } },
      'neverDefined: params.sin: expected a name that the language does not use, received "sin"',
    ],
    [
      { ...good, params: { uv: number } },
      'neverDefined: params.uv: expected a name that the language does not use, received "uv"',
    ],
    [
      { ...good, params: { mask: number } },
      'neverDefined: params.mask: expected a name other than the options of all calls, received "mask"',
    ],
    [
      { ...good, params: many },
      'neverDefined: params: expected at most 12 numbers (a colour is four), received 13',
    ],
    [
      { ...good, primary: 'a' },
      'neverDefined: primary: expected one of the parameters (none), received "a"',
    ],
  ])('%j', (definition, message) => {
    const { code, message: received } = errorOf(() => defineOp(definition as typeof good));
    expect([code, received]).toEqual(['ERR_INVALID_OP', message]);
  });

  it.each([0, 9, 1.5, undefined])('of a stencil with the radius %j', (radius) => {
    const definition = { ...good, radius: radius as number };
    const received = radius ?? 0;
    expect(errorOf(() => defineStencilOp(definition)).message).toBe(
      `neverDefined: radius: expected an integer from 1 to 8, received ${received}`,
    );
  });

  it('with a wrong text is not registered', () => {
    expect(errorOf(() => defineOp({ ...good, pixel: 'c.r = ' })).code).toBe('ERR_INVALID_OP');
    defineOp(good);
  });
});
