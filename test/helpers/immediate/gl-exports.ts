/** The same of buffers and textures of OpenGL, on the headless provider. */
import { type DeviceId, pipeline } from 'framelane';
import { expect } from 'vitest';
import type { GL, GLObject } from '../../../src/display/gl.ts';
import { HeadlessWindow } from '../../../src/display/headless.ts';
import { addon } from '../../../src/native/binding.ts';
import type { GLSharedHandle, GLTextureHandle } from '../../../src/native/gl.ts';
import type { Rows } from './image-exports.ts';
import {
  all,
  expectAll,
  filled,
  handleOf,
  other,
  overwriting,
  pending,
  pixels,
  shape,
  size,
  written,
} from './pending.ts';

const present = (object: GLObject | null): GLObject => object ?? expect.fail('no object was made');
const nameOf = (object: GLObject) => object._ as number;

function textureOf(gl: GL, content?: Uint8Array): GLObject {
  const texture = present(gl.createTexture());
  const { width, height } = size;
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  if (content) {
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, content);
  }
  return texture;
}

function bytesIn(gl: GL, texture: GLObject): Uint8Array {
  const bytes = new Uint8Array(4 * pixels);
  const framebuffer = present(gl.createFramebuffer());
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  gl.readPixels(0, 0, size.width, size.height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  return bytes;
}

const inWindow = (check: (gl: GL, device: DeviceId) => unknown) => async (device: DeviceId) => {
  const window = new HeadlessWindow({ width: 16, height: 16 });
  try {
    await check(window.gl, device);
    expect(window.gl.getError()).toBe(window.gl.NO_ERROR);
  } finally {
    window.free();
  }
};

/** Copies an image whose write waits into a texture. */
function copies(make: (device: DeviceId, texture: number) => GLSharedHandle | GLTextureHandle) {
  return inWindow((gl, device) => {
    const texture = textureOf(gl);
    const target = make(device, nameOf(texture));
    using image = pending('u8', device);
    target.copyFrom(handleOf(image), true);
    expect(bytesIn(gl, texture)).toEqual(all(written));
    target.free();
  });
}

const own = 'tells of it, or gives it back';

export const glRows: Rows = {
  releaseGL: 'lets go of a context',
  releaseCurrentContext: 'lets go of a context',
  // OpenGL's own calls, and a window's: they take numbers and arrays, and know no image.
  'GLHandle.*': 'OpenGL itself',
  'GLWindowHandle.*': 'a window',
  'GLPixelBufferHandle.constructor': 'registers a buffer',
  'GLPixelBufferHandle.shared': own,
  'GLPixelBufferHandle.free': own,
  'GLPixelBufferHandle.copyFrom': inWindow((gl, device) => {
    const buffer = present(gl.createBuffer());
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, 4 * pixels, gl.STREAM_READ);
    const target = new (addon().GLPixelBufferHandle)(device, nameOf(buffer));
    using image = pending('u8', device);
    target.copyFrom(handleOf(image), true);
    const bytes = new Uint8Array(4 * pixels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, bytes);
    expect(bytes).toEqual(all(written));
    target.free();
  }),
  'GLFrameTexturesHandle.constructor': 'registers textures',
  'GLFrameTexturesHandle.shared': own,
  'GLFrameTexturesHandle.free': own,
  'GLFrameTexturesHandle.copyFrom': copies(
    (device, texture) => new (addon().GLFrameTexturesHandle)(device, shape, [texture]),
  ),
  'GLTextureHandle.constructor': 'registers a texture',
  'GLTextureHandle.width': own,
  'GLTextureHandle.height': own,
  'GLTextureHandle.free': own,
  'GLTextureHandle.copyFrom': copies(
    (device, texture) => new (addon().GLTextureHandle)(device, texture),
  ),
  'GLTextureHandle.copyTo': inWindow(async (gl, device) => {
    const texture = new (addon().GLTextureHandle)(device, nameOf(textureOf(gl, all(other))));
    for (const element of ['f32', 'u8'] as const) {
      using image = filled(element, device);
      await overwriting(image, () => texture.copyTo(handleOf(image), []), other);
      using operand = pending('f32', device);
      const [blend] = pipeline().blend(operand).stages;
      texture.copyTo(handleOf(image), [{ ...blend, op: 'blend', source: handleOf(operand) }]);
      expectAll(image, written, 'of an operand');
    }
    texture.free();
  }),
};
