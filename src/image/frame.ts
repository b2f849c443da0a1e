/** Frames as a decoder or a plan makes them: of any pixel format, planar ones too, on a device. */

import type { DeviceId } from '../device.ts';
import { addon } from '../native/binding.ts';
import type { ImageHandle, NativeShape } from '../native/plan.ts';
import { ownedHandle } from './image.ts';
import { pixelFormatOf } from './pixel-formats.ts';

/** Code values, or floats for `rgbaf32`; samples of more than 8 bits use the low bits. */
export type FrameSamples = Uint8Array | Uint16Array | Float32Array;

/**
 * Memory of one frame, planes one after the other without padding. New memory holds whatever was there before. A shape that
 * is none is ERR_INVALID_ARGUMENT or ERR_INVALID_SIZE.
 *
 * @example
 * using frame = new Frame({ format: 'yuv420p', width: 1920, height: 1080, matrix: 'bt709', range: 'limited' }, 'cpu')
 */
export class Frame implements Disposable {
  readonly shape: NativeShape;
  readonly device: DeviceId;
  readonly handle: ImageHandle;
  /** Whether every alpha will be 1, although the format has one. */
  readonly opaque: boolean;

  constructor(shape: NativeShape, device: DeviceId, { opaque = false } = {}) {
    this.handle = ownedHandle(addon().makeFrame(this, device, shape), this);
    this.shape = shape;
    this.device = device;
    this.opaque = opaque;
  }

  /** Fills the frame from every sample of it, plane by plane: ERR_INVALID_ARGUMENT for another type or count. */
  upload(samples: FrameSamples): void {
    this.handle.upload(samples);
  }

  /** Every sample, plane by plane; waits for the work before it. */
  download(): FrameSamples {
    const samples = newSamples(this.shape.format, this.handle.byteLength);
    this.handle.download(samples);
    return samples;
  }

  /** Gives the memory back now; using the frame afterwards is ERR_DISPOSED, freeing it again does nothing. */
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
