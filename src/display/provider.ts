/** Opens windows, by whichever provider there is. */
import { FramelaneError } from '../errors.ts';
import type { GLWindow, ProviderName, WindowOptions } from './window.ts';

export interface OpenWindowOptions extends WindowOptions {
  readonly provider?: ProviderName | 'auto' | undefined;
}

/**
 * A window whose OpenGL context is current. ERR_GL_UNAVAILABLE where the provider does not work here.
 *
 * @example
 * using window = await openWindow({ provider: 'headless', width: 640, height: 360 })
 */
export async function openWindow(options: OpenWindowOptions): Promise<GLWindow> {
  const { provider = 'auto' } = options;
  if (provider !== 'auto' && provider !== 'headless') {
    throw new FramelaneError('ERR_GL_UNAVAILABLE', `window provider ${provider} is not there`);
  }
  const { HeadlessWindow } = await import('./headless.ts');
  return new HeadlessWindow(options);
}
