// The surfaces that are made once: heights and lit colours of the land, clouds, ripples.
import { clamp, fbm, mix, noise, ridges, smoothstep } from './maths.mjs';
import { lighthouse, sun } from './scene.mjs';

export const mapSize = 4096; // texels along each side of the land
export const mapScale = 2; // texels per unit of length
export const textureSize = 1024;

/** All of them, in memory that threads share. */
export function makeSurfaces() {
  const floats = (n) => new Float32Array(new SharedArrayBuffer(n * 4));
  return {
    heights: floats(mapSize * mapSize),
    colors: new Uint8Array(new SharedArrayBuffer(mapSize * mapSize * 4)),
    clouds: floats(textureSize * textureSize),
    ripples: floats(textureSize * textureSize),
  };
}

/** Height of the land above the water at (x, z), z forward; below 0 is lake. */
function landHeight(x, z) {
  const middle = -0.2 * z + 70 * Math.sin(z / 330);
  const meander = 60 * fbm(x / 260 + 3, z / 260, 3);
  const reach = Math.abs(x - middle) + meander;
  const open = 175 + 30 * Math.sin(z / 210 + 1);
  let shore = smoothstep(open - 30, open + 420, reach);
  shore = Math.max(shore, 0.75 * smoothstep(1250, 1640, z + 90 * noise(x / 190, 7)));
  let h = -5 + 16 * smoothstep(open - 35, open + 40, reach);
  if (shore > 0) h += shore * (285 * ridges(x / 420 + 9, z / 420 + 2, 8) - 18);
  const capeX = (x - lighthouse.x - 26) / 78;
  const capeZ = (z - lighthouse.z - 8) / 34;
  const cape =
    25 * Math.exp(-capeX * capeX - capeZ * capeZ) * (1 + 0.5 * fbm(x / 26, z / 26, 4)) - 5;
  h = Math.max(h, cape);
  if (h > -2)
    h += clamp(h / 4 + 0.5) * (3.4 * fbm(x / 17, z / 17, 5) + 0.9 * fbm(x / 2.4, z / 2.4, 2));
  const plateau = Math.exp(-((x - lighthouse.x) ** 2 + (z - lighthouse.z) ** 2) / 60);
  return mix(h, lighthouse.base, clamp(plateau * 1.3));
}

export function bakeHeights({ heights }, from, to) {
  for (let row = from; row < to; row++)
    for (let column = 0; column < mapSize; column++)
      heights[row * mapSize + column] = landHeight(column / mapScale - 1024, row / mapScale);
}

/** Lit colours of the land, square-rooted to 8 bits. */
export function bakeColors({ heights, colors }, from, to) {
  const at = (column, row) =>
    Math.max(0, heights[clamp(row, 0, mapSize - 1) * mapSize + clamp(column, 0, mapSize - 1)]);
  for (let row = from; row < to; row++)
    for (let column = 0; column < mapSize; column++) {
      const h = at(column, row);
      if (h <= 0) continue;
      const nx = (at(column - 1, row) - at(column + 1, row)) * mapScale * 0.5;
      const nz = (at(column, row - 1) - at(column, row + 1)) * mapScale * 0.5;
      const inverse = 1 / Math.hypot(nx, 1, nz);
      const hollow =
        (at(column - 12, row) +
          at(column + 12, row) +
          at(column, row - 12) +
          at(column, row + 12)) /
          4 -
        h;
      const occlusion = clamp(1 - hollow * 0.07, 0.35, 1.15);

      let light = 1; // soft shadow: how far the ridge line rises above the ray to the sun
      for (let step = 3; step < 420 && light > 0; step *= 1.12) {
        const above = at(
          Math.round(column + sun[0] * step * mapScale),
          Math.round(row + sun[2] * step * mapScale),
        );
        light = Math.min(light, 0.5 + ((h + sun[1] * 1.25 * step - above) * 6) / (step + 12));
      }
      const facing = clamp((nx * sun[0] + sun[1] * 1.6 + nz * sun[2]) * inverse + 0.04);
      const direct = clamp(light) * facing;
      const ambient = occlusion * (0.45 + 0.55 * inverse);

      const x = column / mapScale;
      const z = row / mapScale;
      const patches = fbm(x / 40, z / 40, 4);
      const grain = 1 + 0.5 * fbm(x / 1.6, z / 1.6, 3);
      const snow =
        smoothstep(118, 150, h + 34 * patches) * smoothstep(0.62, 0.82, inverse + 0.16 * patches);
      const rock = Math.max(
        smoothstep(0.84, 0.68, inverse + 0.1 * patches),
        smoothstep(70, 120, h + 40 * patches) * 0.8,
      );
      const sand = smoothstep(2.2, 0.6, h);
      const color = [0.052, 0.07, 0.03].map((forest, i) => {
        let c = mix(forest, [0.16, 0.14, 0.055][i], smoothstep(-0.1, 0.45, patches));
        c = mix(c, [0.19, 0.165, 0.15][i], rock);
        c = mix(c, [0.2, 0.17, 0.13][i], sand);
        c = mix(c * grain, [0.78, 0.8, 0.86][i], snow);
        return c * (direct * [4.6, 2.4, 1.05][i] + ambient * [0.26, 0.28, 0.42][i]);
      });
      const index = (row * mapSize + column) * 4;
      for (let i = 0; i < 3; i++)
        colors[index + i] = Math.round(255 * Math.sqrt(clamp(color[i] / 2)));
    }
}

/** Two tileable fields: clouds (warped, billowing) and ripples. */
export function bakeTextures({ clouds, ripples }, from, to) {
  for (let row = from; row < to; row++)
    for (let column = 0; column < textureSize; column++) {
      const x = column / 128;
      const y = row / 128;
      const warpX = fbm(x + 1.7, y + 9.2, 4, 8);
      const warpY = fbm(x + 8.3, y + 2.8, 4, 8);
      clouds[row * textureSize + column] = 0.5 + fbm(x + 1.3 * warpX, y + 1.3 * warpY, 7, 8);
      ripples[row * textureSize + column] = fbm(column / 16, row / 16, 3, 64);
    }
}

export function sampleTexture(texture, x, y) {
  const fx = Math.floor(x);
  const fy = Math.floor(y);
  const u = x - fx;
  const v = y - fy;
  const mask = textureSize - 1;
  const top = (fy & mask) * textureSize;
  const bottom = ((fy + 1) & mask) * textureSize;
  const left = fx & mask;
  const right = (fx + 1) & mask;
  return mix(
    mix(texture[top + left], texture[top + right], u),
    mix(texture[bottom + left], texture[bottom + right], u),
    v,
  );
}

/** The height at a point of the map, in texels; water is 0 or less. */
export function sampleHeight(heights, x, z) {
  const fx = Math.floor(x);
  const fz = Math.floor(z);
  const a = fz * mapSize + fx;
  const u = x - fx;
  const near = mix(heights[a], heights[a + 1], u);
  return mix(near, mix(heights[a + mapSize], heights[a + mapSize + 1], u), z - fz);
}

/** The lit colour there. */
export function sampleColor(out, colors, x, z) {
  const fx = Math.floor(x);
  const fz = Math.floor(z);
  const a = (fz * mapSize + fx) * 4;
  const b = a + mapSize * 4;
  for (let i = 0; i < 3; i++) {
    const near = mix(colors[a + i], colors[a + 4 + i], x - fx);
    const c = mix(near, mix(colors[b + i], colors[b + 4 + i], x - fx), z - fz) / 255;
    out[i] = 2 * c * c;
  }
}
