/** The immediate API: one object per group of operations, with methods made from the table. */

import { ops } from '../ops/index.ts';
import type { GroupName, OpDeclaration } from '../schema/declaration.ts';
import type { Groups } from './help/index.ts';
import { callOf } from './op-call.ts';

/** The only cast: the methods are those of the table. */
function group<G extends keyof Groups & GroupName>(name: G): Groups[G] {
  const methods: Record<string, unknown> = {};
  for (const op of Object.values<OpDeclaration>(ops)) {
    if (op.group !== name) continue;
    for (const [methodName, preset] of Object.entries(op.methods)) {
      methods[methodName] = callOf(op, preset);
    }
  }
  return Object.freeze(methods) as unknown as Groups[G];
}

/** Fills a whole image. */
export const Fill: Groups['Fill'] = group('Fill');
/** Colour adjustments, in place. */
export const Adjust: Groups['Adjust'] = group('Adjust');
/** Blurs (making an image) and looks (in place). */
export const Filter: Groups['Filter'] = group('Filter');
/** Composites a second image over the first, in place. */
export const Blend: Groups['Blend'] = group('Blend');
/** Effects, in place. */
export const Effect: Groups['Effect'] = group('Effect');
/** Geometry without resampling. */
export const Transform: Groups['Transform'] = group('Transform');
/** Resampling. */
export const Resize: Groups['Resize'] = group('Resize');
/** Measurements of an image, as data. */
export const Measure: Groups['Measure'] = group('Measure');
