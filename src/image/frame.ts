/** Frames of any pixel format on a device, as from a decoder or a plan. */

import type { DeviceId } from '../device.ts';
import { addon } from '../native/binding.ts';
import type { ImageHandle, NativeShape } from '../native/plan.ts';
import { ownedHandle } from './image.ts';
import { pixelFormatOf } from './pixel-formats.ts';

/** Code values, or floats for `rgbaf32`; samples of more than 8 bits use the low bits. */
export type FrameSamples = Uint8Array | Uint16Array | Float32Array;

/**
 * Memory of one frame, planes one after the other without padding. New memory is not initialised. An invalid
 * shape is ERR_INVALID_ARGUMENT or ERR_INVALID_SIZE.
 *
 * @example
 * using frame = new Frame({ format: 'yuv420p', width: 1920, height: 1080, matrix: 'bt709', range: 'limited' }, 'cpu')
 */
export class Frame implements Disposable {
  readonly shape: NativeShape;
  readonly device: DeviceId;
  readonly handle: ImageHandle;
  /** Whether alpha is 1 everywhere, although the format has alpha. */
  readonly opaque: boolean;

  constructor(shape: NativeShape, device: DeviceId, { opaque = false } = {}) {
    this.handle = ownedHandle(addon().makeFrame(this, device, shape), this);
    this.shape = shape;
    this.device = device;
    this.opaque = opaque;
  }

  /** Fills the frame from its samples, plane by plane; another type or count is ERR_INVALID_ARGUMENT. */
  upload(samples: FrameSamples): void {
    this.handle.upload(samples);
  }

  /** The samples, plane by plane; waits for pending work. */
  download(): FrameSamples {
    const samples = newSamples(this.shape.format, this.handle.byteLength);
    this.handle.download(samples);
    return samples;
  }

  /** Frees the memory now; later use is ERR_DISPOSED, freeing again does nothing. */
  free(): void {
    addon().freeImage(this.handle.id);
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function newSamples(format: NativeShape['format'], bytes: number): FrameSamples {
  const { bits, float } = pixelFormatOf(format);
  if (float) return new Float32Array(bytes / 4);
  return bits > 8 ? new Uint16Array(bytes / 2) : new Uint8Array(bytes);
}
