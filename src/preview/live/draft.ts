/** A pipeline file with unsaved changes of single values, and the stages that result. */
import { dirname, relative, resolve } from 'node:path';
import type { Stage } from '../../ops/index.ts';
import { type PipelineFile, parsePipelineFile, type VariableValues } from '../../pipeline/file.ts';
import { kindOfVariable } from '../../pipeline/variables.ts';
import { jsonValues, setJsonValue } from './json-edit.ts';
import { listParameters, type PlacedParameter } from './list-parameters.ts';

/** Values changed in the window, by their places in the file. */
export type Changes = ReadonlyMap<string, unknown>;

export interface Draft {
  /** The last valid text of the file on disk. */
  readonly base: string;
  readonly changes: Changes;
  /** `base` with the changes: what `save` writes. */
  readonly text: string;
  readonly stages: readonly Stage[];
  readonly parameters: readonly PlacedParameter[];
}

/** Reads the file with the changes as if they were saved. */
export async function draftOf(path: string, base: string, wanted: Changes): Promise<Draft> {
  const savedAt = jsonValues(base);
  const isNew = ([place, value]: [string, unknown]) =>
    JSON.stringify(savedAt(place)) !== JSON.stringify(value);
  const changes = new Map([...wanted].filter(isNew));
  const text = [...changes].reduce((edited, change) => setJsonValue(edited, ...change), base);
  const file = parsePipelineFile(path, text);
  const { stages } = await file.build();
  const parameters = listParameters(file, stages, savedAt);
  return { base, changes, text, stages, parameters };
}

/** Values for variables as changes of their defaults. */
export function changesFrom(path: string, file: PipelineFile, values: VariableValues): Changes {
  const folder = dirname(resolve(path));
  return new Map(
    Object.entries(values).map(([name, value]) => {
      const type = file.variables[name]?.type;
      // A path is given relative to the working directory, and written relative to the file.
      const isPath = type !== undefined && kindOfVariable(type).isPath;
      const written = isPath ? relative(folder, resolve(String(value))) : value;
      return [`variables.${name}.default`, written];
    }),
  );
}

/** A new text of the file with the changes of a draft whose places the text did not edit. */
export async function rebase(path: string, text: string, draft: Draft): Promise<Draft> {
  const unchanged = await draftOf(path, text, new Map());
  const [before, after] = [jsonValues(draft.base), jsonValues(text)];
  const kept = [...draft.changes].filter(([place]) => {
    const index = Number(/^stages\[(\d+)\]/.exec(place)?.[1] ?? Number.NaN);
    if (draft.stages[index]?.op !== unchanged.stages[index]?.op) return false;
    return JSON.stringify(before(place)) === JSON.stringify(after(place));
  });
  // A change may be invalid although its place is unedited, such as a variable that sets another option now.
  return draftOf(path, text, new Map(kept)).catch(() => unchanged);
}
