/** Draws the picture, the HUD and what the caller's `onFrame` adds into a window. */
import { Presenter } from '../../display/presenter.ts';
import type { GLWindow } from '../../display/window.ts';
import type { ShownFrame } from '../player/options.ts';
import type { DrawnFrame, PreviewOptions, WindowPixels } from './options.ts';

export class Canvas {
  readonly presenter: Presenter;
  readonly #window: GLWindow;
  readonly #options: Pick<PreviewOptions, 'onFrame' | 'vsync'>;
  #vsync: boolean | undefined;

  constructor(window: GLWindow, options: Pick<PreviewOptions, 'onFrame' | 'vsync'>) {
    this.presenter = new Presenter(window.gl);
    this.#window = window;
    this.#options = options;
  }

  /** Whether presenting waits for the vertical sync of the screen. */
  get vsync(): boolean {
    return this.#vsync ?? false;
  }

  /** Uploads the frame to draw from now on. */
  take({ frame, before }: ShownFrame): void {
    this.presenter.setFrame(frame);
    if (this.presenter.view.split !== undefined) this.presenter.setBefore(before);
  }

  /** Draws and presents the frame; only one window per process should wait for the screen. */
  show(timestamp: number, waitsForScreen: boolean): DrawnFrame {
    const hasScreen = this.#window.provider !== 'headless';
    const vsync = hasScreen && waitsForScreen && this.#options.vsync !== false;
    if (vsync !== this.#vsync) this.#window.setVsync(vsync);
    this.#vsync = vsync;
    const drawn = this.#draw(timestamp);
    this.#window.swapBuffers();
    return drawn;
  }

  readPixels(timestamp: number): WindowPixels {
    this.#window.makeCurrent();
    const { width, height } = this.#draw(timestamp);
    return { width, height, data: this.presenter.readPixels(width, height) };
  }

  #draw(timestamp: number): DrawnFrame {
    const { width, height, gl } = this.#window;
    // onFrame may leave another framebuffer bound.
    const toWindow = () => gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    toWindow();
    this.presenter.draw(width, height);
    const drawn = { width, height, timestamp };
    this.#options.onFrame?.(gl, drawn);
    toWindow();
    return drawn;
  }

  /** Closes the window, too, even if its context is lost. */
  free(): void {
    if (!this.#window.gl.isContextLost()) this.#window.makeCurrent();
    this.presenter.free();
    this.#window.free();
  }
}
