/**
 * Random texts of operations, the same for the same seed. Their values stay small and are continuous in what they read, so that
 * the last bit of a function cannot decide; conditions ask only for places, which are exact.
 */
import { makeRandom } from './random.ts';

type Type = 'float' | 'vec2' | 'vec3' | 'vec4';
const sizes = { float: 1, vec2: 2, vec3: 3, vec4: 4 } as const;
const types = Object.keys(sizes) as Type[];

export function randomText(seed: number, radius = 0): string {
  const random = makeRandom(seed);
  const whole = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  const of = <T>(list: readonly T[]) => list[whole(0, list.length - 1)] as T;
  const known: { readonly name: string; readonly type: Type }[] = [
    { name: 'c', type: 'vec4' },
    { name: 'uv', type: 'vec2' },
    { name: 'amount', type: 'float' },
    { name: 'tint', type: 'vec4' },
  ];
  const letters = (size: number, of4: number) =>
    Array.from({ length: size }, () => 'rgba'[whole(0, of4 - 1)]).join('');
  const number = () => `${whole(-20, 20) / 8}`;

  function leaf(type: Type): string {
    if (random() < 0.25) return type === 'float' ? number() : `${type}(${number()})`;
    if (radius > 0 && type !== 'float' && random() < 0.4) {
      return `at(${whole(-radius, radius)}, ${whole(-radius, radius)}).${letters(sizes[type], 4)}`;
    }
    const { name, type: other } = of(known);
    if (other === 'float') return type === 'float' ? name : `${type}(${name})`;
    return `${name}.${letters(sizes[type], sizes[other])}`;
  }

  const condition = () =>
    of([
      'x < 9.0',
      'y >= 5.0',
      'x == 3.0 || y == 4.0',
      '!(x > 2.0 && y < 9.0)',
      'flag',
      'width > height',
    ]);

  function value(type: Type, depth: number): string {
    if (depth === 0) return leaf(type);
    const one = () => value(type, depth - 1);
    const makers: readonly (() => string)[] = [
      () => `(${one()} ${of(['+', '-', '*'])} ${one()})`,
      () => `${one()} / (abs(${one()}) + 0.5)`,
      () => `${of(['sin', 'cos', 'atan', 'abs', '-'])}(${one()})`,
      () => `sqrt(abs(${one()}) + 0.1)`,
      () => `log2(abs(${one()}) + 0.2)`,
      () => `exp2(clamp(${one()}, -3.0, 2.0))`,
      () => `pow(abs(${one()}) + 0.1, 1.5)`,
      () => `mix(${one()}, ${one()}, ${value('float', 0)})`,
      () => `${of(['min', 'max'])}(${one()}, ${one()})`,
      () => `smoothstep(-1.0, 2.0, ${one()})`,
      () => `(${condition()} ? ${one()} : ${one()})`,
      () => (type === 'float' ? `length(${value('vec3', depth - 1)})` : `hash(x + y) * ${one()}`),
    ];
    return of(makers)();
  }

  function assignment(depth: number): string {
    const targets = known.filter(({ name }) => !['uv', 'amount', 'tint'].includes(name));
    const { name, type } = of(targets);
    return `${name} = clamp(${value(type, depth)}, -4.0, 4.0);`;
  }

  const lines = Array.from({ length: whole(3, 7) }, (_, i) => {
    const kind = random();
    if (kind < 0.4) {
      const type = of(types);
      const line = `${type} v${i} = clamp(${value(type, 2)}, -4.0, 4.0);`;
      known.push({ name: `v${i}`, type });
      return line;
    }
    if (kind < 0.6) {
      return `if (${condition()}) { ${assignment(1)} } else { ${assignment(1)} ${assignment(1)} }`;
    }
    return assignment(2);
  });
  return [...lines, `c = clamp(${value('vec4', 2)} + c * 0.25, 0.0, 1.5);`].join('\n');
}
