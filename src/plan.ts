/** Pipelines compiled for frames of one shape. */
import { addon } from './binding.ts';
import { type DeviceOption, resolveDevice } from './device.ts';
import type { AnyImage, ImageU8 } from './image/image.ts';
import { loadU8 } from './image/load.ts';
import { type ImageResolver, nativeStages } from './image/stages.ts';
import type { NativeShape, NativeStage, PlanHandle } from './native.ts';
import type { Pipeline } from './pipeline.ts';

/** What a frame looks like: `rgba8`, `rgbaf32`, `gray8`, `yuv420p`, `yuv422p` or `yuv444p`, its size, matrix and range. */
export type FrameShape = NativeShape;

/** Stages whose images are on a device; dispose frees those that were loaded for it. */
export interface PreparedStages extends Disposable {
  readonly stages: NativeStage[];
}

/**
 * Loads the images a pipeline names by path to a device.
 *
 * @example
 * using prepared = await prepareStages(await readPipeline('pipelines/watermark.json'), 'cpu')
 */
export async function prepareStages(
  pipeline: Pick<Pipeline, 'stages'>,
  device: DeviceOption,
): Promise<PreparedStages> {
  const loaded = new Map<string, ImageU8>();
  const dispose = () => {
    for (const image of loaded.values()) image.free();
  };
  try {
    for (const path of imagePaths(pipeline)) {
      if (!loaded.has(path)) loaded.set(path, await loadU8(path, { device }));
    }
    const resolve: ImageResolver = (file) => loaded.get(file.image) as AnyImage;
    return { stages: nativeStages(pipeline.stages, resolve), [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function imagePaths(pipeline: Pick<Pipeline, 'stages'>): string[] {
  const values = pipeline.stages.flatMap((stage): unknown[] => Object.values(stage));
  return values.flatMap((value) => {
    const path =
      typeof value === 'object' && value !== null && 'image' in value ? value.image : null;
    return typeof path === 'string' ? [path] : [];
  });
}

export interface CompileOptions {
  readonly device?: DeviceOption | undefined;
  /** The format, matrix and range of the result; those of the input by default. */
  readonly output?: Partial<Pick<FrameShape, 'format' | 'matrix' | 'range'>> | undefined;
  /** Whether YUV planes may be filtered as they are; true by default. */
  readonly planar?: boolean | undefined;
}

/** Compiles prepared stages for frames of one shape. */
export function compileStages(
  stages: readonly NativeStage[],
  input: FrameShape,
  { device, output = {}, planar = true }: CompileOptions = {},
): PlanHandle {
  return new (addon().PlanHandle)({
    device: resolveDevice(device),
    stages,
    input,
    outputFormat: output.format ?? input.format,
    outputMatrix: output.matrix ?? input.matrix,
    outputRange: output.range ?? input.range,
    planar,
  });
}

/**
 * Compiles a pipeline whose images are in memory; `describe()` lists the passes, `run(input, output)` takes one tightly
 * packed frame from bytes to bytes.
 *
 * @example
 * const shape = { format: 'yuv420p', width: 1920, height: 1080, matrix: 'bt709', range: 'limited' } as const
 * console.log(compilePlan(pipeline().gaussianBlur(8).vignette(), shape).describe())
 */
export function compilePlan(
  pipeline: Pick<Pipeline, 'stages'>,
  input: FrameShape,
  options: CompileOptions = {},
): PlanHandle {
  return compileStages(nativeStages(pipeline.stages), input, options);
}

/** The bytes of one tightly packed frame. */
export function frameBytes({ format, width, height }: FrameShape): number {
  const chroma = (shiftX: number, shiftY: number) =>
    2 * Math.ceil(width / 2 ** shiftX) * Math.ceil(height / 2 ** shiftY);
  const samples = {
    rgba8: 4 * width * height,
    rgbaf32: 16 * width * height,
    gray8: width * height,
    yuv420p: width * height + chroma(1, 1),
    yuv422p: width * height + chroma(1, 0),
    yuv444p: width * height + chroma(0, 0),
  };
  return samples[format];
}
