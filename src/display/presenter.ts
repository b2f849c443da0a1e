/** Draws frames, and an overlay, in the current OpenGL context. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { invalidArgument } from '../errors/invalid.ts';
import { Frame } from '../image/frame.ts';
import { ImageU8 } from '../image/image.ts';
import { FrameTextures } from './frame-textures.ts';
import type { GL, GLObject } from './gl.ts';
import { Program } from './program.ts';
import { fragmentShader, overlayShader, type Planes, vertexShader } from './shaders.ts';
import { inscribed, type Rectangle, type Size, View } from './view.ts';

type Way = 'pixels' | 'filtered';
type Rgb = readonly [number, number, number];

/** Squares of the checkerboard: their side in window units, and their two 8-bit grays. */
const squareSide = 8;
const squareGrays: readonly [Rgb, Rgb] = [gray(102), gray(153)];
const lineColors: readonly [Rgb, Rgb] = [gray(0), gray(255)];

/**
 * Shows frames in their own format: YUV planes are copied once, and converted in the shader. Every call needs the context to be
 * current.
 *
 * `draw` draws to the bound framebuffer and sets all the state it depends on. Afterwards the state is that of a new context (no
 * program, texture or vertex array bound, blending and scissor off), except for the viewport, which is the whole framebuffer,
 * the clear colour, and the depth, stencil and face tests, which stay off.
 *
 * @example
 * presenter.setFrame(frame)
 * presenter.draw(window.width, window.height)
 * window.swapBuffers()
 */
export class Presenter implements Disposable {
  readonly view = new View();
  readonly #gl: GL;
  readonly #programs = new Map<string, Program>();
  readonly #corners: GLObject | null;
  #result: FrameTextures | undefined;
  #before: FrameTextures | undefined;
  #overlay: { readonly picture: FrameTextures; readonly x: number; readonly y: number } | undefined;
  #freed: boolean = false;

  constructor(gl: GL) {
    this.#gl = gl;
    this.#corners = gl.createVertexArray();
  }

  /** Copies the frame to show from now on; its size and format may differ from the previous one's. */
  setFrame(frame: Frame | ImageU8): void {
    this.#expectAlive();
    expectFrame('frame', frame);
    this.#result = this.#textured(frame, this.#result);
  }

  /** Copies the frame that `view.split` compares with, shown as large as the result; undefined removes it. */
  setBefore(frame: Frame | ImageU8 | undefined): void {
    this.#expectAlive();
    if (frame !== undefined) {
      expectFrame('before', frame);
      this.#before = this.#textured(frame, this.#before);
    } else {
      this.#before?.free();
      this.#before = undefined;
    }
  }

  /** Copies an overlay with straight alpha, drawn over everything, pixel for pixel; undefined removes it. */
  setOverlay(image: ImageU8 | undefined, x = 0, y = 0): void {
    this.#expectAlive();
    if (!Number.isInteger(x)) throw invalidArgument('x', 'an integer', x);
    if (!Number.isInteger(y)) throw invalidArgument('y', 'an integer', y);
    if (image !== undefined) {
      if (!(image instanceof ImageU8)) throw invalidArgument('overlay', 'an ImageU8', image);
      this.#overlay = { picture: this.#textured(image, this.#overlay?.picture), x, y };
    } else {
      this.#overlay?.picture.free();
      this.#overlay = undefined;
    }
  }

  /** Draws a whole framebuffer of that size; nothing if it has no pixels, as in a minimised window. */
  draw(width: number, height: number): void {
    this.#expectAlive();
    checkSize(width, height);
    if (width === 0 || height === 0) return;
    const framebuffer = { x: 0, y: 0, width, height };
    this.#begin(framebuffer);
    if (this.#result === undefined) this.#fill(framebuffer, framebuffer, this.view.background);
    else this.#drawPictures(this.#result, framebuffer);
    this.#drawOverlay(framebuffer);
    this.#end();
  }

  /** The framebuffer as 8-bit RGBA, top row first. Waits until it is drawn. */
  readPixels(width: number, height: number): Uint8Array {
    this.#expectAlive();
    checkSize(width, height);
    const gl = this.#gl;
    const rows = new Uint8Array(4 * width * height);
    if (rows.length > 0) gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rows);
    return upsideDown(rows, 4 * width);
  }

  /** Frees its OpenGL objects; calling it again does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#result?.free();
    this.#before?.free();
    this.#overlay?.picture.free();
    if (this.#gl.isContextLost()) return; // which has freed the rest
    for (const program of this.#programs.values()) program.free();
    this.#gl.deleteVertexArray(this.#corners);
  }

  [Symbol.dispose](): void {
    this.free();
  }

  /** Copies the frame into the textures it had before, if they fit; else into new ones. On failure the old ones stay. */
  #textured(frame: Frame | ImageU8, before: FrameTextures | undefined): FrameTextures {
    if (before?.takes(frame)) {
      before.copyFrom(frame);
      return before;
    }
    const picture = new FrameTextures(this.#gl, frame);
    try {
      picture.copyFrom(frame);
    } catch (error) {
      picture.free();
      throw error;
    }
    before?.free();
    return picture;
  }

  #begin({ width, height }: Size): void {
    const gl = this.#gl;
    for (const test of [gl.BLEND, gl.CULL_FACE, gl.DEPTH_TEST, gl.DITHER, gl.STENCIL_TEST])
      gl.disable(test);
    gl.enable(gl.SCISSOR_TEST);
    gl.colorMask(true, true, true, true);
    gl.viewport(0, 0, width, height);
    gl.bindVertexArray(this.#corners);
  }

  #end(): void {
    const gl = this.#gl;
    gl.bindVertexArray(null);
    gl.useProgram(null);
    gl.disable(gl.SCISSOR_TEST);
    gl.enable(gl.DITHER);
  }

  #drawPictures(result: FrameTextures, framebuffer: Rectangle): void {
    const rectangle = this.view.show(result, framebuffer);
    const { split } = this.view;
    if (split === undefined || this.#before === undefined) {
      this.#drawPicture(result, rectangle, framebuffer, framebuffer);
      return;
    }
    const { width, height } = framebuffer;
    const line = Math.round(split * width);
    const left = { x: 0, y: 0, width: line, height };
    const right = { x: line, y: 0, width: width - line, height };
    this.#drawPicture(this.#before, inscribed(this.#before, rectangle), left, framebuffer);
    this.#drawPicture(result, rectangle, right, framebuffer);
    const thickness = Math.max(1, Math.round(this.view.scale));
    for (const [i, color] of lineColors.entries()) {
      const stripe = { x: line + (i - 1) * thickness, y: 0, width: thickness, height };
      this.#fill(intersection(stripe, framebuffer), framebuffer, color);
    }
  }

  /** Draws a picture in its rectangle, and background around it, both clipped to `clip`. */
  #drawPicture(picture: FrameTextures, at: Rectangle, clip: Rectangle, framebuffer: Size): void {
    const gl = this.#gl;
    const { background, checkerboard, scale } = this.view;
    const visible = intersection(at, clip);
    if (visible.width < clip.width || visible.height < clip.height)
      this.#fill(clip, framebuffer, background);
    if (visible.width === 0 || visible.height === 0) return;
    const stride = { x: picture.width / at.width, y: picture.height / at.height };
    const program = this.#use(picture.planes, wayOf(stride));
    const [even, odd] = checkerboard ? squareGrays : [background, background];
    gl.uniform2f(program.at('stride'), stride.x, stride.y);
    gl.uniform1f(program.at('square'), Math.max(1, Math.round(squareSide * scale)));
    gl.uniform3f(program.at('evenSquares'), ...even);
    gl.uniform3f(program.at('oddSquares'), ...odd);
    this.#drawAt(picture, program, at, visible, framebuffer);
  }

  #drawOverlay(framebuffer: Rectangle): void {
    if (this.#overlay === undefined) return;
    const gl = this.#gl;
    const { picture, x, y } = this.#overlay;
    const at = { x, y, width: picture.width, height: picture.height };
    const visible = intersection(at, framebuffer);
    if (visible.width === 0 || visible.height === 0) return;
    const program = this.#use('overlay', 'pixels');
    gl.enable(gl.BLEND);
    gl.blendEquation(gl.FUNC_ADD);
    gl.blendFuncSeparate(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE);
    this.#drawAt(picture, program, at, visible, framebuffer);
    gl.blendFunc(gl.ONE, gl.ZERO);
    gl.disable(gl.BLEND);
  }

  #drawAt(
    picture: FrameTextures,
    program: Program,
    at: Rectangle,
    visible: Rectangle,
    framebuffer: Size,
  ): void {
    const gl = this.#gl;
    gl.uniform2f(program.at('framebuffer'), framebuffer.width, framebuffer.height);
    gl.uniform2f(program.at('origin'), at.x, at.y);
    gl.uniform2f(program.at('extent'), at.width, at.height);
    picture.bind(program);
    this.#scissor(visible, framebuffer);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    picture.unbind();
  }

  #use(planes: Planes | 'overlay', way: Way): Program {
    const name = `${planes} ${way}`;
    let program = this.#programs.get(name);
    if (program === undefined) {
      const source = planes === 'overlay' ? overlayShader : fragmentShader(planes, way);
      program = new Program(this.#gl, vertexShader, source);
      this.#programs.set(name, program);
    }
    program.use();
    return program;
  }

  #fill(rectangle: Rectangle, framebuffer: Size, [red, green, blue]: Rgb): void {
    const gl = this.#gl;
    if (rectangle.width === 0 || rectangle.height === 0) return;
    this.#scissor(rectangle, framebuffer);
    gl.clearColor(red, green, blue, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  /** OpenGL counts rows from the bottom. */
  #scissor({ x, y, width, height }: Rectangle, framebuffer: Size): void {
    this.#gl.scissor(x, framebuffer.height - y - height, width, height);
  }

  #expectAlive(): void {
    if (this.#freed) throw new FramelaneError('ERR_DISPOSED', 'the presenter has been freed');
  }
}

/** Unfiltered pixels at 100 % and from 400 % on, where users inspect them; filtered ones at other sizes. */
function wayOf({ x, y }: { readonly x: number; readonly y: number }): Way {
  return (x === 1 && y === 1) || Math.max(x, y) <= 1 / 4 ? 'pixels' : 'filtered';
}

function intersection(a: Rectangle, b: Rectangle): Rectangle {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x);
  const height = Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y);
  return { x, y, width, height };
}

function upsideDown(rows: Uint8Array, rowBytes: number): Uint8Array {
  const result = new Uint8Array(rows.length);
  for (
    let from = 0, to = rows.length - rowBytes;
    to >= 0 && rowBytes > 0;
    from += rowBytes, to -= rowBytes
  )
    result.set(rows.subarray(from, from + rowBytes), to);
  return result;
}

function gray(code: number): Rgb {
  return [code / 255, code / 255, code / 255];
}

function expectFrame(name: string, frame: unknown): void {
  if (frame instanceof Frame || frame instanceof ImageU8) return;
  throw invalidArgument(name, 'a Frame or an ImageU8', frame);
}

function checkSize(width: number, height: number): void {
  for (const [name, side] of Object.entries({ width, height })) {
    if (Number.isInteger(side) && side >= 0) continue;
    const message = `${name}: expected an integer from 0, received ${describeValue(side)}`;
    throw new FramelaneError('ERR_INVALID_SIZE', message, { path: name });
  }
}
