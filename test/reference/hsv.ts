/** HSV as the textbooks define it, case by case: Foley, van Dam et al., Computer Graphics, section 13.3.4. */
type Rgb = readonly [number, number, number];

export interface Hsv {
  /** Degrees, 0 up to 360; 0 for greys. */
  readonly hue: number;
  readonly saturation: number;
  readonly value: number;
}

export function hsvFromRgb([r, g, b]: Rgb): Hsv {
  const value = Math.max(r, g, b);
  const delta = value - Math.min(r, g, b);
  if (delta === 0) return { hue: 0, saturation: 0, value };
  let hue: number;
  if (r === value) hue = (60 * (g - b)) / delta;
  else if (g === value) hue = 120 + (60 * (b - r)) / delta;
  else hue = 240 + (60 * (r - g)) / delta;
  return { hue: hue < 0 ? hue + 360 : hue, saturation: delta / value, value };
}

export function rgbFromHsv({ hue, saturation, value }: Hsv): Rgb {
  const chroma = saturation * value;
  return sextant(hue, value - chroma, value);
}

/** Turns the hue and keeps the smallest and the largest channel, also outside 0..1. */
export function turnHue(rgb: Rgb, degrees: number): Rgb {
  const { hue, value } = hsvFromRgb(rgb);
  const turned = (((hue + degrees) % 360) + 360) % 360;
  return sextant(turned, Math.min(...rgb), value);
}

function sextant(hue: number, low: number, high: number): Rgb {
  const position = (hue % 360) / 60;
  const index = Math.floor(position);
  const rising = low + (high - low) * (position - index);
  const falling = high - (high - low) * (position - index);
  switch (index) {
    case 0:
      return [high, rising, low];
    case 1:
      return [falling, high, low];
    case 2:
      return [low, high, rising];
    case 3:
      return [low, falling, high];
    case 4:
      return [rising, low, high];
    default:
      return [high, low, falling];
  }
}
