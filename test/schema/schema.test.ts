import { describe, expect, it } from 'vitest';
import { FramelaneError } from '../../src/errors/errors.ts';
import { closest } from '../../src/errors/suggest.ts';
import { ops } from '../../src/ops/index.ts';

import { boolean } from '../../src/schema/boolean.ts';
import { color } from '../../src/schema/color.ts';
import { parseColor } from '../../src/schema/color-value.ts';
import { type OpDeclaration, validateOptions } from '../../src/schema/declaration.ts';
import { oneOf } from '../../src/schema/enum.ts';
import { image } from '../../src/schema/image.ts';
import { integer } from '../../src/schema/integer.ts';
import { number } from '../../src/schema/number.ts';

const op = {
  name: 'sample',
  parameters: {
    amount: number('', { min: 0, max: 1, default: 0.5 }),
    power: number('', { exclusiveMin: 0, default: 1 }),
    count: integer('', { min: -5, default: 0 }),
    flag: boolean('', { default: false }),
    mode: oneOf(['fast', 'good'], '', { default: 'good' }),
    tint: color('', { default: [0, 0, 0, 1] }),
    spread: number('', { optional: true }),
  },
};

const failure = (
  options: unknown,
  path = 'stages[2]',
  declaration: Parameters<typeof validateOptions>[0] = op,
) => {
  try {
    validateOptions(declaration, options, path);
  } catch (error) {
    if (error instanceof FramelaneError) return `${error.code} ${error.path} | ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('validateOptions', () => {
  it('fills in defaults and leaves optional ones out', () => {
    expect(validateOptions(op, {})).toStrictEqual({
      amount: 0.5,
      power: 1,
      count: 0,
      flag: false,
      mode: 'good',
      tint: [0, 0, 0, 1],
    });
  });

  it('keeps what is given, undefined counting as absent', () => {
    const given = { amount: 1, count: -5, mode: 'fast', tint: '#f00', spread: 2, flag: undefined };
    expect(validateOptions(op, given)).toMatchObject({
      amount: 1,
      count: -5,
      mode: 'fast',
      tint: [1, 0, 0, 1],
      spread: 2,
      flag: false,
    });
  });

  it.each([
    [{ amount: 1.01 }, 'amount', 'a number from 0 to 1, received 1.01'],
    [{ amount: -0.01 }, 'amount', 'a number from 0 to 1, received -0.01'],
    [{ amount: Number.NaN }, 'amount', 'a number from 0 to 1, received NaN'],
    [{ power: Number.POSITIVE_INFINITY }, 'power', 'a number above 0, received Infinity'],
    [{ power: 1e39 }, 'power', 'a number above 0, received 1e+39'],
    [{ power: 0 }, 'power', 'a number above 0, received 0'],
    [{ amount: '1' }, 'amount', 'a number from 0 to 1, received "1"'],
    [{ amount: null }, 'amount', 'a number from 0 to 1, received null'],
    [{ count: 1.5 }, 'count', 'an integer of at least -5, received 1.5'],
    [{ count: -6 }, 'count', 'an integer of at least -5, received -6'],
    [{ count: 1n }, 'count', 'an integer of at least -5, received 1n'],
    [{ flag: 1 }, 'flag', 'true or false, received 1'],
    [{ mode: 'fats' }, 'mode', 'one of fast, good, received "fats" (did you mean "fast"?)'],
    [{ mode: ['fast'] }, 'mode', 'one of fast, good, received ["fast"]'],
    [{ spread: Symbol.iterator }, 'spread', 'a number, received Symbol(Symbol.iterator)'],
    [
      { tint: 'red' },
      'tint',
      'a colour ([r, g, b], [r, g, b, a] or "#rrggbb[aa]"), received "red"',
    ],
  ])('refuses %o', (options, name, rest) => {
    const path = `stages[2].${name}`;
    expect(failure(options)).toBe(`ERR_INVALID_OPTION ${path} | ${path}: sample expects ${rest}`);
  });

  it('names the option that does not exist, and the nearest that does', () => {
    expect(failure({ amuont: 1 })).toBe(
      'ERR_INVALID_OPTION stages[2].amuont | stages[2].amuont: sample has no option "amuont" ' +
        '(did you mean "amount"?); it has amount, power, count, flag, mode, tint, spread',
    );
    expect(failure({ factor: 1 }, '', ops.invert)).toMatch(
      /invert has no option "factor"; it has none$/,
    );
  });

  it.each([null, 5, 'x', [1], true, undefined])('refuses %j in place of an object', (options) => {
    expect(failure(options)).toMatch(
      /^ERR_INVALID_OPTION stages\[2\] \| stages\[2\]: sample expects an object of options/,
    );
  });

  it('names the option itself where there is no path', () => {
    expect(failure({ amount: 2 }, '')).toMatch(
      /^ERR_INVALID_OPTION amount \| amount: sample expects/,
    );
    expect(failure({}, '', ops.brightness)).toMatch(
      /^ERR_INVALID_OPTION factor .* received nothing$/,
    );
  });

  it('reads own properties only', () => {
    const inherited = Object.create({ amount: 0.25, nonsense: 1 });
    expect(validateOptions(op, inherited)).toMatchObject({ amount: 0.5 });
    expect(failure(JSON.parse('{"__proto__": 1}'))).toMatch(/has no option "__proto__"/);
    expect(failure(JSON.parse('{"constructor": 1}'))).toMatch(/has no option "constructor"/);
  });

  it('reads each property once', () => {
    let reads = 0;
    const options = {
      get amount() {
        reads++;
        return 0.25;
      },
    };
    validateOptions(op, options);
    expect(reads).toBe(1);
  });

  it('wants one of the options of which one is needed', () => {
    expect(failure({}, 'stages[0]', ops.resize)).toBe(
      'ERR_INVALID_OPTION stages[0] | stages[0]: resize expects width or height, received neither',
    );
    expect(failure({ width: undefined }, 'stages[0]', ops.resize)).toMatch(/neither$/);
    expect(failure({ height: 32768 }, '', ops.resize)).toBe('accepted');
  });
});

describe('images', () => {
  const source = { name: 'blend', parameters: { source: image('') } };

  it('takes objects and paths', () => {
    class Picture {
      width = 1;
      height = 1;
    }
    const picture = new Picture();
    expect(validateOptions(source, { source: picture }).source).toBe(picture);
    expect(validateOptions(source, { source: { image: 'a.png' } })).toEqual({
      source: { image: 'a.png' },
    });
  });

  it.each(['a.png', {}, { image: '' }, { image: 1 }, { image: 'a', x: 1 }, ['a'], null, () => 1])(
    'refuses %j',
    (value) => {
      expect(failure({ source: value }, '', source)).toMatch(
        /expects an Image, an ImageU8, { image: path }, { stages: \[…\] }, { input: name } or { previous: frames }, received/,
      );
    },
  );
});

describe('colours', () => {
  it.each([
    ['#fff', [1, 1, 1, 1]],
    ['#F008', [1, 0, 0, 136 / 255]],
    ['#336699', [0.2, 0.4, 0.6, 1]],
    ['#33669900', [0.2, 0.4, 0.6, 0]],
    [
      [1, 0, 0.5],
      [1, 0, 0.5, 1],
    ],
    [
      [-1, 2, 0.5, 3],
      [-1, 2, 0.5, 3],
    ],
  ])('%j', (written, rgba) => {
    expect(parseColor(written)).toEqual(rgba);
  });

  it.each([
    'fff',
    '#ff',
    '#fffff',
    '#fffffff',
    '#ggg',
    '#fff\n',
    [1, 2],
    [1, 2, 3, 4, 5],
    [1, 2, '3'],
    [1, 2, Number.NaN],
  ])('refuses %j', (written) => {
    expect(parseColor(written)).toBeUndefined();
  });
});

describe('the table', () => {
  const table = Object.entries<OpDeclaration>(ops);

  it.each(table)('%s is declared consistently', (name, declaration) => {
    expect(declaration.name).toBe(name);
    const names = Object.keys(declaration.parameters);
    const referred = [
      ...(declaration.primary ? [declaration.primary] : []),
      ...(declaration.atLeastOneOf ?? []),
      ...Object.values(declaration.methods).flatMap((preset) => Object.keys(preset)),
    ];
    expect(names).toEqual(expect.arrayContaining(referred));
  });

  it.each(table)('%s: every default is valid, and every text is a sentence', (_, declaration) => {
    expect(declaration.doc).toMatch(/^[A-Z0-9].*\.$/);
    for (const [name, parameter] of Object.entries(declaration.parameters)) {
      expect(parameter.doc, name).toMatch(/^[A-Z0-9].*\.$/);
      if (!('default' in parameter)) continue;
      const alone = { name: declaration.name, parameters: { [name]: parameter } };
      expect(failure({ [name]: parameter.default }, '', alone), name).toBe('accepted');
    }
  });

  it('has no two methods of one name in a group', () => {
    const methods = table.flatMap(([, { group, methods }]) =>
      Object.keys(methods).map((m) => `${group}.${m}`),
    );
    expect(new Set(methods).size).toBe(methods.length);
  });
});

describe('closest', () => {
  it.each([
    ['gausianBlur', 'gaussianBlur'],
    ['Brightness', 'brightness'],
    ['gmama', 'gamma'],
    ['zzz', undefined],
    ['', undefined],
  ])('%s -> %s', (name, match) => {
    expect(closest(name, Object.keys(ops))).toBe(match);
  });
});
