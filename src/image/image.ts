/** Pixels on a device: fixed capacity, adjustable size, freed by `using`, `free()` or the garbage collector. */

import { type DeviceId, type DeviceOption, resolveDevice } from '../device.ts';
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { checkNames, namesOf } from '../errors/option-names.ts';
import { addon } from '../native/binding.ts';
import { type GLReference, glName } from '../native/gl-reference.ts';
import type { CudaArrayInterface, MemoryHandle } from '../native/interop.ts';
import type { ImageHandle } from '../native/plan.ts';
import { largestSide } from './pixels.ts';
import { checkReadTexture, type ReadTextureOptions, readTexture } from './texture.ts';

export interface ImageOptions {
  /** Where the pixels live; `auto` by default. */
  readonly device?: DeviceOption | undefined;
}

/** A texture with the resources to be read repeatedly: GLTexture. */
export interface TextureSource {
  copyTo(image: AnyImage, options?: ReadTextureOptions): void;
}

function isTextureSource(texture: unknown): texture is TextureSource {
  return typeof texture === 'object' && texture !== null && 'copyTo' in texture;
}

/** The option of an image over memory that others use, too; for interop/. */
export const over: unique symbol = Symbol('over');

export interface MemoryOption {
  readonly [over]?: { readonly memory: MemoryHandle; readonly offset: number };
}

/** How other libraries see the memory of an image: interop/, which stands above, says it. */
export const memoryView: { of?: (image: AnyImage) => CudaArrayInterface | undefined } = {};

export const imageOptionNames = namesOf<ImageOptions>({ device: true });

/** The number of an image for the addon's plain calls; throws ERR_INVALID_ARGUMENT for anything else. */
export let idOf: (image: unknown, what?: string) => number;
/** The native side of an image; throws ERR_INVALID_ARGUMENT for anything else. */
export let handleOf: (image: unknown, what?: string) => ImageHandle;

/** A reference to the handle keeps the image alive, because the memory belongs to the image. */
export function ownedHandle(id: number, owner: object): ImageHandle {
  return Object.assign(new (addon().ImageHandle)(id), { owner });
}

/** The addon's number of a device: 0 is the CPU, then CUDA. */
function deviceNumber(device: DeviceId): number {
  return device === 'cpu' ? 0 : 1 + Number(device.slice('cuda:'.length));
}

abstract class PixelBuffer implements Disposable {
  readonly device: DeviceId;
  readonly #id: number;
  #handle: ImageHandle | undefined; // made when first needed
  readonly #made: { readonly width: number; readonly height: number };

  static {
    idOf = (image, what = 'image') => {
      if (typeof image === 'object' && image !== null && #id in image) return image.#id;
      throw invalidArgument(what, 'an Image or ImageU8', image);
    };
    handleOf = (image, what = 'image') => {
      const id = idOf(image, what);
      const owner = image as PixelBuffer;
      owner.#handle ??= ownedHandle(id, owner);
      return owner.#handle;
    };
  }

  protected constructor(
    element: 'f32' | 'u8',
    width: number,
    height: number,
    options: ImageOptions & MemoryOption,
  ) {
    checkNames(options, imageOptionNames);
    this.device = resolveDevice(options.device);
    checkSide(width, 'width');
    checkSide(height, 'height');
    this.#made = { width, height };
    const bytes = element === 'u8' ? 1 : 0;
    const shared = options[over];
    this.#id = shared
      ? addon().makeImageOver(this, shared.memory, shared.offset, bytes, width, height)
      : addon().makeImage(this, deviceNumber(this.device), bytes, width, height);
  }

  /** Columns. Setting it changes the logical size within the capacity; no pixel moves. */
  get width(): number {
    return addon().imageWidth(this.#id);
  }

  set width(width: number) {
    this.resize(width, this.height);
  }

  /** Rows. Setting it changes the logical size within the capacity; no pixel moves. */
  get height(): number {
    return addon().imageHeight(this.#id);
  }

  set height(height: number) {
    this.resize(this.width, height);
  }

  /**
   * Changes the logical size, to any shape with at most the pixels it was made with. Does not resample: see `Resize`.
   *
   * @example
   * const buffer = new Image(1920, 1080); buffer.resize(1280, 720)
   */
  resize(width: number, height: number): void {
    checkSide(width, 'width');
    checkSide(height, 'height');
    handleOf(this).resize(width, height);
  }

  /**
   * The size the image was made with; any shape with at most as many pixels fits.
   *
   * @example
   * const { width, height } = buffer.getMaxCapacity()
   */
  getMaxCapacity(): { readonly width: number; readonly height: number } {
    pixelCapacity(this as unknown as AnyImage); // a freed image has none
    return { ...this.#made };
  }

  /**
   * The CUDA Array Interface of the pixels, version 3, [height, width, 4] of the size now, as other libraries take it: valid until `free()`.
   * Deferred calls run first, and from then on each call runs at once. Undefined on the CPU device.
   *
   * @example
   * const { data: [address] } = image.cudaArrayInterface
   */
  get cudaArrayInterface(): CudaArrayInterface | undefined {
    return memoryView.of?.(this as unknown as AnyImage);
  }

  /** The memory of the pixels, without a copy. */
  protected memory(): ArrayBuffer {
    const memory = handleOf(this).memory();
    if (memory !== null) return memory;
    throw new FramelaneError(
      'ERR_UNSUPPORTED_OP',
      `asPinned: the host cannot access the memory of ${this.device}; use uploadAsync and downloadAsync`,
    );
  }

  /**
   * Fills the image from an OpenGL texture of the current context and takes its size. Bytes stay or become v / 255, floats stay
   * or are rounded to bytes; missing channels are 0, alpha 1. A GLTexture keeps its resources between calls, a plain
   * texture does not. ERR_CAPACITY_EXCEEDED: too large. ERR_UNSUPPORTED_FORMAT: depth or integer textures. ERR_GL_CONTEXT:
   * another context is current, or none.
   *
   * @example
   * renderer.render(scene, camera); frame.copyFromTexture(colorTexture) // upright: the texture's last row first
   */
  copyFromTexture(texture: GLReference | TextureSource, options: ReadTextureOptions = {}): void {
    if (isTextureSource(texture)) {
      texture.copyTo(this as unknown as AnyImage, options);
      return;
    }
    checkReadTexture(options);
    const handle = new (addon().GLTextureHandle)(this.device, glName(texture, 'texture'));
    try {
      readTexture(handle, handleOf(this), options);
    } finally {
      handle.free();
    }
  }

  /** Frees the memory now; later use is ERR_DISPOSED, freeing again does nothing. */
  free(): void {
    addon().freeImage(this.#id);
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function checkSide(side: unknown, name: string): void {
  if (Number.isInteger(side) && (side as number) >= 1 && (side as number) <= largestSide) return;
  throw new FramelaneError(
    'ERR_INVALID_SIZE',
    `${name}: expected an integer from 1 to ${largestSide}, received ${describeValue(side)}`,
    { path: name },
  );
}

/**
 * Float RGBA pixels: 16 bytes each, straight alpha, 0..1 displayable, other values kept. New memory is not initialised:
 * fill it or upload to it first.
 *
 * @example
 * using image = new Image(1920, 1080)
 * Fill.color(image, [0, 0, 0, 1])
 */
export class Image extends PixelBuffer {
  readonly element = 'f32';

  constructor(width: number, height: number, options: ImageOptions & MemoryOption = {}) {
    super('f32', width, height, options);
  }

  /**
   * The pixels themselves, without a copy, on the CPU: float RGBA of the current size. The array stays valid after `free()`,
   * but is then detached from the image. ERR_UNSUPPORTED_OP on CUDA.
   *
   * @example
   * const pixels = image.asPinned(); pixels[0] = 0.5
   */
  asPinned(): Float32Array {
    return new Float32Array(this.memory(), 0, this.width * this.height * 4);
  }
}

/**
 * 8-bit RGBA pixels, 4 bytes each, straight alpha: for storage and display.
 *
 * @example
 * using bytes = new ImageU8(1920, 1080)
 */
export class ImageU8 extends PixelBuffer {
  readonly element = 'u8';

  constructor(width: number, height: number, options: ImageOptions & MemoryOption = {}) {
    super('u8', width, height, options);
  }

  /**
   * The pixels themselves, without a copy, on the CPU: 8-bit RGBA of the current size. The array stays valid after `free()`,
   * but is then detached from the image. ERR_UNSUPPORTED_OP on CUDA.
   *
   * @example
   * const pixels = image.asPinned(); pixels[0] = 128
   */
  asPinned(): Uint8Array {
    return new Uint8Array(this.memory(), 0, this.width * this.height * 4);
  }
}

export type AnyImage = Image | ImageU8;

/** The capacity of an image, in pixels. */
export function pixelCapacity(image: AnyImage): number {
  return handleOf(image).capacity;
}

/** The device of an image; ERR_INVALID_ARGUMENT for anything else. */
export function deviceOf(image: AnyImage): DeviceId {
  idOf(image);
  return image.device;
}

/** Whether a value is an Image or ImageU8. */
export function isImage(value: unknown): value is AnyImage {
  return value instanceof PixelBuffer;
}

/** A new image with the element type and device of another one. */
export function imageLike(image: AnyImage, width: number, height: number): AnyImage {
  const options = { device: image.device };
  return image.element === 'f32'
    ? new Image(width, height, options)
    : new ImageU8(width, height, options);
}
