/** Validated stages as the addon takes them: images become handles. */
import { FramelaneError } from '../errors.ts';
import type { NativeStage } from '../native.ts';
import type { Stage } from '../ops/index.ts';
import { type AnyImage, handleOf, isImage } from './image.ts';

/** An image by its path, as a stage holds it until it is loaded. */
export interface ImageFile {
  readonly image: string;
}

/** What to put in place of an image that stands in a stage by its path. */
export type ImageResolver = (file: ImageFile, path: string) => AnyImage;

/** Refuses paths: the immediate API does not read files. */
export const inMemoryOnly: ImageResolver = (file, path) => {
  throw new FramelaneError(
    'ERR_INVALID_OPTION',
    `${path}: expected an Image or ImageU8 here, received the path "${file.image}"; load it first`,
    { path },
  );
};

/** The stages for the addon. */
export function nativeStages(stages: readonly Stage[], resolve = inMemoryOnly): NativeStage[] {
  return stages.map((stage, index) => {
    const entries = Object.entries(stage).map(([name, value]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [name, value];
      const path = `stages[${index}].${name}`;
      const image = isImage(value) ? value : resolve(value as ImageFile, path);
      return [name, handleOf(image, path)];
    });
    return Object.fromEntries(entries) as NativeStage;
  });
}
