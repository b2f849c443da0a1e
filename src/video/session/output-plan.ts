/** The plan of an output: its stages may change while it runs, its shape and format may not. */

import type { DeviceId } from '../../device.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { invalidPipeline } from '../../errors/invalid.ts';
import { isRgb } from '../../image/frame-shape.ts';
import type { NativeShape, PlanHandle } from '../../native/plan.ts';
import type { AssetOptions } from '../../pipeline/assets.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { stageFiles } from '../../pipeline/stage-files.ts';
import { isToneMapped } from '../../pipeline/tone-mapping.ts';
import { compileStages, type PreparedStages, prepareStages } from '../../plan.ts';
import type { ColorInfo } from '../format/color.ts';
import { isOpaque } from '../format/frame-format.ts';
import { requireKnownMatrix } from '../input/decoder.ts';
import { squaringStages, type VideoInput } from '../input/input.ts';
import { type FieldsAfter, fieldsAfter } from '../output/fields.ts';
import type { OutputFormat } from '../output/format.ts';

export interface PlanSource extends AssetOptions {
  readonly input: VideoInput;
  readonly device: DeviceId;
  readonly squarePixels?: boolean | undefined;
  /** How errors name the output. */
  readonly name: string;
}

/** The encoder's format for frames of these colours, with or without alpha; undefined where there is no encoder. */
export type ChooseFormat = (color: ColorInfo, alpha: boolean) => Promise<OutputFormat | undefined>;

/** Compiled stages that are not in use yet. */
export interface NextPlan {
  readonly handle: PlanHandle;
  readonly prepared: PreparedStages;
}

export class OutputPlan implements Disposable {
  readonly shape: NativeShape;
  readonly format: OutputFormat | undefined;
  readonly color: ColorInfo;
  readonly fields: FieldsAfter;
  readonly #source: PlanSource;
  readonly #toneMapped: boolean;
  #current: NextPlan;

  private constructor(
    source: PlanSource,
    stages: Pipeline['stages'],
    format: OutputFormat | undefined,
    current: NextPlan,
  ) {
    const { input } = source;
    this.#source = source;
    this.#toneMapped = isToneMapped(stages, input.info);
    this.#current = current;
    this.format = format;
    this.shape = current.handle.output;
    this.color = outputColor(input, stages);
    this.fields = fieldsAfter(stages, input.fieldOrder, input.info);
  }

  /** Loads the files that the stages name and compiles the stages to the chosen format. */
  static async open(
    source: PlanSource,
    own: Pipeline['stages'],
    choose: ChooseFormat,
  ): Promise<OutputPlan> {
    const { input } = source;
    const stages = allStages(source, own);
    const color = outputColor(input, stages);
    const prepared = await prepare(source, stages);
    try {
      const opaque = isOpaque(input.info);
      let format = await choose(color, !opaque);
      let handle = compile(source, prepared.stages, format);
      if (handle.opaque !== opaque) {
        format = await choose(color, !handle.opaque); // the pipeline adds transparency or removes it
        handle = compile(source, prepared.stages, format);
      }
      if (!handle.passthrough) requireKnownMatrix(input.info);
      return new OutputPlan(source, stages, format, { handle, prepared });
    } catch (error) {
      prepared[Symbol.dispose]();
      throw error;
    }
  }

  get handle(): PlanHandle {
    return this.#current.handle;
  }

  /** Loads the pictures and LUTs of other stages. */
  prepare(stages: Pipeline['stages']): Promise<PreparedStages> {
    return prepare(this.#source, allStages(this.#source, stages));
  }

  /** Whether all files that the stages name are loaded. */
  hasFiles(stages: Pipeline['stages']): boolean {
    return this.#current.prepared.restage(allStages(this.#source, stages)) !== undefined;
  }

  /** Compiles other stages for the same output, with loaded files; a changed shape, format or tag is an error. */
  next(own: Pipeline['stages'], prepared: PreparedStages = this.#current.prepared): NextPlan {
    const stages = allStages(this.#source, own);
    const native = prepared.restage(stages);
    if (native === undefined) throw notLoaded(stages);
    this.#requireSameTags(stages);
    const handle = compile(this.#source, native, this.format);
    try {
      const [expected, received] = [this.shape, handle.output].map(shapeText);
      if (expected !== received) throw this.#other(`frames of ${expected}`, received);
      if (!handle.passthrough) requireKnownMatrix(this.#source.input.info);
    } catch (error) {
      handle.free();
      throw error;
    }
    return { handle, prepared };
  }

  /** Uses it for the frames that start from now on; the native session keeps what earlier frames still need. */
  use(next: NextPlan): void {
    const { handle, prepared } = this.#current;
    this.#current = next;
    handle.free();
    if (prepared !== next.prepared) prepared[Symbol.dispose]();
  }

  /** The file's header is already written, so its tags cannot change. */
  #requireSameTags(stages: Pipeline['stages']): void {
    const { input } = this.#source;
    const names = (mapped: boolean) =>
      mapped ? 'frames mapped to SDR' : 'frames not mapped to SDR';
    const mapped = isToneMapped(stages, input.info);
    if (mapped !== this.#toneMapped) {
      throw this.#other(names(this.#toneMapped), names(mapped));
    }
    const { order } = fieldsAfter(stages, input.fieldOrder, input.info);
    const { order: before } = this.fields;
    if (order !== before) {
      throw this.#other(`the field order ${before ?? 'of whole frames'}`, order ?? 'whole frames');
    }
  }

  #other(expected: string, received: string | undefined): FramelaneError {
    const message = `${this.#source.name}: expected ${expected}, as at the start, received ${received}`;
    return new FramelaneError('ERR_INVALID_ARGUMENT', message);
  }

  [Symbol.dispose](): void {
    this.#current.handle.free();
    this.#current.prepared[Symbol.dispose]();
  }
}

/** The output's stages, after those that make pixels square if requested. */
function allStages({ input, squarePixels }: PlanSource, own: Pipeline['stages']) {
  return [...squaringStages(input.info, { squarePixels }), ...own];
}

function prepare(source: PlanSource, stages: Pipeline['stages']): Promise<PreparedStages> {
  const { input, device, assets } = source;
  return prepareStages({ stages }, device, input.info, { assets });
}

function compile(
  { input, device }: PlanSource,
  stages: PreparedStages['stages'],
  output: OutputFormat | undefined,
): PlanHandle {
  return compileStages(stages, input.shape, { device, output, opaque: isOpaque(input.info) });
}

function shapeText({ format, width, height, matrix, range, chromaLocation }: NativeShape): string {
  return `${format} ${width}x${height} ${matrix} ${range} ${chromaLocation}`;
}

/** `set` returns at once, so it cannot read files. */
function notLoaded(stages: Pipeline['stages']): FramelaneError {
  const files = stageFiles(stages);
  const { path, file } = files.at(-1) ?? { path: 'stages', file: 'a file' };
  return invalidPipeline(path, 'a file that is already loaded (setPipeline loads new ones)', file);
}

/** The colours of the output: those of the input, unless the pipeline maps HDR to SDR or the input is RGB. */
function outputColor({ info }: VideoInput, stages: Pipeline['stages']): ColorInfo {
  if (isToneMapped(stages, info)) {
    const bt709 = { colorSpace: 'bt709', primaries: 'bt709', transfer: 'bt709' } as const;
    return { ...bt709, matrix: 'bt709', range: 'limited' };
  }
  // RGB becomes YUV by the matrix assumed for its size.
  const fromRgb = info.frameFormat !== undefined && isRgb(info.frameFormat);
  return fromRgb ? { ...info, colorSpace: undefined, range: 'limited' } : info;
}
