/** A pipeline compiled for the frames of a source, as a player runs it. */

import type { DeviceId } from '../../device.ts';
import { invalidOption } from '../../errors/invalid-option.ts';
import { isRgb } from '../../image/frame-shape.ts';
import type { NativeShape, PlanHandle, PlanRunnerHandle } from '../../native/native.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { isToneMapped } from '../../pipeline/tone-mapping.ts';
import { compileStages, type PreparedStages, prepareStages } from '../../plan.ts';
import { isOpaque } from '../../video/format/frame-format.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { requireKnownMatrix } from '../../video/input/decoder.ts';
import { squaringStages } from '../../video/input/input.ts';
import { FramePool, type PooledFrame } from './frame-pool.ts';
import { type Quantiles, Samples } from './samples.ts';

export interface LookOptions extends AssetOptions {
  readonly device: DeviceId;
  /** `auto`: the source's own YUV where no pixel is transparent, else RGBA of 8 bits. */
  readonly format?: 'auto' | 'rgba' | undefined;
  readonly squarePixels?: boolean | undefined;
}

export interface PassTime extends Quantiles {
  readonly text: string;
}

export class Look implements Disposable {
  readonly shape: NativeShape;
  readonly #plan: PlanHandle;
  readonly #prepared: PreparedStages;
  readonly #outputs: FramePool;
  readonly #passes: readonly { readonly text: string; readonly seconds: Samples }[];

  private constructor(plan: PlanHandle, prepared: PreparedStages, device: DeviceId) {
    this.shape = plan.output;
    this.#plan = plan;
    this.#prepared = prepared;
    this.#outputs = new FramePool(plan.output, device, { opaque: plan.opaque });
    this.#passes = plan.describe().map((text) => ({ text, seconds: new Samples() }));
  }

  /** Loads the pictures that the pipeline names and compiles it; throws what is wrong with it. */
  static async compile(
    pipeline: Pick<Pipeline, 'stages'>,
    info: VideoInfo,
    shape: NativeShape,
    { device, format = 'auto', squarePixels = false, assets }: LookOptions,
  ): Promise<Look> {
    if (!Array.isArray(pipeline?.stages)) {
      throw invalidOption('pipeline', 'a pipeline, such as readPipeline() returns', pipeline);
    }
    requireKnownMatrix(info);
    const stages = [...squaringStages(info, { squarePixels }), ...pipeline.stages];
    const prepared = await prepareStages({ stages }, device, info, { assets });
    try {
      const opaque = isOpaque(info);
      const compile = (output: Partial<NativeShape>) =>
        compileStages(prepared.stages, shape, { device, output, opaque });
      const color = isToneMapped(stages, info)
        ? ({ matrix: 'bt709', range: 'limited' } as const)
        : {};
      const inYuv = format === 'auto' && !isRgb(shape.format);
      const planar = inYuv ? compile(color) : undefined;
      const plan = planar?.opaque ? planar : compile({ format: 'rgba8' });
      return new Look(plan, prepared, device);
    } catch (error) {
      prepared[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * The result for a frame, which is the frame itself where the pipeline changes nothing. Within a sequence, what comes at a later
   * time has the others before it.
   */
  async render(
    runner: PlanRunnerHandle,
    { source, timestamp }: { readonly source: PooledFrame; readonly timestamp: number },
    sequence: number,
  ): Promise<PooledFrame> {
    if (this.#plan.passthrough) return source.retain();
    const target = this.#outputs.take();
    try {
      const [from, to] = [source.frame.handle, target.frame.handle];
      const seconds = await runner.run(this.#plan, from, to, sequence, timestamp);
      for (const [index, pass] of this.#passes.entries()) pass.seconds.add(seconds[index] ?? 0);
      return target;
    } catch (error) {
      target.release();
      throw error;
    }
  }

  /** How long each pass takes, in seconds, of the last frames. */
  passTimes(): PassTime[] {
    return this.#passes.map(({ text, seconds }) => ({ text, ...seconds.quantiles() }));
  }

  /** Frames that are shown stay until they are released. */
  [Symbol.dispose](): void {
    this.#outputs[Symbol.dispose]();
    this.#prepared[Symbol.dispose]();
  }
}
