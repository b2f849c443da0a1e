/** A frame in textures, and the uniforms that a shader needs to show it. */
import type { Frame } from '../image/frame.ts';
import { ImageU8 } from '../image/image.ts';
import { pixelFormatOf } from '../image/pixel-formats.ts';
import type { NativeShape } from '../native/plan.ts';
import type { GL, GLObject } from './gl.ts';
import { PlaneTextures } from './plane-textures.ts';
import type { Program } from './program.ts';
import type { Planes } from './shaders.ts';
import { type YuvMatrix, yuvMatrix } from './yuv-matrix.ts';

export class FrameTextures {
  readonly planes: Planes;
  readonly #gl: GL;
  readonly #textures: PlaneTextures;
  readonly #device: string;
  readonly #layout: string;
  readonly #maxCode: number;
  #shape: NativeShape;
  #matrix: YuvMatrix;

  constructor(gl: GL, frame: Frame | ImageU8) {
    this.#gl = gl;
    this.#shape = shapeOf(frame);
    this.#device = frame.device;
    this.#layout = layoutOf(this.#shape);
    this.planes = planesOf(frame);
    const { bits } = pixelFormatOf(this.#shape.format);
    this.#maxCode = 2 ** bits - 1;
    this.#matrix = yuvMatrix(this.#shape, bits);
    this.#textures = new PlaneTextures(gl, this.#shape, frame.device);
    for (const { texture } of this.#textures.planes) showTexels(gl, texture);
  }

  get width(): number {
    return this.#shape.width;
  }

  get height(): number {
    return this.#shape.height;
  }

  /** Whether the textures can hold the frame. */
  takes(frame: Frame | ImageU8): boolean {
    const fits = frame.device === this.#device && layoutOf(shapeOf(frame)) === this.#layout;
    return fits && planesOf(frame) === this.planes;
  }

  copyFrom(frame: Frame | ImageU8): void {
    this.#textures.copyFrom(frame);
    const shape = shapeOf(frame);
    const { matrix, range } = this.#shape;
    if (shape.matrix !== matrix || shape.range !== range) {
      this.#matrix = yuvMatrix(shape, pixelFormatOf(shape.format).bits);
    }
    this.#shape = shape;
  }

  /** Binds its textures to the units from 0 on, and sets the uniforms of the program in use. */
  bind(program: Program): void {
    const gl = this.#gl;
    const [first] = this.#textures.planes;
    gl.uniform2f(program.at('size'), this.width, this.height);
    for (const [unit, { texture }] of this.#textures.planes.entries()) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(program.at(`plane${unit}`), unit);
    }
    if (['rgb', 'rgba', 'deep'].includes(this.planes)) return;
    const { zero, high, low } = this.#matrix;
    const [scaleX, scaleY, offsetX, offsetY] = chromaPlace(this.#shape);
    gl.uniform1f(program.at('codesInOne'), this.#maxCode / (first?.samplesMax ?? 1));
    gl.uniform1f(program.at('maxCode'), this.#maxCode);
    gl.uniform3f(program.at('zero'), ...zero);
    gl.uniformMatrix3fv(program.at('high'), false, high);
    gl.uniformMatrix3fv(program.at('low'), false, low);
    gl.uniform4f(program.at('chroma'), scaleX, scaleY, offsetX, offsetY);
  }

  /** Restores its texture units to the state of a new context. */
  unbind(): void {
    const gl = this.#gl;
    for (let unit = this.#textures.planes.length - 1; unit >= 0; unit--) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, null);
    }
  }

  free(): void {
    this.#textures.free();
  }
}

/** Turns off the texture unit's interpolation, whose weights have only 8 bits: the shaders interpolate themselves. */
function showTexels(gl: GL, texture: GLObject): void {
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.bindTexture(gl.TEXTURE_2D, null);
}

function shapeOf(frame: Frame | ImageU8): NativeShape {
  if (!(frame instanceof ImageU8)) return frame.shape;
  const { width, height } = frame;
  return { format: 'rgba8', width, height, matrix: 'bt709', range: 'full' };
}

const layoutOf = ({ format, width, height }: NativeShape) => `${format} ${width}x${height}`;

function planesOf(frame: Frame | ImageU8): Planes {
  const { format } = shapeOf(frame);
  if (format === 'rgba8') return !(frame instanceof ImageU8) && frame.opaque ? 'rgb' : 'rgba';
  const { family, alpha } = pixelFormatOf(format);
  if (family === 'rgb') return 'deep';
  if (family === 'gray') return 'gray';
  return alpha ? 'yuva' : 'yuv';
}

/** Scale and offset from pixel positions to chroma positions, both counted from the edge of the picture. */
function chromaPlace({ format, chromaLocation = 'left' }: NativeShape) {
  const { shiftX, shiftY } = pixelFormatOf(format);
  // A sample sited on the first of its two pixels is 1/4 of its width off their centre.
  const offsetX = shiftX > 0 && chromaLocation !== 'center' ? 0.25 : 0;
  const offsetY = shiftY > 0 && chromaLocation === 'topLeft' ? 0.25 : 0;
  return [2 ** -shiftX, 2 ** -shiftY, offsetX, offsetY] as const;
}
