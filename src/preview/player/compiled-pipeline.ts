/** A pipeline compiled for the frames of a source, with the memory that its results need. */
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
import type { SourceFrame } from './source-queue.ts';

export interface CompileOptions extends AssetOptions {
  readonly device: DeviceId;
  /** `auto`: the YUV format of the source if every pixel is opaque, else 8-bit RGBA. */
  readonly format?: 'auto' | 'rgba' | undefined;
  readonly squarePixels?: boolean | undefined;
}

export interface PassTime extends Quantiles {
  readonly text: string;
}

export class CompiledPipeline implements Disposable {
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

  /** Loads the images that the pipeline names and compiles it; rejects an invalid pipeline. */
  static async compile(
    pipeline: Pick<Pipeline, 'stages'>,
    info: VideoInfo,
    shape: NativeShape,
    { device, format = 'auto', squarePixels = false, assets }: CompileOptions,
  ): Promise<CompiledPipeline> {
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
      return new CompiledPipeline(plan, prepared, device);
    } catch (error) {
      prepared[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * The result for a frame, or the frame itself if the pipeline changes nothing. Within a sequence, operations over time see
   * the frames with earlier times as the previous ones.
   */
  async render(
    runner: PlanRunnerHandle,
    { source, timestamp }: SourceFrame,
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

  /** Seconds that each pass took for the last frames. */
  passTimes(): PassTime[] {
    return this.#passes.map(({ text, seconds }) => ({ text, ...seconds.quantiles() }));
  }

  /** Results on loan stay valid until they are released. */
  [Symbol.dispose](): void {
    this.#outputs[Symbol.dispose]();
    this.#prepared[Symbol.dispose]();
  }
}
