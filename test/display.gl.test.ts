/** OpenGL through the addon's binding, on the headless provider: what it draws, and what it refuses. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GL, GLObject } from '../src/display/gl.ts';
import { HeadlessWindow } from '../src/display/headless.ts';
import { errorOf } from './helpers/errors.ts';

let window: HeadlessWindow;
let gl: GL;

beforeEach(() => {
  window = new HeadlessWindow({ width: 8, height: 4 });
  gl = window.gl;
});

afterEach(() => {
  if (!gl.isContextLost()) {
    window.makeCurrent();
    expect(gl.getError()).toBe(gl.NO_ERROR);
  }
  window.free();
});

const codeOf = (run: () => unknown) => errorOf(run).code;
const present = (object: GLObject | null): GLObject => object ?? expect.fail('no object was made');

function bytes(x: number, y: number, width: number, height: number): number[] {
  const pixels = new Uint8Array(width * height * 4);
  gl.readPixels(x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return [...pixels];
}

function compile(fragment: string, vertex: string): GLObject {
  const program = present(gl.createProgram());
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = present(gl.createShader(type));
    gl.shaderSource(shader, `#version 300 es\nprecision highp float;\n${source}`);
    gl.compileShader(shader);
    expect(gl.getShaderInfoLog(shader)).toBe('');
    expect(gl.getShaderParameter(shader, gl.COMPILE_STATUS)).toBe(true);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  expect(gl.getProgramInfoLog(program)).toBe('');
  expect(gl.getProgramParameter(program, gl.LINK_STATUS)).toBe(true);
  return program;
}

describe('drawing', () => {
  it('clears within the scissor', () => {
    gl.clearColor(1, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.SCISSOR_TEST);
    gl.scissor(1, 0, 1, 1);
    gl.clearColor(0, 0, 1, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    expect(bytes(0, 0, 3, 1)).toEqual([255, 0, 0, 255, 0, 0, 255, 0, 255, 0, 0, 255]);
  });

  it('draws triangles from a buffer with uniforms', () => {
    const program = compile(
      'uniform vec4 color; uniform mat3 swap; out vec4 o; void main() { o = vec4(swap * color.rgb, color.a); }',
      'in vec2 at; void main() { gl_Position = vec4(at, 0, 1); }',
    );
    gl.useProgram(program);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    // The left half.
    const strip = new Float32Array([-1, -1, 0, -1, -1, 1, 0, 1]);
    gl.bufferData(gl.ARRAY_BUFFER, strip, gl.STATIC_DRAW);
    const at = gl.getAttribLocation(program, 'at');
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, 2, gl.FLOAT, false, 0, 0);
    gl.uniform4f(gl.getUniformLocation(program, 'color'), 1, 0.2, 0, 1);
    // Column by column: red and blue change places.
    const swap = new Float32Array([0, 0, 1, 0, 1, 0, 1, 0, 0]);
    gl.uniformMatrix3fv(gl.getUniformLocation(program, 'swap'), false, swap);
    expect(gl.getUniformLocation(program, 'absent')).toBeNull();
    gl.uniform1f(null, 1);
    gl.viewport(0, 0, 8, 4);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    expect(bytes(3, 2, 2, 1)).toEqual([0, 51, 255, 255, 0, 0, 0, 0]);

    expect(codeOf(() => gl.drawArrays(gl.TRIANGLE_STRIP, 1, 4))).toBe('ERR_INVALID_ARGUMENT');
    gl.deleteBuffer(buffer);
    expect(codeOf(() => gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4))).toBe('ERR_INVALID_ARGUMENT');
  });
});
