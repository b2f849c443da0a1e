/** A model of single calls in doubles: what it knows, the image must be; what a call does not name must not change. */

import { brightness, contrast, invert, opacity } from '../../reference/adjust.ts';
import { blend } from '../../reference/blend.ts';
import { fillColor } from '../../reference/fill.ts';
import { crop, flip } from '../../reference/transform.ts';
import { type Pixels, pixelsFrom } from '../image.ts';
import { samplesIn } from '../run.ts';
import { stagesOf } from './known.ts';
import type { Options, Step, Value } from './program.ts';
import type { Live, Observer } from './run.ts';
import { noise, type Samples } from './samples.ts';

// biome-ignore lint/suspicious/noExplicitAny: each reference takes its own operation's options
const references: Readonly<Record<string, (image: Pixels, options: any) => Pixels>> = {
  ...{ fillColor, brightness, contrast, invert, opacity, flip, crop },
  blend: (image, { source, ...options }) => blend(image, source, options),
};

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly samples: Samples;
  readonly known: boolean;
}

/** Undefined once freed. */
function see({ image, freed, known }: Live): Seen | undefined {
  if (freed) return undefined;
  const { width, height } = image;
  const whole = !known.subarray(0, width * height).includes(0);
  return { width, height, samples: samplesIn(image), known: whole };
}

const picture = (seen: Seen) => pixelsFrom(seen, seen.samples);

function sameSeen(a: Seen | undefined, b: Seen | undefined): boolean {
  if (!a || !b) return a === b;
  const bytes = ({ samples }: Seen) =>
    Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return a.width === b.width && a.height === b.height && bytes(a).equals(bytes(b));
}

/** The slots that a call may change; `temp` lends its memory. */
function changed(step: Step): readonly (number | undefined)[] {
  if (step.call === 'op' || step.call === 'apply') {
    return [step.into ?? step.dst ?? step.image, step.temp];
  }
  if ('to' in step) return [step.to];
  return 'image' in step && step.call !== 'download' ? [step.image] : [];
}

export class StepModel implements Observer {
  /** The first that was not as it should be. */
  found: string | undefined;
  #before: readonly (Seen | undefined)[] = [];
  #calls = 0;

  before(_step: Step, lives: readonly Live[]): void {
    this.#calls++;
    this.#before = lives.map(see);
  }

  after(step: Step, lives: readonly Live[], event: string): void {
    const now = lives.map(see);
    const expected = event === 'ok' ? this.expected(step) : undefined;
    const frees =
      (step.call === 'op' || step.call === 'apply') && step.frees ? step.into : undefined;
    const may =
      event === 'ok'
        ? changed(step)
        : [step.call === 'op' || step.call === 'apply' ? step.temp : undefined, frees];
    for (const [i, seen] of now.entries()) {
      if (may.includes(i) || sameSeen(this.#before[i], seen)) continue;
      this.found ??= `step ${this.#calls}, ${event}: i${i} should not have changed`;
    }
    if (expected === undefined) return;
    const target = now[changed(step)[0] as number];
    const wrong = target ? mismatch(expected, target, this.magnitude(step)) : 'freed';
    if (wrong) this.found ??= `step ${this.#calls}: ${wrong}`;
  }

  /** What the call's target should show, where all that goes into it is known. */
  expected(step: Step): Pixels | undefined {
    if (step.call === 'op' || step.call === 'apply') {
      let image = this.picture(step.image);
      // Bytes round once at the end of a pipeline, and a target of bytes may follow a source of floats: one stage will do.
      const stages = stagesOf(step);
      if (stages.length !== 1) return undefined;
      for (const { op, options } of stages) {
        const resolved = this.resolve(options);
        if (op === 'fillColor') image ??= this.size(step.image);
        image = image && resolved && references[op]?.(image, resolved);
      }
      return image;
    }
    if ('to' in step) return this.picture(step.from);
    if (step.call !== 'upload' || step.region) return undefined;
    const target = this.#before[step.image] as Seen;
    const count = target.width * target.height * 4;
    return pixelsFrom(target, noise(count, step.as, step.seed, false));
  }

  /** Of the numbers that go in, from 1: what floats lose grows with them, and may be more than the result. */
  magnitude(step: Step): number {
    if (step.call !== 'op' && step.call !== 'apply') return 1;
    const values = stagesOf(step).flatMap(({ options }) => Object.values(options));
    const numbers = values.map((value) => (typeof value === 'number' ? Math.abs(value) : 0));
    const slots = [step.image, ...values.flatMap((value) => (isSlot(value) ? [value.slot] : []))];
    const samples = slots.map((slot) => largest(this.#before[slot]));
    return Math.max(1, ...numbers) * Math.max(1, ...samples);
  }

  picture(slot: number): Pixels | undefined {
    const seen = this.#before[slot];
    return seen?.known ? picture(seen) : undefined;
  }

  /** A picture of that size, where its pixels do not matter. */
  size(slot: number): Pixels | undefined {
    const seen = this.#before[slot];
    return seen && picture(seen);
  }

  resolve(options: Options): Record<string, unknown> | undefined {
    const entries = Object.entries(options).map(([name, value]): [string, unknown] => {
      return [name, isSlot(value) ? this.picture(value.slot) : value];
    });
    return entries.some(([, value]) => value === undefined)
      ? undefined
      : Object.fromEntries(entries);
  }
}

const isSlot = (value: Value): value is { slot: number } =>
  typeof value === 'object' && 'slot' in value;

function largest(seen: Seen | undefined): number {
  if (!seen || seen.samples instanceof Uint8Array) return 1;
  // New memory may hold anything.
  const finite = seen.samples.filter(Number.isFinite) as Float32Array;
  return finite.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
}

/** Bytes are floor(clamp(v, 0, 1) 255 + 0.5): no more than half a code away, plus what a float is off by. */
function mismatch(
  expected: Pixels,
  { width, height, samples }: Seen,
  magnitude: number,
): string | undefined {
  if (expected.width !== width || expected.height !== height) {
    return `expected ${expected.width}x${expected.height}, received ${width}x${height}`;
  }
  const isBytes = samples instanceof Uint8Array;
  for (const [i, value] of expected.data.entries()) {
    const clamped = isBytes ? 255 * Math.min(1, Math.max(0, value)) : value;
    const alpha = Math.max(1e-6, Math.min(1, expected.data[i | 3] as number));
    const off =
      (1e-6 * Math.max(magnitude, Math.abs(value)) * (isBytes ? 255 : 1)) /
      ((i & 3) < 3 ? alpha : 1);
    const received = samples[i] as number;
    if (Math.abs(received - clamped) <= (isBytes ? 0.5 : 0) + 2 * off) continue;
    if (Number.isNaN(clamped) && Number.isNaN(received)) continue;
    return `pixel ${i >> 2}, channel ${i & 3}: expected ${clamped}, received ${received}`;
  }
  return undefined;
}
