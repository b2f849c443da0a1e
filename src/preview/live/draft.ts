/** The text of a pipeline file with changes of single values laid over it, and the stages that makes. */
import { dirname, relative, resolve } from 'node:path';
import type { Stage } from '../../ops/index.ts';
import { type PipelineFile, parsePipelineFile, type VariableValues } from '../../pipeline/file.ts';
import { kindOfVariable } from '../../pipeline/variables.ts';
import { jsonValues, setJsonValue } from './json-edit.ts';
import { listParameters, type PlacedParameter } from './list-parameters.ts';

/** What has been changed in the window: values by their places in the file. */
export type Changes = ReadonlyMap<string, unknown>;

/** A text and all that follows from it. */
export interface Draft {
  /** The file as it was last good on disk. */
  readonly base: string;
  readonly changes: Changes;
  /** `base` with the changes: what `save` writes. */
  readonly text: string;
  readonly stages: readonly Stage[];
  readonly parameters: readonly PlacedParameter[];
}

/** The file with the changes, read as if it had been saved. */
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

/** Values for variables, as changes of their defaults. */
export function changesFrom(path: string, file: PipelineFile, values: VariableValues): Changes {
  const folder = dirname(resolve(path));
  return new Map(
    Object.entries(values).map(([name, value]) => {
      const type = file.variables[name]?.type;
      // A path is given from the working directory, and written from the file.
      const isPath = type !== undefined && kindOfVariable(type).isPath;
      const written = isPath ? relative(folder, resolve(String(value))) : value;
      return [`variables.${name}.default`, written];
    }),
  );
}

/** A new text with the changes of another draft, as far as it has left their places alone. */
export async function rebase(path: string, text: string, draft: Draft): Promise<Draft> {
  const unchanged = await draftOf(path, text, new Map());
  const [before, after] = [jsonValues(draft.base), jsonValues(text)];
  const kept = [...draft.changes].filter(([place]) => {
    const index = Number(/^stages\[(\d+)\]/.exec(place)?.[1] ?? Number.NaN);
    if (draft.stages[index]?.op !== unchanged.stages[index]?.op) return false;
    return JSON.stringify(before(place)) === JSON.stringify(after(place));
  });
  // A change may have lost its sense although its place is the same: a variable that is used for something else now.
  return draftOf(path, text, new Map(kept)).catch(() => unchanged);
}
