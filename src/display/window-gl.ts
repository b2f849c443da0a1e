/** `gl` of a window: the addon's methods, and WebGL's constants beside them. */
import { addon } from '../binding.ts';
import type { GLWindowHandle } from '../native-gl.ts';
import type { GL } from './gl.ts';
import { glConstants } from './gl-constants.ts';

/** Of a window of the addon; without one, of the context that is current and was made by somebody else. */
export function glOf(window?: GLWindowHandle): GL {
  const { GLHandle } = addon();
  if (!('TEXTURE_2D' in GLHandle.prototype)) Object.assign(GLHandle.prototype, glConstants);
  return new GLHandle(window) as GL;
}
