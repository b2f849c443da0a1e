/** Validated stages as the addon takes them: images and LUTs become what is on the device. */
import type { DeviceId } from '../device.ts';
import { FramelaneError } from '../errors.ts';
import { invalidArgument } from '../invalid-argument.ts';
import { Lut } from '../lut.ts';
import type { NativeStage } from '../native.ts';
import { ops, type Stage } from '../ops/index.ts';
import type { OpDeclaration } from '../schema.ts';
import { resolveToneMaps, type SourceInfo } from '../tone-mapping.ts';
import { type AnyImage, handleOf, isImage } from './image.ts';
import { nativeLut } from './lut-table.ts';

/** What to put in place of the files that stand in stages by their paths; `path` is where. */
export interface LoadedFiles {
  image(file: string, path: string): AnyImage;
  lut(file: string, path: string): Lut;
}

/** Refuses paths: the immediate API does not read files. */
const inMemoryOnly: LoadedFiles = {
  image: (file, path) => refusePath(file, path, 'an Image or ImageU8'),
  lut: (file, path) => refusePath(file, path, 'a Lut'),
};

function refusePath(file: string, path: string, expected: string): never {
  const message = `${path}: expected ${expected} here, received the path "${file}"; load it first`;
  throw new FramelaneError('ERR_INVALID_OPTION', message, { path });
}

export interface StageContext {
  readonly files?: LoadedFiles | undefined;
  /** What the stages' input is. */
  readonly source?: SourceInfo | undefined;
}

/** The stages for the addon; those that the source leaves nothing to do are left out. */
export function nativeStages(
  stages: readonly Stage[],
  device: DeviceId,
  { files = inMemoryOnly, source = {} }: StageContext = {},
): NativeStage[] {
  return resolveToneMaps(stages, source).flatMap((stage, index) => {
    if (stage === undefined) return [];
    const { parameters }: OpDeclaration = ops[stage.op];
    const entries = Object.entries(stage).map(([name, value]: [string, unknown]) => {
      const path = `stages[${index}].${name}`;
      switch (parameters[name]?.kind) {
        case 'image':
          return [name, handleOf(imageOf(value, path, files), path)];
        case 'lut':
          return [name, nativeLut(lutOf(value, path, files), device)];
        default:
          return [name, value];
      }
    });
    return [Object.fromEntries(entries) as NativeStage];
  });
}

/** The image that an option means; what is none is returned as it is. */
export function imageOf(value: unknown, path: string, files: LoadedFiles = inMemoryOnly): unknown {
  if (isImage(value)) return value;
  const file = (value as { readonly image?: unknown }).image;
  return typeof file === 'string' ? files.image(file, path) : value;
}

export function lutOf(value: unknown, path: string, files: LoadedFiles = inMemoryOnly): Lut {
  if (typeof value === 'string') return files.lut(value, path);
  if (value instanceof Lut) return value;
  throw invalidArgument(path, 'a Lut', value);
}
