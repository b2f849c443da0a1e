/** Random chains of operations, the same for the same seed. FRAMELANE_FUZZ=1000 tries so many instead of a few. */
import { type AnyImage, Lut } from 'framelane';
import { makeRandom } from './random.ts';

export type Stage = { readonly op: string } & Readonly<Record<string, unknown>>;

export const rounds = (few: number) => Number(process.env['FRAMELANE_FUZZ'] ?? few);

interface Dice {
  between(from: number, to: number): number;
  whole(from: number, to: number): number;
  of<T>(values: readonly T[]): T;
}

type Maker = (dice: Dice) => Stage;

/** Linear colour operations that keep the frame opaque. */
export const linearOps: readonly Maker[] = [
  (d) => ({ op: 'brightness', factor: d.between(-0.15, 0.15) }),
  (d) => ({ op: 'contrast', factor: d.between(0.7, 1.3) }),
  (d) => ({ op: 'saturation', factor: d.between(0.5, 1.5) }),
  (d) => ({ op: 'sepia', intensity: d.between(0, 1) }),
  () => ({ op: 'invert' }),
];

/** A cool look, bent enough to tell the cells apart. */
const look = new Lut({
  size: 6,
  entries: Array.from({ length: 3 * 6 ** 3 }, (_, i) => {
    const [channel, entry] = [i % 3, Math.floor(i / 3)];
    const axes = [entry % 6, Math.floor(entry / 6) % 6, Math.floor(entry / 36)].map((n) => n / 5);
    const own = axes[channel] as number;
    return 0.85 * own ** (1.2 - 0.1 * channel) + 0.15 * (axes[(channel + 1) % 3] as number);
  }),
});

// No vibrance: it jumps at the edge of the skin tones, where the last bit of a float decides. No toneMap: at black it is
// vertical, and the last bit decides there.
export const colorOps: readonly Maker[] = [
  ...linearOps,
  (d) => ({ op: 'gamma', gamma: d.between(0.8, 1.3) }),
  (d) => ({ op: 'hue', degrees: d.between(-360, 360) }),
  (d) => ({ op: 'opacity', factor: d.between(0.8, 1) }),
  (d) => ({
    op: 'lut3d',
    lut: look,
    interpolation: d.of(['tetrahedral', 'trilinear']),
    strength: d.between(0.3, 1),
  }),
  (d) => ({
    op: 'vignette',
    radius: d.between(0.5, 1.5),
    color: [0.2, 0.4, d.between(0, 1), d.between(0, 1)],
  }),
];

/**
 * What is bent between neighbours: nothing may move past it, and no plane of a YUV frame be put through it. No sobel: each
 * enlarges the last bit eightfold.
 */
export const bentOps: readonly Maker[] = [() => ({ op: 'median' })];

export const insideOps: readonly Maker[] = [
  (d) => ({ op: 'flip', direction: d.of(['horizontal', 'vertical', 'both']) }),
  (d) => ({
    op: 'crop',
    x: d.whole(0, 4),
    y: d.whole(0, 4),
    width: d.whole(20, 24),
    height: d.whole(20, 24),
  }),
  (d) => ({ op: 'gaussianBlur', radius: d.whole(1, 4) }),
  (d) => ({ op: 'sharpen', strength: d.between(0, 0.4) }),
  ...bentOps,
];

/** What planes can go through as they are, also at offsets between chroma samples. */
export const planarOps: readonly Maker[] = [
  ...linearOps,
  (d) => ({ op: 'flip', direction: d.of(['horizontal', 'vertical', 'both']) }),
  (d) => ({ op: 'crop', x: d.whole(0, 4), y: d.whole(0, 4), width: 22, height: 24 }),
  (d) => ({ op: 'gaussianBlur', radius: d.whole(1, 4) }),
  (d) => ({ op: 'sharpen', strength: d.between(0, 0.4) }),
];

export const geometryOps: readonly Maker[] = [
  ...insideOps,
  (d) => ({
    op: 'crop',
    x: d.whole(-9, 9),
    y: d.whole(-9, 9),
    width: d.whole(30, 60),
    height: d.whole(30, 60),
  }),
  (d) => ({
    op: 'resize',
    width: d.whole(28, 70),
    height: d.whole(28, 70),
    method: d.of(['nearest', 'bilinear']),
  }),
];

export const fillOps: readonly Maker[] = [
  (d) => ({ op: 'fillColor', color: [0.1, 0.9, 0.4, d.between(0, 1)] }),
  (d) => ({
    op: 'fillGradient',
    from: [1, 0.2, 0, 1],
    to: [0, 0.5, d.between(0, 1), d.between(0, 1)],
    direction: d.of(['horizontal', 'vertical', 'diagonal', 'radial']),
    seamless: d.of([true, false]),
  }),
];

/** Every blend mode, with this image. */
export const blendOps = (source: AnyImage): readonly Maker[] => [
  (d) => ({
    op: 'blend',
    source,
    mode: d.of(['normal', 'multiply', 'screen', 'add', 'overlay', 'softLight', 'hardLight']),
    anchor: d.of(['topLeft', 'topRight', 'center', 'bottomCenter']),
    offsetX: d.whole(-9, 9),
    offsetY: d.whole(-9, 9),
    opacity: d.between(0.2, 1),
  }),
];

export function chain(length: number, seed: number, makers: readonly Maker[]): Stage[] {
  const random = makeRandom(seed);
  const between = (from: number, to: number) => from + (to - from) * random();
  const whole = (from: number, to: number) => Math.floor(between(from, to + 1));
  const of = <T>(values: readonly T[]) => values[whole(0, values.length - 1)] as T;
  return Array.from({ length }, () => of(makers)({ between, whole, of }));
}
