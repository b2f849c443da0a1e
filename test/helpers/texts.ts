/** Texts of operations, and what they mean by arithmetic written by hand. */
export interface Pixel {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Red, green, blue and alpha; those left out stay. */
type Meaning = (p: Pixel) => readonly (number | undefined)[];

const fract = (v: number) => v - Math.floor(v);
const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v));
const mix = (a: number, b: number, t: number) => a * (1 - t) + b * t;
const smooth = (from: number, to: number, v: number) => {
  const t = clamp((v - from) / (to - from), 0, 1);
  return 3 * t ** 2 - 2 * t ** 3;
};
const grey = ({ r, g, b }: Pixel) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Without parameters, for pixels with channels from 0 to 1 of which none is on the edge of a condition. */
export const texts: readonly (readonly [text: string, meaning: Meaning])[] = [
  // Statements and swizzles
  ['', () => []],
  [';', () => []],
  ['c = c', () => []],
  ['c.rgb = 1.0 - c.rgb', ({ r, g, b }) => [1 - r, 1 - g, 1 - b]],
  ['c.rgb = c.bgr;', ({ r, g, b }) => [b, g, r]],
  ['c.xy = c.yx;', ({ r, g }) => [g, r]],
  ['c.bgr.xy = vec2(0.25, 0.5);', () => [undefined, 0.5, 0.25]],
  ['c.a = 0.5;', () => [undefined, undefined, undefined, 0.5]],
  ['c = c.aaaa;', ({ a }) => [a, a, a, a]],
  ['c = vec4(0.1, vec2(0.2, 0.3), 0.4);', () => [0.1, 0.2, 0.3, 0.4]],
  ['c.rgb = vec3(c.g);', ({ g }) => [g, g, g]],
  ['c.rg += 0.5; c.b -= c.r;', ({ r, g, b }) => [r + 0.5, g + 0.5, b - r - 0.5]],
  [
    'c.rgb *= c.rgb; c.r /= 2.0; c.g %= 0.25;',
    ({ r, g, b }) => [r ** 2 / 2, g ** 2 % 0.25, b ** 2],
  ],
  ['float k; c.r = k;', () => [0]],
  ['float k = 2.0, m = k + 1.0; c.r = k * m;', () => [6]],
  [
    'const vec2 k = vec2(1.0, 2.0); { float m = k.y; c.r = m; } float m = 3.0; c.g = m;',
    () => [2, 3],
  ],
  ['// a comment\nc.r = /* 1.0 */ 2.0; // the end', () => [2]],
  // Numbers
  ['c.r = 1 + 1.0 + .5 + 1e-3 + 2.E1 + 1.;', () => [1 + 1 + 0.5 + 0.001 + 20 + 1]],
  // Precedence: each has another value if it is read otherwise
  ['c.r = 1.0 - 2.0 - 3.0;', () => [-4]],
  ['c.r = 8.0 / 2.0 / 2.0 * 3.0;', () => [6]],
  ['c.r = 1.0 + 2.0 * 3.0 - 4.0 / 8.0;', () => [6.5]],
  ['c.r = 7.0 % 4.0 * 2.0;', () => [6]],
  ['c.r = -c.g * -2.0 - -1.0;', ({ g }) => [2 * g + 1]],
  ['c.r = (1.0 + 2.0) * 3.0;', () => [9]],
  ['c.r = true || false && false ? 1.0 : 2.0;', () => [1]],
  ['c.r = c.g + 1.0 < c.b ? 1.0 : 2.0;', ({ g, b }) => [g + 1 < b ? 1 : 2]],
  ['c.r = c.g > 0.5 == c.b > 0.5 ? 1.0 : 2.0;', ({ g, b }) => [g > 0.5 === b > 0.5 ? 1 : 2]],
  [
    'c.r = c.g > 0.5 ? c.b > 0.5 ? 1.0 : 2.0 : c.b > 0.5 ? 3.0 : 4.0;',
    ({ g, b }) => [g > 0.5 ? (b > 0.5 ? 1 : 2) : b > 0.5 ? 3 : 4],
  ],
  ['c.r = !(c.g >= 0.5) ? 1.0 : 0.0;', ({ g }) => [g < 0.5 ? 1 : 0]],
  // Ties, on the device and of constants
  ...['x', '2.0'].map(
    (v) =>
      [
        `c = vec4(${['>', '>=', '<', '<='].map((sign) => `${v} ${sign} ${v} ? 1.0 : 0.0`).join(', ')});`,
        () => [0, 1, 0, 1],
      ] as const,
  ),
  ...['x', '2.0'].map(
    (v) =>
      [
        `c = vec4(step(${v}, ${v}), sign(${v} - ${v}), ${v} == ${v} ? 1.0 : 0.0, ${v} != ${v} ? 1.0 : 0.0);`,
        () => [1, 0, 1, 0],
      ] as const,
  ),
  // Conditions
  ['if (c.r > 0.5) c.r = 1.0; else c.r = 0.0;', ({ r }) => [r > 0.5 ? 1 : 0]],
  [
    'if (c.r > 0.5 && c.g < 0.5) { c.b = c.a; }',
    ({ r, g, b, a }) => [undefined, undefined, r > 0.5 && g < 0.5 ? a : b],
  ],
  [
    'if (c.r < 0.3) c.g = 1.0; else if (c.r < 0.6) { c.g = 2.0; c.b = 0.0; } else c.g = 3.0;',
    ({ r, b }) => [undefined, r < 0.3 ? 1 : r < 0.6 ? 2 : 3, r >= 0.3 && r < 0.6 ? 0 : b],
  ],
  [
    'float k = 1.0; if (c.r > 0.5) { k = 2.0; if (c.g > 0.5) k += 10.0; k *= 2.0; } c.b = k;',
    ({ r, g }) => [undefined, undefined, r > 0.5 ? (g > 0.5 ? 24 : 4) : 1],
  ],
  [
    'vec3 k = c.rgb; if (k.r > k.g) { float t = k.r; k.r = k.g; k.g = t; } c.rgb = k;',
    ({ r, g }) => [Math.min(r, g), Math.max(r, g)],
  ],
  [
    'bool k = c.r > 0.5; k = k || c.g > 0.5; c.b = float(k);',
    ({ r, g }) => [undefined, undefined, r > 0.5 || g > 0.5 ? 1 : 0],
  ],
  ['c.r = c.rgb == c.rgb ? 1.0 : 0.0; c.g = c.rg != c.gr ? 1.0 : 0.0;', () => [1, 1]],
  [
    'if (bool(c.r - c.r)) c.g = 5.0; if (bool(1.0 + c.r)) c.b = 6.0;',
    () => [undefined, undefined, 6],
  ],
  // Functions
  [
    'c.r = abs(c.g - 0.5); c.g = sign(c.g - 0.5);',
    ({ g }) => [Math.abs(g - 0.5), g > 0.5 ? 1 : -1],
  ],
  [
    'c.rgb = vec3(floor(c.r * 4.0), ceil(c.g * 4.0), fract(c.b * 4.0));',
    ({ r, g, b }) => [Math.floor(r * 4), Math.ceil(g * 4), fract(b * 4)],
  ],
  ['c = vec4(round(2.5), round(3.5), round(-0.5), round(1.2));', () => [2, 4, 0, 1]],
  [
    'c.r = mod(c.r * 5.0, 2.0); c.g = mod(-c.g, 2.0); c.b = -c.b % 2.0;',
    ({ r, g, b }) => [(r * 5) % 2, 2 - g, 2 - b],
  ],
  [
    'c.rgb = min(c.rgb, 0.5) + max(c.gbr, vec3(0.25));',
    ({ r, g, b }) => [
      Math.min(r, 0.5) + Math.max(g, 0.25),
      Math.min(g, 0.5) + Math.max(b, 0.25),
      Math.min(b, 0.5) + Math.max(r, 0.25),
    ],
  ],
  ['c.rgb = clamp(c.rgb, 0.2, 0.4);', ({ r, g, b }) => [r, g, b].map((v) => clamp(v, 0.2, 0.4))],
  [
    'c.rgb = mix(c.rgb, c.gbr, 0.25);',
    ({ r, g, b }) => [mix(r, g, 0.25), mix(g, b, 0.25), mix(b, r, 0.25)],
  ],
  [
    'c.r = step(0.5, c.r); c.g = smoothstep(0.2, 0.8, c.g);',
    ({ r, g }) => [r < 0.5 ? 0 : 1, smooth(0.2, 0.8, g)],
  ],
  ['c.r = smoothstep(0.8, 0.2, c.r);', ({ r }) => [1 - smooth(0.2, 0.8, r)]],
  [
    'c.rgb = sqrt(c.rgb); c.a = inversesqrt(c.a + 1.0);',
    ({ r, g, b, a }) => [Math.sqrt(r), Math.sqrt(g), Math.sqrt(b), 1 / Math.sqrt(a + 1)],
  ],
  [
    'c = vec4(pow(c.r, 2.2), exp(c.g), exp2(c.b), pow(2.0, 10.0));',
    ({ r, g, b }) => [r ** 2.2, Math.exp(g), 2 ** b, 1024],
  ],
  ['c.r = log(c.r + 1.0); c.g = log2(c.g + 1.0);', ({ r, g }) => [Math.log1p(r), Math.log2(g + 1)]],
  [
    'c = vec4(sin(c.r), cos(c.g), tan(c.b), sin(1.0));',
    ({ r, g, b }) => [Math.sin(r), Math.cos(g), Math.tan(b), Math.sin(1)],
  ],
  [
    'c = vec4(asin(c.r), acos(c.g), atan(c.b), atan(c.r, -c.g));',
    ({ r, g, b }) => [Math.asin(r), Math.acos(g), Math.atan(b), Math.atan2(r, -g)],
  ],
  [
    'c.r = dot(c.rgb, vec3(1.0, 2.0, 3.0)); c.g = length(c.ba); c.b = length(-2.0);',
    ({ r, g, b, a }) => [r + 2 * g + 3 * b, Math.hypot(b, a), 2],
  ],
  [
    'c.r = distance(c.rg, vec2(0.5)); c.ba = normalize(c.ba + 1.0);',
    ({ r, g, b, a }) => [
      Math.hypot(r - 0.5, g - 0.5),
      undefined,
      ...[b, a].map((v) => (v + 1) / Math.hypot(b + 1, a + 1)),
    ],
  ],
  ['c.rgb = normalize(c.rgb - c.rgb);', () => [0, 0, 0]],
  [
    'c.rgb = cross(c.rgb, vec3(1.0, 2.0, 3.0));',
    ({ r, g, b }) => [3 * g - 2 * b, b - 3 * r, 2 * r - g],
  ],
  ['c.rgb = vec3(luma(c.rgb));', (p) => [grey(p), grey(p), grey(p)]],
  [
    'c.rgb = mix(vec3(luma(c.rgb)), c.rgb, 1.5);',
    (p) => [p.r, p.g, p.b].map((v) => mix(grey(p), v, 1.5)),
  ],
  // Places
  ['c = vec4(x, y, width, height);', ({ x, y, width, height }) => [x, y, width, height]],
  ['c.rg = uv;', ({ x, y, width, height }) => [(x + 0.5) / width, (y + 0.5) / height]],
  [
    'c.rgb *= smoothstep(0.9, 0.3, distance(uv, vec2(0.5)));',
    ({ r, g, b, x, y, width, height }) => {
      const from = Math.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5);
      return [r, g, b].map((v) => v * (1 - smooth(0.3, 0.9, from)));
    },
  ],
  [
    'if (mod(x + y, 2.0) < 1.0) c.rgb = vec3(0.0);',
    ({ r, g, b, x, y }) => ((x + y) % 2 === 0 ? [0, 0, 0] : [r, g, b]),
  ],
];
