/** Reading OpenGL textures into images. */
import { invalidOption } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import type { GLTextureHandle } from '../native/gl.ts';
import type { ImageHandle } from '../native/plan.ts';

export interface ReadTextureOptions {
  /**
   * Whether the texture's last row becomes the image's first, true by default: OpenGL draws from the bottom left, images start
   * at the top. False for textures filled from images.
   */
  readonly flipY?: boolean | undefined;
}

const optionNames = namesOf<ReadTextureOptions>({ flipY: true });

/** ERR_INVALID_OPTION for invalid options. */
export function checkReadTexture(options: ReadTextureOptions): void {
  checkNames(options, optionNames);
  const { flipY = true } = options;
  if (typeof flipY !== 'boolean') throw invalidOption('flipY', 'a boolean', flipY);
}

export function readTexture(
  texture: GLTextureHandle,
  image: ImageHandle,
  options: ReadTextureOptions = {},
): void {
  checkReadTexture(options);
  const { flipY = true } = options;
  texture.copyTo(image, flipY ? [{ op: 'flip', direction: 'vertical' }] : []);
}
