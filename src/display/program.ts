/** A linked program, and the locations of its uniforms. */
import { FramelaneError } from '../errors/errors.ts';
import type { GL, GLObject } from './gl.ts';

export class Program {
  readonly #gl: GL;
  readonly #program: GLObject;
  readonly #locations = new Map<string, GLObject | null>();

  constructor(gl: GL, vertexShader: string, fragmentShader: string) {
    this.#gl = gl;
    this.#program = created(gl.createProgram());
    const shaders = [
      compiled(gl, gl.VERTEX_SHADER, vertexShader),
      compiled(gl, gl.FRAGMENT_SHADER, fragmentShader),
    ];
    for (const shader of shaders) gl.attachShader(this.#program, shader);
    gl.linkProgram(this.#program);
    for (const shader of shaders) gl.deleteShader(shader);
    if (!gl.getProgramParameter(this.#program, gl.LINK_STATUS)) {
      throw rejected('program', gl.getProgramInfoLog(this.#program));
    }
  }

  use(): void {
    this.#gl.useProgram(this.#program);
  }

  /** The location of a uniform; null, which uniform calls ignore, for one that the program does not have. */
  at(uniform: string): GLObject | null {
    const known = this.#locations.get(uniform);
    if (known !== undefined) return known;
    const location = this.#gl.getUniformLocation(this.#program, uniform);
    this.#locations.set(uniform, location);
    return location;
  }

  free(): void {
    this.#gl.deleteProgram(this.#program);
  }
}

function compiled(gl: GL, type: number, source: string): GLObject {
  const shader = created(gl.createShader(type));
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
    throw rejected('shader', gl.getShaderInfoLog(shader));
  }
  return shader;
}

/** Rejects null, which OpenGL returns where the context is lost. */
function created(object: GLObject | null): GLObject {
  if (object !== null) return object;
  throw new FramelaneError('ERR_GL_CONTEXT', 'the OpenGL context has been lost');
}

function rejected(what: string, log: string | null): FramelaneError {
  return new FramelaneError('ERR_INTERNAL', `the OpenGL driver rejected a ${what}: ${log ?? ''}`);
}
