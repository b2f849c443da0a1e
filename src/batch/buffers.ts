/** Images that are reused for pictures of any size: they grow to the largest. */
import { type DeviceId, trimMemory } from '../device.ts';
import { type AnyImage, Image, ImageU8, pixelCapacity } from '../image/image.ts';
import { largestSide } from '../image/pixels.ts';
import { pinnedSamples } from '../image/transfer.ts';
import type { NativeStage } from '../native/plan.ts';
import { compileStages } from '../plan.ts';

export type Element = AnyImage['element'];

/** One image, created at its first use. */
class GrowingImage implements Disposable {
  #image: AnyImage | undefined;
  readonly #element: Element;
  readonly #device: DeviceId;

  constructor(element: Element, device: DeviceId) {
    this.#element = element;
    this.#device = device;
  }

  sized(width: number, height: number): AnyImage {
    if (this.#image !== undefined && width * height <= pixelCapacity(this.#image)) {
      this.#image.resize(width, height);
      return this.#image;
    }
    if (this.#image !== undefined) {
      this.#image.free();
      trimMemory(this.#device); // blocks of the previous sizes would not be reused
    }
    const options = { device: this.#device };
    const make = this.#element === 'f32' ? Image : ImageU8;
    this.#image = new make(width, height, options);
    return this.#image;
  }

  [Symbol.dispose](): void {
    this.#image?.free();
    this.#image = undefined;
  }
}

/** The memory between passes. One per batch, because a device processes one picture at a time. */
export class Workspace implements Disposable {
  readonly #image: GrowingImage;

  constructor(device: DeviceId) {
    this.#image = new GrowingImage('u8', device);
  }

  /** An image large enough for the stages; undefined where they need none. */
  for(stages: readonly NativeStage[], image: AnyImage): AnyImage | undefined {
    const { width, height, device } = image;
    const format = image.element === 'f32' ? 'rgbaf32' : 'rgba8';
    const shape = { format, width, height, matrix: 'bt709', range: 'full' } as const;
    const { workspaceBytes } = compileStages(stages, shape, { device });
    if (workspaceBytes === 0) return undefined;
    const pixels = Math.ceil((workspaceBytes + 256) / 4);
    const side = Math.ceil(Math.sqrt(pixels));
    return side <= largestSide ? this.#image.sized(side, Math.ceil(pixels / side)) : undefined;
  }

  [Symbol.dispose](): void {
    this.#image[Symbol.dispose]();
  }
}

/** The buffers of one picture in progress, reused for the next one. */
export class PictureBuffers implements Disposable {
  readonly #sources: Readonly<Record<Element, GrowingImage>>;
  readonly #results: Readonly<Record<Element, GrowingImage>>;
  #host: Uint8Array = new Uint8Array();
  readonly workspace: Workspace;

  constructor(device: DeviceId, workspace: Workspace) {
    const pair = () => ({
      u8: new GrowingImage('u8', device),
      f32: new GrowingImage('f32', device),
    });
    this.#sources = pair();
    this.#results = pair();
    this.workspace = workspace;
  }

  source(element: Element, width: number, height: number): AnyImage {
    return this.#sources[element].sized(width, height);
  }

  result(element: Element, width: number, height: number): AnyImage {
    return this.#results[element].sized(width, height);
  }

  /** Host memory for the bytes of an image. */
  hostBytes(image: ImageU8): Uint8Array {
    const length = image.width * image.height * 4;
    if (length > this.#host.length) this.#host = pinnedSamples(image, 'u8');
    return this.#host.subarray(0, length);
  }

  [Symbol.dispose](): void {
    for (const each of [this.#sources, this.#results]) {
      each.u8[Symbol.dispose]();
      each.f32[Symbol.dispose]();
    }
    this.#host = new Uint8Array();
  }
}
