/** Stacks strips of pixels in one image, which is reused. */
import { ImageU8, pixelCapacity } from '../../image/image.ts';
import { upload } from '../../image/transfer.ts';
import type { Strip } from './strip.ts';

export class HudCanvas implements Disposable {
  #image: ImageU8 | undefined;
  #pixels = new Uint8Array();
  #strips: readonly Strip[] = [];

  /** Undefined without strips. */
  get image(): ImageU8 | undefined {
    return this.#strips.length === 0 ? undefined : this.#image;
  }

  /** Shows strips of equal width; returns whether the image changed. */
  show(strips: readonly Strip[]): boolean {
    const isSame =
      strips.length === this.#strips.length &&
      strips.every((strip, index) => strip === this.#strips[index]);
    if (isSame) return false;
    this.#strips = strips;
    const width = strips[0]?.width ?? 0;
    const height = strips.reduce((sum, strip) => sum + strip.height, 0);
    if (height > 0) upload(this.#imageOf(width, height), this.#stacked(width * height * 4));
    return true;
  }

  free(): void {
    this.#image?.free();
    this.#image = undefined;
    this.#strips = [];
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #imageOf(width: number, height: number): ImageU8 {
    if (this.#image === undefined || pixelCapacity(this.#image) < width * height) {
      this.#image?.free();
      this.#image = new ImageU8(width, height, { device: 'cpu' });
    }
    this.#image.resize(width, height);
    return this.#image;
  }

  #stacked(bytes: number): Uint8Array {
    if (this.#pixels.length < bytes) this.#pixels = new Uint8Array(bytes);
    let offset = 0;
    for (const { pixels } of this.#strips) {
      this.#pixels.set(pixels, offset);
      offset += pixels.length;
    }
    return this.#pixels.subarray(0, bytes);
  }
}
