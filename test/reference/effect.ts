import { mapPixels, type Pixels, type Rgba } from '../helpers/image.ts';

interface Vignette {
  radius?: number;
  softness?: number;
  color?: Rgba;
}

/** The fade as the cubic that leaves 0 and reaches 1 flat, in the distance over the half diagonal's parts. */
export function vignette(
  image: Pixels,
  { radius = 0.9, softness = 1, color = [0, 0, 0, 1] }: Vignette,
) {
  const halfWidth = (image.width - 1) / 2;
  const halfHeight = (image.height - 1) / 2;
  return mapPixels(image, ([r, g, b, a], x, y) => {
    const dx = halfWidth === 0 ? 0 : (x - halfWidth) / halfWidth;
    const dy = halfHeight === 0 ? 0 : (y - halfHeight) / halfHeight;
    const beyond = Math.hypot(dx, dy) - radius;
    let strength: number;
    if (2 * beyond <= -softness) strength = 0;
    else if (2 * beyond >= softness) strength = 1;
    else {
      const s = beyond / softness; // -1/2..1/2
      strength = 0.5 + 1.5 * s - 2 * s ** 3;
    }
    const kept = 1 - strength * color[3];
    const blend = (c: number, to: number) => c * kept + to * (1 - kept);
    return [blend(r, color[0]), blend(g, color[1]), blend(b, color[2]), a];
  });
}
