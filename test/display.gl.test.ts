/** OpenGL through the addon's binding, on the headless provider: what it draws, and what it refuses. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addon } from '../src/binding.ts';
import type { GL, GLObject } from '../src/display/gl.ts';
import { glConstants } from '../src/display/gl-constants.ts';
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
    expect(codeOf(() => gl.drawArrays(gl.TRIANGLE_STRIP, 0, 2 ** 31 - 1))).toBe(
      'ERR_INVALID_ARGUMENT',
    );
    gl.deleteBuffer(buffer);
    expect(codeOf(() => gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4))).toBe('ERR_INVALID_ARGUMENT');
  });
});

/** A texture of that size by nearest sampling, attached so that readPixels reads it. */
function target(format: number, width: number, height: number): GLObject {
  const texture = present(gl.createTexture());
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  expect(gl.checkFramebufferStatus(gl.FRAMEBUFFER)).toBe(gl.FRAMEBUFFER_COMPLETE);
  return texture;
}

describe('textures keep what they are given', () => {
  const formats: [string, keyof GL, keyof GL, keyof GL, ArrayBufferView][] = [
    ['R8', 'R8', 'RED', 'UNSIGNED_BYTE', new Uint8Array([0, 7, 255])],
    ['RG8', 'RG8', 'RG', 'UNSIGNED_BYTE', new Uint8Array([0, 1, 2, 3, 254, 255])],
    ['R16', 'R16', 'RED', 'UNSIGNED_SHORT', new Uint16Array([0, 257, 65535])],
    ['RG16', 'RG16', 'RG', 'UNSIGNED_SHORT', new Uint16Array([0, 1, 2, 3, 65534, 65535])],
    ['R16F', 'R16F', 'RED', 'FLOAT', new Float32Array([-1, 0.5, 1024])],
    [
      'RGBA8',
      'RGBA8',
      'RGBA',
      'UNSIGNED_BYTE',
      new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ],
    [
      'RGBA16',
      'RGBA16',
      'RGBA',
      'UNSIGNED_SHORT',
      new Uint16Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 65535]),
    ],
    [
      'RGBA32F',
      'RGBA32F',
      'RGBA',
      'FLOAT',
      new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -11, 1e-9]),
    ],
  ];

  it.each(formats)('%s', (_, internal, format, type, data) => {
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
    target(gl[internal] as number, 3, 1);
    const [layout, kind] = [gl[format] as number, gl[type] as number];
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 3, 1, layout, kind, data);
    const read = new (data.constructor as Uint8ArrayConstructor)((data as Uint8Array).length);
    gl.readPixels(0, 0, 3, 1, layout, kind, read);
    expect(read).toEqual(data);
  });

  it('from part of an array, by row length and skips', () => {
    target(gl.R8, 2, 2);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 4);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, 1);
    gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, 2);
    // The last row need not be whole: 2 rows of 4 before it and 4 bytes of its own.
    const data = Uint8Array.from({ length: 12 }, (_, i) => i);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 2, 2, gl.RED, gl.UNSIGNED_BYTE, data);
    gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
    const read = new Uint8Array(4);
    gl.readPixels(0, 0, 2, 2, gl.RED, gl.UNSIGNED_BYTE, read);
    expect([...read]).toEqual([6, 7, 10, 11]);
    const short = data.subarray(0, 11);
    expect(
      errorOf(() => {
        gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 2, 2, gl.RED, gl.UNSIGNED_BYTE, short);
      }).message,
    ).toBe('texSubImage2D: argument 9: expected at least 12 bytes for 2x2 pixels, received 11');
  });

  it('through pixel buffers, both ways', () => {
    target(gl.RGBA8, 2, 1);
    const data = new Uint8Array([9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8]);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, gl.createBuffer());
    gl.bufferData(gl.PIXEL_UNPACK_BUFFER, 12, gl.STREAM_DRAW);
    gl.bufferSubData(gl.PIXEL_UNPACK_BUFFER, 0, data);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 2, 1, gl.RGBA, gl.UNSIGNED_BYTE, 4);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, gl.createBuffer());
    gl.bufferData(gl.PIXEL_PACK_BUFFER, new Uint8Array(10), gl.STREAM_READ);
    gl.readPixels(0, 0, 2, 1, gl.RGBA, gl.UNSIGNED_BYTE, 2);
    const fence = present(gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0));
    const state = gl.clientWaitSync(fence, gl.SYNC_FLUSH_COMMANDS_BIT, 1e9);
    expect([gl.ALREADY_SIGNALED, gl.CONDITION_SATISFIED]).toContain(state);
    gl.deleteSync(fence);
    const read = new Uint8Array(10);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, read);
    expect([...read]).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('refuses', () => {
  const bytes16 = new Uint8Array(16);

  it.each<[string, (texture: GLObject) => void]>([
    ['nothing', () => (gl as unknown as { viewport(): void }).viewport()],
    ['a string', () => gl.viewport(0, 0, '8' as unknown as number, 4)],
    ['NaN', () => gl.viewport(0, 0, Number.NaN, 4)],
    ['a fraction', () => gl.viewport(0, 0, 1.5, 4)],
    ['more than 32 bits', () => gl.viewport(0, 0, 2 ** 31, 4)],
    ['an enum below 0', () => gl.enable(-1)],
    ['a number as boolean', () => gl.colorMask(1 as unknown as boolean, true, true, true)],
    ['an object that is none', () => gl.bindTexture(gl.TEXTURE_2D, { _: 1 })],
    ['a name', () => gl.bindTexture(gl.TEXTURE_2D, 1 as unknown as GLObject)],
    ['another kind', (texture) => gl.bindBuffer(gl.ARRAY_BUFFER, texture)],
    [
      'a short array',
      () => gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 3, 2, gl.RGBA, gl.UNSIGNED_BYTE, bytes16),
    ],
    [
      'a short array of wide samples',
      () => gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 2, 1, gl.RGBA, gl.FLOAT, bytes16),
    ],
    [
      'a size whose bytes do not fit 64 bits',
      () => {
        const side = 2 ** 31 - 1;
        gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, side, side, gl.RGBA, gl.FLOAT, bytes16);
      },
    ],
    [
      'an unknown format',
      () => gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, 0x1234, gl.UNSIGNED_BYTE, bytes16),
    ],
    [
      'an unknown type',
      () => gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, gl.RGBA, 0x8033, bytes16),
    ],
    [
      'null without a buffer',
      () => gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, null),
    ],
    [
      'an offset without a buffer',
      () => gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, 64),
    ],
    [
      'a short array to read into',
      () => gl.readPixels(0, 0, 8, 4, gl.RGBA, gl.UNSIGNED_BYTE, bytes16),
    ],
    ['an address to read into', () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, 4096)],
    ['a plain array', () => gl.bufferData(gl.ARRAY_BUFFER, [1] as unknown as Float32Array, 0)],
    ['a size below 0', () => gl.bufferData(gl.ARRAY_BUFFER, 2 ** 64, gl.STATIC_DRAW)],
    ['an attribute without a buffer', () => gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 64)],
    ['a short matrix', () => gl.uniformMatrix3fv(null, false, new Float32Array(8))],
    ['doubles', () => gl.uniform1fv(null, new Float64Array(1) as unknown as Float32Array)],
    ['a parameter that is not known', () => gl.getParameter(0x86a3)],
    ['this of another kind', () => gl.flush.call({} as GL)],
    ['this of a window', () => gl.flush.call(window as unknown as GL)],
  ])('%s', (_, run) => {
    const texture = target(gl.RGBA8, 8, 8);
    expect(codeOf(() => run(texture))).toBe('ERR_INVALID_ARGUMENT');
  });

  it('arrays while a pixel buffer is bound, and offsets outside it', () => {
    target(gl.RGBA8, 2, 2);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, gl.createBuffer());
    gl.bufferData(gl.PIXEL_UNPACK_BUFFER, 16, gl.STREAM_DRAW);
    const put = (pixels: ArrayBufferView | number) =>
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 2, 2, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    expect(codeOf(() => put(bytes16))).toBe('ERR_INVALID_ARGUMENT');
    expect(codeOf(() => put(-4))).toBe('ERR_INVALID_ARGUMENT');
    put(4);
    expect(gl.getError()).toBe(gl.INVALID_OPERATION);
  });

  it('what has been deleted; deleting twice and null are nothing', () => {
    const texture = present(gl.createTexture());
    gl.deleteTexture(texture);
    gl.deleteTexture(texture);
    gl.deleteTexture(null);
    expect(codeOf(() => gl.bindTexture(gl.TEXTURE_2D, texture))).toBe('ERR_DISPOSED');
  });

  it('a detached array', () => {
    target(gl.RGBA8, 1, 1);
    const data = new Uint8Array(4);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    const put = () =>
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, data);
    expect(codeOf(put)).toBe('ERR_INVALID_ARGUMENT');
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 20, '8'])('a window of %s columns', (width) => {
    const make = () => new HeadlessWindow({ width: width as number, height: 4 });
    expect(codeOf(make)).toBe('ERR_INVALID_SIZE');
    expect(codeOf(() => window.setSize(width as number, 4))).toBe('ERR_INVALID_SIZE');
    expect(window.width).toBe(8);
  });
});

it('leaves what is wrong to OpenGL alone to getError()', () => {
  gl.enable(0x1234);
  expect(gl.getError()).toBe(gl.INVALID_ENUM);
  gl.viewport(0, 0, -1, 1);
  expect(gl.getError()).toBe(gl.INVALID_VALUE);
});

it('tells why a shader does not compile', () => {
  const shader = present(gl.createShader(gl.FRAGMENT_SHADER));
  gl.shaderSource(shader, '#version 300 es\nvoid main() { nonsense(); }');
  gl.compileShader(shader);
  expect(gl.getShaderParameter(shader, gl.COMPILE_STATUS)).toBe(false);
  expect(gl.getShaderInfoLog(shader)).toMatch(/nonsense/);
});

it('answers getParameter with strings, numbers, booleans and arrays', () => {
  expect(gl.getParameter(gl.VERSION)).toMatch(/^\d+\.\d+/);
  expect(gl.getParameter(gl.MAX_TEXTURE_SIZE)).toBeGreaterThanOrEqual(4096);
  gl.viewport(1, 2, 3, 4);
  expect(gl.getParameter(gl.VIEWPORT)).toEqual([1, 2, 3, 4]);
  expect(gl.getParameter(gl.BLEND)).toBe(false);
  expect(gl.getParameter(gl.COLOR_WRITEMASK)).toEqual([true, true, true, true]);
});

it('an object of a window that is gone is refused by the next one', () => {
  const texture = present(gl.createTexture());
  window.free();
  using next = new HeadlessWindow({ width: 8, height: 4 });
  expect(codeOf(() => next.gl.bindTexture(gl.TEXTURE_2D, texture))).toBe('ERR_INVALID_ARGUMENT');
});

it('declares every method that the addon has, and no other', () => {
  const source = readFileSync('src/display/gl.ts', 'utf8');
  const declared = [...source.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
  const native = Object.getOwnPropertyNames(addon().GLHandle.prototype);
  const methods = native.filter((name) => name !== 'constructor' && !(name in glConstants));
  expect(new Set(methods)).toEqual(new Set(declared));
});
