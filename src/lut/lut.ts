/** Colour tables as data, from numbers or a .cube file; uploaded to a device when used. */

import { describeValue, FramelaneError } from '../errors/errors.ts';
import { isFloat } from '../schema/color-value.ts';

export type Triple = readonly [number, number, number];

export interface LutData {
  /** 3 by default; 1 is a curve for each channel. */
  readonly dimensions?: 1 | 3 | undefined;
  /** Entries a side: 2 to 256, of a 1-D table 2 to 65536. */
  readonly size: number;
  /** Red, green and blue of size^dimensions entries; in 3-D the red index runs fastest, then green. */
  readonly entries: ArrayLike<number>;
  /** The input colour of the first entry; black by default. */
  readonly domainMin?: Triple | undefined;
  /** The input colour of the last entry; white by default. */
  readonly domainMax?: Triple | undefined;
  readonly title?: string | undefined;
}

/** The largest side of a table of so many dimensions (Adobe Cube LUT Specification 1.0). */
export const maxLutSize: Readonly<Record<1 | 3, number>> = { 1: 65536, 3: 256 };

/**
 * A 1-D or 3-D look-up table; immutable, and usable on every device. Numbers that make no table are ERR_INVALID_ARGUMENT.
 *
 * @example
 * const swapped = new Lut({ size: 2, entries: [0,0,0, 0,0,1, 0,1,0, 0,1,1, 1,0,0, 1,0,1, 1,1,0, 1,1,1] })
 */
export class Lut {
  readonly title: string | undefined;
  readonly dimensions: 1 | 3;
  readonly size: number;
  readonly domainMin: Triple;
  readonly domainMax: Triple;
  readonly entries: Float32Array;

  constructor(data: LutData) {
    const given: Partial<LutData> = Object(data);
    const { dimensions = 3, size = 0, title } = given;
    const entries = given.entries ?? [];
    const { domainMin = [0, 0, 0], domainMax = [1, 1, 1] } = given;
    check(dimensions === 1 || dimensions === 3, 'dimensions', '1 or 3', dimensions);
    const most = maxLutSize[dimensions];
    const isSize = Number.isInteger(size) && size >= 2 && size <= most;
    check(isSize, 'size', `an integer from 2 to ${most}`, given.size);
    const count = 3 * size ** dimensions;
    check(entries.length === count, 'entries', `${count} numbers`, entries.length);
    this.entries = Float32Array.from(entries);
    const wrong = this.entries.findIndex((entry) => !Number.isFinite(entry));
    check(wrong === -1, `entries[${wrong}]`, 'a number', entries[wrong]);
    for (const [name, bound] of Object.entries({ domainMin, domainMax })) {
      const isTriple = Array.isArray(bound) && bound.length === 3 && bound.every(isFloat);
      check(isTriple, name, 'three numbers', bound);
    }
    const rises = domainMax.every((bound, i) => bound > (domainMin[i] as number));
    check(rises, 'domainMax', `more than ${describeValue(domainMin)} in each channel`, domainMax);
    this.title = title;
    this.dimensions = dimensions;
    this.size = size;
    this.domainMin = domainMin;
    this.domainMax = domainMax;
    Object.freeze(this);
  }
}

function check(valid: boolean, path: string, expected: string, received: unknown): void {
  if (valid) return;
  const message = `${path}: a Lut expects ${expected}, received ${describeValue(received)}`;
  throw new FramelaneError('ERR_INVALID_ARGUMENT', message, { path });
}
