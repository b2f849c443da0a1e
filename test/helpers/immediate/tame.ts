/** Options for programs whose results two ways of rounding must agree on, and for those that are known exactly. */

import type { Dice } from './generate.ts';
import type { Options } from './program.ts';
import { luts } from './samples.ts';

type Makers = Readonly<Record<string, (dice: Dice) => Options>>;

const opaqueColor = (d: Dice) => [d.between(0, 1), d.between(0, 1), d.between(0, 1), 1];
const placed = (d: Dice): Options => ({
  anchor: d.of(['topLeft', 'center', 'bottomRight']),
  offsetX: d.whole(-3, 3),
  offsetY: d.whole(-3, 3),
});
const flip = (d: Dice): Options => ({ direction: d.of(['horizontal', 'vertical', 'both']) });

/**
 * No operation that jumps or stands upright somewhere, as there the last bit decides: vibrance (at the edge of the skin
 * tones), toneMap and gamma (at black), overlay, hardLight and softLight (their halves meet, but steeply, beyond 0..1). None
 * that makes transparency, which later divides: opacity, crop beyond the edge. Enlarging is bounded by `tameGain`.
 */
export const tameOptions: Makers = {
  fillColor: (d) => ({ color: opaqueColor(d) }),
  fillGradient: (d) => ({
    from: opaqueColor(d),
    to: opaqueColor(d),
    direction: d.of(['horizontal', 'vertical', 'diagonal', 'radial']),
    seamless: d.chance(0.5),
  }),
  brightness: (d) => ({ factor: d.between(-0.2, 0.2) }),
  contrast: (d) => ({ factor: d.between(0.5, 1.1) }),
  saturation: (d) => ({ factor: d.between(0.4, 1.1) }),
  sepia: (d) => ({ intensity: d.between(0, 1) }),
  invert: () => ({}),
  hue: (d) => ({ degrees: d.between(-360, 360) }),
  lut3d: (d) => ({ lut: { lut: d.whole(0, luts.length - 1) }, strength: d.between(0, 1) }),
  vignette: (d) => ({
    radius: d.between(0.5, 1.4),
    softness: d.between(0.4, 1),
    color: opaqueColor(d),
  }),
  blend: (d) => ({ ...placed(d), mode: d.of(['normal', 'add']), opacity: d.between(0, 1) }),
  gaussianBlur: (d) => ({ radius: d.whole(0, 4) }),
  flip,
  resize: (d) => ({
    width: d.whole(1, 12),
    height: d.whole(1, 12),
    method: d.of(['nearest', 'bilinear']),
  }),
};

/** By how much an operation enlarges a difference at most. */
const gains: Readonly<Record<string, (options: Options) => number>> = {
  contrast: ({ factor }) => Number(factor),
  saturation: ({ factor }) => Math.max(1, 2 * Number(factor) - 1),
  sepia: () => 1.36,
  hue: () => 4,
  lut3d: () => 4,
};

export const tameGain = (op: string, options: Options) => gains[op]?.(options) ?? 1;

/** Operations that the model of steps knows, with any options that make sense. */
export const exactOptions: Makers = {
  fillColor: (d) => ({ color: [d.between(-0.2, 1.2), 0.5, d.between(0, 1), d.of([0, 0.3, 1])] }),
  brightness: (d) => ({ factor: d.between(-1, 1) }),
  contrast: (d) => ({ factor: d.between(-1, 3) }),
  invert: () => ({}),
  opacity: (d) => ({ factor: d.of([0, d.between(0, 1), 1]) }),
  flip,
  crop: (d) => ({
    x: d.whole(-4, 4),
    y: d.whole(-4, 4),
    width: d.whole(1, 12),
    height: d.whole(1, 9),
  }),
  blend: (d) => ({ ...placed(d), mode: 'normal', opacity: d.of([0, d.between(0, 1), 1]) }),
};
