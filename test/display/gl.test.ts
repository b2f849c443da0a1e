/** OpenGL through the addon's binding, on the headless provider: what it draws, and what it refuses. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GL, GLObject } from '../../src/display/gl.ts';
import { glConstants } from '../../src/display/gl-constants.ts';
import { HeadlessWindow } from '../../src/display/headless.ts';
import { addon } from '../../src/native/binding.ts';
import { errorOf } from '../helpers/errors.ts';
import { ResizableBuffer } from '../helpers/resizable.ts';

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

  it('measures vertices that share a number', () => {
    gl.useProgram(
      compile(
        'out vec4 o; void main() { o = vec4(1); }',
        'in vec4 at; void main() { gl_PointSize = 1.0; gl_Position = vec4(at.xy, 0, 1); }',
      ),
    );
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    // x and y in 10 bits each, of 511: -64 is the middle of column 3, 128 that of row 2.
    const middles = new Int32Array([0, (-64 & 0x3ff) | (128 << 10)]);
    gl.bufferData(gl.ARRAY_BUFFER, middles, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 4, 0x8d9f, true, 0, 0); // INT_2_10_10_10_REV
    gl.viewport(0, 0, 8, 4);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.drawArrays(gl.POINTS, 1, 1);
    expect(bytes(3, 2, 1, 1)).toEqual([255, 255, 255, 255]);
    expect(codeOf(() => gl.drawArrays(gl.POINTS, 1, 2))).toBe('ERR_INVALID_ARGUMENT');
  });

  it('refuses a buffer that was deleted while its vertex array was not bound', () => {
    gl.useProgram(
      compile(
        'out vec4 o; void main() { o = vec4(1); }',
        'in float at; void main() { gl_PointSize = 1.0; gl_Position = vec4(at, 0, 0, 1); }',
      ),
    );
    const [vertices, elements] = [gl.createBuffer(), gl.createBuffer()];
    const array = gl.createVertexArray();
    const makeArray = () => {
      gl.bindVertexArray(array);
      gl.bindBuffer(gl.ARRAY_BUFFER, vertices);
      gl.bufferData(gl.ARRAY_BUFFER, 8 * 4, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribPointer(0, 1, gl.FLOAT, false, 0, 0);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, elements);
      gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint8Array([0, 7]), gl.STATIC_DRAW);
      gl.drawElements(gl.POINTS, 2, gl.UNSIGNED_BYTE, 0);
      gl.bindVertexArray(null);
    };
    makeArray();
    // What lies here must not be measured instead.
    const large = gl.createBuffer();
    gl.bindBuffer(0x8f36, large); // COPY_READ_BUFFER
    gl.bufferData(0x8f36, 1 << 20, gl.STATIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, large);
    gl.deleteBuffer(elements);
    gl.deleteBuffer(vertices);
    gl.vertexAttribPointer(0, 1, gl.FLOAT, false, 0, 0); // ARRAY_BUFFER is what it was
    gl.bindVertexArray(array);
    const refused = 'ERR_INVALID_ARGUMENT';
    expect(codeOf(() => gl.drawArrays(gl.POINTS, 0, 1000))).toBe(refused);
    expect(codeOf(() => gl.drawElements(gl.POINTS, 1, gl.UNSIGNED_BYTE, 0))).toBe(refused);
    gl.deleteVertexArray(array);
    gl.deleteBuffer(large);
    expect(gl.getError()).toBe(gl.NO_ERROR);
  });
});

describe('draws by elements', () => {
  /** Points at the middle of columns 0 to 7 of row 0, in the colour white. */
  function points(): void {
    const program = compile(
      'out vec4 o; void main() { o = vec4(1); }',
      'in float at; in float up; void main() { gl_PointSize = 1.0; gl_Position = vec4(at, up, 0, 1); }',
    );
    gl.useProgram(program);
    const columns = Float32Array.from({ length: 8 }, (_, i) => (i + 0.5) / 4 - 1);
    const rows = Float32Array.from({ length: 4 }, (_, i) => (i + 0.5) / 2 - 1);
    for (const [name, data] of [
      ['at', columns],
      ['up', rows],
    ] as const) {
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
      const location = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, 1, gl.FLOAT, false, 0, 0);
      if (name === 'up') gl.vertexAttribDivisor(location, 1);
    }
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.viewport(0, 0, 8, 4);
  }

  const lit = (row: number): number[] => {
    const red = bytes(0, row, 8, 1).filter((_, i) => i % 4 === 0);
    return red.flatMap((value, i) => (value === 255 ? [i] : []));
  };

  it.each([
    ['UNSIGNED_BYTE', new Uint8Array([9, 9, 1, 5, 7])],
    ['UNSIGNED_SHORT', new Uint16Array([9, 9, 1, 5, 7])],
    ['UNSIGNED_INT', new Uint32Array([9, 9, 1, 5, 7])],
  ] as const)('of %s', (type, indices) => {
    points();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
    gl.drawElements(gl.POINTS, 3, gl[type], 2 * indices.BYTES_PER_ELEMENT);
    expect([lit(0), lit(1)]).toEqual([[1, 5, 7], []]);
    gl.drawElementsInstanced(gl.POINTS, 1, gl[type], 3 * indices.BYTES_PER_ELEMENT, 3);
    expect([lit(0), lit(1), lit(2), lit(3)]).toEqual([[1, 5, 7], [5], [5], []]);
    gl.drawArraysInstanced(gl.POINTS, 4, 1, 4);
    expect(lit(3)).toEqual([4]);
  });

  it('refuses indices without a vertex, also after a buffer was changed', () => {
    points();
    const buffer = gl.createBuffer();
    const draw = (count = 2, offset = 0) =>
      gl.drawElements(gl.POINTS, count, gl.UNSIGNED_BYTE, offset);
    const refused = 'ERR_INVALID_ARGUMENT';
    expect(codeOf(draw)).toBe(refused); // no elements
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint8Array([0, 7]), gl.STATIC_DRAW);
    draw();
    expect(codeOf(() => draw(3))).toBe(refused);
    expect(codeOf(() => draw(2, 1))).toBe(refused);
    expect(codeOf(() => draw(1, -1))).toBe(refused);
    expect(codeOf(() => gl.drawElements(gl.POINTS, 1, gl.UNSIGNED_SHORT, 1))).toBe(refused);
    expect(codeOf(() => gl.drawElements(gl.POINTS, 1, gl.FLOAT, 0))).toBe(refused);
    expect(codeOf(() => gl.drawElementsInstanced(gl.POINTS, 2, gl.UNSIGNED_BYTE, 0, 5))).toBe(
      refused,
    );
    gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, new Uint8Array([8]));
    expect(codeOf(draw)).toBe(refused);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint8Array([3, 3, 3, 3]), gl.STATIC_DRAW);
    draw();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.readPixels(0, 0, 4, 1, gl.RED, gl.UNSIGNED_BYTE, 0); // white, black, black, white: 255 or 0
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    expect([lit(0)]).toEqual([[0, 3, 7]]);
    expect(codeOf(draw)).toBe(refused);
    gl.deleteBuffer(buffer);
    expect(codeOf(draw)).toBe(refused);
  });
});

describe('programs', () => {
  it('tell their attributes, uniforms and blocks', () => {
    const program = compile(
      `layout(std140) uniform Light { vec4 color; };
       uniform vec2 shares[3]; uniform bool on; uniform uvec2 big; out vec4 o;
       void main() { o = on ? color * vec4(shares[1], shares[2]) : vec4(big, 0, 1); }`,
      'in vec3 at; void main() { gl_Position = vec4(at, 1); }',
    );
    expect(gl.getActiveAttrib(program, 0)).toEqual({ name: 'at', size: 1, type: 0x8b51 });
    const uniforms = Array.from(
      { length: gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) as number },
      (_, i) => gl.getActiveUniform(program, i),
    );
    expect(uniforms).toContainEqual({ name: 'shares[0]', size: 3, type: 0x8b50 });
    expect(uniforms).toContainEqual({ name: 'on', size: 1, type: 0x8b56 });
    expect(gl.getActiveUniform(program, 99)).toBeNull();

    gl.useProgram(program);
    const at = (name: string) => gl.getUniformLocation(program, name);
    gl.uniform1i(at('on'), true);
    gl.uniform2fv(at('shares'), [9, 9, 1, 0.4, 0.2, 1]);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    const corners = new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]);
    gl.bufferData(gl.ARRAY_BUFFER, corners, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.FLOAT, false, 0, 0);
    gl.viewport(0, 0, 8, 4);

    expect(gl.getUniformBlockIndex(program, 'absent')).toBe(gl.INVALID_INDEX);
    gl.uniformBlockBinding(program, gl.getUniformBlockIndex(program, 'Light'), 2);
    const draw = () => gl.drawArrays(gl.TRIANGLES, 0, 3);
    expect(errorOf(draw).message).toMatch(/uniform block 0 needs a buffer of 16 bytes, it has 0/);
    const buffer = gl.createBuffer();
    gl.bindBufferBase(gl.UNIFORM_BUFFER, 2, buffer);
    gl.bufferData(gl.UNIFORM_BUFFER, new Float32Array([1, 1, 1]), gl.STATIC_DRAW);
    expect(codeOf(draw)).toBe('ERR_INVALID_ARGUMENT');
    gl.bufferData(gl.UNIFORM_BUFFER, new Float32Array([1, 1, 0.5, 1, 1]), gl.STATIC_DRAW, 1);
    draw();
    expect(bytes(7, 3, 1, 1)).toEqual([255, 51, 51, 255]);
    gl.uniform1i(at('on'), false);
    gl.uniform2uiv(at('big'), new Uint32Array([0, 1]));
    draw();
    expect(bytes(7, 3, 1, 1)).toEqual([0, 255, 0, 255]);
  });
});

describe('framebuffers', () => {
  it('have depth, and samples that are resolved', () => {
    const [color, depth] = [gl.createRenderbuffer(), gl.createRenderbuffer()];
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    for (const [buffer, format, attachment] of [
      [color, gl.RGBA8, gl.COLOR_ATTACHMENT0],
      [depth, gl.DEPTH24_STENCIL8, gl.DEPTH_STENCIL_ATTACHMENT],
    ] as const) {
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
      gl.renderbufferStorageMultisample(gl.RENDERBUFFER, 4, format, 8, 4);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, attachment, gl.RENDERBUFFER, buffer);
    }
    expect(gl.checkFramebufferStatus(gl.FRAMEBUFFER)).toBe(gl.FRAMEBUFFER_COMPLETE);
    gl.drawBuffers([gl.COLOR_ATTACHMENT0]);
    gl.clearColor(0, 0, 1, 1);
    gl.clearDepth(0.5);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.useProgram(
      compile(
        'out vec4 o; void main() { o = vec4(1, 0, 0, 1); }',
        // Left of the middle nearer than 0.5, right of it farther.
        `void main() {
           vec2 at = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
           gl_Position = vec4(at, at.x * 0.5, 1);
         }`,
      ),
    );
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LESS);
    gl.viewport(0, 0, 8, 4);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, 8, 4, 0, 0, 8, 4, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    expect(bytes(3, 0, 2, 1)).toEqual([255, 0, 0, 255, 0, 0, 255, 255]);
  });

  it('encode sRGB where their texture does, the window never', () => {
    const quarter = () => {
      gl.clearColor(0.25, 0, 1, 0.25);
      gl.clear(gl.COLOR_BUFFER_BIT);
      return bytes(0, 0, 1, 1);
    };
    target(gl.SRGB8_ALPHA8, 1, 1);
    expect(quarter()).toEqual([137, 0, 255, 64]); // IEC 61966-2-1: 0.25 is 0.5371 encoded
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    expect(quarter()).toEqual([64, 0, 255, 64]);
    target(gl.RGBA8, 1, 1);
    expect(quarter()).toEqual([64, 0, 255, 64]);
  });
});

it('layers of an array are drawn to and read one by one', () => {
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, gl.createTexture());
  const texture = present(gl.createTexture());
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.RGBA8, 1, 1, 2);
  const layers = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const { TEXTURE_2D_ARRAY, RGBA, UNSIGNED_BYTE } = gl;
  gl.texSubImage3D(TEXTURE_2D_ARRAY, 0, 0, 0, 0, 1, 1, 2, RGBA, UNSIGNED_BYTE, layers);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  for (const [layer, expected] of [
    [0, [1, 2, 3, 4]],
    [1, [5, 6, 7, 8]],
  ] as const) {
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture, 0, layer);
    expect(bytes(0, 0, 1, 1)).toEqual(expected);
  }
});

it('tells what the context has', () => {
  expect(gl.getContextAttributes()).toMatchObject({ alpha: true, antialias: false, depth: false });
  expect(gl.getExtension('EXT_color_buffer_float')).toEqual({});
  expect(gl.getExtension('EXT_texture_norm16')).toMatchObject({ R16_EXT: gl.R16 });
  expect(gl.getExtension('WEBGL_lose_context')).toBeNull();
  expect(gl.getShaderPrecisionFormat(gl.FRAGMENT_SHADER, gl.HIGH_FLOAT).precision).toBe(23);
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
      () => gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, gl.RGBA, 0x1234, bytes16),
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
    ['an offset below 0', () => gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, -8)],
    ['an integer attribute without a buffer', () => gl.vertexAttribIPointer(0, 2, gl.INT, 0, 64)],
    [
      'an attribute of doubles, which WebGL has not',
      () => {
        gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
        gl.vertexAttribPointer(0, 4, 0x140a, false, 0, 0);
      },
    ],
    [
      'vertices farther apart than WebGL has them',
      () => {
        gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
        gl.vertexAttribPointer(0, 4, gl.FLOAT, false, 256, 0);
      },
    ],
    ['a buffer that shaders write', () => gl.bindBufferBase(0x90d2, 0, gl.createBuffer())],
    ['a short attribute', () => gl.vertexAttrib4fv(0, [1, 2, 3])],
    [
      'a short volume',
      () => {
        const { TEXTURE_3D, RGBA8, RGBA, UNSIGNED_BYTE } = gl;
        gl.texImage3D(TEXTURE_3D, 0, RGBA8, 2, 2, 2, 0, RGBA, UNSIGNED_BYTE, bytes16);
      },
    ],
    [
      'a volume that is too short for the rows that are skipped',
      () => {
        gl.pixelStorei(gl.UNPACK_IMAGE_HEIGHT, 3);
        const { TEXTURE_3D, RGBA, UNSIGNED_BYTE } = gl;
        gl.texSubImage3D(TEXTURE_3D, 0, 0, 0, 0, 1, 2, 2, RGBA, UNSIGNED_BYTE, bytes16);
      },
    ],
    ['rows from the bottom', () => gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, true)],
    ['a colour of three', () => gl.clearBufferfv(gl.COLOR, 0, [1, 2, 3])],
    ['fractions as integers', () => gl.uniform1iv(null, [0.5])],
    ['more than 32 bits in an array', () => gl.uniform1uiv(null, [2 ** 32])],
    ['strings in an array', () => gl.uniform2fv(null, [0, '1' as unknown as number])],
    ['no draw buffers', () => gl.drawBuffers([])],
    ['a precision that is none', () => gl.getShaderPrecisionFormat(gl.VERTEX_SHADER, 0)],
    [
      'elements behind the array',
      () => gl.bufferData(gl.ARRAY_BUFFER, bytes16, gl.STATIC_DRAW, 8, 9),
    ],
    ['a start behind the array', () => gl.bufferSubData(gl.ARRAY_BUFFER, 0, bytes16, 17)],
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

  it('an array that a shrunk buffer has no room for', () => {
    target(gl.RGBA8, 1, 1);
    const buffer = new ResizableBuffer(8, { maxByteLength: 8 });
    const views = [
      new Uint8Array(buffer, 4, 4),
      new Uint8Array(buffer, 4),
      new DataView(buffer, 4),
    ];
    buffer.resize(6);
    for (const view of views) {
      const put = () =>
        gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, view);
      expect(codeOf(put)).toBe('ERR_INVALID_ARGUMENT');
    }
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
