/** The files that stages name by their paths: pictures and LUTs. */
import { resolve } from 'node:path';
import { ops, type Stage } from './ops/index.ts';
import type { FilePart } from './schema/kind.ts';
import { type FileKind, kinds } from './schema/kinds.ts';
import { fileKindOf } from './schema/parameter.ts';
import type { OpDeclaration } from './schema.ts';

export interface StageFile {
  readonly kind: FileKind;
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
      const { kind, file, part } = found;
      return [{ kind, file, path: `stages[${index}].${name}${part.at}` }];
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
      return [name, found ? found.part.with(value, resolve(folder, found.file)) : value];
    }),
  );
}

/** The file that an option names, and the part of the value that it is. */
export function fileOf(
  op: OpDeclaration,
  name: string,
  value: unknown,
): { readonly kind: FileKind; readonly file: string; readonly part: FilePart } | undefined {
  // Options of a file that is not checked yet: any name may come.
  const kind = fileKindOf(Object.hasOwn(op.parameters, name) ? op.parameters[name] : undefined);
  if (kind === undefined) return undefined;
  const part: FilePart = kinds[kind].file;
  const file = part.of(value);
  return file === undefined ? undefined : { kind, file, part };
}
