/** The `gl` of a window: the addon's methods, with WebGL's constants. */
import { addon } from '../native/binding.ts';
import type { GLWindowHandle } from '../native/gl.ts';
import type { GL } from './gl.ts';
import { glConstants } from './gl-constants.ts';

/** Keeps a window alive as long as its `gl` is referenced. */
const windows = new WeakMap<GL, GLWindowHandle>();

/** The `gl` of one of the addon's windows, or, without one, of the current context of another library. */
export function glOf(window?: GLWindowHandle): GL {
  const { GLHandle } = addon();
  if (!('TEXTURE_2D' in GLHandle.prototype)) Object.assign(GLHandle.prototype, glConstants);
  const gl = new GLHandle(window) as GL;
  if (window) windows.set(gl, window);
  return gl;
}
