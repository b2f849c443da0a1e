// The sky, and the haze that it puts over everything far.

import { sampleTexture } from './land.mjs';
import { clamp, mix, smoothstep } from './maths.mjs';
import { focal, sun, width } from './scene.mjs';

/** Rows above the horizon, more than are seen: the water reflects them. */
export const skyRows = 460;
export const sky = new Float32Array(width * skyRows * 3);

function skyColor(out, at, dx, dy, dz, time, clouds) {
  const inverse = 1 / Math.hypot(dx, dy, dz);
  const toSun = clamp((dx * sun[0] + dy * sun[1] + dz * sun[2]) * inverse);
  const up = 1 - Math.exp(-dy * 6.5);
  const warm = toSun ** 6;
  const glow = 0.4 * toSun ** 24 + 0.7 * toSun ** 160 + 2 * toSun ** 1800;
  const disc = 30 * smoothstep(0.99986, 0.99991, toSun);

  const slant = 1 / (dy + 0.09);
  const u = dx * slant * 105 + time * 7;
  const v = dz * slant * 105 + time * 2.5;
  const density = sampleTexture(clouds, u, v);
  const cover = smoothstep(0.44, 0.8, density) * smoothstep(0.005, 0.13, dy);
  const edge = clamp((density - sampleTexture(clouds, u - 9, v + 16)) * 2.6 + 0.42);
  const veil =
    0.35 *
    smoothstep(0.35, 0.8, sampleTexture(clouds, u * 0.21 + 300 + time, v * 0.5 + 80)) *
    clamp(dy * 5);

  for (let i = 0; i < 3; i++) {
    const low = mix([0.36, 0.26, 0.34][i], [1.05, 0.45, 0.17][i], warm);
    let c = mix(low, [0.05, 0.1, 0.25][i], up) + glow * [1.5, 0.74, 0.3][i];
    c = mix(c, mix([0.4, 0.3, 0.36][i], [1.3, 0.7, 0.4][i], warm), veil);
    const lit = [1.0, 0.55, 0.4][i] * (1 + 1.1 * toSun ** 8);
    c = mix(c, mix([0.15, 0.13, 0.2][i], lit, edge), cover * 0.88);
    out[at + i] = c + disc * [1, 0.72, 0.42][i] * (1 - cover * 0.9);
  }
}

export function renderSky(camera, time, clouds) {
  for (let row = 0; row < skyRows; row++)
    for (let column = 0; column < width; column++) {
      const side = (column + 0.5 - width / 2) / focal;
      const dx = camera.sin + camera.cos * side;
      const dz = camera.cos - camera.sin * side;
      skyColor(sky, (row * width + column) * 3, dx, (row + 0.5) / focal, dz, time, clouds);
    }
}

/** Haze: warm towards the sun, blue away from it, thicker near the water. */
export function addHaze(color, depth, level, toSun) {
  const amount = 1 - Math.exp(-((depth / 1150) ** 1.3) * (0.42 + 1.0 * Math.exp(-level / 30)));
  const warm = toSun * toSun * toSun;
  color[0] = mix(color[0], mix(0.2, 0.86, warm), amount);
  color[1] = mix(color[1], mix(0.19, 0.4, warm), amount);
  color[2] = mix(color[2], mix(0.29, 0.21, warm), amount);
}
