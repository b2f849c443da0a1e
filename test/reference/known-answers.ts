/** Answers worked out by hand or from published tables, f32, 1e-5 unless the row says otherwise. */
import type { Pixels, Rgba } from '../helpers/image.ts';

export interface KnownAnswer {
  readonly op: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly input: Pixels;
  readonly overlay?: Pixels;
  /** What the pixel at (x, y) becomes. */
  readonly expected: readonly { readonly x: number; readonly y: number; readonly color: Rgba }[];
  /** Columns of the output where it differs from the input's. */
  readonly width?: number;
}

/** A picture from rows of colours. */
function picture(...rows: (readonly Rgba[])[]): Pixels {
  return {
    width: rows[0]?.length ?? 0,
    height: rows.length,
    data: Float64Array.from(rows.flat(2)),
  };
}

const gray = (value: number): Rgba => [value, value, value, 1];
const row = (values: readonly number[]) => picture(values.map(gray));
const solid = (width: number, height: number, color: Rgba) =>
  picture(...Array.from({ length: height }, () => Array.from({ length: width }, () => color)));

const point = (
  op: string,
  options: Record<string, unknown>,
  from: Rgba,
  to: Rgba,
): KnownAnswer => ({
  op,
  options,
  input: picture([from]),
  expected: [{ x: 0, y: 0, color: to }],
});

const p: Rgba = [0.2, 0.5, 0.8, 0.6];

const points: KnownAnswer[] = [
  point('brightness', { factor: 0.2 }, p, [0.4, 0.7, 1, 0.6]),
  point('brightness', { factor: -0.3 }, p, [-0.1, 0.2, 0.5, 0.6]),
  point('brightness', { factor: 0.5 }, [0.8, 1.5, -0.25, 1], [1.3, 2, 0.25, 1]),
  point('contrast', { factor: 1.5 }, p, [0.05, 0.5, 0.95, 0.6]),
  point('contrast', { factor: 0.5 }, p, [0.35, 0.5, 0.65, 0.6]),
  point('contrast', { factor: 3 }, p, [-0.4, 0.5, 1.4, 0.6]),
  point('saturation', { factor: 0 }, p, [0.4445, 0.4445, 0.4445, 0.6]),
  point('saturation', { factor: 1.8 }, p, [0.0044, 0.5444, 1.0844, 0.6]),
  point('gamma', { gamma: 1.5 }, p, [0.341995, 0.629961, 0.861774, 0.6]),
  point('gamma', { gamma: 0.6 }, p, [0.068399, 0.31498, 0.689419, 0.6]),
  point('gamma', { gamma: 2 }, [4, 0, -1, 1], [2, 0, 0, 1]),
  point('opacity', { factor: 0.25 }, p, [0.2, 0.5, 0.8, 0.15]),
  point('hue', { degrees: 120 }, p, [0.8, 0.2, 0.5, 0.6]),
  point('hue', { degrees: -30 }, p, [0.2, 0.8, 0.8, 0.6]),
  point('hue', { degrees: 180 }, p, [0.8, 0.5, 0.2, 0.6]),
  point('hue', { degrees: 360 }, p, p),
  point('hue', { degrees: 77 }, gray(0.4), gray(0.4)),
  point('vibrance', { amount: 0.5 }, [0.4, 0.5, 0.8, 1], [0.3, 0.425, 0.8, 1]),
  point('vibrance', { amount: 0.5 }, [0.8, 0.6, 0.5, 1], [0.8, 0.58125, 0.471875, 1]),
  point('vibrance', { amount: -0.5 }, [0.4, 0.5, 0.8, 1], [0.5, 0.575, 0.8, 1]),
  point('vibrance', { amount: 1 }, gray(0.4), gray(0.4)),
  point('invert', {}, p, [0.8, 0.5, 0.2, 0.6]),
  point('invert', {}, [1.5, -0.5, 0, 1], [-0.5, 1.5, 1, 1]),
  point('sepia', {}, p, [0.6143, 0.5472, 0.4262, 0.6]),
  point('sepia', { intensity: 0.5 }, p, [0.40715, 0.5236, 0.6131, 0.6]),
  point('fillColor', { color: [0.1, 2, -1, 0.5] }, p, [0.1, 2, -1, 0.5]),
];

const vignettes: KnownAnswer[] = [
  {
    op: 'vignette',
    options: {},
    input: solid(101, 101, gray(1)),
    expected: [
      { x: 50, y: 50, color: gray(1) },
      { x: 100, y: 50, color: gray(0.352) },
      { x: 50, y: 0, color: gray(0.352) },
      { x: 0, y: 0, color: gray(0) },
      { x: 100, y: 100, color: gray(0) },
    ],
  },
  point('vignette', { color: [1, 1, 1, 1] }, p, p),
];

const red: Rgba = [1, 0, 0, 1];
const clear: Rgba = [0, 0, 1, 0];
const between = (t: number): Rgba => [1 - t, 0, t, 1 - t];

function gradient(
  direction: string,
  width: number,
  height: number,
  stops: readonly (readonly [number, number, number])[],
  seamless = false,
): KnownAnswer {
  return {
    op: 'fillGradient',
    options: { from: red, to: clear, direction, seamless },
    input: solid(width, height, gray(0)),
    expected: stops.map(([x, y, t]) => ({ x, y, color: between(t) })),
  };
}

const gradients = [
  gradient('horizontal', 5, 3, [
    [0, 0, 0],
    [1, 2, 0.25],
    [2, 1, 0.5],
    [4, 2, 1],
  ]),
  gradient('vertical', 3, 5, [
    [0, 0, 0],
    [2, 1, 0.25],
    [1, 2, 0.5],
    [2, 4, 1],
  ]),
  gradient('diagonal', 5, 5, [
    [0, 0, 0],
    [4, 0, 0.5],
    [0, 4, 0.5],
    [2, 2, 0.5],
    [4, 4, 1],
  ]),
  gradient('radial', 9, 5, [
    [4, 2, 0],
    [0, 0, 1],
    [8, 4, 1],
    [0, 2, Math.SQRT1_2],
    [4, 4, Math.SQRT1_2],
    [6, 2, Math.SQRT1_2 / 2],
  ]),
  gradient(
    'horizontal',
    5,
    1,
    [
      [0, 0, 0],
      [1, 0, 0.5],
      [2, 0, 1],
      [3, 0, 0.5],
      [4, 0, 0],
    ],
    true,
  ),
  gradient('horizontal', 1, 1, [[0, 0, 0.5]]),
  gradient('diagonal', 1, 3, [
    [0, 0, 0.25],
    [0, 2, 0.75],
  ]),
  gradient('radial', 1, 1, [[0, 0, 0]]),
];

// Base (.2, .4, .6), overlay (.9, .3, .1); softLight in the W3C form.
const mixed: Readonly<Record<string, readonly [number, number, number]>> = {
  normal: [0.9, 0.3, 0.1],
  multiply: [0.18, 0.12, 0.06],
  screen: [0.92, 0.58, 0.64],
  add: [1, 0.7, 0.7],
  overlay: [0.36, 0.24, 0.28],
  softLight: [0.3984, 0.304, 0.408],
  hardLight: [0.84, 0.24, 0.12],
};

// Both alphas 1/2: alpha 3/4, and each colour is the mean of base, overlay and mix.
const halved: Readonly<Record<string, readonly [number, number, number]>> = {
  normal: [0.666667, 0.333333, 0.266667],
  multiply: [0.426667, 0.273333, 0.253333],
  screen: [0.673333, 0.426667, 0.446667],
  add: [0.7, 0.466667, 0.466667],
  overlay: [0.486667, 0.313333, 0.326667],
  softLight: [0.499467, 0.334667, 0.369333],
  hardLight: [0.646667, 0.313333, 0.273333],
};

function blends(mode: string): KnownAnswer[] {
  const over = (
    baseAlpha: number,
    overlayAlpha: number,
    opacity: number,
    color: Rgba,
  ): KnownAnswer => ({
    op: 'blend',
    options: { mode, opacity },
    input: picture([[0.2, 0.4, 0.6, baseAlpha]]),
    overlay: picture([[0.9, 0.3, 0.1, overlayAlpha]]),
    expected: [{ x: 0, y: 0, color }],
  });
  const opaque = mixed[mode] as readonly [number, number, number];
  const half = halved[mode] as readonly [number, number, number];
  return [
    over(1, 1, 1, [...opaque, 1]),
    over(0.5, 0.5, 1, [...half, 0.75]),
    over(0.5, 1, 0.5, [...half, 0.75]),
    over(0, 0.5, 1, [0.9, 0.3, 0.1, 0.5]),
    over(0.5, 0.5, 0, [0.2, 0.4, 0.6, 0.5]),
    over(0, 0, 1, [0, 0, 0, 0]),
  ];
}

const white = gray(1);
const black = gray(0);

const placed = (
  base: Pixels,
  overlay: Pixels,
  options: Record<string, unknown>,
  inside: readonly (readonly [number, number])[],
  outside: readonly (readonly [number, number])[],
): KnownAnswer => ({
  op: 'blend',
  options,
  input: base,
  overlay,
  expected: [
    ...inside.map(([x, y]) => ({ x, y, color: white })),
    ...outside.map(([x, y]) => ({ x, y, color: black })),
  ],
});

const placements = [
  // 101x51 and 20x10: the middle of the odd room is rounded down, (40, 20).
  placed(
    solid(101, 51, black),
    solid(20, 10, white),
    { anchor: 'center' },
    [
      [40, 20],
      [59, 29],
    ],
    [
      [39, 20],
      [60, 29],
      [40, 19],
      [59, 30],
    ],
  ),
  // 10 high under 25: -15 / 2 is -8, so the overlay's row 8 is the first that shows.
  placed(
    solid(3, 10, black),
    picture(...Array.from({ length: 25 }, (_, y) => [y === 8 || y === 17 ? white : black])),
    { anchor: 'centerLeft' },
    [
      [0, 0],
      [0, 9],
    ],
    [
      [0, 1],
      [0, 8],
      [1, 0],
    ],
  ),
  placed(
    solid(9, 7, black),
    solid(2, 3, white),
    { anchor: 'bottomRight', offsetX: -1, offsetY: 1 },
    [
      [6, 5],
      [7, 6],
    ],
    [
      [5, 5],
      [8, 6],
      [6, 4],
    ],
  ),
  placed(
    solid(9, 7, black),
    solid(2, 2, white),
    { offsetX: 9 },
    [],
    [
      [8, 0],
      [0, 0],
    ],
  ),
];

// The response to one bright pixel is the outer product of the weights, centre outwards.
function impulse(options: Record<string, unknown>, weights: readonly number[]): KnownAnswer {
  const centre = 8;
  const input = solid(17, 17, black);
  input.data.set(white, (centre * 17 + centre) * 4);
  const expected = weights.flatMap((across, i) =>
    weights.map((down, j) => ({ x: centre + i, y: centre - j, color: gray(across * down) })),
  );
  return { op: 'gaussianBlur', options, input, expected };
}

const blurs = [
  impulse({ radius: 1 }, [0.978265, 0.010868, 0]),
  impulse({ radius: 2 }, [0.598257, 0.194226, 0.006646, 0]),
  impulse({}, [0.39905, 0.242036, 0.054006, 0.004433, 0]),
  impulse({ radius: 3 }, [0.39905, 0.242036, 0.054006, 0.004433, 0]),
  impulse({ sigma: 1 }, [0.39905, 0.242036, 0.054006, 0.004433, 0]),
  impulse({ radius: 1, sigma: 3333 }, [1 / 3, 1 / 3, 0]),
  impulse({ radius: 0 }, [1, 0]),
];

const stencil = (
  op: string,
  input: Pixels,
  expected: readonly (readonly [number, number, number])[],
  options: Record<string, unknown> = {},
): KnownAnswer => ({
  op,
  options,
  input,
  expected: expected.map(([x, y, value]) => ({ x, y, color: gray(value) })),
});

const map = (width: number, height: number, value: (x: number, y: number) => number) =>
  picture(
    ...Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => gray(value(x, y))),
    ),
  );
const spot = (value: number, around = 0) =>
  map(7, 5, (x, y) => (x === 3 && y === 2 ? value : around));
const checkerboard = map(6, 6, (x, y) => (x + y) % 2);
const slope = map(9, 7, (x, y) => 0.125 * x - 0.0625 * y);
const flat = map(5, 4, () => 0.3);
const corner = solid(4, 3, black);
corner.data.set(white, 0);

const sharpenings = [
  stencil(
    'sharpen',
    spot(1),
    [
      [3, 2, 5],
      [2, 2, -1],
      [3, 3, -1],
      [2, 1, 0],
      [5, 2, 0],
    ],
    { strength: 1 },
  ),
  // Two of the corner's neighbours are the corner itself.
  stencil(
    'sharpen',
    corner,
    [
      [0, 0, 1 + 2 * 0.25],
      [1, 0, -0.25],
      [0, 1, -0.25],
      [1, 1, 0],
    ],
    { strength: 0.25 },
  ),
  stencil('sharpen', flat, [
    [0, 0, 0.3],
    [4, 0, 0.3],
    [2, 2, 0.3],
  ]),
  // A ramp stays, but where it ends: there one neighbour is missing, and its step with it.
  stencil('sharpen', slope, [
    [4, 3, 0.5 - 0.1875],
    [0, 3, -0.1875 - 0.125],
    [8, 3, 1 - 0.1875 + 0.125],
    [4, 0, 0.5 + 0.0625],
  ]),
  stencil(
    'sharpen',
    checkerboard,
    [
      [2, 2, -2],
      [3, 2, 3],
    ],
    { strength: 0.5 },
  ),
  stencil('sharpen', picture([gray(0.7)]), [[0, 0, 0.7]], { strength: 9 }),
  stencil('sharpen', row([0, 1, 0]), [
    [0, 0, -1],
    [1, 0, 3],
    [2, 0, -1],
  ]),
  // A hidden colour pushes nothing away; one half visible does so by half.
  {
    op: 'sharpen',
    options: { strength: 1 },
    input: picture([
      [0.4, 0.4, 0.4, 1],
      [0.6, 0.6, 0.6, 0.5],
      [1, 0, 1, 0],
    ]),
    expected: [
      { x: 0, y: 0, color: [0.3, 0.3, 0.3, 1] },
      { x: 1, y: 0, color: [0.8, 0.8, 0.8, 0.5] },
      { x: 2, y: 0, color: [0, 0, 0, 0] },
    ],
  } satisfies KnownAnswer,
];

const gradientsOfEdges = [
  stencil('sobel', spot(1), [
    [3, 2, 0],
    [2, 2, 2],
    [3, 1, 2],
    [2, 1, Math.SQRT2],
    [5, 2, 0],
  ]),
  stencil('sobel', flat, [
    [0, 0, 0],
    [2, 3, 0],
  ]),
  stencil('sobel', checkerboard, [[2, 3, 0]]),
  // Eight times the step between neighbours; at the ends four times, because one of them is missing.
  stencil('sobel', slope, [
    [4, 3, Math.hypot(1, 0.5)],
    [0, 3, Math.hypot(0.5, 0.5)],
    [8, 6, Math.hypot(0.5, 0.25)],
  ]),
  stencil('sobel', picture([gray(0.7)]), [[0, 0, 0]]),
  stencil('sobel', row([0, 0, 1, 1]), [
    [0, 0, 0],
    [1, 0, 4],
    [2, 0, 4],
    [3, 0, 0],
  ]),
  // The edge of something half visible, whatever the colour behind it; the result is opaque.
  {
    op: 'sobel',
    options: {},
    input: picture([
      [1, 0.5, 0, 0.5],
      [1, 1, 1, 0],
    ]),
    expected: [
      { x: 0, y: 0, color: [2, 1, 0, 1] },
      { x: 1, y: 0, color: [2, 1, 0, 1] },
    ],
  } satisfies KnownAnswer,
];

const specks = [
  stencil('median', spot(1, 0.25), [
    [3, 2, 0.25],
    [2, 2, 0.25],
  ]),
  stencil('median', spot(Number.NaN, 0.25), [
    [3, 2, 0.25],
    [2, 1, 0.25],
  ]),
  stencil('median', spot(Number.POSITIVE_INFINITY, 0.25), [[3, 2, 0.25]]),
  stencil('median', flat, [[4, 3, 0.3]]),
  stencil('median', slope, [
    [4, 3, 0.5 - 0.1875],
    [0, 3, -0.125], // six of the nine in the first column
  ]),
  stencil('median', checkerboard, [
    [2, 2, 0],
    [3, 2, 1],
    [0, 0, 0],
    [5, 0, 1],
  ]),
  stencil('median', picture([gray(0.7)]), [[0, 0, 0.7]]),
  stencil('median', row([0, 1, 0.5, 1]), [
    [0, 0, 0],
    [1, 0, 0.5],
    [2, 0, 1],
    [3, 0, 1],
  ]),
  stencil('median', corner, [[0, 0, 0]]),
];

function resized(
  method: string,
  from: readonly number[],
  to: readonly number[],
  antialias = false,
): KnownAnswer {
  return {
    op: 'resize',
    options: { width: to.length, height: 1, method, antialias },
    input: row(from),
    width: to.length,
    expected: to.map((value, x) => ({ x, y: 0, color: gray(value) })),
  };
}

const step = [0, 1];
const comb = [0, 1, 0, 1];
const ramp = [0, 0.25, 0.5, 0.75, 1, 0.5];

const resizes = [
  resized('nearest', step, [0, 0, 1, 1]),
  resized('bilinear', step, [0, 0.25, 0.75, 1]),
  resized('bicubic', step, [-0.088235, 0.207143, 0.792857, 1.088235]),
  resized('nearest', comb, [1, 1]),
  resized('bilinear', comb, [0.5, 0.5]),
  resized('bicubic', comb, [0.529412, 0.470588]),
  resized('nearest', ramp, [0.25, 0.75, 0.5]),
  resized('bilinear', ramp, [0.125, 0.625, 0.75]),
  resized('bicubic', ramp, [0.102941, 0.625, 0.75]),
  // Antialiased bilinear halving weighs 1 3 3 1.
  resized('bilinear', [0, 0, 1, 1, 0, 0], [1 / 7, 6 / 8, 1 / 7], true),
  resized('lanczos', [0.3, 0.3, 0.3], [0.3, 0.3, 0.3, 0.3, 0.3]),
];

const map3x2 = picture([gray(0.1), gray(0.2), gray(0.3)], [gray(0.4), gray(0.5), gray(0.6)]);
const grays = (...rows: readonly (readonly number[])[]) =>
  rows.flatMap((values, y) =>
    values.map((v, x) => ({ x, y, color: v < 0 ? ([0, 0, 0, 0] as const) : gray(v) })),
  );

const geometry: KnownAnswer[] = [
  { op: 'flip', options: {}, input: map3x2, expected: grays([0.3, 0.2, 0.1], [0.6, 0.5, 0.4]) },
  {
    op: 'flip',
    options: { direction: 'vertical' },
    input: map3x2,
    expected: grays([0.4, 0.5, 0.6], [0.1, 0.2, 0.3]),
  },
  {
    op: 'flip',
    options: { direction: 'both' },
    input: map3x2,
    expected: grays([0.6, 0.5, 0.4], [0.3, 0.2, 0.1]),
  },
  {
    op: 'crop',
    options: { x: 1, y: 0, width: 2, height: 1 },
    input: map3x2,
    width: 2,
    expected: grays([0.2, 0.3]),
  },
  {
    op: 'crop',
    options: { x: -1, y: 1, width: 3, height: 2 },
    input: map3x2,
    width: 3,
    expected: grays([-1, 0.4, 0.5], [-1, -1, -1]),
  },
  {
    op: 'crop',
    options: { x: 60, y: 0, width: 2, height: 1 },
    input: map3x2,
    width: 2,
    expected: grays([-1, -1]),
  },
];

export const knownAnswers: readonly KnownAnswer[] = [
  ...points,
  ...vignettes,
  ...gradients,
  ...Object.keys(mixed).flatMap(blends),
  ...placements,
  ...blurs,
  ...sharpenings,
  ...gradientsOfEdges,
  ...specks,
  ...resizes,
  ...geometry,
];

/** f32 to 8 bits: clamp, then round half up; NaN becomes 0. */
export const quantised: readonly (readonly [number, number])[] = [
  [-1, 0],
  [0, 0],
  [0.1, 26],
  [0.5, 128],
  [1, 255],
  [2, 255],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 255],
  [Number.NEGATIVE_INFINITY, 0],
  [127.49 / 255, 127],
  [127.51 / 255, 128],
];
