/** `gl` of the addon's own windows: native methods, and WebGL's constants beside them. */
import { addon } from '../binding.ts';
import type { GLWindowHandle } from '../native.ts';
import type { GL } from './gl.ts';
import { glConstants } from './gl-constants.ts';

export function glOf(window: GLWindowHandle): GL {
  const { GLHandle } = addon();
  if (!('TEXTURE_2D' in GLHandle.prototype)) Object.assign(GLHandle.prototype, glConstants);
  return new GLHandle(window) as GL;
}
