/** Pipeline files: JSON with variables, read into a Pipeline; every error names file, line and column. */
import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FramelaneError, reasonOf } from '../errors/errors.ts';
import { checkPath, invalidPipeline } from '../errors/invalid.ts';
import { checkNames, expectOptions } from '../errors/option-names.ts';
import { didYouMean } from '../errors/suggest.ts';
import type { StageInput } from '../ops/index.ts';
import { isPlainObject, ownValue } from '../schema/declaration.ts';
import { readWhole } from '../system/read-file.ts';
import { type AssetOptions, type Locate, locator } from './assets.ts';
import { type JsonDocument, JsonError, parseJson } from './json-text.ts';
import { type Pipeline, pipeline } from './pipeline.ts';
import { placeStage, spellFiles, stageFiles } from './stage-files.ts';
import { substitute } from './template.ts';
import {
  bindVariables,
  parseVariable,
  readVariables,
  type Variable,
  type Variables,
  type VariableValue,
} from './variables.ts';

export type VariableValues = Readonly<Record<string, VariableValue>>;

/** A parsed pipeline file; its stages are validated by `build`. */
export interface PipelineFile {
  readonly description: string | undefined;
  readonly variables: Variables;
  /** As written: not validated, variables not replaced. */
  readonly stages: readonly unknown[];
  /** The value of a variable from text, such as a command line's. */
  parseValue(name: string, text: string): VariableValue;
  /** The pipeline, with these values in place of the defaults. */
  build(values?: VariableValues, options?: AssetOptions): Promise<Pipeline>;
}

/**
 * Reads a pipeline file, with values for its variables. With `assets`, its files must be in that folder; pass the same option
 * when running the pipeline.
 *
 * @example
 * const look = await readPipeline('pipelines/vintage.json', { strength: 0.7 })
 */
export async function readPipeline(
  path: string,
  values: VariableValues = {},
  options: AssetOptions = {},
): Promise<Pipeline> {
  checkPath(path);
  expectOptions(values, 'values');
  checkNames(options, ['assets']);
  return (await openPipelineFile(path)).build(values, options);
}

/** For pipelines read from a file: builds them again with other values of variables. */
const rebuilds = new WeakMap<Pipeline, PipelineFile['build']>();

/** The same pipeline with other values for some variables; a pipeline built in code has no variables. */
export async function withVariables(
  built: Pipeline,
  values: VariableValues,
  options: AssetOptions,
): Promise<Pipeline> {
  expectOptions(values, 'values');
  const rebuild = rebuilds.get(built);
  if (rebuild !== undefined) return await rebuild(values, options);
  bindVariables({}, values, '.'); // rejects every name
  return built;
}

/** Reads a pipeline file without building it, to inspect its variables. */
export async function openPipelineFile(path: string): Promise<PipelineFile> {
  return parsePipelineFile(path, await readPipelineText(path));
}

/** Like `openPipelineFile`, for the current or future text of the file. */
export function parsePipelineFile(path: string, text: string): PipelineFile {
  const json = parseFile(path, text);
  const located = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw locateError(error, path, json);
    }
  };
  const { description, variables, stages } = located(() => readDocument(json.value));
  return {
    description,
    variables,
    stages,
    parseValue: (name, text) => located(() => parseVariable(variables, name, text)),
    async build(values = {}, options = {}) {
      try {
        const folder = dirname(resolve(path));
        const bound = bindVariables(variables, values, folder);
        const typeOf = (name: string) => (ownValue(variables, name) as Variable | undefined)?.type;
        const spelt = stages.map((stage) => spellFiles(stage, typeOf));
        const built = pipelineIn(folder, spelt, bound);
        await checkFiles(built, await locator(options));
        rebuilds.set(built, (others, assets) => this.build({ ...values, ...others }, assets));
        return built;
      } catch (error) {
        throw locateError(error, path, json);
      }
    },
  };
}

/** Larger than any pipeline, and parsed within 50 ms; a larger file is something else. */
const largestFile = 2 ** 18;

/** The text of a pipeline file. */
export async function readPipelineText(path: string): Promise<string> {
  try {
    return (await readWhole(path, { what: 'a pipeline file', most: largestFile })).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(path, code === 'ENOENT' ? 'no such file' : reasonOf(error), error);
  }
}

function unreadable(path: string, reason: string, cause?: unknown): FramelaneError {
  return new FramelaneError('ERR_INVALID_PIPELINE', `pipeline ${path}: ${reason}`, { cause });
}

function parseFile(path: string, text: string): JsonDocument {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { line, column } = error.position;
    const message = `${path}:${line}:${column}: ${error.message}`;
    throw new FramelaneError('ERR_INVALID_PIPELINE', message, { cause: error });
  }
}

function readDocument(document: unknown) {
  // Never quote a file that does not look like a pipeline.
  if (!isPlainObject(document) || !Object.hasOwn(document, 'stages')) {
    throw new FramelaneError('ERR_INVALID_PIPELINE', 'expected an object with "stages"');
  }
  const known = ['$schema', 'description', 'variables', 'stages'];
  const unknown = Object.keys(document).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw invalidPipeline(
      unknown,
      `one of ${known.join(', ')}`,
      unknown,
      didYouMean(unknown, known),
    );
  }
  const description = ownValue(document, 'description');
  if (description !== undefined && typeof description !== 'string') {
    throw invalidPipeline('description', 'a string', description);
  }
  const stages = ownValue(document, 'stages');
  if (!Array.isArray(stages)) throw invalidPipeline('stages', 'an array of stages', stages);
  return { description, variables: readVariables(ownValue(document, 'variables')), stages };
}

function pipelineIn(
  folder: string,
  stages: readonly unknown[],
  values: ReadonlyMap<string, VariableValue>,
): Pipeline {
  // Paths are relative to the pipeline file.
  const placed = stages.map((stage, index) => {
    return placeStage(substitute(stage, values, `stages[${index}]`), folder);
  });
  return pipeline(placed as StageInput[]);
}

async function checkFiles({ stages }: Pipeline, locate: Locate): Promise<void> {
  for (const stageFile of stageFiles(stages)) {
    const { file, path } = stageFile;
    await access(await locate(stageFile), constants.R_OK).catch((cause: unknown) => {
      const message = `${path}: cannot read the file ${file}`;
      throw new FramelaneError('ERR_INVALID_PIPELINE', message, { path, cause });
    });
  }
}

/** The same error with file, line and column in front. */
function locateError(error: unknown, path: string, json: JsonDocument): unknown {
  if (!(error instanceof FramelaneError)) return error;
  const position = json.locate(error.path ?? '');
  const where = position ? `${path}:${position.line}:${position.column}` : path;
  const details = { path: error.path, cause: error.cause ?? error };
  return new FramelaneError(error.code, `${where}: ${error.message}`, details);
}
