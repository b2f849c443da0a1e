/** `gl` of a window: the addon's methods, and WebGL's constants beside them. */
import { addon } from '../native/binding.ts';
import type { GLWindowHandle } from '../native/gl.ts';
import type { GL } from './gl.ts';
import { glConstants } from './gl-constants.ts';

/** Who has only `gl` has its window, too: it is not collected. */
const windows = new WeakMap<GL, GLWindowHandle>();

/** Of a window of the addon; without one, of the context that is current and was made by somebody else. */
export function glOf(window?: GLWindowHandle): GL {
  const { GLHandle } = addon();
  if (!('TEXTURE_2D' in GLHandle.prototype)) Object.assign(GLHandle.prototype, glConstants);
  const gl = new GLHandle(window) as GL;
  if (window) windows.set(gl, window);
  return gl;
}
