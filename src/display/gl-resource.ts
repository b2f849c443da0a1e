/** A pixel buffer object (PBO) that images go to, on their way into a texture. */

import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import type { ImageU8 } from '../image/image.ts';
import { addon } from '../native/binding.ts';
import type { GLSharedHandle } from '../native/gl.ts';
import { type GLReference, glName } from '../native/gl-reference.ts';
import { type CopyOptions, copyArguments } from './copy-options.ts';

export interface GLResourceOptions {
  /** Of the images; `auto` by default. */
  readonly device?: DeviceOption | undefined;
}

const optionNames = namesOf<GLResourceOptions>({ device: true });

/**
 * A PBO of the current OpenGL context, registered with CUDA once: images of the GPU that runs the context are copied to it
 * without leaving the GPU, others by way of the host. The buffer must have its memory (`bufferData`), and stay until `free()`.
 * ERR_INVALID_ARGUMENT: no such buffer. ERR_INVALID_SIZE: one without memory. ERR_GL_CONTEXT: no current context.
 * ERR_DEVICE_UNAVAILABLE: no such device.
 *
 * @example
 * using resource = new GLResource(pbo)
 * resource.copyFrom(imageU8)
 */
export class GLResource implements Disposable {
  readonly device: DeviceId;
  /** Whether pixels go to the buffer without leaving the GPU. */
  readonly shared: boolean;
  readonly #handle: GLSharedHandle;

  constructor(buffer: GLReference, options: GLResourceOptions = {}) {
    checkNames(options, optionNames);
    this.device = resolveDevice(options.device);
    this.#handle = new (addon().GLPixelBufferHandle)(this.device, glName(buffer, 'buffer'));
    this.shared = this.#handle.shared;
  }

  /**
   * Fills the buffer with the image's bytes, width * height * 4 of them, row by row from the top left; its context must be
   * current. ERR_INVALID_SIZE: the buffer has another size. ERR_DEVICE_MISMATCH: the image lives elsewhere. ERR_DISPOSED:
   * freed. ERR_GL_CONTEXT: another context is current, or none.
   *
   * @example
   * resource.copyFrom(imageU8, { sync: false })
   */
  copyFrom(image: ImageU8, options: CopyOptions = {}): void {
    this.#handle.copyFrom(...copyArguments(image, options));
  }

  /** Ends the registration, whichever context is current; before the buffer is deleted. Again it does nothing. */
  free(): void {
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
