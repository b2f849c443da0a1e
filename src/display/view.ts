/** Where a picture lies in a framebuffer: fitted, cropped or pixel for pixel, zoomed and panned. */
import { invalidArgument } from '../errors/invalid.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In whole framebuffer pixels from the top left; it may extend beyond the framebuffer. */
export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** Shows the whole picture, fills the whole framebuffer, or maps each pixel of the picture to one of the framebuffer. */
export type ViewMode = 'fit' | 'fill' | 'actual';

const modes: readonly unknown[] = ['fit', 'fill', 'actual'] satisfies ViewMode[];
const leastZoom = 1 / 16;
const mostZoom = 64;

/**
 * How a presenter shows a picture. Lengths are framebuffer pixels, positions are from its top left. Changes take effect at the
 * next draw.
 *
 * @example
 * presenter.view.zoomAt(event.x, event.y, event.delta < 0 ? 1.25 : 0.8)
 */
export class View {
  /** Whether transparency shows a checkerboard instead of the background. */
  checkerboard: boolean = true;
  /** Around the picture, and behind its transparency without a checkerboard: red, green, blue, 0..1. */
  background: readonly [number, number, number] = [0, 0, 0];
  #mode: ViewMode = 'fit';
  #zoom = 1;
  #scale = 1;
  #pixelAspect = 1;
  #split: number | undefined;
  /** The point of the picture in the centre of the framebuffer, as a fraction of its sides. */
  #center = { x: 0.5, y: 0.5 };
  #shown: { readonly picture: Size; readonly framebuffer: Size } | undefined;

  get mode(): ViewMode {
    return this.#mode;
  }

  /** Setting it resets zoom and position. */
  set mode(mode: ViewMode) {
    if (!modes.includes(mode)) throw invalidArgument('mode', 'fit, fill or actual', mode);
    this.#mode = mode;
    this.reset();
  }

  /** The magnification relative to `mode` alone, clamped to 1/16 to 64. */
  get zoom(): number {
    return this.#zoom;
  }

  set zoom(zoom: number) {
    this.#zoom = within(positive('zoom', zoom), leastZoom, mostZoom);
    this.#keepInside();
  }

  /** Framebuffer pixels per window unit, by which squares and lines are scaled. */
  get scale(): number {
    return this.#scale;
  }

  set scale(scale: number) {
    this.#scale = positive('scale', scale);
  }

  /** Pixel aspect ratio of the picture, width by height. */
  get pixelAspect(): number {
    return this.#pixelAspect;
  }

  set pixelAspect(ratio: number) {
    this.#pixelAspect = positive('pixelAspect', ratio);
  }

  /** The fraction of the framebuffer's width, from the left, that shows the picture before; undefined shows only the result. */
  get split(): number | undefined {
    return this.#split;
  }

  set split(share: number | undefined) {
    if (share !== undefined && !Number.isFinite(share)) {
      throw invalidArgument('split', 'a number from 0 to 1, or undefined', share);
    }
    this.#split = share === undefined ? undefined : within(share, 0, 1);
  }

  /** Resets zoom and position. */
  reset(): void {
    this.#zoom = 1;
    this.#center = { x: 0.5, y: 0.5 };
  }

  /** Moves the picture, but not beyond its edges, nor along an axis that is shown whole. */
  pan(dx: number, dy: number): void {
    if (!Number.isFinite(dx) || !Number.isFinite(dy))
      throw invalidArgument('pan', 'numbers', [dx, dy]);
    if (this.#shown === undefined) return;
    const size = this.#sizeOf(this.#shown.picture, this.#shown.framebuffer);
    this.#center.x -= dx / size.width;
    this.#center.y -= dy / size.height;
    this.#keepInside();
  }

  /** Zooms by a factor; the point of the picture at (x, y) stays there unless a gap would open at an edge. */
  zoomAt(x: number, y: number, factor: number): void {
    if (!Number.isFinite(x) || !Number.isFinite(y))
      throw invalidArgument('zoomAt', 'numbers', [x, y]);
    const before = this.#zoom;
    const zoom = within(before * positive('factor', factor), leastZoom, mostZoom);
    if (this.#shown !== undefined) {
      const { picture, framebuffer } = this.#shown;
      const size = this.#sizeOf(picture, framebuffer);
      // The point's distance from the middle, in shares of the picture, shrinks as the picture grows.
      const share = 1 - before / zoom;
      this.#center.x += ((x - framebuffer.width / 2) / size.width) * share;
      this.#center.y += ((y - framebuffer.height / 2) / size.height) * share;
    }
    this.zoom = zoom;
  }

  /** Framebuffer pixels per pixel of the picture, vertically. */
  magnification(picture: Size, framebuffer: Size): number {
    const fit = {
      width: framebuffer.width / (picture.width * this.#pixelAspect),
      height: framebuffer.height / picture.height,
    };
    const base = {
      fit: Math.min(fit.width, fit.height),
      fill: Math.max(fit.width, fit.height),
      actual: 1,
    };
    return base[this.#mode] * this.#zoom;
  }

  /** The rectangle of a picture in a framebuffer. */
  rectangle(picture: Size, framebuffer: Size): Rectangle {
    const { width, height } = this.#sizeOf(picture, framebuffer);
    const x = startOf(this.#center.x, width, framebuffer.width);
    const y = startOf(this.#center.y, height, framebuffer.height);
    return { x, y, width, height };
  }

  /** The same, and makes it the picture that `pan` and `zoomAt` move. */
  show(picture: Size, framebuffer: Size): Rectangle {
    this.#shown = { picture, framebuffer };
    this.#keepInside();
    return this.rectangle(picture, framebuffer);
  }

  #sizeOf(picture: Size, framebuffer: Size): Size {
    const factor = this.magnification(picture, framebuffer);
    return {
      width: Math.max(1, Math.round(picture.width * this.#pixelAspect * factor)),
      height: Math.max(1, Math.round(picture.height * factor)),
    };
  }

  #keepInside(): void {
    if (this.#shown === undefined) return;
    const { picture, framebuffer } = this.#shown;
    const size = this.#sizeOf(picture, framebuffer);
    this.#center = {
      x: keptInside(this.#center.x, size.width, framebuffer.width),
      y: keptInside(this.#center.y, size.height, framebuffer.height),
    };
  }
}

/** The largest rectangle of a size's aspect ratio, centred in another one. */
export function inscribed(size: Size, into: Rectangle): Rectangle {
  const factor = Math.min(into.width / size.width, into.height / size.height);
  const width = Math.max(1, Math.round(size.width * factor));
  const height = Math.max(1, Math.round(size.height * factor));
  const x = into.x + Math.floor((into.width - width) / 2);
  const y = into.y + Math.floor((into.height - height) / 2);
  return { x, y, width, height };
}

/** The center that leaves no gap along an axis the picture fills. */
function keptInside(center: number, length: number, available: number): number {
  if (length <= available) return 0.5;
  const half = available / length / 2;
  return within(center, half, 1 - half);
}

function startOf(center: number, length: number, available: number): number {
  if (length <= available) return Math.floor((available - length) / 2);
  return within(Math.round(available / 2 - center * length), available - length, 0);
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw invalidArgument(name, 'a positive number', value);
}
