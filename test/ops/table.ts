/** Every operation with the options it is tested with, its reference, and how near the results must come. */
import { Lut } from 'framelane';
import type { Pixels } from '../helpers/image.ts';
import { makeRandom } from '../helpers/random.ts';
import * as adjust from '../reference/adjust.ts';
import { type BlendOptions, blend } from '../reference/blend.ts';
import { vignette } from '../reference/effect.ts';
import { fillColor, fillGradient } from '../reference/fill.ts';
import { gaussianBlur, gaussianBlurInPasses } from '../reference/gaussian-blur.ts';
import { lut3d } from '../reference/lut3d.ts';
import { resize } from '../reference/resize.ts';
import { median, sharpen, sobel } from '../reference/stencil.ts';
import { toneMap } from '../reference/tone-map.ts';
import { crop, flip } from '../reference/transform.ts';

// biome-ignore lint/suspicious/noExplicitAny: each reference takes its own operation's options
type Reference = (image: Pixels, options: any) => Pixels;

export interface OpRow {
  readonly op: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where a case lies on an edge of the definition there are two right answers, per pixel. */
  readonly references: readonly Reference[];
  /** f32, absolute up to 1 and relative beyond; 8 bits may add half a code. */
  readonly tolerance: number;
  /** The largest picture its reference can do in reasonable time, in pixels. */
  readonly maxPixels?: number;
  /** The result's colour was divided by its alpha, which enlarges every error. */
  readonly dividesByAlpha?: boolean;
  /** How much more a colour of that value may differ, where the operation is steep. */
  readonly slack?: (expected: number) => number;
  /** The operation takes a second picture of that size. */
  readonly overlay?: {
    readonly width: number;
    readonly height: number;
    readonly element: 'f32' | 'u8';
  };
}

type Options = Readonly<Record<string, unknown>>;
type Extra = Partial<Omit<OpRow, 'op' | 'options' | 'references'>>;

function rows(
  op: string,
  reference: Reference | readonly Reference[],
  options: readonly Options[],
  extra: Extra = {},
): OpRow[] {
  const references = typeof reference === 'function' ? [reference] : reference;
  return options.map((one) => ({ op, options: one, references, tolerance: 1e-5, ...extra }));
}

const area = { dividesByAlpha: true } as const;
const directions = ['horizontal', 'vertical', 'diagonal', 'radial'];
const modes = ['normal', 'multiply', 'screen', 'add', 'overlay', 'softLight', 'hardLight'];
const anchors = [
  'topLeft',
  'topCenter',
  'topRight',
  'centerLeft',
  'center',
  'centerRight',
  'bottomLeft',
  'bottomCenter',
  'bottomRight',
];

/** The power law that encodes light is vertical at black: what an error of the light makes there. */
function lightSlack(signal: number, error: number): number {
  const encode = (light: number) => Math.max(0, light) ** (1 / 2.4);
  const light = signal ** 2.4;
  return Math.max(signal - encode(light - error), encode(light + error) - signal);
}

/** Any numbers will do: nothing may depend on a table being smooth. */
function randomLut(dimensions: 1 | 3, size: number, domain: object = {}): Lut {
  const random = makeRandom(size);
  const entries = Float32Array.from({ length: 3 * size ** dimensions }, () => random() * 1.5 - 0.2);
  return new Lut({ dimensions, size, entries, ...domain });
}

const wideDomain = { domainMin: [-0.5, 0, 0.125], domainMax: [1, 2, 0.75] };

/** The second picture is made from the row, by `overlayOf`; the reference gets it beside the options. */
const blendReference = (
  image: Pixels,
  { overlay, ...options }: BlendOptions & { overlay: Pixels },
) => blend(image, overlay, options);

export const opRows: readonly OpRow[] = [
  ...rows('fillColor', fillColor, [
    { color: [0.2, 0.4, 0.6, 0.8] },
    { color: [0, 0, 0, 0] },
    { color: [3, -1, 0.5, 1] },
  ]),
  ...rows(
    'fillGradient',
    fillGradient,
    directions.flatMap((direction) =>
      [false, true].map((seamless) => ({
        from: [1, 0.25, 0, 1],
        to: [0, 0.5, 1.5, 0.25],
        direction,
        seamless,
      })),
    ),
  ),
  ...rows('brightness', adjust.brightness, [
    { factor: 0 },
    { factor: 0.1 },
    { factor: -0.35 },
    { factor: 100 },
  ]),
  ...rows('contrast', adjust.contrast, [
    { factor: 1 },
    { factor: 0 },
    { factor: 1.3 },
    { factor: -0.5 },
  ]),
  ...rows('saturation', adjust.saturation, [
    { factor: 1 },
    { factor: 0 },
    { factor: 1.8 },
    { factor: 0.4 },
  ]),
  ...rows('gamma', adjust.gamma, [{ gamma: 1 }, { gamma: 2.2 }, { gamma: 0.45 }, { gamma: 1.1 }]),
  ...rows('gamma', adjust.gamma, [{ gamma: 0.05 }], { tolerance: 1e-4 }), // a 20th power
  ...rows('opacity', adjust.opacity, [
    { factor: 1 },
    { factor: 0 },
    { factor: 0.3 },
    { factor: 1.5 },
  ]),
  ...rows(
    'hue',
    adjust.hue,
    [0, 30, 120, 180, -77.5, 300, 1234].map((degrees) => ({ degrees })),
  ),
  ...rows(
    'vibrance',
    adjust.vibrance,
    [0, 0.5, 1, -0.5, -1, 3].map((amount) => ({ amount })),
  ),
  ...rows(
    'toneMap',
    toneMap,
    ['pq', 'hlg'].flatMap((from) => [
      { from },
      { from, sourcePeak: 4000, targetPeak: 100 },
      { from, sourcePeak: 600, targetPeak: 400 },
      { from, sourcePeak: 100, targetPeak: 300 },
      { from, sourcePeak: 10000, targetPeak: 48 },
    ]),
    // 1e-7 of a PQ signal's base is 5e-5 of its light; what is left of a channel after the gamut's matrix may be a small
    // difference of such lights.
    { tolerance: 3e-5, slack: (signal) => lightSlack(signal, 4e-5) },
  ),
  ...rows('lut3d', lut3d, [
    { lut: randomLut(3, 2) },
    { lut: randomLut(3, 17), strength: 0.6 },
    { lut: randomLut(3, 17), interpolation: 'trilinear' },
    { lut: randomLut(3, 33, wideDomain) },
    { lut: randomLut(3, 9, wideDomain), interpolation: 'trilinear', strength: 0 },
    { lut: randomLut(1, 2) },
    { lut: randomLut(1, 33, wideDomain), strength: 0.5 },
  ]),
  ...rows('lut3d', lut3d, [{ lut: randomLut(1, 1025) }, { lut: randomLut(3, 65) }], {
    tolerance: 1e-4, // a step of 1.5 within a 1024th of the range
  }),
  ...rows('invert', adjust.invert, [{}]),
  ...rows('sepia', adjust.sepia, [{}, { intensity: 0 }, { intensity: 0.4 }, { intensity: 1.5 }]),
  ...rows('vignette', vignette, [
    {},
    { radius: 0, softness: 0.5 },
    { radius: 1.2, softness: 0.05, color: [1, 0.8, 0.5, 0.6] },
    { radius: 0.5, softness: 3, color: [0.1, 0, 0.2, 1] },
  ]),
  ...modes.flatMap((mode) =>
    rows(
      'blend',
      blendReference,
      [{ mode, opacity: 0.7, anchor: 'center', offsetX: 2, offsetY: -1 }],
      {
        overlay: { width: 29, height: 18, element: 'f32' },
      },
    ),
  ),
  ...anchors.flatMap((anchor, i) =>
    rows('blend', blendReference, [{ anchor }], {
      overlay: { width: 41 - 5 * i, height: 3 + 6 * i, element: i % 2 === 0 ? 'u8' : 'f32' },
    }),
  ),
  ...rows('blend', blendReference, [{}, { mode: 'softLight', offsetX: -300, opacity: 0 }], {
    overlay: { width: 613, height: 300, element: 'u8' },
  }),
  ...rows(
    'gaussianBlur',
    gaussianBlur,
    [
      {},
      { radius: 0 },
      { sigma: 0 },
      { radius: 1 },
      { radius: 2, sigma: 5 },
      { sigma: 0.5 },
      { radius: 6 },
      { sigma: 1.7 },
    ],
    { ...area, maxPixels: 26_000 },
  ),
  ...rows('gaussianBlur', gaussianBlur, [{ radius: 12, sigma: 3.3 }], { ...area, maxPixels: 1000 }),
  // Wide kernels are fitted, to 1e-3 of their sum (kMaxPlanError).
  ...rows(
    'gaussianBlur',
    gaussianBlurInPasses,
    [{ radius: 20 }, { sigma: 9.5 }, { radius: 100, sigma: 33 }, { sigma: 60 }],
    {
      ...area,
      tolerance: 1e-3,
    },
  ),
  ...rows('sharpen', sharpen, [{}, { strength: 0 }, { strength: 0.35 }], area),
  ...rows('sharpen', sharpen, [{ strength: 7 }], { ...area, tolerance: 3e-5 }), // differences seven times as large
  ...rows('sobel', sobel, [{}]),
  ...rows('median', median, [{}], area),
  ...rows('flip', flip, [{}, { direction: 'vertical' }, { direction: 'both' }], { tolerance: 0 }),
  ...rows(
    'crop',
    crop,
    [
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 3, y: 2, width: 20, height: 11 },
      { x: -5, y: -4, width: 50, height: 40 },
      { x: 30, y: -3, width: 300, height: 8 },
      { x: 1000, y: 1000, width: 5, height: 5 },
    ],
    { tolerance: 0 },
  ),
  ...['nearest', 'bilinear', 'bicubic', 'lanczos'].flatMap((method) => [
    ...rows(
      'resize',
      resize,
      [
        { width: 64, height: 48, method },
        { width: 5, height: 90, method },
      ],
      {
        ...area,
        maxPixels: 1000,
        tolerance: 2e-5,
      },
    ),
    ...rows(
      'resize',
      resize,
      [
        { width: 61, height: 19, method },
        { width: 20, height: 20, method, antialias: false },
      ],
      {
        ...area,
        tolerance: 2e-5,
      },
    ),
  ]),
  ...rows('resize', resize, [{ width: 100, method: 'bicubic' }, { height: 3 }], {
    ...area,
    maxPixels: 1000,
    tolerance: 2e-5,
  }),
];
