/** Converts validated stages for the addon: images and LUTs become handles on the device. */
import type { DeviceId } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import type { NativeStage } from '../native/plan.ts';
import type { Stage } from '../ops/index.ts';
import { opOf } from '../ops/registry.ts';
import { branchOf, parameterOf } from '../pipeline/stage-files.ts';
import { resolveToneMaps, type SourceInfo, transferBehind } from '../pipeline/tone-mapping.ts';
import { type FileKind, kinds } from '../schema/kinds.ts';
import { fileKindOf } from '../schema/parameter.ts';
import { customStage } from './custom-stage.ts';
import { stageValues } from './stage-values.ts';

/** The loaded value of a file in a stage; `at` is its place. */
export type FindFile = (kind: FileKind, file: string, at: string) => unknown;

/** Rejects paths: the immediate API does not read files. */
const inMemoryOnly: FindFile = (kind, file, path) => {
  const { expected } = stageValues[kind];
  const message = `${path}: expected ${expected} here, received the path "${file}"; load it first`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path });
};

export interface StageContext {
  readonly files?: FindFile | undefined;
  /** The source of the stages' input. */
  readonly source?: SourceInfo | undefined;
  /** The source of the plan's input, if the stages begin with another frame. */
  readonly input?: SourceInfo | undefined;
  /** The place of the stages. */
  readonly at?: string;
}

/** The stages for the addon, without those that have no effect on this source. */
export function nativeStages(
  stages: readonly Stage[],
  device: DeviceId,
  { files = inMemoryOnly, source = {}, input = source, at = 'stages' }: StageContext = {},
): NativeStage[] {
  let { transfer } = source;
  return resolveToneMaps(stages, source, at).flatMap((stage, index) => {
    if (stage === undefined) return [];
    const op = opOf(stage);
    const here = transfer;
    transfer = transferBehind(stage, transfer);
    const entries = Object.entries(stage).map(([name, value]: [string, unknown]) => {
      const path = `${at}[${index}].${name}`;
      const branch = branchOf(op, name, value);
      if (branch !== undefined) {
        const reference = branch.part.reference(value);
        const begin =
          reference === undefined ? { transfer: here } : reference.previous ? input : {};
        const context = { files, source: begin, input, at: path + branch.part.at };
        const stages = nativeStages(branch.stages as Stage[], device, context);
        return [name, reference === undefined ? stages : { ...reference, stages }];
      }
      const kind = fileKindOf(parameterOf(op, name));
      if (kind === undefined) return [name, value]; // plain data
      return [name, stageValues[kind].native(loaded(kind, value, path, files), device, path)];
    });
    const native = Object.fromEntries(entries) as NativeStage;
    return [op.group === 'Custom' ? customStage(op, native, device) : native];
  });
}

/** The value of an option, with the loaded file in place of a path. */
export function loaded(
  kind: FileKind,
  value: unknown,
  path: string,
  files: FindFile = inMemoryOnly,
): unknown {
  const file = kinds[kind].file.of(value);
  return file === undefined ? value : files(kind, file, path);
}
