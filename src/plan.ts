/** Pipelines compiled for frames of one shape. */

import { type DeviceId, type DeviceOption, resolveDevice } from './device.ts';
import { checkNames, expectOptions, namesOf } from './errors/option-names.ts';
import { completeShape, type FrameShape, isRgb } from './image/frame-shape.ts';
import { type LoadedFile, stageValues } from './image/stage-values.ts';
import { type FindFile, nativeStages } from './image/stages.ts';
import { addon } from './native/binding.ts';
import type { NativeShape, NativeStage, PlanHandle } from './native/plan.ts';
import { type AssetOptions, locator } from './pipeline/assets.ts';
import { type Pipeline, pipelineOf } from './pipeline/pipeline.ts';
import { stageFiles } from './pipeline/stage-files.ts';
import type { SourceInfo } from './pipeline/tone-mapping.ts';

/** Stages whose images and LUTs are on a device; dispose frees the loaded ones. */
export interface PreparedStages extends Disposable {
  readonly stages: NativeStage[];
  /** Prepares other stages with the loaded images and LUTs; undefined if they name a file that is not loaded. */
  restage(stages: Pipeline['stages']): NativeStage[] | undefined;
}

/**
 * Loads the images and LUTs that a pipeline names by path to a device. `source` describes the pipeline's input, for
 * toneMap's `from: "auto"`. With `assets`, only files in that folder are read.
 *
 * @example
 * using prepared = await prepareStages(await readPipeline('pipelines/watermark.json'), 'cpu')
 */
export async function prepareStages(
  pipeline: Pick<Pipeline, 'stages'>,
  device: DeviceOption,
  source: SourceInfo = {},
  options: AssetOptions = {},
): Promise<PreparedStages> {
  const { stages } = pipelineOf(pipeline);
  expectOptions(source, 'source');
  checkNames(options, ['assets']);
  const locate = await locator(options);
  const on = resolveDevice(device);
  const loaded = new Map<string, LoadedFile>();
  const dispose = () => {
    for (const file of loaded.values()) file.free();
  };
  try {
    for (const stageFile of stageFiles(stages)) {
      const { kind, file } = stageFile;
      const key = `${kind} ${file}`;
      if (loaded.has(key)) continue;
      const path = await locate(stageFile);
      loaded.set(key, await stageValues[kind].load(path, on));
    }
    const files: FindFile = (kind, file) => loaded.get(`${kind} ${file}`)?.value;
    const restage = (others: Pipeline['stages']) => {
      const known = stageFiles(others).every(({ kind, file }) => loaded.has(`${kind} ${file}`));
      return known ? nativeStages(others, on, { files, source }) : undefined;
    };
    return {
      stages: nativeStages(stages, on, { files, source }),
      restage,
      [Symbol.dispose]: dispose,
    };
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
  /** Whether YUV planes may be filtered directly; true by default. */
  readonly planar?: boolean | undefined;
  /** Whether the input's alpha is known to be 1 everywhere, although its format has one; false by default. */
  readonly opaque?: boolean | undefined;
  /** Shapes of other inputs, by the names that stages refer to: `source: { input: 'camera2' }`. */
  readonly inputs?: Readonly<Record<string, FrameShape>> | undefined;
}

const compileNames = namesOf<CompileOptions>({
  device: true,
  output: true,
  planar: true,
  opaque: true,
  inputs: true,
});

/** Compiles prepared stages for frames of one shape. */
export function compileStages(
  stages: readonly NativeStage[],
  input: NativeShape,
  options: Omit<CompileOptions, 'inputs'> & { readonly device: DeviceId },
  inputs: Readonly<Record<string, NativeShape>> = {},
): PlanHandle {
  const { device, output = {}, planar = true, opaque = false } = options;
  return new (addon().PlanHandle)({
    device,
    stages,
    input,
    outputFormat: output.format ?? input.format,
    outputMatrix: output.matrix ?? input.matrix,
    outputRange: output.range ?? input.range,
    outputChromaLocation: output.chromaLocation ?? input.chromaLocation,
    planar,
    opaque,
    inputs,
  });
}

/**
 * Compiles a pipeline whose images and LUTs are in memory. `describe()` lists the passes. `run(input, output)` processes one tightly
 * packed frame from bytes to bytes and returns the `results` of measuring operations, in order. To convert RGBA to YUV, the output
 * must have a matrix and a range.
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
  checkNames(options, compileNames);
  const { stages } = pipelineOf(pipeline);
  const device = resolveDevice(options.device);
  const shape = completeShape(input);
  const { output = {}, inputs = {} } = options;
  expectOptions(inputs, 'inputs');
  if (isRgb(shape.format) && !isRgb(output.format ?? shape.format)) {
    const { matrix, range, width, height } = input;
    completeShape({ matrix, range, width, height, ...output } as FrameShape, 'output');
  }
  const others = Object.entries(inputs).map(([name, other]) => [
    name,
    completeShape(other, `inputs.${name}`),
  ]);
  const named = Object.fromEntries(others) as Record<string, NativeShape>;
  return compileStages(nativeStages(stages, device), shape, { ...options, device }, named);
}
