/** Checks the arguments of GLResource.copyFrom and GLTexture.copyFrom. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidOption } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { type AnyImage, handleOf, ImageU8 } from '../image/image.ts';
import type { ImageHandle } from '../native/plan.ts';

export interface CopyOptions {
  /**
   * Whether to wait until the copy is done, true by default. False returns at once; later OpenGL calls and operations on the
   * image still run after the copy.
   */
  readonly sync?: boolean | undefined;
}

const optionNames = namesOf<CopyOptions>({ sync: true });

/** The native handle of an ImageU8, and whether to wait; ERR_INVALID_ARGUMENT or ERR_INVALID_OPTION for other arguments. */
export function copyArguments(image: AnyImage, options: CopyOptions): [ImageHandle, boolean] {
  const handle = handleOf(image);
  if (!(image instanceof ImageU8)) {
    throw new FramelaneError(
      'ERR_INVALID_ARGUMENT',
      `image: expected an ImageU8, received ${describeValue(image)}; see convertFloatToU8`,
      { path: 'image' },
    );
  }
  checkNames(options, optionNames);
  const { sync = true } = options;
  if (typeof sync !== 'boolean') throw invalidOption('sync', 'a boolean', sync);
  return [handle, sync];
}
