/** What texts mean: their code, run on random pixels, against arithmetic written by hand. */
import { describe, expect, it } from 'vitest';
import { compileText } from '../../src/custom/compile.ts';
import type { TextParameter } from '../../src/custom/lower.ts';
import { evaluateCode } from '../helpers/evaluate-code.ts';
import { makeRandom } from '../helpers/random.ts';
import { type Pixel, texts } from '../helpers/texts.ts';

const compile = (text: string, parameters: readonly TextParameter[] = [], radius = 0) =>
  compileText({ name: 'test', text }, parameters, radius);

const size = { width: 37, height: 21 };

function randomPixels(count: number, seed = 1): Pixel[] {
  const random = makeRandom(seed);
  return Array.from({ length: count }, () => {
    const [r, g, b, a] = Array.from({ length: 4 }, () => Math.fround(random())) as [
      number,
      number,
      number,
      number,
    ];
    const [x, y] = [Math.floor(random() * size.width), Math.floor(random() * size.height)] as const;
    return { r, g, b, a, x, y, ...size };
  });
}

const inputsOf = ({ r, g, b, a, x, y, width, height }: Pixel) => [r, g, b, a, x, y, width, height];

it.each(texts)('%s', (text, meaning) => {
  const code = compile(text);
  for (const pixel of randomPixels(200)) {
    const { r, g, b, a } = pixel;
    const before = [r, g, b, a];
    const wanted = before.map((value, i) => meaning(pixel)[i] ?? value);
    const received = evaluateCode(code, inputsOf(pixel));
    for (const [i, value] of wanted.entries()) {
      expect(received[i], `channel ${i} of ${JSON.stringify(pixel)}`).toBeCloseTo(value, 5);
    }
  }
});

describe('parameters', () => {
  it('are floats, truths and colours by their names', () => {
    const code = compile('c.rgb = flag ? tint.rgb * amount : vec3(tint.a);', [
      { name: 'amount', type: 'float' },
      { name: 'flag', type: 'bool' },
      { name: 'tint', type: 'vec4' },
    ]);
    const run = (flag: number) =>
      evaluateCode(code, [0, 0, 0, 1, 0, 0, 1, 1], [2, flag, 0.125, 0.25, 0.5, 0.75]);
    expect(run(1)).toEqual([0.25, 0.5, 1, 1]);
    expect(run(0)).toEqual([0.75, 0.75, 0.75, 1]);
  });

  it('of an enum are numbers, which its words name', () => {
    const words = ['add', 'mix', 'screen'];
    const text =
      'if (mode == mode.add) c.r = 10.0; else if (mode == mode.mix) c.r = 20.0; else c.r = mode.screen;';
    const code = compile(text, [{ name: 'mode', type: 'float', words }]);
    const run = (mode: number) => evaluateCode(code, [0, 0, 0, 0, 0, 0, 1, 1], [mode])[0];
    expect([0, 1, 2].map(run)).toEqual([10, 20, 2]);
  });
});

describe('stencils', () => {
  const picture = (dx: number, dy: number, channel: number) => 100 * dx + 10 * dy + channel;

  it('read neighbours by their distance', () => {
    const code = compile('c = at(-2, 1) + at(0, -1) - at(0, 0);', [], 2);
    const received = evaluateCode(code, [1, 2, 3, 4, 0, 0, 1, 1], [], picture);
    const wanted = [1, 2, 3, 4].map((own, i) => picture(-2, 1, i) + picture(0, -1, i) - own);
    expect(received).toEqual(wanted);
  });

  it('read only the channels that they use', () => {
    const code = compile('c.r = at(1, 0).g + at(1, 0).g;', [], 1);
    expect(code.instructions).toBe(3); // tap, add, out
  });
});

describe('hash', () => {
  const at = (text: string, x: number) =>
    evaluateCode(compile(text), [0, 0, 0, 0, x, 0, 1, 1])[0] as number;

  it('spreads evenly over 0 to 1', () => {
    const found = Array.from({ length: 4000 }, (_, x) => at('c.r = hash(x);', x));
    const mean = found.reduce((sum, v) => sum + v, 0) / found.length;
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...found)).toBeLessThan(1);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(new Set(found).size).toBeGreaterThan(3990);
  });

  it('of a float is that of a vector with zeros', () => {
    for (const x of [0, 1, 17]) {
      expect(at('c.r = hash(vec3(x, 0.0, 0.0));', x)).toBe(at('c.r = hash(x);', x));
    }
  });
});

describe('code is small', () => {
  const count = (text: string) => compile(text).instructions;

  it('without what is not used, is known, or is the same', () => {
    expect(count('float k = sin(x); vec4 m = c * 3.0;')).toBe(0);
    expect(count('c.r = sin(0.5) * 3.0 + 2.0;')).toBe(1);
    expect(count('c.r = sin(x) + sin(x);')).toBe(3);
    expect(count('c.r = (c.g * c.b) + (c.b * c.g);')).toBe(3);
    expect(count('c = c.rgba * 1.0 / 1.0 - 0.0;')).toBe(0);
    expect(count('if (true) { c.r = 1.0; } else { c.g = 1.0; }')).toBe(1);
    expect(count('if (c.r > 0.5) { c.g = c.b; } else { c.g = c.b; }')).toBe(1);
  });

  it('keeps the sign of zero and what is not a number', () => {
    const run = (text: string, r: number) =>
      evaluateCode(compile(text), [r, 0, 0, 0, 0, 0, 1, 1])[0];
    expect(run('c.r = c.r + 0.0;', -0)).toBe(0);
    expect(run('c.r = c.r - 0.0;', -0)).toBe(-0);
    expect(run('c.r = c.r * 0.0;', Number.POSITIVE_INFINITY)).toBeNaN();
    expect(run('c.r = c.r - c.r;', Number.NaN)).toBeNaN();
  });

  it('uses few registers, whether values are computed early or late', () => {
    const names = Array.from({ length: 60 }, (_, i) => `v${i}`);
    const early = names.map((name, i) => `vec4 ${name} = c * ${i + 2}.0;`).join('\n');
    const sums = names.map((name) => `c += ${name};`).join('\n');
    expect(compile(early + sums).registers).toBeLessThan(10);
  });
});

describe('what a plan asks of code', () => {
  it.each([
    ['c.rgb = c.gbr;', false, 'keeps'],
    ['c.a = c.a * 1.0;', false, 'keeps'],
    ['c.a = 1.0;', false, 'makes'],
    ['c.a = 0.5 + 0.5;', false, 'makes'],
    ['c.a *= 0.5;', false, 'breaks'],
    ['c.a = c.r;', false, 'breaks'],
    ['c.r = x;', true, 'keeps'],
    ['c.r = uv.y;', true, 'keeps'],
    ['float unused = x;', false, 'keeps'],
  ])('%s', (text, positional, opaque) => {
    expect(compile(text)).toMatchObject({ positional, opaque });
  });

  it('a stencil that copies the alpha of a neighbour keeps opaque frames so', () => {
    expect(compile('c = at(1, 0);', [], 1).opaque).toBe('keeps');
    expect(compile('c = at(1, 0) * 0.5;', [], 1).opaque).toBe('breaks');
  });
});
