/** Pipelines compiled for frames of one shape. */
import { addon } from './binding.ts';
import { loadLut } from './cube-file.ts';
import { type DeviceOption, resolveDevice } from './device.ts';
import type { ImageU8 } from './image/image.ts';
import { loadU8 } from './image/load.ts';
import { freeTables } from './image/lut-table.ts';
import { type LoadedFiles, nativeStages } from './image/stages.ts';
import type { Lut } from './lut.ts';
import type { NativeShape, NativeStage, PlanHandle } from './native.ts';
import type { Pipeline } from './pipeline.ts';
import { stageFiles } from './stage-files.ts';
import type { SourceInfo } from './tone-mapping.ts';

/** What a frame looks like: format (`rgba8`, `yuv420p10`, `yuva444p` …), size, matrix, range and chroma location. */
export type FrameShape = NativeShape;

/** Stages whose images and LUTs are on a device; dispose frees those that were loaded for it. */
export interface PreparedStages extends Disposable {
  readonly stages: NativeStage[];
}

/**
 * Loads the images and LUTs a pipeline names by path to a device. `source` says what the pipeline gets, for operations that
 * depend on it: toneMap's `from: "auto"`.
 *
 * @example
 * using prepared = await prepareStages(await readPipeline('pipelines/watermark.json'), 'cpu')
 */
export async function prepareStages(
  pipeline: Pick<Pipeline, 'stages'>,
  device: DeviceOption,
  source: SourceInfo = {},
): Promise<PreparedStages> {
  const on = resolveDevice(device);
  const images = new Map<string, ImageU8>();
  const luts = new Map<string, Lut>();
  const dispose = () => {
    for (const image of images.values()) image.free();
    for (const lut of luts.values()) freeTables(lut);
  };
  try {
    for (const { kind, file } of stageFiles(pipeline.stages)) {
      if (kind === 'lut' && !luts.has(file)) luts.set(file, await loadLut(file));
      if (kind === 'image' && !images.has(file))
        images.set(file, await loadU8(file, { device: on }));
    }
    const files: LoadedFiles = {
      image: (file) => images.get(file) as ImageU8,
      lut: (file) => luts.get(file) as Lut,
    };
    const stages = nativeStages(pipeline.stages, on, { files, source });
    return { stages, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

export interface CompileOptions {
  readonly device?: DeviceOption | undefined;
  /** Format, matrix, range and chroma location of the result; those of the input by default. */
  readonly output?:
    | Partial<Pick<FrameShape, 'format' | 'matrix' | 'range' | 'chromaLocation'>>
    | undefined;
  /** Whether YUV planes may be filtered as they are; true by default. */
  readonly planar?: boolean | undefined;
  /** Whether the input's alpha is known to be 1 everywhere, although its format has one; false by default. */
  readonly opaque?: boolean | undefined;
}

/** Compiles prepared stages for frames of one shape. */
export function compileStages(
  stages: readonly NativeStage[],
  input: FrameShape,
  { device, output = {}, planar = true, opaque = false }: CompileOptions = {},
): PlanHandle {
  return new (addon().PlanHandle)({
    device: resolveDevice(device),
    stages,
    input,
    outputFormat: output.format ?? input.format,
    outputMatrix: output.matrix ?? input.matrix,
    outputRange: output.range ?? input.range,
    outputChromaLocation: output.chromaLocation ?? input.chromaLocation,
    planar,
    opaque,
  });
}

/**
 * Compiles a pipeline whose images and LUTs are in memory; `describe()` lists the passes, `run(input, output)` takes one tightly
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
  const device = resolveDevice(options.device);
  return compileStages(nativeStages(pipeline.stages, device), input, { ...options, device });
}

/** The bytes of one tightly packed frame. */
export function frameBytes({ format, width, height }: FrameShape): number {
  const whole = width * height;
  const [, layout = '', depth] = /^(rgba|gray|yuva?4\d\dp)(.*)$/.exec(format) ?? [];
  const bytesPerSample = depth === 'f32' ? 4 : Number(depth) > 8 ? 2 : 1;
  if (layout === 'rgba') return 4 * whole * bytesPerSample;
  if (layout === 'gray') return whole * bytesPerSample;
  const shiftX = layout.includes('444') ? 0 : 1;
  const shiftY = layout.includes('420') ? 1 : 0;
  const chroma = Math.ceil(width / 2 ** shiftX) * Math.ceil(height / 2 ** shiftY);
  const alpha = layout.startsWith('yuva') ? whole : 0;
  return (whole + 2 * chroma + alpha) * bytesPerSample;
}
