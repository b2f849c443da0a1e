/** Changes the view with the mouse: the wheel zooms, a drag pans or moves the split line. */
import type { View } from '../../display/view.ts';
import type { WindowEvent } from '../../display/window.ts';

/** A drag that starts within this many window units of the split line moves it. */
const reach = 8;
/** Zoom factor per notch of the wheel. */
const notch = 1.2;

export class Pointer {
  readonly #view: View;
  #drag: 'none' | 'pan' | 'split' = 'none';
  #last = { x: 0, y: 0 };

  constructor(view: View) {
    this.#view = view;
  }

  /** Whether the view has changed. */
  handle(event: WindowEvent, framebuffer: { readonly width: number }): boolean {
    switch (event.type) {
      case 'wheel':
        this.#view.zoomAt(event.x, event.y, notch ** event.delta);
        return true;
      case 'mousedown':
        if (event.button === 0) this.#start(event, framebuffer.width);
        return false;
      case 'mouseup':
        if (event.button === 0) this.#drag = 'none';
        return false;
      case 'mousemove':
        return this.#move(event, framebuffer.width);
      default:
        return false;
    }
  }

  #start({ x, y }: { readonly x: number; readonly y: number }, width: number): void {
    const { split, scale } = this.#view;
    const onLine = split !== undefined && Math.abs(x - split * width) <= reach * scale;
    this.#drag = onLine ? 'split' : 'pan';
    this.#last = { x, y };
  }

  #move({ x, y }: { readonly x: number; readonly y: number }, width: number): boolean {
    if (this.#drag === 'none') return false;
    if (this.#drag === 'split') this.#view.split = x / Math.max(1, width);
    else this.#view.pan(x - this.#last.x, y - this.#last.y);
    this.#last = { x, y };
    return true;
  }
}
