/** A pixel buffer object (PBO) that images are copied to, from where OpenGL copies them to a texture. */

import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import type { ImageU8 } from '../image/image.ts';
import { addon } from '../native/binding.ts';
import type { GLSharedHandle } from '../native/gl.ts';
import { type GLReference, glName } from '../native/gl-reference.ts';
import { type CopyOptions, copyArguments } from './copy-options.ts';

export interface GLResourceOptions {
  /** The device of the images; `auto` by default. */
  readonly device?: DeviceOption | undefined;
}

const optionNames = namesOf<GLResourceOptions>({ device: true });

/**
 * A PBO of the current OpenGL context, registered with CUDA once: images on the context's GPU are copied to it without leaving
 * the GPU, others through the host. The buffer must be allocated (`bufferData`), and must not be deleted before `free()`.
 * ERR_INVALID_ARGUMENT: no such buffer. ERR_INVALID_SIZE: one without memory. ERR_GL_CONTEXT: no current context.
 * ERR_DEVICE_UNAVAILABLE: no such device.
 *
 * @example
 * using resource = new GLResource(pbo)
 * resource.copyFrom(imageU8)
 */
export class GLResource implements Disposable {
  readonly device: DeviceId;
  /** Whether pixels are copied without leaving the GPU. */
  readonly shared: boolean;
  readonly #handle: GLSharedHandle;

  constructor(buffer: GLReference, options: GLResourceOptions = {}) {
    checkNames(options, optionNames);
    this.device = resolveDevice(options.device);
    this.#handle = new (addon().GLPixelBufferHandle)(this.device, glName(buffer, 'buffer'));
    this.shared = this.#handle.shared;
  }

  /**
   * Fills the buffer with the image's width * height * 4 bytes, row by row from the top left; its context must be current.
   * ERR_INVALID_SIZE: the buffer has another size. ERR_DEVICE_MISMATCH: the image is on another device. ERR_DISPOSED: freed.
   * ERR_GL_CONTEXT: another context is current, or none.
   *
   * @example
   * resource.copyFrom(imageU8, { sync: false })
   */
  copyFrom(image: ImageU8, options: CopyOptions = {}): void {
    this.#handle.copyFrom(...copyArguments(image, options));
  }

  /** Ends the registration, in any context; call it before the buffer is deleted. Calling it again does nothing. */
  free(): void {
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
