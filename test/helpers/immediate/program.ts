/** Programs of the immediate API as data: what a test makes at random, runs under several policies, shrinks and prints. */
import { type Element, sizeText } from '../image.ts';

/** Images and LUTs stand in options by their number, so that a program can be printed and run again. */
export type Value =
  | number
  | string
  | boolean
  | readonly number[]
  | { readonly slot: number }
  | { readonly lut: number };
export type Options = Readonly<Record<string, Value>>;

/** An image at the start: made in `made`'s size, shown in its own, and filled unless it is new memory. */
export interface Slot {
  readonly element: Element;
  readonly made: readonly [number, number];
  readonly size: readonly [number, number];
  readonly seed: number | undefined;
}

export type Rectangle = readonly [x: number, y: number, width: number, height: number];

interface Buffers {
  readonly dst?: number | undefined;
  readonly temp?: number | undefined;
  /** Where an image that the call makes is kept; what was there is freed, or left to the collector. */
  readonly into?: number | undefined;
  readonly frees?: boolean | undefined;
}

export interface OpStep extends Buffers {
  readonly call: 'op';
  readonly image: number;
  readonly op: string;
  readonly options: Options;
}

export interface ApplyStep extends Buffers {
  readonly call: 'apply';
  readonly image: number;
  readonly stages: readonly { readonly op: string; readonly options: Options }[];
}

export type Step =
  | OpStep
  | ApplyStep
  | {
      readonly call: 'copy' | 'convertFloatToU8' | 'convertU8ToFloat';
      readonly to: number;
      readonly from: number;
    }
  | {
      readonly call: 'resize';
      readonly image: number;
      readonly size: readonly [number, number];
      /** Which of the two setters is used, or both at once. */
      readonly by: 'width' | 'height' | 'method';
    }
  | {
      readonly call: 'upload';
      readonly image: number;
      readonly seed: number;
      readonly as: Element;
      readonly region?: Rectangle | undefined;
      /** So many samples more than are right. */
      readonly extra?: number | undefined;
      readonly waits?: boolean | undefined;
    }
  | {
      readonly call: 'download';
      readonly image: number;
      readonly as: Element;
      readonly region?: Rectangle | undefined;
      readonly waits?: boolean | undefined;
    }
  | { readonly call: 'free'; readonly image: number }
  | {
      readonly call: 'make';
      readonly image: number;
      readonly element: Element;
      readonly size: readonly [number, number];
    }
  /** The image's memory is seen from then on, after every step. */
  | { readonly call: 'asPinned'; readonly image: number }
  /** A pixel of that memory is written. */
  | { readonly call: 'poke'; readonly image: number; readonly seed: number }
  /** The garbage collector takes images that no slot holds any more. */
  | { readonly call: 'collect' }
  | { readonly call: 'deviceSync' | 'memoryUsage' | 'trimMemory' };

export interface Program {
  readonly seed: number;
  readonly slots: readonly Slot[];
  readonly steps: readonly Step[];
}

const name = (slot: number) => `i${slot}`;

function valueText(value: Value): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if ('slot' in value) return name(value.slot);
  return 'lut' in value ? `lut${value.lut}` : JSON.stringify(value);
}

const optionsText = (options: Options) =>
  Object.entries(options)
    .map(([key, value]) => `${key}: ${valueText(value)}`)
    .join(', ');

function buffersText({ dst, temp, into, frees }: Buffers): string {
  const given = [
    dst !== undefined && `dst: ${name(dst)}`,
    temp !== undefined && `temp: ${name(temp)}`,
  ];
  const made = into === undefined ? '' : ` -> ${name(into)}${frees ? ' (freed before)' : ''}`;
  const text = given.filter(Boolean).join(', ');
  return (text && ` {${text}}`) + made;
}

function stepText(step: Step): string {
  switch (step.call) {
    case 'op':
      return `${step.op}(${name(step.image)}, {${optionsText(step.options)}})${buffersText(step)}`;
    case 'apply': {
      const stages = step.stages.map(({ op, options }) => `${op}({${optionsText(options)}})`);
      return `apply([${stages.join(', ')}], ${name(step.image)})${buffersText(step)}`;
    }
    case 'copy':
    case 'convertFloatToU8':
    case 'convertU8ToFloat':
      return `${step.call}(${name(step.to)}, ${name(step.from)})`;
    case 'resize':
      return `${name(step.image)}.resize(${step.size}) by ${step.by}`;
    case 'upload':
    case 'download': {
      const { region, waits } = step;
      const extra = step.call === 'upload' && step.extra ? `, ${step.extra} samples too many` : '';
      const where = region ? `, region ${region}` : '';
      return `${step.call}${waits ? 'Async' : ''}(${name(step.image)}, ${step.as}${where}${extra})`;
    }
    case 'make':
      return `${name(step.image)} = new ${step.element} ${step.size.join('x')}`;
    case 'free':
    case 'asPinned':
    case 'poke':
      return `${step.call}(${name(step.image)})`;
    default:
      return step.call;
  }
}

export function programText({ seed, slots, steps }: Program): string {
  const images = slots.map(({ element, made, size, seed: content }, i) => {
    const text = `${name(i)}: ${element} ${size.join('x')}, made ${sizeText({ width: made[0], height: made[1] })}`;
    return content === undefined ? `${text}, new memory` : text;
  });
  const lines = steps.map((step, i) => `${String(i + 1).padStart(3)} ${stepText(step)}`);
  return [`seed ${seed}`, ...images, ...lines].join('\n');
}

/** Whether dropping calls until each is needed leaves anything: the smallest program that still fails in that way. */
export async function shrink(
  program: Program,
  fails: (candidate: Program) => Promise<boolean>,
): Promise<Program> {
  let smallest = program;
  for (let size = Math.ceil(program.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = smallest.steps.length - size; from >= 0; from -= size) {
      const steps = smallest.steps.toSpliced(from, size);
      const candidate = { ...smallest, steps };
      if (await fails(candidate)) smallest = candidate;
      else continue;
    }
  }
  return smallest;
}
