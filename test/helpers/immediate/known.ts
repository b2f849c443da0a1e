/** Which pixels of an image are known, and how far rounding to codes may have moved them. */
import { ops } from 'framelane';
import type { Options, Step } from './program.ts';

/** Known pixels, one by one, or all or none of them. */
type Known = Uint8Array | boolean;

export interface Content {
  /** By the position in memory, over the whole capacity: changing the size moves no pixel. */
  readonly known: Uint8Array;
  /** Codes of 1/255 by which a way that rounds elsewhere may be off. */
  codes: number;
}

/** Operations whose every pixel comes from the pixel at its place; of others, one unknown pixel makes all unknown. */
const aligned = new Set([
  ...['brightness', 'contrast', 'saturation', 'gamma', 'opacity', 'hue', 'vibrance', 'toneMap'],
  ...['lut3d', 'invert', 'sepia', 'blend', 'vignette'],
]);

const isFill = (op: string) => ops[op as keyof typeof ops].group === 'Fill';
const all = (known: Known) => (typeof known === 'boolean' ? known : !known.includes(0));

export interface Operands {
  readonly source: Content;
  readonly pixels: number;
  /** Whether the images that stand in the options are known as a whole, and their codes. */
  readonly images: readonly { readonly known: boolean; readonly codes: number }[];
}

interface StageLike {
  readonly op: string;
  readonly options: Options;
}

/** What a call makes of its operands, as they were before it. */
export function resultOf(
  stages: readonly StageLike[],
  { source, pixels, images }: Operands,
  gainOf: (op: string, options: Options) => number,
): { known: Known; codes: number } {
  let known: Known = source.known.slice(0, pixels);
  let codes = source.codes;
  const queue = [...images];
  for (const { op, options } of stages) {
    const operand = Object.values(options).some((v) => typeof v === 'object' && 'slot' in v)
      ? queue.shift()
      : undefined;
    if (isFill(op)) [known, codes] = [true, 0];
    else {
      if (!aligned.has(op)) known = all(known);
      if (operand?.known === false) known = false;
      codes = codes * gainOf(op, options) + (operand?.codes ?? 0);
    }
  }
  return { known, codes };
}

/** Writes what is known of the first `pixels` of a target. */
export function place(target: Content, pixels: number, known: Known, codes: number): void {
  if (typeof known === 'boolean') target.known.fill(known ? 1 : 0, 0, pixels);
  else target.known.set(known.subarray(0, pixels));
  target.codes = Math.max(codes, pixels < target.known.length ? target.codes : 0);
}

export const stagesOf = (step: Step & { call: 'op' | 'apply' }): readonly StageLike[] =>
  step.call === 'op' ? [step] : step.stages;
