/** Compositing as W3C Compositing and Blending 1 writes it for premultiplied colours. */
import { at, mapPixels, type Pixels, type Rgba } from '../helpers/image.ts';

export interface BlendOptions {
  mode?: string;
  anchor?: string;
  offsetX?: number;
  offsetY?: number;
  opacity?: number;
}

type Mix = (b: number, s: number) => number;

const multiply: Mix = (b, s) => b * s;
const screen: Mix = (b, s) => 1 - (1 - b) * (1 - s);
const hardLight: Mix = (b, s) => (s <= 0.5 ? multiply(b, 2 * s) : screen(b, 2 * s - 1));

function softLight(b: number, s: number): number {
  if (s <= 0.5) return b * (1 - (1 - 2 * s) * (1 - b));
  const d = b <= 0.25 ? 16 * b ** 3 - 12 * b ** 2 + 4 * b : Math.sqrt(b);
  return b * (2 - 2 * s) + d * (2 * s - 1);
}

const modes: Readonly<Record<string, Mix>> = {
  normal: (_, s) => s,
  multiply,
  screen,
  add: (b, s) => Math.min(1, b + s),
  overlay: (b, s) => hardLight(s, b),
  softLight,
  hardLight,
};

/** Where the overlay's top-left pixel lies; a half pixel goes to the left and up. */
export function placeOverlay(base: Pixels, overlay: Pixels, options: BlendOptions) {
  const { anchor = 'topLeft', offsetX = 0, offsetY = 0 } = options;
  const centred = (room: number) => (room - (((room % 2) + 2) % 2)) / 2;
  const roomX = base.width - overlay.width;
  const roomY = base.height - overlay.height;
  const x = /Left$/.test(anchor) ? 0 : /Right$/.test(anchor) ? roomX : centred(roomX);
  const y = /^top/.test(anchor) ? 0 : /^bottom/.test(anchor) ? roomY : centred(roomY);
  return { x: x + offsetX, y: y + offsetY };
}

export function blend(base: Pixels, overlay: Pixels, options: BlendOptions): Pixels {
  const mix = modes[options.mode ?? 'normal'] as Mix;
  const { x: left, y: top } = placeOverlay(base, overlay, options);
  return mapPixels(base, (backdrop, x, y) => {
    const sx = x - left;
    const sy = y - top;
    if (sx < 0 || sy < 0 || sx >= overlay.width || sy >= overlay.height) return backdrop;
    const source = at(overlay, sx, sy);
    const as = source[3] * (options.opacity ?? 1);
    const ab = backdrop[3];
    const alpha = 1 - (1 - as) * (1 - ab);
    if (alpha <= 1e-6) return [0, 0, 0, alpha];
    const channel = (b: number, s: number) =>
      (as * (1 - ab) * s + as * ab * mix(b, s) + (1 - as) * ab * b) / alpha;
    return [0, 1, 2]
      .map((i) => channel(backdrop[i] as number, source[i] as number))
      .concat(alpha) as unknown as Rgba;
  });
}
