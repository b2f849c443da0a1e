/** The part of WebGL 2 that showing frames needs, with WebGL's names, constants and signatures. */
import type { glConstants } from './gl-constants.ts';

/** A buffer, texture, shader … of one window. Opaque, but for its OpenGL name, which is where webgl-raub has it. */
export interface GLObject {
  readonly _: number;
}

type Constants = { readonly [Name in keyof typeof glConstants]: number };

type Nullable = GLObject | null;

/**
 * OpenGL by the names of WebGL 2. Its context must be current (`makeCurrent()` of the window): else ERR_GL_CONTEXT. Arguments
 * that could harm are ERR_INVALID_ARGUMENT: a wrong type, an array shorter than its pixels, an object of another window. What
 * is wrong to OpenGL alone is left to `getError()`. Objects that are not deleted go with their window.
 *
 * @example
 * gl.clearColor(0, 0, 1, 1); gl.clear(gl.COLOR_BUFFER_BIT)
 */
export interface GL extends Constants {
  // State
  enable(capability: number): void;
  disable(capability: number): void;
  isEnabled(capability: number): boolean;
  viewport(x: number, y: number, width: number, height: number): void;
  scissor(x: number, y: number, width: number, height: number): void;
  clearColor(red: number, green: number, blue: number, alpha: number): void;
  clear(mask: number): void;
  colorMask(red: boolean, green: boolean, blue: boolean, alpha: boolean): void;
  blendColor(red: number, green: number, blue: number, alpha: number): void;
  blendEquation(mode: number): void;
  blendFunc(source: number, destination: number): void;
  blendFuncSeparate(
    sourceRgb: number,
    destinationRgb: number,
    sourceAlpha: number,
    destinationAlpha: number,
  ): void;
  finish(): void;
  flush(): void;
  getError(): number;
  /** Strings, numbers, booleans and arrays of them; never an object that is bound. */
  getParameter(name: number): unknown;
  /** Whether the window has been freed. */
  isContextLost(): boolean;
  fenceSync(condition: number, flags: number): Nullable;
  clientWaitSync(sync: GLObject, flags: number, nanoseconds: number): number;
  deleteSync(sync: Nullable): void;

  // Buffers and vertex arrays
  createBuffer(): Nullable;
  deleteBuffer(buffer: Nullable): void;
  bindBuffer(target: number, buffer: Nullable): void;
  bufferData(target: number, sizeOrData: number | ArrayBufferView, usage: number): void;
  bufferSubData(target: number, byteOffset: number, data: ArrayBufferView): void;
  getBufferSubData(target: number, byteOffset: number, into: ArrayBufferView): void;
  createVertexArray(): Nullable;
  deleteVertexArray(array: Nullable): void;
  bindVertexArray(array: Nullable): void;
  enableVertexAttribArray(index: number): void;
  disableVertexAttribArray(index: number): void;
  /** Reads the buffer that is bound to ARRAY_BUFFER now. */
  vertexAttribPointer(
    index: number,
    size: number,
    type: number,
    normalized: boolean,
    stride: number,
    byteOffset: number,
  ): void;
  drawArrays(mode: number, first: number, count: number): void;

  // Textures and framebuffers. Where a PIXEL_UNPACK_BUFFER (PIXEL_PACK_BUFFER) is bound, pixels are an offset into it, and
  // null is offset 0; else they are an array, laid out as pixelStorei says.
  activeTexture(unit: number): void;
  createTexture(): Nullable;
  deleteTexture(texture: Nullable): void;
  bindTexture(target: number, texture: Nullable): void;
  texParameteri(target: number, name: number, value: number): void;
  texParameterf(target: number, name: number, value: number): void;
  texStorage2D(target: number, levels: number, format: number, width: number, height: number): void;
  /** Null where no buffer is bound leaves the pixels undefined. */
  texImage2D(
    target: number,
    level: number,
    internalFormat: number,
    width: number,
    height: number,
    border: number,
    format: number,
    type: number,
    pixels: ArrayBufferView | number | null,
  ): void;
  texSubImage2D(
    target: number,
    level: number,
    x: number,
    y: number,
    width: number,
    height: number,
    format: number,
    type: number,
    pixels: ArrayBufferView | number | null,
  ): void;
  generateMipmap(target: number): void;
  pixelStorei(name: number, value: number): void;
  createFramebuffer(): Nullable;
  deleteFramebuffer(framebuffer: Nullable): void;
  /** Null is the window. */
  bindFramebuffer(target: number, framebuffer: Nullable): void;
  framebufferTexture2D(
    target: number,
    attachment: number,
    textureTarget: number,
    texture: Nullable,
    level: number,
  ): void;
  checkFramebufferStatus(target: number): number;
  blitFramebuffer(
    sourceX0: number,
    sourceY0: number,
    sourceX1: number,
    sourceY1: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    mask: number,
    filter: number,
  ): void;
  /** The bottom row first. */
  readPixels(
    x: number,
    y: number,
    width: number,
    height: number,
    format: number,
    type: number,
    into: ArrayBufferView | number | null,
  ): void;

  // Shaders, programs, uniforms
  createShader(type: number): Nullable;
  deleteShader(shader: Nullable): void;
  shaderSource(shader: GLObject, source: string): void;
  compileShader(shader: GLObject): void;
  getShaderParameter(shader: GLObject, name: number): unknown;
  getShaderInfoLog(shader: GLObject): string;
  createProgram(): Nullable;
  deleteProgram(program: Nullable): void;
  attachShader(program: GLObject, shader: GLObject): void;
  detachShader(program: GLObject, shader: GLObject): void;
  bindAttribLocation(program: GLObject, index: number, name: string): void;
  linkProgram(program: GLObject): void;
  useProgram(program: Nullable): void;
  getProgramParameter(program: GLObject, name: number): unknown;
  getProgramInfoLog(program: GLObject): string;
  getAttribLocation(program: GLObject, name: string): number;
  getUniformLocation(program: GLObject, name: string): Nullable;
  uniform1i(location: Nullable, x: number): void;
  uniform2i(location: Nullable, x: number, y: number): void;
  uniform1f(location: Nullable, x: number): void;
  uniform2f(location: Nullable, x: number, y: number): void;
  uniform3f(location: Nullable, x: number, y: number, z: number): void;
  uniform4f(location: Nullable, x: number, y: number, z: number, w: number): void;
  uniform1fv(location: Nullable, values: Float32Array): void;
  uniform2fv(location: Nullable, values: Float32Array): void;
  uniform3fv(location: Nullable, values: Float32Array): void;
  uniform4fv(location: Nullable, values: Float32Array): void;
  uniformMatrix3fv(location: Nullable, transpose: boolean, values: Float32Array): void;
  uniformMatrix4fv(location: Nullable, transpose: boolean, values: Float32Array): void;
}
