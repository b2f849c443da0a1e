// The lighthouse and its lamp.
import { clamp, mix, smoothstep } from './maths.mjs';
import { focal, height, horizon, lighthouse, width } from './scene.mjs';

/** The tower: u across, v up from its base, in units. Colour into `color`; returns the coverage. */
export function towerCoverage(color, u, v, soft) {
  const { tall } = lighthouse;
  if (v < -1 || v > tall + 6 || u < -5 || u > 5) return 0;
  const lamp = v > tall && v < tall + 3.2;
  const half =
    v > tall + 3.2
      ? 1.9 - (v - tall - 3.2) * 0.95
      : lamp
        ? 1.35
        : v > tall - 0.9
          ? 2.5
          : v < 1.4
            ? 3.5
            : mix(2.6, 1.75, v / tall);
  const coverage = clamp((half - Math.abs(u)) / soft + 0.5);
  const stripe = smoothstep(-0.05, 0.05, Math.sin((v / tall) * Math.PI * 5 - 0.3));
  const round = 0.35 + 1.05 * clamp(0.62 - u / 3.4) ** 1.5; // the sun is on the left
  const body = lamp
    ? [1.5, 1.25, 0.8]
    : v > tall - 0.9 || v < 1.4
      ? [0.12, 0.11, 0.12]
      : [mix(0.78, 0.44, stripe), mix(0.7, 0.07, stripe), mix(0.64, 0.05, stripe)];
  for (let i = 0; i < 3; i++) color[i] = lamp ? body[i] : body[i] * round * [1.15, 0.86, 0.66][i];
  return coverage * clamp((tall + 5.2 - v) / soft + 0.5);
}

/** The lamp: a core, a halo, a streak, its reflection, and a breath of light over everything. */
export function addFlash(frame, lamp, amount) {
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const x = column + 0.5 - lamp.x;
      const y = row + 0.5 - lamp.y;
      const r2 = x * x + y * y;
      const halo = 9 * Math.exp(-r2 / 200) + 1.3 / (1 + r2 / 2600) + 0.24 / (1 + r2 / 90000);
      const streak = 1.6 * Math.exp(-Math.abs(y) / 2.6) * Math.exp(-Math.abs(x) / 210);
      const below = row + 0.5 - lamp.mirrorY;
      const water = row > horizon + 60 ? 0.8 * Math.exp(-((x / 26) ** 2) - (below / 80) ** 2) : 0;
      const light = amount * (halo + streak + water);
      const at = (row * width + column) * 3;
      frame[at] += light;
      frame[at + 1] += light * 0.98;
      frame[at + 2] += light * 0.94;
    }
}

/** The position of the tower: depth, and offset to the side. */
export function placeTower(camera) {
  const dx = lighthouse.x - camera.x;
  const dz = lighthouse.z - camera.z;
  return { depth: dx * camera.sin + dz * camera.cos, side: dx * camera.cos - dz * camera.sin };
}

/** Draws the tower over the background; returns the positions of its lamp and the lamp's reflection. */
export function drawTower(frame, camera, tower) {
  const { base, tall } = lighthouse;
  const color = new Float32Array(3);
  const unit = focal / tower.depth;
  const centre = width / 2 + tower.side * unit;
  const foot = horizon - (base - camera.y) * unit;
  for (let row = Math.floor(foot - (tall + 7) * unit); row < foot + unit; row++)
    for (let column = Math.floor(centre - 4 * unit); column < centre + 4 * unit; column++) {
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const u = (column + 0.5 - centre) / unit;
      const v = (foot - row - 0.5) / unit;
      const coverage = towerCoverage(color, u, v, 1 / unit);
      const at = (row * width + column) * 3;
      for (let i = 0; i < 3; i++) frame[at + i] = mix(frame[at + i], color[i], coverage);
    }
  const lamp = tall + 1.6;
  return { x: centre, y: foot - lamp * unit, mirrorY: horizon + (base + lamp + camera.y) * unit };
}
