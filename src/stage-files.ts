/** The files that stages name by their paths: pictures and LUTs. */
import { resolve } from 'node:path';
import { ops, type Stage } from './ops/index.ts';
import { isPlainObject, type OpDeclaration, ownValue } from './schema.ts';

export interface StageFile {
  readonly kind: 'image' | 'lut';
  readonly file: string;
  /** Where it stands: `stages[2].source.image`. */
  readonly path: string;
}

/** Every file of the stages, in order. */
export function stageFiles(stages: readonly Stage[]): StageFile[] {
  return stages.flatMap((stage, index) =>
    Object.entries(stage).flatMap(([name, value]) => {
      const found = fileOf(ops[stage.op], name, value);
      if (found === undefined) return [];
      const path = `stages[${index}].${name}${found.kind === 'image' ? '.image' : ''}`;
      return [{ ...found, path }];
    }),
  );
}

/** The options of an operation with their files resolved against a folder. */
export function placeFiles(
  op: OpDeclaration,
  options: Readonly<Record<string, unknown>>,
  folder = '.',
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const found = fileOf(op, name, value);
      if (found === undefined) return [name, value];
      const file = resolve(folder, found.file);
      return [name, found.kind === 'image' ? { ...(value as object), image: file } : file];
    }),
  );
}

function fileOf(
  op: OpDeclaration,
  name: string,
  value: unknown,
): Omit<StageFile, 'path'> | undefined {
  const kind = op.parameters[name]?.kind;
  if (kind !== 'image' && kind !== 'lut') return undefined;
  const file = kind === 'image' && isPlainObject(value) ? ownValue(value, 'image') : value;
  return typeof file === 'string' && file !== '' ? { kind, file } : undefined;
}
