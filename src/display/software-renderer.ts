/** OpenGL without a GPU. */
import type { GL } from './gl.ts';

/** Whether shaders run on the CPU, by the names of Mesa's and Google's renderers. */
export function isSoftwareRenderer(gl: Pick<GL, 'getParameter' | 'RENDERER'>): boolean {
  return /llvmpipe|softpipe|swiftshader|software rasterizer/i.test(
    String(gl.getParameter(gl.RENDERER)),
  );
}
