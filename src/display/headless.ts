/** A window that nobody sees: OpenGL on an EGL pbuffer, of an NVIDIA GPU or Mesa. Its events are those that are injected. */
import { addon } from '../binding.ts';
import type { GLWindowHandle } from '../native-gl.ts';
import { WindowEvents } from './events.ts';
import type { GL } from './gl.ts';
import type { GLWindow, WindowEvent, WindowOptions } from './window.ts';
import { glOf } from './window-gl.ts';

export class HeadlessWindow implements GLWindow {
  readonly provider = 'headless';
  readonly gl: GL;
  readonly scale = 1;
  readonly contentScale = 1;
  fullscreen = false;
  readonly #handle: GLWindowHandle;
  readonly #events = new WindowEvents();

  constructor({ width, height }: WindowOptions) {
    this.#handle = new (addon().GLWindowHandle)('headless', width, height);
    this.gl = glOf(this.#handle);
  }

  get width(): number {
    return this.#handle.width;
  }

  get height(): number {
    return this.#handle.height;
  }

  get closed(): boolean {
    return this.#events.closed;
  }

  makeCurrent(): void {
    this.#handle.makeCurrent();
  }

  swapBuffers(): void {
    this.#handle.swapBuffers();
  }

  setVsync(on: boolean): void {
    this.#handle.setSwapInterval(on);
  }

  setTitle(_title: string): void {}

  setSize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.#handle.setSize(width, height);
    this.#events.add({ type: 'resize', width, height });
  }

  /** What pollEvents() delivers next, as if the user had done it. */
  inject(event: WindowEvent): void {
    this.#events.add(event);
  }

  pollEvents(): void {
    this.#events.deliver();
  }

  on(listener: (event: WindowEvent) => void): void {
    this.#events.on(listener);
  }

  free(): void {
    this.#events.closed = true;
    this.#handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
