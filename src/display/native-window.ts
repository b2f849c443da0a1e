/** The common part of the addon's windows. */
import type { GLWindowHandle } from '../native/gl.ts';
import { WindowEvents } from './events.ts';
import type { GL } from './gl.ts';
import type { GLWindow, WindowEvent } from './window.ts';
import { glOf } from './window-gl.ts';

export abstract class NativeWindow<Handle extends GLWindowHandle> implements GLWindow {
  abstract readonly provider: GLWindow['provider'];
  abstract readonly scale: number;
  abstract readonly contentScale: number;
  abstract fullscreen: boolean;
  readonly gl: GL;
  protected readonly handle: Handle;
  protected readonly events = new WindowEvents();

  protected constructor(handle: Handle) {
    this.handle = handle;
    this.gl = glOf(handle);
  }

  get width(): number {
    return this.handle.width;
  }

  get height(): number {
    return this.handle.height;
  }

  get closed(): boolean {
    return this.events.closed;
  }

  makeCurrent(): void {
    this.handle.makeCurrent();
  }

  swapBuffers(): void {
    this.handle.swapBuffers();
  }

  setVsync(on: boolean): void {
    this.handle.setSwapInterval(on);
  }

  abstract setTitle(title: string): void;
  abstract setSize(width: number, height: number): void;
  abstract pollEvents(): void;

  on(listener: (event: WindowEvent) => void): void {
    this.events.on(listener);
  }

  free(): void {
    this.events.end();
    this.handle.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}
