/** The builder: an immutable list of validated stages with one method per operation. */
import { optionsFromCall } from './call.ts';
import { describeValue, FramelaneError } from './errors.ts';
import { findOp } from './find-op.ts';
import { invalidPipeline } from './invalid.ts';
import { invalidArgument } from './invalid-argument.ts';
import { invalidOption } from './invalid-option.ts';
import { type OpArguments, type OpName, ops, type Stage, type StageInput } from './ops/index.ts';
import { kindOf } from './schema/parameter.ts';
import { isPlainObject, type OpDeclaration, validateOptions } from './schema.ts';
import { placeFiles } from './stage-files.ts';

class StageList {
  /** The validated stages: every default filled in, colours as four numbers, paths absolute. */
  readonly stages: readonly Stage[];

  constructor(stages: readonly Stage[]) {
    this.stages = Object.freeze(stages);
  }

  /**
   * This pipeline followed by another.
   *
   * @example
   * const graded = pipeline().contrast(1.1).append(pipeline().vignette())
   */
  append(other: Pipeline): Pipeline {
    if (!(other instanceof StageList)) {
      const message = `append: expected a pipeline, received ${describeValue(other)}`;
      throw new FramelaneError('ERR_INVALID_ARGUMENT', message);
    }
    return withStages([...this.stages, ...other.stages]);
  }

  /**
   * The pipeline as a pipeline file holds it; an Image or Lut object has no such form and throws.
   *
   * @example
   * await writeFile('look.json', JSON.stringify(pipeline().sepia(0.5), null, 2))
   */
  toJSON(): { readonly stages: readonly Stage[] } {
    for (const [index, stage] of this.stages.entries()) {
      for (const [name, value] of Object.entries(stage)) {
        if (typeof value !== 'object' || Array.isArray(value) || isPlainObject(value)) continue;
        const parameter = (ops[stage.op] as OpDeclaration).parameters[name];
        const written = (parameter && kindOf(parameter).file?.written) ?? 'plain data';
        throw invalidPipeline(`stages[${index}].${name}`, `${written} for JSON`, value);
      }
    }
    return { stages: this.stages };
  }
}

/** An immutable list of operations; each method returns a longer one. */
export type Pipeline = StageList & {
  readonly [N in OpName]: (...args: OpArguments<N>) => Pipeline;
};

/**
 * Starts a pipeline, empty or from stages as they stand in a pipeline file.
 *
 * @example
 * const look = pipeline().contrast(1.1).gaussianBlur({ radius: 8 }).vignette()
 */
export function pipeline(stages: readonly StageInput[] = []): Pipeline {
  if (!Array.isArray(stages)) {
    throw invalidPipeline('stages', 'an array of stages', stages);
  }
  return withStages(stages.map((stage, index) => validateStage(stage, `stages[${index}]`)));
}

const expectedPipeline = 'a pipeline, such as pipeline() makes or readPipeline() returns';

/** The pipeline an argument is: one that was built, or the plain `{ stages }` of one, which is checked. */
export function pipelineOf(value: unknown, what = 'pipeline'): Pipeline {
  const found = asPipeline(value);
  if (found !== undefined) return found;
  throw invalidArgument(what, expectedPipeline, value);
}

/** The same for an option, which is an empty one where it is left out. */
export function pipelineOption(value: unknown = { stages: [] }, what = 'pipeline'): Pipeline {
  const found = asPipeline(value);
  if (found !== undefined) return found;
  throw invalidOption(what, expectedPipeline, value);
}

function asPipeline(value: unknown): Pipeline | undefined {
  if (value instanceof StageList) return value as Pipeline;
  const isPlain = isPlainObject(value) && Array.isArray(value['stages']);
  return isPlain ? pipeline(value['stages'] as StageInput[]) : undefined;
}

/** The one cast that gives the list its methods, which are defined below from the table. */
function withStages(stages: readonly Stage[]): Pipeline {
  return new StageList(stages) as Pipeline;
}

for (const op of Object.values<OpDeclaration>(ops)) {
  Object.defineProperty(StageList.prototype, op.name, {
    value(this: StageList, ...args: unknown[]) {
      const path = `stages[${this.stages.length}]`;
      return withStages([...this.stages, completeStage(op, optionsFromCall(op, args), path)]);
    },
  });
}

function validateStage(stage: unknown, path: string): Stage {
  if (!isPlainObject(stage)) {
    throw invalidPipeline(path, 'a stage, { "op": name, … }', stage);
  }
  const { op: name, ...options } = stage;
  return completeStage(findOp(name, `${path}.op`), options, path);
}

function completeStage(op: OpDeclaration, options: object, path: string): Stage {
  // A path holds where the pipeline is built, wherever it runs.
  const complete = placeFiles(op, validateOptions(op, options, path));
  return Object.freeze({ op: op.name, ...complete }) as unknown as Stage;
}
