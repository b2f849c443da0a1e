/**
 * A window of glfw-raub, for programs that draw with webgl-raub (such as three.js) in the same context as frames. `gl` is the
 * addon's own, on that context: it uses the same objects by the same names, but checks its arguments, which webgl-raub does not.
 */
import { createRequire } from 'node:module';
import { FramelaneError } from '../errors/errors.ts';
import { addon } from '../native/binding.ts';
import { WindowEvents } from './events.ts';
import type { GL } from './gl.ts';
import { checkWindowSize, type GLWindow, type WindowEvent, type WindowOptions } from './window.ts';
import { glOf } from './window-gl.ts';

/** The part of glfw-raub 5 that is used here (its index.d.ts). */
export interface Glfw {
  readonly Window: new (options: {
    readonly width: number;
    readonly height: number;
    readonly title: string;
    readonly vsync: boolean;
    readonly msaa: number;
    readonly onBeforeWindow: (window: unknown, glfw: Glfw) => void;
  }) => RaubWindow;
  readonly VISIBLE: number;
  readonly DECORATED: number;
  windowHint(hint: number, value: number): void;
  setWindowAttrib(window: number, attribute: number, value: number): void;
  swapInterval(refreshes: number): void;
  pollEvents(): void;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Position {
  readonly x: number;
  readonly y: number;
}

export interface RaubWindow {
  readonly handle: number;
  readonly framebufferSize: Size;
  /** In window units. */
  size: Size;
  pos: Position;
  title: string;
  getCurrentMonitor(): Size & { readonly pos_x: number; readonly pos_y: number };
  makeCurrent(): void;
  swapBuffers(): void;
  destroy(): void;
  on(type: string, listener: (event: RaubEvent) => void): unknown;
}

/** The used properties of all event types; x and y in window units. */
export type RaubEvent = Readonly<
  Record<'x' | 'y' | 'button' | 'wheelDelta' | 'width' | 'height', number> &
    Record<'repeat' | 'shiftKey' | 'ctrlKey', boolean> & { key: string }
>;

export interface Raub {
  readonly glfw: Glfw;
  /** Absent where only glfw-raub is installed. */
  readonly webgl?: { init(): void } | undefined;
}

/** The packages; ERR_GL_UNAVAILABLE with the reason where glfw-raub does not load. */
export function loadRaub(): Raub {
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    throw unavailable('neither DISPLAY nor WAYLAND_DISPLAY is set');
  }
  // The packages load segfault-raub to catch signals. Its binary may be missing, and nothing else needs it, so it is stubbed.
  (globalThis as Record<string, unknown>)['segfault-raub'] ??= {};
  const require = createRequire(import.meta.url);
  let glfw: Glfw;
  try {
    glfw = require('glfw-raub');
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0];
    throw unavailable(`glfw-raub does not load: ${reason}`, cause);
  }
  try {
    return { glfw, webgl: require('webgl-raub') };
  } catch {
    return { glfw };
  }
}

function unavailable(reason: string, cause?: unknown): FramelaneError {
  return new FramelaneError('ERR_GL_UNAVAILABLE', reason, { cause });
}

/** webgl-raub must load its functions once in a current context, or its first call of a newer function would crash. */
const ready = new WeakSet<object>();

export class RaubProviderWindow implements GLWindow {
  readonly provider = 'raub';
  readonly gl: GL;
  readonly #glfw: Glfw;
  readonly #window: RaubWindow;
  readonly #events = new WindowEvents();
  #windowed: (Size & Position) | undefined;

  constructor(
    { glfw, webgl }: Raub,
    { width, height, title = 'framelane', vsync = true, visible = true }: WindowOptions,
  ) {
    this.#glfw = glfw;
    addon().releaseCurrentContext();
    const onBeforeWindow = () => glfw.windowHint(glfw.VISIBLE, visible ? 1 : 0);
    try {
      this.#window = new glfw.Window({ width, height, title, vsync, msaa: 0, onBeforeWindow });
    } catch (cause) {
      throw unavailable(`glfw-raub opens no window: ${(cause as Error).message}`, cause);
    }
    try {
      this.#window.makeCurrent();
      if (webgl && !ready.has(webgl)) webgl.init();
      if (webgl) ready.add(webgl);
      this.gl = glOf();
    } catch (error) {
      this.#window.destroy();
      throw error;
    }
    this.#listen();
  }

  get width(): number {
    return this.#live().framebufferSize.width;
  }

  get height(): number {
    return this.#live().framebufferSize.height;
  }

  get scale(): number {
    const { framebufferSize, size } = this.#live();
    return size.width > 0 ? framebufferSize.width / size.width : 1;
  }

  get contentScale(): number {
    return this.scale; // glfw-raub has no content scale
  }

  get closed(): boolean {
    return this.#events.closed;
  }

  get fullscreen(): boolean {
    return this.#windowed !== undefined;
  }

  /** A borderless window as large as the monitor, because glfw-raub's own fullscreen creates another window and context. */
  set fullscreen(on: boolean) {
    const window = this.#live();
    if (on === this.fullscreen) return;
    const { width, height, pos_x, pos_y } = window.getCurrentMonitor();
    const { pos, size } = window;
    const before = this.#windowed;
    this.#windowed = on ? { ...pos, ...size } : undefined;
    const { x, y, ...next } = before ?? { x: pos_x, y: pos_y, width, height };
    this.#glfw.setWindowAttrib(window.handle, this.#glfw.DECORATED, on ? 0 : 1);
    window.pos = { x, y };
    window.size = next;
  }

  makeCurrent(): void {
    const window = this.#live();
    addon().releaseCurrentContext();
    window.makeCurrent();
  }

  swapBuffers(): void {
    this.#live().swapBuffers();
  }

  setVsync(on: boolean): void {
    this.makeCurrent();
    this.#glfw.swapInterval(on ? 1 : 0);
  }

  setTitle(title: string): void {
    this.#live().title = title;
  }

  setSize(width: number, height: number): void {
    const window = this.#live();
    checkWindowSize({ width, height });
    window.size = { width, height };
  }

  pollEvents(): void {
    this.#live();
    this.#glfw.pollEvents();
    this.#events.deliver();
  }

  on(listener: (event: WindowEvent) => void): void {
    this.#events.on(listener);
  }

  free(): void {
    if (this.gl.isContextLost()) return;
    this.#events.end();
    addon().releaseGL(this.gl);
    this.#window.destroy();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #live(): RaubWindow {
    if (!this.gl.isContextLost()) return this.#window;
    throw new FramelaneError('ERR_DISPOSED', 'the window has been freed');
  }

  #listen(): void {
    const window = this.#window;
    const add = (event: WindowEvent) => this.#events.add(event);
    const at = ({ x, y }: Position) => ({ x: x * this.scale, y: y * this.scale });
    window.on('resize', ({ width, height }) => add({ type: 'resize', width, height }));
    window.on('quit', () => add({ type: 'close' }));
    window.on('keydown', ({ key, repeat, shiftKey: shift, ctrlKey: ctrl }) =>
      add({ type: 'key', key, repeat, shift, ctrl }),
    );
    window.on('mousemove', (event) => add({ type: 'mousemove', ...at(event) }));
    window.on('wheel', (event) =>
      add({ type: 'wheel', ...at(event), delta: event.wheelDelta / 120 }),
    );
    for (const type of ['mousedown', 'mouseup'] as const) {
      window.on(type, (event) => {
        const { button } = event;
        if (button === 0 || button === 1 || button === 2) add({ type, button, ...at(event) });
      });
    }
  }
}
