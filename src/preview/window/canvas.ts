/** What a preview draws into its window: the picture, what lies over it, and what its user draws. */
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

  /** Whether showing it waits for the screen. */
  get vsync(): boolean {
    return this.#vsync ?? false;
  }

  /** Copies what is to be drawn from now on. */
  take({ frame, before }: ShownFrame): void {
    this.presenter.setFrame(frame);
    if (this.presenter.view.split !== undefined) this.presenter.setBefore(before);
  }

  /** Draws a frame of that time, and shows it; only one window of a process should wait for the screen. */
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
    // Whatever the user draws to besides.
    const toWindow = () => gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    toWindow();
    this.presenter.draw(width, height);
    const drawn = { width, height, timestamp };
    this.#options.onFrame?.(gl, drawn);
    toWindow();
    return drawn;
  }

  /** Ends the window, too; its context may have gone already. */
  free(): void {
    if (!this.#window.gl.isContextLost()) this.#window.makeCurrent();
    this.presenter.free();
    this.#window.free();
  }
}
