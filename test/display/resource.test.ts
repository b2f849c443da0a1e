/** Images and frames into OpenGL buffers and textures and back, pixel by pixel, on the headless provider. */
import {
  type DeviceId,
  download,
  Filter,
  GLResource,
  GLTexture,
  Image,
  ImageU8,
  upload,
} from 'framelane';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GL, GLObject } from '../../src/display/gl.ts';
import { HeadlessWindow } from '../../src/display/headless.ts';
import { PlaneTextures } from '../../src/display/plane-textures.ts';
import { Program } from '../../src/display/program.ts';
import { Frame } from '../../src/image/frame.ts';
import type { NativeShape } from '../../src/native/plan.ts';
import { onEachDevice } from '../helpers/devices.ts';
import { errorOf } from '../helpers/errors.ts';
import { bitsOf, type Format, newFrame, noiseFrame, planeIn, planesOf } from '../helpers/frames.ts';
import { expectSameSamples } from '../helpers/run.ts';

let window: HeadlessWindow;
let gl: GL;

beforeEach(() => {
  window = new HeadlessWindow({ width: 16, height: 16 });
  gl = window.gl;
});

afterEach(() => {
  window.makeCurrent();
  expect(gl.getError()).toBe(gl.NO_ERROR);
  window.free();
});

const codeOf = (run: () => unknown) => errorOf(run).code;
const present = (object: GLObject | null): GLObject => object ?? expect.fail('no object was made');
const bytesOf = (width: number, height: number, seed = 1) =>
  noiseFrame(shapeOf('rgba8', width, height), seed) as Uint8Array;
const sizes = [
  [1, 1],
  [13, 7],
  [64, 48],
] as const;

function shapeOf(format: Format, width: number, height: number): NativeShape {
  return { format, width, height, matrix: 'bt709', range: 'limited' };
}

function imageOf(width: number, height: number, device: DeviceId, seed = 1): ImageU8 {
  const image = new ImageU8(width, height, { device });
  upload(image, bytesOf(width, height, seed));
  return image;
}

function makeBuffer(bytes: number): GLObject {
  const buffer = present(gl.createBuffer());
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
  gl.bufferData(gl.PIXEL_UNPACK_BUFFER, bytes, gl.STREAM_DRAW);
  gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
  return buffer;
}

function bufferBytes(buffer: GLObject, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
  gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, bytes);
  gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  return bytes;
}

function makeTexture(width: number, height: number, format = gl.RGBA8): GLObject {
  const texture = present(gl.createTexture());
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, format, width, height);
  gl.bindTexture(gl.TEXTURE_2D, null);
  return texture;
}

/** Attached to a framebuffer, which is bound meanwhile. */
function withFramebuffer(texture: GLObject, run: () => void): void {
  const framebuffer = present(gl.createFramebuffer());
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  expect(gl.checkFramebufferStatus(gl.FRAMEBUFFER)).toBe(gl.FRAMEBUFFER_COMPLETE);
  run();
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(framebuffer);
}

/** The texture's samples, its first row first. */
function textureSamples(texture: GLObject, { format, width, height }: NativeShape) {
  const samples = newFrame(shapeOf(format, width, height));
  const type = { 1: gl.UNSIGNED_BYTE, 2: gl.UNSIGNED_SHORT, 4: gl.FLOAT }[
    samples.BYTES_PER_ELEMENT
  ];
  gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
  withFramebuffer(texture, () => {
    const channels = format.startsWith('rgba') ? gl.RGBA : gl.RED;
    gl.readPixels(0, 0, width, height, channels, type as number, samples);
  });
  return samples;
}

const onNvidia = () => String(gl.getParameter(gl.VENDOR)).includes('NVIDIA');

describe('GLResource', () => {
  onEachDevice('fills a pixel buffer, byte for byte', (device) => {
    for (const [width, height] of sizes) {
      const buffer = makeBuffer(width * height * 4);
      using image = imageOf(width, height, device);
      for (const reference of [buffer, buffer._]) {
        using resource = new GLResource(reference, { device });
        expect(resource.shared).toBe(device !== 'cpu' && onNvidia());
        upload(image, bytesOf(width, height, 2));
        resource.copyFrom(image);
        expectSameSamples(bufferBytes(buffer, width * height * 4), bytesOf(width, height, 2));
      }
      gl.deleteBuffer(buffer);
    }
  });

  onEachDevice('is what texSubImage2D then takes, frame after frame', (device) => {
    const [width, height] = [13, 7];
    const texture = makeTexture(width, height);
    const buffer = makeBuffer(width * height * 4);
    using image = new ImageU8(width, height, { device });
    using resource = new GLResource(buffer, { device });
    for (let frame = 0; frame < 20; frame++) {
      upload(image, bytesOf(width, height, frame));
      resource.copyFrom(image, { sync: false });
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, null);
      upload(image, bytesOf(width, height, 99)); // comes after the copy
      expectSameSamples(
        textureSamples(texture, shapeOf('rgba8', width, height)),
        bytesOf(width, height, frame),
      );
    }
  });

  onEachDevice('copies after the work on the image, without a wait', (device) => {
    const [width, height] = [640, 480];
    const buffer = makeBuffer(width * height * 4);
    using image = imageOf(width, height, device);
    using resource = new GLResource(buffer, { device });
    for (let i = 0; i < 51; i++) Filter.invert(image);
    resource.copyFrom(image, { sync: false });
    const inverted = bytesOf(width, height).map((v, i) => (i % 4 === 3 ? v : 255 - v));
    expectSameSamples(bufferBytes(buffer, inverted.length), inverted);
  });

  onEachDevice('tells draws that indices have changed', (device) => {
    new Program(
      gl,
      '#version 300 es\nin float at; void main() { gl_PointSize = 1.0; gl_Position = vec4(at); }',
      '#version 300 es\nprecision highp float; out vec4 o; void main() { o = vec4(1); }',
    ).use();
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, 4 * 4, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 1, gl.FLOAT, false, 0, 0);
    const indices = present(gl.createBuffer());
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, indices);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint8Array([0, 1, 2, 3]), gl.STATIC_DRAW);
    const draw = () => gl.drawElements(gl.POINTS, 4, gl.UNSIGNED_BYTE, 0);
    draw();
    using image = new ImageU8(1, 1, { device });
    upload(image, new Uint8Array([0, 0, 0, 4]));
    using resource = new GLResource(indices, { device });
    resource.copyFrom(image);
    expect(codeOf(draw)).toBe('ERR_INVALID_ARGUMENT');
  });

  onEachDevice('leaves OpenGL as it was', (device) => {
    const buffer = makeBuffer(8 * 4 * 4);
    const texture = makeTexture(8, 4);
    using image = imageOf(8, 4, device);
    using resource = new GLResource(buffer, { device });
    using target = new GLTexture(texture, { device });
    // Bound to something else, and with gaps between rows that are the caller's.
    const other = makeBuffer(1024);
    const pixels = bytesOf(2, 2, 3);
    const mine = makeTexture(2, 2);
    gl.bindTexture(gl.TEXTURE_2D, mine);
    gl.pixelStorei(gl.UNPACK_ROW_LENGTH, 5);
    gl.pixelStorei(gl.UNPACK_SKIP_ROWS, 1);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, other);
    resource.copyFrom(image);
    target.copyFrom(image);
    using read = new ImageU8(8, 4, { device });
    read.copyFromTexture(target, { flipY: false });
    expect(download(read)).toEqual(download(image));
    expect(gl.getParameter(gl.UNPACK_ROW_LENGTH)).toBe(5);
    expect(gl.getParameter(gl.UNPACK_SKIP_ROWS)).toBe(1);
    gl.bufferSubData(gl.PIXEL_UNPACK_BUFFER, 5 * 4, pixels.subarray(0, 8));
    gl.bufferSubData(gl.PIXEL_UNPACK_BUFFER, 10 * 4, pixels.subarray(8));
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 2, 2, gl.RGBA, gl.UNSIGNED_BYTE, 0);
    expect(textureSamples(mine, shapeOf('rgba8', 2, 2))).toEqual(pixels);
    expect(bufferBytes(buffer, 8 * 4 * 4)).toEqual(bytesOf(8, 4));
  });
});

describe('GLTexture', () => {
  onEachDevice('is filled by an image, the first row first', (device) => {
    for (const [width, height] of sizes) {
      const texture = makeTexture(width, height);
      using target = new GLTexture(texture, { width, height, device });
      for (const seed of [1, 2]) {
        using image = imageOf(width, height, device, seed);
        target.copyFrom(image, { sync: seed === 1 });
        expectSameSamples(
          textureSamples(texture, shapeOf('rgba8', width, height)),
          bytesOf(width, height, seed),
        );
      }
    }
  });

  onEachDevice('of a scene becomes an upright image', (device) => {
    const texture = makeTexture(6, 4);
    withFramebuffer(texture, () => {
      gl.clearColor(0, 0, 1, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(0, 0, 2, 1); // the bottom left, in OpenGL's eyes
      gl.clearColor(1, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.disable(gl.SCISSOR_TEST);
    });
    const red = (pixels: Uint8Array) =>
      [...Array(24).keys()].filter((i) => pixels[4 * i] === 255 && pixels[4 * i + 3] === 0);
    using image = new ImageU8(8, 8, { device });
    using source = new GLTexture(texture, { device });
    for (const reference of [texture, texture._, source]) {
      image.copyFromTexture(reference);
      expect([image.width, image.height]).toEqual([6, 4]);
      expect(red(download(image))).toEqual([18, 19]);
      image.copyFromTexture(reference, { flipY: false });
      expect(red(download(image))).toEqual([0, 1]);
    }
  });

  onEachDevice('becomes floats, whatever its format', (device) => {
    const [width, height] = [13, 7];
    using image = new Image(width, height, { device });
    using bytes = new ImageU8(width, height, { device });
    const noise = bytesOf(width, height);
    using uploaded = new Image(width, height, { device });
    upload(uploaded, noise);
    const floats = Float32Array.from(noise, (v) => Math.fround((v - 100) / 128));
    const cases = [
      [gl.RGBA8, gl.UNSIGNED_BYTE, noise, [...download(uploaded)]],
      [gl.RGBA32F, gl.FLOAT, floats, [...floats]],
      // Eighths of a bit less than eleven: a half float holds them exactly.
      [gl.RGBA16F, gl.FLOAT, floats, [...floats]],
    ] as const;
    for (const [format, type, samples, expected] of cases) {
      const texture = makeTexture(width, height, format);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, type, samples);
      image.copyFromTexture(texture, { flipY: false });
      expect([...download(image)]).toEqual(expected);
      bytes.copyFromTexture(texture, { flipY: false });
      expect([...download(bytes)]).toEqual(
        expected.map((v) => Math.floor(Math.min(1, Math.max(0, v)) * 255 + 0.5)),
      );
    }
    const grey = makeTexture(width, height, gl.R8);
    gl.bindTexture(gl.TEXTURE_2D, grey);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const reds = noise.subarray(0, width * height);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RED, gl.UNSIGNED_BYTE, reds);
    bytes.copyFromTexture(grey, { flipY: false });
    expect([...download(bytes)]).toEqual([...reds].flatMap((red) => [red, 0, 0, 255]));
  });
});

const planar: Format[] = (['', '10', '12', '16'] as const).flatMap((bits) =>
  (['420', '422', '444'] as const).flatMap((chroma) => [
    `yuv${chroma}p${bits}` as const,
    `yuva${chroma}p${bits}` as const,
  ]),
);
const formats: Format[] = [
  ...planar,
  'gray8',
  'gray10',
  'gray12',
  'gray16',
  'rgba8',
  'rgba16',
  'rgbaf32',
];

describe('PlaneTextures', () => {
  onEachDevice('hold every sample of a frame of every format', (device) => {
    for (const format of formats) {
      for (const [width, height] of sizes) {
        const shape = shapeOf(format, width, height);
        using frame = new Frame(shape, device);
        using textures = new PlaneTextures(gl, shape, device);
        for (const seed of [1, 2]) {
          const samples = noiseFrame(shape, seed);
          frame.upload(samples);
          textures.copyFrom(frame);
          const planes = planesOf(shape);
          expect(textures.planes.length).toBe(planes.length);
          textures.planes.forEach((plane, i) => {
            const { width, height } = plane;
            const single = format.startsWith('rgba')
              ? format
              : bitsOf(format) > 8
                ? 'gray16'
                : 'gray8';
            const received = textureSamples(plane.texture, shapeOf(single, width, height));
            const expected = planeIn(samples, planes[i] as (typeof planes)[0]);
            expectSameSamples(received, expected, `${format} plane ${i}`);
          });
        }
      }
    }
  });

  it('say what their samplers return', () => {
    using deep = new PlaneTextures(gl, shapeOf('yuv420p10', 4, 4), 'cpu');
    expect(deep.planes[0]).toMatchObject({ bits: 10, samplesMax: 1023 / 65535 });
    using whole = new PlaneTextures(gl, shapeOf('gray16', 4, 4), 'cpu');
    expect(whole.planes[0]).toMatchObject({ bits: 16, samplesMax: 1 });
  });

  onEachDevice('take an ImageU8, and nothing of another shape', (device) => {
    using image = imageOf(5, 3, device);
    using textures = new PlaneTextures(gl, shapeOf('rgba8', 5, 3), device);
    textures.copyFrom(image);
    const texture = textures.planes[0]?.texture as GLObject;
    expect(textureSamples(texture, shapeOf('rgba8', 5, 3))).toEqual(bytesOf(5, 3));
    using other = new Frame(shapeOf('rgba8', 3, 5), device);
    using gray = new Frame(shapeOf('gray8', 5, 3), device);
    expect(codeOf(() => textures.copyFrom(other))).toBe('ERR_INVALID_SIZE');
    expect(codeOf(() => textures.copyFrom(gray))).toBe('ERR_INVALID_SIZE');
  });

  it('that OpenGL cannot have are refused', () => {
    const most = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
    expect(codeOf(() => new PlaneTextures(gl, shapeOf('gray8', most + 1, 1), 'cpu'))).toBe(
      'ERR_INVALID_SIZE',
    );
  });
});

describe('wrong use', () => {
  // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
  const noName: any[] = [0, -1, 1.5, Number.NaN, 2 ** 32, '1', null, undefined, {}, { _: 'x' }];

  it.each(noName.map((value) => [String(value), value]))('%s is no OpenGL object', (_, value) => {
    expect(codeOf(() => new GLResource(value, { device: 'cpu' }))).toBe('ERR_INVALID_ARGUMENT');
    expect(codeOf(() => new GLTexture(value, { device: 'cpu' }))).toBe('ERR_INVALID_ARGUMENT');
    using image = new ImageU8(1, 1, { device: 'cpu' });
    expect(codeOf(() => image.copyFromTexture(value))).toBe('ERR_INVALID_ARGUMENT');
  });

  it('a name that is none, and an object without memory', () => {
    const device = 'cpu';
    expect(codeOf(() => new GLResource(12345, { device }))).toBe('ERR_INVALID_ARGUMENT');
    expect(codeOf(() => new GLTexture(12345, { device }))).toBe('ERR_INVALID_ARGUMENT');
    const buffer = present(gl.createBuffer());
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
    expect(codeOf(() => new GLResource(buffer, { device }))).toBe('ERR_INVALID_SIZE');
    const texture = present(gl.createTexture());
    gl.bindTexture(gl.TEXTURE_2D, texture);
    expect(codeOf(() => new GLTexture(texture, { device }))).toBe('ERR_INVALID_SIZE');
    const cube = present(gl.createTexture());
    gl.bindTexture(0x8513, cube); // TEXTURE_CUBE_MAP
    expect(codeOf(() => new GLTexture(cube, { device }))).toBe('ERR_INVALID_ARGUMENT');
  });

  onEachDevice('an image of another type, size or device', (device) => {
    using resource = new GLResource(makeBuffer(8 * 4 * 4), { device });
    using texture = new GLTexture(makeTexture(8, 4), { device });
    using floats = new Image(8, 4, { device });
    using large = new ImageU8(8, 5, { device });
    using small = new ImageU8(8, 3, { device });
    for (const target of [resource, texture]) {
      // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
      const copy = (image: any) => () => target.copyFrom(image);
      for (const image of [floats, {}, null, undefined, new Uint8Array(128)]) {
        expect(codeOf(copy(image))).toBe('ERR_INVALID_ARGUMENT');
      }
      expect(codeOf(copy(large))).toBe('ERR_INVALID_SIZE');
      expect(codeOf(copy(small))).toBe('ERR_INVALID_SIZE');
      if (device === 'cpu') continue;
      using onCpu = new ImageU8(8, 4, { device: 'cpu' });
      expect(codeOf(copy(onCpu))).toBe('ERR_DEVICE_MISMATCH');
    }
  });

  it('options that are none', () => {
    using resource = new GLResource(makeBuffer(4), { device: 'cpu' });
    using image = imageOf(1, 1, 'cpu');
    // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
    const copy = (options: any) => () => resource.copyFrom(image, options);
    expect(errorOf(copy({ sync: 1 }))).toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'sync' });
    expect(errorOf(copy({ stream: 1 }))).toMatchObject({ path: 'stream' });
    const texture = makeTexture(1, 1);
    // biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
    const read = (flipY: any) => () => image.copyFromTexture(texture, { flipY });
    expect(errorOf(read('no'))).toMatchObject({ code: 'ERR_INVALID_OPTION', path: 'flipY' });
    expect(codeOf(() => new GLTexture(texture, { width: 2, device: 'cpu' }))).toBe(
      'ERR_INVALID_SIZE',
    );
  });

  it('textures of formats that images have none of', () => {
    using image = new ImageU8(4, 4, { device: 'cpu' });
    const depth = makeTexture(4, 4, 0x81a6); // DEPTH_COMPONENT24;
    const integers = makeTexture(4, 4, gl.R16UI);
    for (const texture of [depth, integers]) {
      expect(codeOf(() => image.copyFromTexture(texture))).toBe('ERR_UNSUPPORTED_FORMAT');
      using target = new GLTexture(texture, { device: 'cpu' });
      expect(codeOf(() => target.copyFrom(image))).toBe('ERR_UNSUPPORTED_FORMAT');
    }
    const large = makeTexture(5, 4);
    expect(codeOf(() => image.copyFromTexture(large))).toBe('ERR_CAPACITY_EXCEEDED');
    expect([image.width, image.height]).toEqual([4, 4]);
  });

  onEachDevice('a buffer or texture whose resource was freed, twice', (device) => {
    using image = imageOf(2, 2, device);
    const buffer = makeBuffer(16);
    const texture = makeTexture(2, 2);
    for (const target of [new GLResource(buffer, { device }), new GLTexture(texture, { device })]) {
      target.copyFrom(image);
      target.free();
      target.free();
      expect(codeOf(() => target.copyFrom(image))).toBe('ERR_DISPOSED');
    }
    gl.deleteBuffer(buffer);
    gl.deleteTexture(texture);
  });

  it('a buffer or texture that was deleted, or became smaller', () => {
    const device = 'cpu';
    using image = imageOf(2, 2, device);
    const buffer = makeBuffer(16);
    const texture = makeTexture(2, 2);
    using resource = new GLResource(buffer, { device });
    using target = new GLTexture(texture, { device });
    target.copyFrom(image);
    gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_UNPACK_BUFFER, 8, gl.STREAM_DRAW);
    expect(codeOf(() => resource.copyFrom(image))).toBe('ERR_INVALID_ARGUMENT');
    gl.deleteBuffer(buffer);
    gl.deleteTexture(texture);
    expect(codeOf(() => resource.copyFrom(image))).toBe('ERR_DISPOSED');
    expect(codeOf(() => target.copyFrom(image))).toBe('ERR_DISPOSED');
  });

  it('a device that is not there', () => {
    const buffer = makeBuffer(16);
    expect(codeOf(() => new GLResource(buffer, { device: 'cuda:77' }))).toBe(
      'ERR_DEVICE_UNAVAILABLE',
    );
  });
});

describe('contexts', () => {
  onEachDevice('another one or none is refused, and keeps its objects when freed', (device) => {
    using image = imageOf(4, 4, device);
    const buffer = makeBuffer(64);
    const texture = makeTexture(4, 4);
    const resource = new GLResource(buffer, { device });
    const target = new GLTexture(texture, { device });
    resource.copyFrom(image);
    target.copyFrom(image);
    image.copyFromTexture(target, { flipY: false });
    using second = new HeadlessWindow({ width: 4, height: 4 });
    const theirs = present(second.gl.createBuffer());
    second.gl.bindBuffer(gl.ARRAY_BUFFER, theirs);
    second.gl.bufferData(gl.ARRAY_BUFFER, new Uint8Array([1, 2, 3, 4]), gl.STATIC_DRAW);
    for (const use of [
      () => resource.copyFrom(image),
      () => target.copyFrom(image),
      () => image.copyFromTexture(target),
    ]) {
      expect(codeOf(use)).toBe('ERR_GL_CONTEXT');
    }
    resource.free();
    target.free();
    const kept = new Uint8Array(4);
    second.gl.getBufferSubData(gl.ARRAY_BUFFER, 0, kept);
    expect([...kept]).toEqual([1, 2, 3, 4]);
    expect(second.gl.getError()).toBe(gl.NO_ERROR);
    second.free();
    expect(codeOf(() => new GLResource(buffer, { device }))).toBe('ERR_GL_CONTEXT');
    window.makeCurrent();
    expect(bufferBytes(buffer, 64)).toEqual(bytesOf(4, 4));
    using again = new GLResource(buffer, { device });
    again.copyFrom(image);
  });

  onEachDevice('that are gone take nothing along', (device) => {
    using image = imageOf(4, 4, device);
    const lost = new HeadlessWindow({ width: 4, height: 4 });
    const planes = new PlaneTextures(lost.gl, shapeOf('yuv420p', 4, 4), device);
    const texture = present(lost.gl.createTexture());
    lost.gl.bindTexture(gl.TEXTURE_2D, texture);
    lost.gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, 4, 4);
    const target = new GLTexture(texture, { device });
    target.copyFrom(image);
    lost.free();
    expect(codeOf(() => target.copyFrom(image))).toBe('ERR_GL_CONTEXT');
    planes.free();
    target.free();
  });
});

/** The names that OpenGL gives next. */
function nextNames(): number[] {
  const objects = [gl.createBuffer(), gl.createTexture(), gl.createFramebuffer()].map(present);
  const [buffer, texture, framebuffer] = objects as [GLObject, GLObject, GLObject];
  gl.deleteBuffer(buffer);
  gl.deleteTexture(texture);
  gl.deleteFramebuffer(framebuffer);
  return objects.map(({ _ }) => _);
}

describe('nothing leaks', () => {
  const rss = () => process.memoryUsage().rss / 2 ** 20;

  onEachDevice('in 10,000 copies', (device) => {
    const [width, height] = [64, 36];
    const buffer = makeBuffer(width * height * 4);
    const texture = makeTexture(width, height);
    const shape = shapeOf('yuv420p', width, height);
    using image = imageOf(width, height, device);
    using frame = new Frame(shape, device);
    using resource = new GLResource(buffer, { device });
    using target = new GLTexture(texture, { device });
    using planes = new PlaneTextures(gl, shape, device);
    frame.upload(noiseFrame(shape));
    const round = () => {
      resource.copyFrom(image, { sync: false });
      target.copyFrom(image, { sync: false });
      planes.copyFrom(frame);
      image.copyFromTexture(target, { flipY: false });
    };
    for (let i = 0; i < 500; i++) round();
    gl.finish();
    const before = { names: nextNames(), rss: rss() };
    for (let i = 0; i < 2500; i++) round();
    gl.finish();
    // Mesa counts on past what was deleted, NVIDIA gives it again.
    for (const [i, name] of nextNames().entries())
      expect(name - (before.names[i] as number)).toBeLessThan(2);
    expect(rss() - before.rss).toBeLessThan(24);
    expectSameSamples(download(image), bytesOf(width, height));
  });

  onEachDevice('in 400 registrations', (device) => {
    const [width, height] = [640, 360]; // nearly a megabyte: what stays is seen
    const buffer = makeBuffer(width * height * 4);
    const texture = makeTexture(width, height);
    const shape = shapeOf('yuv420p', width, height);
    using image = imageOf(width, height, device);
    using frame = new Frame(shape, device);
    const round = () => {
      using resource = new GLResource(buffer, { device });
      using planes = new PlaneTextures(gl, shape, device);
      resource.copyFrom(image);
      planes.copyFrom(frame);
      image.copyFromTexture(texture);
    };
    for (let i = 0; i < 50; i++) round();
    gl.finish();
    const before = rss();
    for (let i = 0; i < 350; i++) round();
    gl.finish();
    expect(rss() - before).toBeLessThan(48);
  });
});
