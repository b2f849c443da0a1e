/** OpenGL textures into images. */
import { describeValue, FramelaneError } from '../errors.ts';
import type { ImageHandle } from '../native.ts';
import type { GLTextureHandle } from '../native-gl.ts';
import type { AnyImage } from './image.ts';

export interface ReadTextureOptions {
  /**
   * Whether the texture's last row becomes the image's first, true by default: OpenGL draws from the bottom left, images start
   * at the top. False for textures that were filled from images.
   */
  readonly flipY?: boolean | undefined;
}

/** What keeps what it needs to be read again: GLTexture. */
export interface TextureSource {
  copyTo(image: AnyImage, options?: ReadTextureOptions): void;
}

export function isTextureSource(texture: unknown): texture is TextureSource {
  return typeof texture === 'object' && texture !== null && 'copyTo' in texture;
}

export function readTexture(
  texture: GLTextureHandle,
  image: ImageHandle,
  { flipY = true }: ReadTextureOptions = {},
): void {
  if (typeof flipY !== 'boolean') {
    const message = `flipY: expected a boolean, received ${describeValue(flipY)}`;
    throw new FramelaneError('ERR_INVALID_OPTION', message, { path: 'flipY' });
  }
  texture.copyTo(image, flipY ? [{ op: 'flip', direction: 'vertical' }] : []);
}
