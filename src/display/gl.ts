/** The subset of WebGL 2 that showing frames and three.js need, with WebGL's names, constants and signatures. */
import type { glConstants } from './gl-constants.ts';

/** A buffer, texture, shader … of one window. Opaque but for its OpenGL name, in the property that webgl-raub uses. */
export interface GLObject {
  readonly _: number;
}

type Constants = { readonly [Name in keyof typeof glConstants]: number };

type Nullable = GLObject | null;
type Floats = Float32Array | readonly number[];
type Ints = Int32Array | readonly number[];
type UnsignedInts = Uint32Array | readonly number[];
/** Booleans are 0 and 1. */
type Scalar = number | boolean;

export interface GLActiveInfo {
  readonly name: string;
  /** Elements of an array, else 1. */
  readonly size: number;
  readonly type: number;
}

export interface GLContextAttributes {
  readonly alpha: boolean;
  readonly antialias: boolean;
  readonly depth: boolean;
  readonly stencil: boolean;
  readonly premultipliedAlpha: boolean;
  readonly preserveDrawingBuffer: boolean;
}

/**
 * OpenGL by the names of WebGL 2. Its context must be current (`makeCurrent()` of the window), else ERR_GL_CONTEXT. Unsafe
 * arguments are ERR_INVALID_ARGUMENT: a wrong type, an array shorter than its pixels, an object of another window. Other errors
 * of OpenGL are left to `getError()`. Objects that are not deleted are freed with their window.
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
  clearDepth(depth: number): void;
  clearStencil(value: number): void;
  colorMask(red: boolean, green: boolean, blue: boolean, alpha: boolean): void;
  blendColor(red: number, green: number, blue: number, alpha: number): void;
  blendEquation(mode: number): void;
  blendEquationSeparate(rgb: number, alpha: number): void;
  blendFunc(source: number, destination: number): void;
  blendFuncSeparate(
    sourceRgb: number,
    destinationRgb: number,
    sourceAlpha: number,
    destinationAlpha: number,
  ): void;
  cullFace(face: number): void;
  depthFunc(comparison: number): void;
  depthMask(on: boolean): void;
  frontFace(order: number): void;
  lineWidth(width: number): void;
  polygonOffset(factor: number, units: number): void;
  stencilFunc(comparison: number, reference: number, mask: number): void;
  stencilMask(mask: number): void;
  stencilOp(fail: number, depthFail: number, pass: number): void;
  finish(): void;
  flush(): void;
  getError(): number;
  /** Strings, numbers, booleans and arrays of them; never an object that is bound. */
  getParameter(name: number): unknown;
  /** The attributes of the window's own framebuffer. */
  getContextAttributes(): GLContextAttributes;
  /** The constants of a supported extension (docs/display.md), else null. */
  getExtension(name: string): Readonly<Record<string, number>> | null;
  /** Whether the window has been freed. */
  isContextLost(): boolean;
  fenceSync(condition: number, flags: number): Nullable;
  clientWaitSync(sync: GLObject, flags: number, nanoseconds: number): number;
  deleteSync(sync: Nullable): void;

  // Buffers and vertex arrays
  createBuffer(): Nullable;
  deleteBuffer(buffer: Nullable): void;
  bindBuffer(target: number, buffer: Nullable): void;
  bindBufferBase(target: number, index: number, buffer: Nullable): void;
  /** `first` and `length` (0: the rest) are elements of the array, here and below. */
  bufferData(
    target: number,
    sizeOrData: number | ArrayBufferView,
    usage: number,
    first?: number,
    length?: number,
  ): void;
  bufferSubData(
    target: number,
    byteOffset: number,
    data: ArrayBufferView,
    first?: number,
    length?: number,
  ): void;
  getBufferSubData(
    target: number,
    byteOffset: number,
    into: ArrayBufferView,
    first?: number,
    length?: number,
  ): void;
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
  vertexAttribIPointer(
    index: number,
    size: number,
    type: number,
    stride: number,
    byteOffset: number,
  ): void;
  vertexAttribDivisor(index: number, divisor: number): void;
  vertexAttrib1fv(index: number, value: Floats): void;
  vertexAttrib2fv(index: number, value: Floats): void;
  vertexAttrib3fv(index: number, value: Floats): void;
  vertexAttrib4fv(index: number, value: Floats): void;
  drawArrays(mode: number, first: number, count: number): void;
  drawArraysInstanced(mode: number, first: number, count: number, instances: number): void;
  /** Indices are vertices, all of them: none restarts a strip. */
  drawElements(mode: number, count: number, type: number, byteOffset: number): void;
  drawElementsInstanced(
    mode: number,
    count: number,
    type: number,
    byteOffset: number,
    instances: number,
  ): void;

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
  copyTexSubImage2D(
    target: number,
    level: number,
    x: number,
    y: number,
    fromX: number,
    fromY: number,
    width: number,
    height: number,
  ): void;
  texStorage3D(
    target: number,
    levels: number,
    format: number,
    width: number,
    height: number,
    depth: number,
  ): void;
  texImage3D(
    target: number,
    level: number,
    internalFormat: number,
    width: number,
    height: number,
    depth: number,
    border: number,
    format: number,
    type: number,
    pixels: ArrayBufferView | number | null,
  ): void;
  texSubImage3D(
    target: number,
    level: number,
    x: number,
    y: number,
    z: number,
    width: number,
    height: number,
    depth: number,
    format: number,
    type: number,
    pixels: ArrayBufferView | number | null,
  ): void;
  copyTexSubImage3D(
    target: number,
    level: number,
    x: number,
    y: number,
    z: number,
    fromX: number,
    fromY: number,
    width: number,
    height: number,
  ): void;
  generateMipmap(target: number): void;
  /** WebGL's own three are always off: pixels are stored as they are. */
  pixelStorei(name: number, value: Scalar): void;
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
  framebufferTextureLayer(
    target: number,
    attachment: number,
    texture: Nullable,
    level: number,
    layer: number,
  ): void;
  framebufferRenderbuffer(
    target: number,
    attachment: number,
    renderbufferTarget: number,
    renderbuffer: Nullable,
  ): void;
  createRenderbuffer(): Nullable;
  deleteRenderbuffer(renderbuffer: Nullable): void;
  bindRenderbuffer(target: number, renderbuffer: Nullable): void;
  renderbufferStorage(target: number, format: number, width: number, height: number): void;
  renderbufferStorageMultisample(
    target: number,
    samples: number,
    format: number,
    width: number,
    height: number,
  ): void;
  drawBuffers(buffers: UnsignedInts): void;
  readBuffer(source: number): void;
  clearBufferfv(buffer: number, drawBuffer: number, values: Floats): void;
  clearBufferiv(buffer: number, drawBuffer: number, values: Ints): void;
  clearBufferuiv(buffer: number, drawBuffer: number, values: UnsignedInts): void;
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
  getShaderSource(shader: GLObject): string;
  getShaderPrecisionFormat(
    shaderType: number,
    precision: number,
  ): { readonly rangeMin: number; readonly rangeMax: number; readonly precision: number };
  createProgram(): Nullable;
  deleteProgram(program: Nullable): void;
  attachShader(program: GLObject, shader: GLObject): void;
  detachShader(program: GLObject, shader: GLObject): void;
  bindAttribLocation(program: GLObject, index: number, name: string): void;
  linkProgram(program: GLObject): void;
  useProgram(program: Nullable): void;
  getProgramParameter(program: GLObject, name: number): unknown;
  getProgramInfoLog(program: GLObject): string;
  getActiveAttrib(program: GLObject, index: number): GLActiveInfo | null;
  getActiveUniform(program: GLObject, index: number): GLActiveInfo | null;
  /** INVALID_INDEX where the program has no such block. */
  getUniformBlockIndex(program: GLObject, name: string): number;
  uniformBlockBinding(program: GLObject, block: number, binding: number): void;
  getAttribLocation(program: GLObject, name: string): number;
  getUniformLocation(program: GLObject, name: string): Nullable;
  uniform1i(location: Nullable, x: Scalar): void;
  uniform2i(location: Nullable, x: Scalar, y: Scalar): void;
  uniform3i(location: Nullable, x: Scalar, y: Scalar, z: Scalar): void;
  uniform4i(location: Nullable, x: Scalar, y: Scalar, z: Scalar, w: Scalar): void;
  uniform1iv(location: Nullable, values: Ints): void;
  uniform2iv(location: Nullable, values: Ints): void;
  uniform3iv(location: Nullable, values: Ints): void;
  uniform4iv(location: Nullable, values: Ints): void;
  uniform1ui(location: Nullable, x: Scalar): void;
  uniform2ui(location: Nullable, x: Scalar, y: Scalar): void;
  uniform3ui(location: Nullable, x: Scalar, y: Scalar, z: Scalar): void;
  uniform4ui(location: Nullable, x: Scalar, y: Scalar, z: Scalar, w: Scalar): void;
  uniform1uiv(location: Nullable, values: UnsignedInts): void;
  uniform2uiv(location: Nullable, values: UnsignedInts): void;
  uniform3uiv(location: Nullable, values: UnsignedInts): void;
  uniform4uiv(location: Nullable, values: UnsignedInts): void;
  uniform1f(location: Nullable, x: Scalar): void;
  uniform2f(location: Nullable, x: Scalar, y: Scalar): void;
  uniform3f(location: Nullable, x: Scalar, y: Scalar, z: Scalar): void;
  uniform4f(location: Nullable, x: Scalar, y: Scalar, z: Scalar, w: Scalar): void;
  uniform1fv(location: Nullable, values: Floats): void;
  uniform2fv(location: Nullable, values: Floats): void;
  uniform3fv(location: Nullable, values: Floats): void;
  uniform4fv(location: Nullable, values: Floats): void;
  uniformMatrix2fv(location: Nullable, transpose: boolean, values: Floats): void;
  uniformMatrix3fv(location: Nullable, transpose: boolean, values: Floats): void;
  uniformMatrix4fv(location: Nullable, transpose: boolean, values: Floats): void;
}
