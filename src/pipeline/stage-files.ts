/** The files and branches in the options of stages. */
import { resolve } from 'node:path';
import type { Stage } from '../ops/index.ts';
import { opNamed, opOf } from '../ops/registry.ts';
import { scope } from '../ops/scope.ts';
import { isPlainObject, type OpDeclaration, ownValue } from '../schema/declaration.ts';
import type { BranchPart, FilePart } from '../schema/kind.ts';
import { type FileKind, kinds } from '../schema/kinds.ts';
import { fileKindOf, kindOf, type Parameter } from '../schema/parameter.ts';
import type { VariableType } from '../schema/variable.ts';
import { variableOf } from './template.ts';

export interface StageFile {
  readonly kind: FileKind;
  readonly file: string;
  /** Its place: `stages[2].source.image`. */
  readonly path: string;
}

/** Every file of the stages and their branches, in order. */
export function stageFiles(stages: readonly Stage[], path = 'stages'): StageFile[] {
  return stages.flatMap((stage, index) =>
    Object.entries(stage).flatMap(([name, value]) => {
      const at = `${path}[${index}].${name}`;
      const branch = branchOf(opOf(stage), name, value);
      if (branch !== undefined) return stageFiles(branch.stages as Stage[], at + branch.part.at);
      const found = fileOf(opOf(stage), name, value);
      if (found === undefined) return [];
      const { kind, file, part } = found;
      return [{ kind, file, path: at + part.at }];
    }),
  );
}

/** The options of an operation with file paths resolved against a folder; branches need not be validated. */
export function placeFiles(
  op: OpDeclaration,
  options: Readonly<Record<string, unknown>>,
  folder = '.',
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const branch = branchOf(op, name, value);
      if (branch !== undefined) {
        const stages = branch.stages.map((stage) => placeStage(stage, folder));
        return [name, branch.part.with(value, stages)];
      }
      const found = fileOf(op, name, value);
      return [name, found ? found.part.with(value, resolve(folder, found.file)) : value];
    }),
  );
}

/** An unvalidated stage with file paths resolved against a folder. */
export function placeStage(stage: unknown, folder: string): unknown {
  const op = opIn(stage);
  return op === undefined ? stage : placeFiles(op, stage as UncheckedStage, folder);
}

/**
 * An unvalidated stage with `"${logo}"` written as `{ "image": "${logo}" }` if the option takes a file of the variable's type;
 * `typeOf` returns the type of a variable.
 */
export function spellFiles(
  stage: unknown,
  typeOf: (variable: string) => VariableType | undefined,
): unknown {
  const op = opIn(stage);
  if (op === undefined) return stage;
  return Object.fromEntries(
    Object.entries(stage as UncheckedStage).map(([name, value]) => {
      const branch = branchOf(op, name, value);
      if (branch !== undefined) {
        const stages = branch.stages.map((inner) => spellFiles(inner, typeOf));
        return [name, branch.part.with(value, stages)];
      }
      const kind = fileKindOf(parameterOf(op, name));
      const variable = variableOf(value);
      if (kind === undefined || variable === undefined) return [name, value];
      const isOfKind = typeOf(variable) === kinds[kind].variable.type;
      return [name, isOfKind ? kinds[kind].file.with(undefined, value as string) : value];
    }),
  );
}

type UncheckedStage = Readonly<Record<string, unknown>>;

/** Undefined if the value is not a stage. */
function opIn(stage: unknown): OpDeclaration | undefined {
  const name = isPlainObject(stage) ? stage['op'] : undefined;
  return typeof name === 'string' ? opNamed(name) : undefined;
}

/** The parameter of a stage's option: the operation's own, or one that all stages have. */
export function parameterOf(op: OpDeclaration, name: string): Parameter | undefined {
  return (ownValue(op.parameters, name) ?? ownValue(scope, name)) as Parameter | undefined;
}

/** The stages of a branch in an option, and the part of the value that holds them. */
export function branchOf(
  op: OpDeclaration,
  name: string,
  value: unknown,
): { readonly stages: readonly unknown[]; readonly part: BranchPart } | undefined {
  const parameter = parameterOf(op, name);
  const part = parameter && kindOf(parameter).branch;
  const stages = part?.of(value);
  return part === undefined || stages === undefined ? undefined : { stages, part };
}

/** The file in an option, and the part of the value that holds its path. */
export function fileOf(
  op: OpDeclaration,
  name: string,
  value: unknown,
): { readonly kind: FileKind; readonly file: string; readonly part: FilePart } | undefined {
  const kind = fileKindOf(parameterOf(op, name));
  if (kind === undefined) return undefined;
  const part: FilePart = kinds[kind].file;
  const file = part.of(value);
  return file === undefined ? undefined : { kind, file, part };
}
