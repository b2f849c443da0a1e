/** The builder: an immutable list of validated stages with one method per operation. */

import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidArgument, invalidOption, invalidPipeline } from '../errors/invalid.ts';
import { optionsFromCall } from '../ops/call.ts';
import type { Stages } from '../ops/help/index.ts';
import { ops, type Stage, type StageInput } from '../ops/index.ts';
import { type DefinedOp, findOp, opOf } from '../ops/registry.ts';
import { scope } from '../ops/scope.ts';
import { isPlainObject, join, type OpDeclaration, validateOptions } from '../schema/declaration.ts';
import { kindOf, type Parameter } from '../schema/parameter.ts';
import { branchOf, parameterOf, placeFiles } from './stage-files.ts';

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
   * This pipeline followed by an operation that `defineOp` has made, or by any operation, given its name.
   *
   * @example
   * const look = pipeline().contrast(1.1).op(grade, { amount: 0.5 })
   */
  op<Arguments extends readonly unknown[]>(op: DefinedOp<Arguments>, ...args: Arguments): Pipeline;
  op(name: string, options?: Readonly<Record<string, unknown>>): Pipeline;
  op(op: DefinedOp | string, ...args: readonly unknown[]): Pipeline {
    const path = `stages[${this.stages.length}]`;
    const name = typeof op === 'string' ? op : (op as DefinedOp | undefined)?.declaration?.name;
    if (name === undefined) {
      throw invalidArgument('op', 'an operation from defineOp, or the name of one', op);
    }
    const found = findOp(name, `${path}.op`);
    return withStages([...this.stages, completeStage(found, optionsFromCall(found, args), path)]);
  }

  /**
   * The contents of a pipeline file for this pipeline; throws if it uses an Image or Lut object, which have no JSON form.
   *
   * @example
   * await writeFile('look.json', JSON.stringify(pipeline().sepia(0.5), null, 2))
   */
  toJSON(): { readonly stages: readonly Stage[] } {
    checkWritten(this.stages, 'stages');
    return { stages: this.stages };
  }
}

/** Rejects values without a JSON form, also in branches. */
function checkWritten(stages: readonly Stage[], path: string): void {
  for (const [index, stage] of stages.entries()) {
    for (const [name, value] of Object.entries(stage)) {
      const at = `${path}[${index}].${name}`;
      const op = opOf(stage);
      const branch = branchOf(op, name, value);
      if (branch !== undefined) checkWritten(branch.stages as Stage[], at + branch.part.at);
      if (typeof value !== 'object' || Array.isArray(value) || isPlainObject(value)) continue;
      const parameter = parameterOf(op, name);
      const written = (parameter && kindOf(parameter).file?.written) ?? 'plain data';
      throw invalidPipeline(at, `${written} for JSON`, value);
    }
  }
}

/** An immutable list of operations; each method returns a longer one. */
export type Pipeline = StageList & Stages<Pipeline>;

/**
 * Starts a pipeline, empty or with stages as in a pipeline file.
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

const expectedPipeline = 'a pipeline, such as from pipeline() or readPipeline()';

/** The pipeline in an argument: a built one, or a plain `{ stages }`, which is validated. */
export function pipelineOf(value: unknown, what = 'pipeline'): Pipeline {
  const found = asPipeline(value);
  if (found !== undefined) return found;
  throw invalidArgument(what, expectedPipeline, value);
}

/** The same for an option; an omitted one is an empty pipeline. */
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

/** The only cast: the methods are defined below, from the table. */
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

/** Nesting of branches; the addon has the same limit. */
const mostDepth = 16;

function validateStage(stage: unknown, path: string, depth = 0): Stage {
  if (depth > mostDepth) {
    throw invalidPipeline(path, `branches nested at most ${mostDepth} deep`, depth);
  }
  if (!isPlainObject(stage)) {
    throw invalidPipeline(path, 'a stage, { "op": name, … }', stage);
  }
  const { op: name, ...options } = stage;
  return completeStage(findOp(name, `${path}.op`), options, path, depth);
}

/** Validates the options of a stage, including those that any stage can have; `path` is the stage's place. */
export function completeStage(op: OpDeclaration, options: object, path: string, depth = 0): Stage {
  const complete = validateOptions(stageDeclaration(op), options, path);
  // So far branches were only checked to be lists.
  const whole = Object.entries(complete).map(([name, value]) => {
    const branch = branchOf(op, name, value);
    if (branch === undefined) return [name, value];
    const at = join(path, name) + branch.part.at;
    const stages = branch.stages.map((stage, i) => validateStage(stage, `${at}[${i}]`, depth + 1));
    return [name, branch.part.with(value, Object.freeze(stages))];
  });
  // Paths are relative to the working directory at build time.
  const placed = placeFiles(op, Object.fromEntries(whole));
  return Object.freeze({ op: op.name, ...placed }) as unknown as Stage;
}

type StageDeclaration = Pick<OpDeclaration, 'name' | 'parameters' | 'atLeastOneOf'>;
const stageDeclarations = new Map<OpDeclaration, StageDeclaration>();

/** The operation with the options that any stage can have. */
function stageDeclaration(op: OpDeclaration): StageDeclaration {
  const known = stageDeclarations.get(op);
  if (known !== undefined) return known;
  const parameters: Readonly<Record<string, Parameter>> = { ...op.parameters, ...scope };
  const made = { ...op, parameters };
  stageDeclarations.set(op, made);
  return made;
}
