/** Frames as textures: one for each plane, in the frame's own format. */

import type { DeviceId } from '../device.ts';
import { FramelaneError } from '../errors/errors.ts';
import type { Frame } from '../image/frame.ts';
import { handleOf, ImageU8 } from '../image/image.ts';
import { pixelFormatOf } from '../image/pixel-formats.ts';
import { addon } from '../native/binding.ts';
import type { GLSharedHandle } from '../native/gl.ts';
import type { NativeShape } from '../native/plan.ts';
import type { GL, GLObject } from './gl.ts';

export interface PlaneTexture {
  readonly texture: GLObject;
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly bits: number;
  /** The sampled value of the largest code, 2^bits - 1: 1, or less where 16 bits store a smaller depth. */
  readonly samplesMax: number;
}

/**
 * Textures of a frame's shape, created in the current context and filled with one copy per frame. Linear filtering, clamped to
 * the edge.
 *
 * @example
 * using textures = new PlaneTextures(window.gl, frame.shape, frame.device)
 * textures.copyFrom(frame)
 */
export class PlaneTextures implements Disposable {
  readonly planes: readonly PlaneTexture[];
  readonly #gl: GL;
  readonly #handle: GLSharedHandle;
  readonly #owned: GLObject[];

  constructor(gl: GL, shape: NativeShape, device: DeviceId) {
    requireFits(gl, shape);
    this.#gl = gl;
    this.planes = planeSizes(shape).map(({ width, height }) =>
      makeTexture(gl, shape.format, width, height),
    );
    this.#owned = this.planes.map(({ texture }) => texture);
    const names = this.#owned.map(({ _ }) => _);
    try {
      this.#handle = new (addon().GLFrameTexturesHandle)(device, shape, names);
    } catch (error) {
      this.#deleteTextures();
      throw error;
    }
  }

  /** Fills the textures without waiting, in order with the work of the device and of OpenGL. ERR_INVALID_SIZE: another shape. */
  copyFrom(frame: Frame | ImageU8): void {
    this.#handle.copyFrom(frame instanceof ImageU8 ? handleOf(frame) : frame.handle, false);
  }

  /** Deletes the textures; their context must be current, unless its window is freed. Calling it again does nothing. */
  free(): void {
    this.#handle.free();
    if (!this.#gl.isContextLost()) this.#deleteTextures();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #deleteTextures(): void {
    for (let last = this.#owned.at(-1); last; last = this.#owned.at(-1)) {
      this.#gl.deleteTexture(last); // throws in another context, and can be retried
      this.#owned.pop();
    }
  }
}

function requireFits(gl: GL, { width, height }: NativeShape): void {
  const most = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  if (Math.max(width, height) <= most) return;
  throw new FramelaneError(
    'ERR_INVALID_SIZE',
    `frame: expected at most ${most} pixels on each side, the largest texture of this OpenGL, received ${width}x${height}`,
  );
}

function planeSizes({ format, width, height }: NativeShape) {
  const { family, alpha, shiftX, shiftY } = pixelFormatOf(format);
  const whole = { width, height };
  if (family !== 'yuv') return [whole];
  const chroma = { width: Math.ceil(width / 2 ** shiftX), height: Math.ceil(height / 2 ** shiftY) };
  return [whole, chroma, chroma, ...(alpha ? [whole] : [])];
}

function makeTexture(
  gl: GL,
  format: NativeShape['format'],
  width: number,
  height: number,
): PlaneTexture {
  const texture = gl.createTexture();
  if (texture === null)
    throw new FramelaneError('ERR_GL_CONTEXT', 'OpenGL cannot create a texture');
  const [internalFormat, bits, samplesMax] = storageOf(gl, format);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, internalFormat, width, height);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
    gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
  gl.bindTexture(gl.TEXTURE_2D, null);
  return { texture, width, height, bits, samplesMax };
}

function storageOf(gl: GL, format: NativeShape['format']): readonly [number, number, number] {
  const { family, bits, float } = pixelFormatOf(format);
  if (float) return [gl.RGBA32F, bits, 1];
  if (family === 'rgb') return [bits > 8 ? gl.RGBA16 : gl.RGBA8, bits, 1];
  return bits > 8 ? [gl.R16, bits, (2 ** bits - 1) / 65535] : [gl.R8, bits, 1];
}
