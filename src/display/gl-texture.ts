/** A texture that images are copied to and from. */

import { type DeviceId, resolveDevice } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import type { TextureSource } from '../image/image.ts';
import { type AnyImage, handleOf, type ImageU8 } from '../image/image.ts';
import { type ReadTextureOptions, readTexture } from '../image/texture.ts';
import { addon } from '../native/binding.ts';
import type { GLTextureHandle } from '../native/gl.ts';
import { type GLReference, glName } from '../native/gl-reference.ts';
import { type CopyOptions, copyArguments } from './copy-options.ts';
import type { GLResourceOptions } from './gl-resource.ts';

export interface GLTextureOptions extends GLResourceOptions {
  /** The expected size of the texture: ERR_INVALID_SIZE for another one. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

const optionNames = namesOf<GLTextureOptions>({ device: true, width: true, height: true });

/**
 * A TEXTURE_2D of the current OpenGL context, registered with CUDA once: images on the context's GPU are copied directly to it,
 * with one copy less than through a PBO; others go through the host. The texture must be allocated (`texStorage2D`), as RGBA8
 * to be copied to, and must not be deleted before `free()`. Errors as GLResource's; ERR_UNSUPPORTED_FORMAT: another format.
 *
 * @example
 * using target = new GLTexture(texture, { width: 1920, height: 1080 })
 * target.copyFrom(imageU8)
 */
export class GLTexture implements TextureSource, Disposable {
  readonly device: DeviceId;
  readonly width: number;
  readonly height: number;
  readonly #handle: GLTextureHandle;

  constructor(texture: GLReference, options: GLTextureOptions = {}) {
    checkNames(options, optionNames);
    this.device = resolveDevice(options.device);
    this.#handle = new (addon().GLTextureHandle)(this.device, glName(texture, 'texture'));
    this.width = this.#handle.width;
    this.height = this.#handle.height;
    const { width = this.width, height = this.height } = options;
    if (width === this.width && height === this.height) return;
    const message = `texture: expected ${width}x${height}, received ${this.width}x${this.height}`;
    throw new FramelaneError('ERR_INVALID_SIZE', message);
  }

  /**
   * Fills the texture with an image of its size; its context must be current. The image's first row becomes the texture's row
   * at t = 0. Errors as GLResource.copyFrom.
   *
   * @example
   * target.copyFrom(imageU8, { sync: false })
   */
  copyFrom(image: ImageU8, options: CopyOptions = {}): void {
    this.#handle.copyFrom(...copyArguments(image, options));
  }

  /** Fills an image, which takes the texture's size; the same as `image.copyFromTexture(this)`. */
  copyTo(image: AnyImage, options: ReadTextureOptions = {}): void {
    readTexture(this.#handle, handleOf(image), options);
  }

  /** Ends the registration, in any context; call it before the texture is deleted. Calling it again does nothing. */
  free(): void {
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
