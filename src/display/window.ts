/** The interface of every provider's window: a context to draw with, a size, events. */
import { describeValue, FramelaneError } from '../errors/errors.ts';
import { namesOf } from '../errors/option-names.ts';
import type { GL } from './gl.ts';

export type ProviderName = 'raub' | 'system' | 'headless';

/** An event of a window; x and y in framebuffer pixels from its top left. */
export type WindowEvent =
  /** `key` is a KeyboardEvent.key name: `a`, `?`, `ArrowLeft`, a space, `Escape`. */
  | {
      readonly type: 'key';
      readonly key: string;
      readonly repeat: boolean;
      readonly shift: boolean;
      readonly ctrl: boolean;
    }
  | { readonly type: 'resize'; readonly width: number; readonly height: number }
  | {
      readonly type: 'mousedown' | 'mouseup';
      /** Left, middle, right. */
      readonly button: 0 | 1 | 2;
      readonly x: number;
      readonly y: number;
    }
  | { readonly type: 'mousemove'; readonly x: number; readonly y: number }
  /** `delta` in notches, positive away from the user. */
  | { readonly type: 'wheel'; readonly x: number; readonly y: number; readonly delta: number }
  | { readonly type: 'close' };

/**
 * A window, visible or not, with its own OpenGL context, which is current after the window is opened. Using it after `free()`
 * is ERR_DISPOSED.
 */
export interface GLWindow extends Disposable {
  readonly provider: ProviderName;
  readonly gl: GL;
  /** Width of the framebuffer, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Framebuffer pixels per window unit (HiDPI). */
  readonly scale: number;
  /** How much larger than at 96 dpi to draw; on X11 it differs from `scale`, which is 1 there. */
  readonly contentScale: number;
  /** Whether the user has asked to close it, or it has been freed. */
  readonly closed: boolean;
  fullscreen: boolean;
  makeCurrent(): void;
  swapBuffers(): void;
  /** Sets whether swapBuffers() waits for the vertical refresh; the window must be current. */
  setVsync(on: boolean): void;
  setTitle(title: string): void;
  /** In window units. */
  setSize(width: number, height: number): void;
  /** Delivers the events since the last call to the listeners, before it returns. */
  pollEvents(): void;
  /** Adds a listener for all events. */
  on(listener: (event: WindowEvent) => void): void;
  free(): void;
}

export interface WindowOptions {
  /** In window units. */
  readonly width: number;
  readonly height: number;
  readonly title?: string | undefined;
  /** True by default. */
  readonly vsync?: boolean | undefined;
  /** True by default. */
  readonly visible?: boolean | undefined;
}

export const windowOptionNames = namesOf<WindowOptions>({
  width: true,
  height: true,
  title: true,
  vsync: true,
  visible: true,
});

/** A window system may kill a process that requests more. */
const largestSide = 16384;

/** ERR_INVALID_SIZE. */
export function checkWindowSize(size: { readonly width: number; readonly height: number }): void {
  for (const name of ['width', 'height'] as const) {
    const side = size[name];
    if (Number.isInteger(side) && side >= 1 && side <= largestSide) continue;
    const expected = `expected an integer from 1 to ${largestSide}`;
    const message = `${name}: ${expected}, received ${describeValue(side)}`;
    throw new FramelaneError('ERR_INVALID_SIZE', message, { path: name });
  }
}
