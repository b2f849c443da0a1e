/** The arguments that `run`, `preview` and `check` share: a pipeline file and values for its variables. */

import type { AssetOptions } from '../pipeline/assets.ts';
import { openPipelineFile, type PipelineFile, type VariableValues } from '../pipeline/file.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { usageError } from './failure.ts';

export const assetsOption = [
  '--assets <folder>',
  'let the pipeline read pictures and LUTs only from this folder',
] as const;
export const setOption = [
  '--set <name=value>',
  'set a variable of the pipeline (repeatable)',
] as const;

/** Collects a repeatable option. */
export function collect(value: string, collected: readonly string[] = []): readonly string[] {
  return [...collected, value];
}

export async function readPipelineArguments(
  path: string,
  assignments: readonly string[] = [],
  options: AssetOptions = {},
): Promise<{ file: PipelineFile; pipeline: Pipeline }> {
  const file = await openPipelineFile(path);
  return { file, pipeline: await file.build(valuesOf(file, assignments), options) };
}

/** The values that `--set` gives a file's variables. */
export async function readValues(
  path: string,
  assignments: readonly string[] = [],
): Promise<VariableValues> {
  return valuesOf(await openPipelineFile(path), assignments);
}

function valuesOf(file: PipelineFile, assignments: readonly string[]): VariableValues {
  const values = assignments.map((assignment) => {
    const [name, text] = splitAssignment(assignment);
    return [name, file.parseValue(name, text)] as const;
  });
  return Object.fromEntries(values);
}

function splitAssignment(assignment: string): [string, string] {
  const at = assignment.indexOf('=');
  if (at > 0) return [assignment.slice(0, at), assignment.slice(at + 1)];
  throw usageError(`--set: expected name=value, received "${assignment}"`);
}
