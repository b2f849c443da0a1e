/** Options and builder methods of all operations, for editors. Made from the table in `src/ops` by `npm run docs`. */
import type { FillOptions, FillStages } from './fill.ts';
import type { AdjustOptions, AdjustStages } from './adjust.ts';
import type { FilterOptions, FilterStages } from './filter.ts';
import type { BlendOptions, BlendStages } from './blend.ts';
import type { EffectOptions, EffectStages } from './effect.ts';
import type { TransformOptions, TransformStages } from './transform.ts';
import type { ResizeOptions, ResizeStages } from './resize.ts';
import type { MeasureOptions, MeasureStages } from './measure.ts';

export interface StageOptions extends FillOptions, AdjustOptions, FilterOptions, BlendOptions, EffectOptions, TransformOptions, ResizeOptions, MeasureOptions {}

export interface Stages<P> extends FillStages<P>, AdjustStages<P>, FilterStages<P>, BlendStages<P>, EffectStages<P>, TransformStages<P>, ResizeStages<P>, MeasureStages<P> {}
