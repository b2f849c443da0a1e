/** The groups of the immediate API, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { FillMethods } from './fill.ts';
import type { AdjustMethods } from './adjust.ts';
import type { FilterMethods } from './filter.ts';
import type { BlendMethods } from './blend.ts';
import type { EffectMethods } from './effect.ts';
import type { TransformMethods } from './transform.ts';
import type { ResizeMethods } from './resize.ts';
import type { MeasureMethods } from './measure.ts';

export interface Groups {
  readonly Fill: FillMethods;
  readonly Adjust: AdjustMethods;
  readonly Filter: FilterMethods;
  readonly Blend: BlendMethods;
  readonly Effect: EffectMethods;
  readonly Transform: TransformMethods;
  readonly Resize: ResizeMethods;
  readonly Measure: MeasureMethods;
}
