/** A window of the system, by its own GLFW (libglfw.so.3): X11 or Wayland. */
import { addon } from '../binding.ts';
import type { NativeWindowEvent, SystemWindowHandle } from '../native-gl.ts';
import { WindowEvents } from './events.ts';
import type { GL } from './gl.ts';
import { KeyTranslator } from './glfw-keys.ts';
import { checkWindowSize, type GLWindow, type WindowEvent, type WindowOptions } from './window.ts';
import { glOf } from './window-gl.ts';

/** GLFW counts left, right, middle. */
const buttons = [0, 2, 1] as const;

export class SystemWindow implements GLWindow {
  readonly provider = 'system';
  readonly gl: GL;
  readonly #handle: SystemWindowHandle;
  readonly #events = new WindowEvents();
  readonly #keys = new KeyTranslator();

  constructor({ width, height, title = 'framelane', vsync = true, visible = true }: WindowOptions) {
    this.#handle = new (addon().GLWindowHandle)('system', width, height, title, visible);
    this.gl = glOf(this.#handle);
    this.#handle.setSwapInterval(vsync);
  }

  get width(): number {
    return this.#handle.width;
  }

  get height(): number {
    return this.#handle.height;
  }

  get scale(): number {
    return this.#handle.scale;
  }

  get contentScale(): number {
    return this.#handle.contentScale;
  }

  get closed(): boolean {
    return this.#events.closed;
  }

  get fullscreen(): boolean {
    return this.#handle.fullscreen;
  }

  set fullscreen(on: boolean) {
    this.#handle.setFullscreen(on);
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

  setTitle(title: string): void {
    this.#handle.setTitle(title);
  }

  setSize(width: number, height: number): void {
    checkWindowSize({ width, height });
    this.#handle.setSize(width, height);
  }

  pollEvents(): void {
    for (const event of this.#handle.pollEvents()) {
      const translated = this.#translate(event);
      if (translated) this.#events.add(translated);
    }
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

  #translate(event: NativeWindowEvent): WindowEvent | undefined {
    switch (event.type) {
      case 'key':
        return this.#keys.pressed(event);
      case 'typed':
        return this.#keys.typed(event.character);
      case 'mousedown':
      case 'mouseup': {
        const button = buttons[event.button];
        return button === undefined ? undefined : { ...event, button };
      }
      default:
        return event;
    }
  }
}
