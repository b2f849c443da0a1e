/** Pipeline files: JSON with variables, read into a Pipeline; every error names file, line and column. */
import { access, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describeValue, FramelaneError } from './errors.ts';
import { type JsonDocument, JsonError, parseJson } from './json-text.ts';
import type { StageInput } from './ops/index.ts';
import { type Pipeline, pipeline } from './pipeline.ts';
import { isPlainObject, ownValue } from './schema.ts';
import { didYouMean } from './suggest.ts';
import { substitute } from './template.ts';
import { bindVariables, readVariables, type Variables, type VariableValue } from './variables.ts';

export type VariableValues = Readonly<Record<string, VariableValue>>;

/** A pipeline file that has been read; its stages are checked when they are built. */
export interface PipelineFile {
  readonly description: string | undefined;
  readonly variables: Variables;
  /** The pipeline, with these values in place of the defaults. */
  build(values?: VariableValues): Promise<Pipeline>;
}

/**
 * Reads a pipeline file, with values for its variables.
 *
 * @example
 * const look = await readPipeline('pipelines/vintage.json', { strength: 0.7 })
 */
export async function readPipeline(path: string, values: VariableValues = {}): Promise<Pipeline> {
  return (await openPipelineFile(path)).build(values);
}

/** Reads a pipeline file without building it, to see what variables it has. */
export async function openPipelineFile(path: string): Promise<PipelineFile> {
  const json = parseFile(path, await readText(path));
  const locate = (error: unknown) => locateError(error, path, json);
  try {
    const { description, variables, stages } = readDocument(json.value);
    return {
      description,
      variables,
      build: (values = {}) =>
        build(path, variables, stages, values).catch((error) => Promise.reject(locate(error))),
    };
  } catch (error) {
    throw locate(error);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : String(error);
    throw new FramelaneError('ERR_INVALID_PIPELINE', `pipeline ${path}: ${reason}`, {
      cause: error,
    });
  }
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
  if (!isPlainObject(document)) throw invalid('', 'an object with "stages"', document);
  const known = ['$schema', 'description', 'variables', 'stages'];
  const unknown = Object.keys(document).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw invalid(unknown, `one of ${known.join(', ')}`, unknown, didYouMean(unknown, known));
  }
  const description = ownValue(document, 'description');
  if (description !== undefined && typeof description !== 'string') {
    throw invalid('description', 'a string', description);
  }
  const stages = ownValue(document, 'stages');
  if (!Array.isArray(stages)) throw invalid('stages', 'an array of stages', stages);
  return { description, variables: readVariables(ownValue(document, 'variables')), stages };
}

async function build(
  path: string,
  variables: Variables,
  stages: readonly unknown[],
  values: VariableValues,
): Promise<Pipeline> {
  const folder = dirname(resolve(path));
  const bound = bindVariables(variables, values, folder);
  const placed = stages.map((stage, index) => {
    return placeImages(substitute(stage, bound, `stages[${index}]`), folder);
  });
  const built = pipeline(placed as StageInput[]);
  await Promise.all(built.stages.map((stage, index) => checkImages(stage, `stages[${index}]`)));
  return built;
}

/** Image paths are relative to the pipeline file. */
function placeImages(stage: unknown, folder: string): unknown {
  if (!isPlainObject(stage)) return stage;
  return Object.fromEntries(
    Object.entries(stage).map(([name, value]) => {
      const path = imagePath(value);
      return [
        name,
        path === undefined ? value : { ...(value as object), image: resolve(folder, path) },
      ];
    }),
  );
}

async function checkImages(stage: object, path: string): Promise<void> {
  for (const [name, value] of Object.entries(stage)) {
    const file = imagePath(value);
    if (file === undefined) continue;
    await access(file).catch((error: unknown) => {
      const where = `${path}.${name}.image`;
      const message = `${where}: there is no readable file ${file}`;
      throw new FramelaneError('ERR_INVALID_PIPELINE', message, { path: where, cause: error });
    });
  }
}

function imagePath(value: unknown): string | undefined {
  const path = isPlainObject(value) ? ownValue(value, 'image') : undefined;
  return typeof path === 'string' && path !== '' ? path : undefined;
}

/** The same error with file, line and column in front; what has no place in the file keeps only the file. */
function locateError(error: unknown, path: string, json: JsonDocument): unknown {
  if (!(error instanceof FramelaneError)) return error;
  const { line, column } = json.locate(error.path ?? '');
  const details = { path: error.path, cause: error.cause ?? error };
  return new FramelaneError(error.code, `${path}:${line}:${column}: ${error.message}`, details);
}

function invalid(path: string, expected: string, received: unknown, hint = ''): FramelaneError {
  const where = path === '' ? '' : `${path}: `;
  const message = `${where}expected ${expected}, received ${describeValue(received)}${hint}`;
  return new FramelaneError('ERR_INVALID_PIPELINE', message, { path });
}
