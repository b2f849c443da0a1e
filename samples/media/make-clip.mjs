// Renders samples/media/clip.mp4: a fjord at dusk, ten seconds, made of nothing but noise and arithmetic.
//
//   node samples/media/make-clip.mjs              the whole clip (a few minutes on two cores)
//   node samples/media/make-clip.mjs 15 out.png   one frame
//
// A height field is baked once and drawn column by column, front to back, then mirrored in the water. The lighthouse
// flashes at t = 0.5, 1.5, … and a 1 kHz beep of 80 ms starts on the very same timestamp: the clip is its own sync test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const width = 1280;
const height = 720;
const rate = 30;
const seconds = 10;
const focal = 1150; // pixels
const horizon = 318; // row
const samples = 2; // subpixels along each axis
const far = 1750;

const mapSize = 4096; // texels along each side of the baked land
const mapScale = 2; // texels per unit of length
const textureSize = 1024;

const sun = normalize([-0.34, 0.115, 0.93]);
const lighthouse = { x: 84, z: 262, base: 13.5, tall: 30 };

// ---------------------------------------------------------------------------------------------------------------- maths

function normalize(v) {
  const length = Math.hypot(...v);
  return v.map((c) => c / length);
}

const clamp = (v, low = 0, high = 1) => (v < low ? low : v > high ? high : v);
const mix = (a, b, t) => a + (b - a) * t;
const smoothstep = (a, b, v) => {
  const t = clamp((v - a) / (b - a));
  return t * t * (3 - 2 * t);
};

/** Gradient noise on a lattice that repeats after `period` cells; about -1..1. */
function makeNoise(seed) {
  const hash = new Uint8Array(512);
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const order = Array.from({ length: 256 }, (_, i) => i);
  for (let i = 255; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  for (let i = 0; i < 512; i++) hash[i] = order[i & 255];
  const gx = Float32Array.from({ length: 256 }, (_, i) => Math.cos((i / 256) * 2 * Math.PI));
  const gy = Float32Array.from({ length: 256 }, (_, i) => Math.sin((i / 256) * 2 * Math.PI));
  return (x, y, period = 256) => {
    const fx = Math.floor(x);
    const fy = Math.floor(y);
    const u = x - fx;
    const v = y - fy;
    const x0 = ((fx % period) + period) % period & 255;
    const y0 = ((fy % period) + period) % period & 255;
    const x1 = (x0 + 1) % period & 255;
    const y1 = (y0 + 1) % period & 255;
    const h00 = hash[hash[x0] + y0];
    const h10 = hash[hash[x1] + y0];
    const h01 = hash[hash[x0] + y1];
    const h11 = hash[hash[x1] + y1];
    const a = gx[h00] * u + gy[h00] * v;
    const b = gx[h10] * (u - 1) + gy[h10] * v;
    const c = gx[h01] * u + gy[h01] * (v - 1);
    const d = gx[h11] * (u - 1) + gy[h11] * (v - 1);
    const s = u * u * u * (u * (u * 6 - 15) + 10);
    const t = v * v * v * (v * (v * 6 - 15) + 10);
    return 1.5 * mix(mix(a, b, s), mix(c, d, s), t);
  };
}

const noise = makeNoise(20260711);

function fbm(x, y, octaves, period = 256) {
  let sum = 0;
  let weight = 0.5;
  for (let i = 0; i < octaves; i++) {
    sum += weight * noise(x, y, period);
    x = x * 2 + 17;
    y = y * 2 + 31;
    period = Math.min(256, period * 2);
    weight *= 0.5;
  }
  return sum;
}

/** Sharp crests, smooth valleys: octaves of 1 - |noise|, each weighed by the one before. */
function ridges(x, y, octaves) {
  let sum = 0;
  let weight = 0.6;
  let carry = 1;
  for (let i = 0; i < octaves; i++) {
    let r = 1 - Math.abs(noise(x, y));
    r *= r * carry;
    carry = clamp(r * 1.6);
    sum += weight * r;
    x = x * 2.03 + 11.3;
    y = y * 2.03 + 5.7;
    weight *= 0.44;
  }
  return sum;
}

// --------------------------------------------------------------------------------------------------------- baked surfaces

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
  const cape = 25 * Math.exp(-capeX * capeX - capeZ * capeZ) * (1 + 0.5 * fbm(x / 26, z / 26, 4)) - 5;
  h = Math.max(h, cape);
  if (h > -2) h += clamp(h / 4 + 0.5) * (3.4 * fbm(x / 17, z / 17, 5) + 0.9 * fbm(x / 2.4, z / 2.4, 2));
  const plateau = Math.exp(-((x - lighthouse.x) ** 2 + (z - lighthouse.z) ** 2) / 60);
  return mix(h, lighthouse.base, clamp(plateau * 1.3));
}

function bakeHeights({ heights }, from, to) {
  for (let row = from; row < to; row++)
    for (let column = 0; column < mapSize; column++)
      heights[row * mapSize + column] = landHeight(column / mapScale - 1024, row / mapScale);
}

/** Lit colours of the land, square-rooted to 8 bits. */
function bakeColors({ heights, colors }, from, to) {
  const at = (column, row) =>
    Math.max(0, heights[clamp(row, 0, mapSize - 1) * mapSize + clamp(column, 0, mapSize - 1)]);
  for (let row = from; row < to; row++)
    for (let column = 0; column < mapSize; column++) {
      const h = at(column, row);
      if (h <= 0) continue;
      const nx = (at(column - 1, row) - at(column + 1, row)) * mapScale * 0.5;
      const nz = (at(column, row - 1) - at(column, row + 1)) * mapScale * 0.5;
      const inverse = 1 / Math.hypot(nx, 1, nz);
      const hollow = (at(column - 12, row) + at(column + 12, row) + at(column, row - 12) + at(column, row + 12)) / 4 - h;
      const occlusion = clamp(1 - hollow * 0.07, 0.35, 1.15);

      let light = 1; // soft shadow: how far the ridge line rises above the ray to the sun
      for (let step = 3; step < 420 && light > 0; step *= 1.12) {
        const above = at(Math.round(column + sun[0] * step * mapScale), Math.round(row + sun[2] * step * mapScale));
        light = Math.min(light, 0.5 + ((h + sun[1] * 1.25 * step - above) * 6) / (step + 12));
      }
      const facing = clamp((nx * sun[0] + sun[1] * 1.6 + nz * sun[2]) * inverse + 0.04);
      const direct = clamp(light) * facing;
      const ambient = occlusion * (0.45 + 0.55 * inverse);

      const x = column / mapScale;
      const z = row / mapScale;
      const patches = fbm(x / 40, z / 40, 4);
      const grain = 1 + 0.5 * fbm(x / 1.6, z / 1.6, 3);
      const snow = smoothstep(118, 150, h + 34 * patches) * smoothstep(0.62, 0.82, inverse + 0.16 * patches);
      const rock = Math.max(smoothstep(0.84, 0.68, inverse + 0.1 * patches), smoothstep(70, 120, h + 40 * patches) * 0.8);
      const sand = smoothstep(2.2, 0.6, h);
      const color = [0.052, 0.07, 0.03].map((forest, i) => {
        let c = mix(forest, [0.16, 0.14, 0.055][i], smoothstep(-0.1, 0.45, patches));
        c = mix(c, [0.19, 0.165, 0.15][i], rock);
        c = mix(c, [0.2, 0.17, 0.13][i], sand);
        c = mix(c * grain, [0.78, 0.8, 0.86][i], snow);
        return c * (direct * [4.6, 2.4, 1.05][i] + ambient * [0.26, 0.28, 0.42][i]);
      });
      const index = (row * mapSize + column) * 4;
      for (let i = 0; i < 3; i++) colors[index + i] = Math.round(255 * Math.sqrt(clamp(color[i] / 2)));
    }
}

/** Two tileable fields: clouds (warped, billowing) and ripples. */
function bakeTextures({ clouds, ripples }, from, to) {
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

function sampleTexture(texture, x, y) {
  const fx = Math.floor(x);
  const fy = Math.floor(y);
  const u = x - fx;
  const v = y - fy;
  const mask = textureSize - 1;
  const top = (fy & mask) * textureSize;
  const bottom = ((fy + 1) & mask) * textureSize;
  const left = fx & mask;
  const right = (fx + 1) & mask;
  return mix(mix(texture[top + left], texture[top + right], u), mix(texture[bottom + left], texture[bottom + right], u), v);
}

// --------------------------------------------------------------------------------------------------------------- one frame

const skyRows = 460; // rows above the horizon, more than are seen: the water reflects them
const ratio = 1.0034;
const near = 26;
const stepCount = Math.ceil(Math.log(far / near) / Math.log(ratio));
const depths = Float64Array.from({ length: stepCount }, (_, k) => near * ratio ** k);

const sky = new Float32Array(width * skyRows * 3);
const frame = new Float32Array(width * height * 3);
const rgb = new Uint8Array(width * height * 3);

function cameraAt(time) {
  const t = time / seconds;
  const yaw = mix(-0.035, 0.05, t);
  return { x: mix(-16, 14, t), y: 15, z: mix(0, 52, t), sin: Math.sin(yaw), cos: Math.cos(yaw) };
}

/** How bright the lamp is: on at half past every second, on that very frame, gone three frames later. */
function flashAt(index) {
  return [1, 0.5, 0.16][(index + rate / 2) % rate] ?? 0;
}

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
  const veil = 0.35 * smoothstep(0.35, 0.8, sampleTexture(clouds, u * 0.21 + 300 + time, v * 0.5 + 80)) * clamp(dy * 5);

  for (let i = 0; i < 3; i++) {
    const low = mix([0.36, 0.26, 0.34][i], [1.05, 0.45, 0.17][i], warm);
    let c = mix(low, [0.05, 0.1, 0.25][i], up) + glow * [1.5, 0.74, 0.3][i];
    c = mix(c, mix([0.4, 0.3, 0.36][i], [1.3, 0.7, 0.4][i], warm), veil);
    const lit = [1.0, 0.55, 0.4][i] * (1 + 1.1 * toSun ** 8);
    c = mix(c, mix([0.15, 0.13, 0.2][i], lit, edge), cover * 0.88);
    out[at + i] = c + disc * [1, 0.72, 0.42][i] * (1 - cover * 0.9);
  }
}

function renderSky(camera, time, clouds) {
  for (let row = 0; row < skyRows; row++)
    for (let column = 0; column < width; column++) {
      const side = (column + 0.5 - width / 2) / focal;
      const dx = camera.sin + camera.cos * side;
      const dz = camera.cos - camera.sin * side;
      skyColor(sky, (row * width + column) * 3, dx, (row + 0.5) / focal, dz, time, clouds);
    }
}

/** Haze: warm towards the sun, blue away from it, thicker near the water. */
function addHaze(color, depth, level, toSun) {
  const amount = 1 - Math.exp(-((depth / 1150) ** 1.3) * (0.42 + 1.0 * Math.exp(-level / 30)));
  const warm = toSun * toSun * toSun;
  color[0] = mix(color[0], mix(0.2, 0.86, warm), amount);
  color[1] = mix(color[1], mix(0.19, 0.4, warm), amount);
  color[2] = mix(color[2], mix(0.29, 0.21, warm), amount);
}

/** The tower: u across, v up from its base, in units. Colour into `color`; returns the coverage. */
function towerCoverage(color, u, v, soft) {
  const { tall } = lighthouse;
  if (v < -1 || v > tall + 6 || u < -5 || u > 5) return 0;
  const lamp = v > tall && v < tall + 3.2;
  const half = v > tall + 3.2 ? 1.9 - (v - tall - 3.2) * 0.95 : lamp ? 1.35 : v > tall - 0.9 ? 2.5 : v < 1.4 ? 3.5 : mix(2.6, 1.75, v / tall);
  const coverage = clamp((half - Math.abs(u)) / soft + 0.5);
  const stripe = smoothstep(-0.05, 0.05, Math.sin((v / tall) * Math.PI * 5 - 0.3));
  const round = 0.35 + 1.05 * clamp(0.62 - u / 3.4) ** 1.5; // the sun stands on the left
  const body = lamp ? [1.5, 1.25, 0.8] : v > tall - 0.9 || v < 1.4 ? [0.12, 0.11, 0.12] : [mix(0.78, 0.44, stripe), mix(0.7, 0.07, stripe), mix(0.64, 0.05, stripe)];
  for (let i = 0; i < 3; i++) color[i] = lamp ? body[i] : body[i] * round * [1.15, 0.86, 0.66][i];
  return coverage * clamp((tall + 5.2 - v) / soft + 0.5);
}

function renderLand(camera, time, { heights, colors, ripples }) {
  const rows = height * samples;
  const scale = focal * samples;
  const eye = horizon * samples;
  const levels = new Float32Array(stepCount);
  const mirror = new Uint16Array(rows + 1);
  const color = new Float32Array(3);
  const other = new Float32Array(3);
  const weight = 1 / (samples * samples);
  const limit = mapSize - 1.001;

  const towerDx = lighthouse.x - camera.x;
  const towerDz = lighthouse.z - camera.z;
  const towerDepth = towerDx * camera.sin + towerDz * camera.cos;
  const towerSide = towerDx * camera.cos - towerDz * camera.sin;

  for (let subColumn = 0; subColumn < width * samples; subColumn++) {
    const column = Math.floor(subColumn / samples);
    const side = ((subColumn + 0.5) / samples - width / 2) / focal;
    const dx = camera.sin + camera.cos * side;
    const dz = camera.cos - camera.sin * side;
    const toSun = clamp((dx * sun[0] + dz * sun[2]) / Math.hypot(dx, dz));

    const landColor = (k) => {
      const x = clamp((camera.x + dx * depths[k] + 1024) * mapScale, 0, limit);
      const z = clamp((camera.z + dz * depths[k]) * mapScale, 0, limit);
      const fx = Math.floor(x);
      const fz = Math.floor(z);
      const u = x - fx;
      const v = z - fz;
      const a = (fz * mapSize + fx) * 4;
      const b = a + mapSize * 4;
      for (let i = 0; i < 3; i++) {
        const c = mix(mix(colors[a + i], colors[a + 4 + i], u), mix(colors[b + i], colors[b + 4 + i], u), v) / 255;
        color[i] = 2 * c * c;
      }
      addHaze(color, depths[k], levels[k], toSun);
    };
    const add = (row) => {
      const at = (Math.floor(row / samples) * width + column) * 3;
      frame[at] += color[0] * weight;
      frame[at + 1] += color[1] * weight;
      frame[at + 2] += color[2] * weight;
    };
    const skyAt = (rowsUp) => {
      const at = (clamp(Math.floor(rowsUp), 0, skyRows - 1) * width + column) * 3;
      for (let i = 0; i < 3; i++) color[i] = sky[at + i];
    };

    // What is visible, front to back; water is left for later because it needs the land behind it.
    let top = rows;
    let waterTop = rows;
    const waterRuns = [];
    for (let k = 0; k < stepCount; k++) {
      const depth = depths[k];
      const x = (camera.x + dx * depth + 1024) * mapScale;
      const z = (camera.z + dz * depth) * mapScale;
      let level = 0;
      if (x >= 0 && x < limit && z >= 0 && z < limit) {
        const fx = Math.floor(x);
        const fz = Math.floor(z);
        const a = fz * mapSize + fx;
        const u = x - fx;
        level = mix(mix(heights[a], heights[a + 1], u), mix(heights[a + mapSize], heights[a + mapSize + 1], u), z - fz);
      }
      levels[k] = level;
      const row = Math.ceil(eye - ((Math.max(0, level) - camera.y) / depth) * scale - 0.5);
      if (row >= top) continue;
      const stop = Math.max(0, row);
      if (level > 0) {
        landColor(k);
        for (let r = stop; r < top; r++) add(r);
      } else {
        waterRuns.push(stop, top);
        waterTop = Math.min(waterTop, stop);
      }
      top = stop;
    }
    for (let row = 0; row < top; row++) {
      skyAt(horizon - (row + 0.5) / samples);
      add(row);
    }

    // The mirror image, back to front: step k shows in water that lies nearer than itself.
    mirror.fill(0);
    for (let k = stepCount - 1; k >= 0; k--) {
      if (levels[k] <= 0) continue;
      const from = Math.ceil(eye + (camera.y / depths[k]) * scale);
      const to = Math.min(rows, Math.ceil(eye + ((camera.y + levels[k]) / depths[k]) * scale));
      if (to > waterTop && from < to) mirror.fill(k, from, to);
    }
    for (let run = 0; run < waterRuns.length; run += 2)
      for (let row = waterRuns[run]; row < waterRuns[run + 1]; row++) {
        const drop = row + 0.5 - eye;
        if (drop <= 0) continue;
        const depth = (camera.y * scale) / drop;
        const x = camera.x + dx * depth;
        const z = camera.z + dz * depth;
        const calm = 1 / (1 + depth / 90);
        const swell = sampleTexture(ripples, x * 2.1 + time * 9, z * 1.2 - time * 12);
        const chop = sampleTexture(ripples, x * 6.3 - time * 14 + 400, z * 3.4 - time * 22 + 90);
        const slope = swell * 0.75 + chop * 0.55 * calm;
        const seen = drop * (1 + 0.32 * slope * (0.35 + 0.65 * calm)) + 14 * samples * slope * calm;
        const at = clamp(Math.round(eye + seen), 0, rows);
        const k = mirror[at];
        if (k > 0) landColor(k);
        else skyAt(seen / samples);

        if (towerDepth > depth) {
          const u = side * towerDepth - towerSide + slope * 1.1;
          const v = (seen / scale) * towerDepth - camera.y - lighthouse.base;
          const coverage = towerCoverage(other, u, v, 1.2);
          for (let i = 0; i < 3; i++) color[i] = mix(color[i], other[i], coverage * 0.8);
        }
        // The sun's path: steep little waves turn the sun towards the eye.
        const across = (dx / dz - sun[0] / sun[2]) * 1.0;
        const path = Math.exp(-((across / (0.02 + 0.075 * calm)) ** 2));
        const glitter = path * (0.25 * (1 - calm) + 2.4 * smoothstep(0.1, 0.5, chop * 0.7 + swell * 0.55) * (0.35 + 0.65 * calm));

        const grazing = 1 - camera.y / Math.hypot(depth, camera.y);
        const reflected = clamp(0.05 + 0.95 * grazing ** 4 - 0.3 * slope * calm);
        for (let i = 0; i < 3; i++)
          color[i] = mix([0.016, 0.045, 0.062][i], color[i], reflected) + glitter * [1.5, 0.86, 0.42][i];
        addHaze(color, depth * 0.75, 4, toSun);
        add(row);
      }
  }

  // The tower itself stands in front of whatever is behind the cape.
  const unit = focal / towerDepth;
  const centre = width / 2 + towerSide * unit;
  const foot = horizon - (lighthouse.base - camera.y) * unit;
  for (let row = Math.floor(foot - (lighthouse.tall + 7) * unit); row < foot + unit; row++)
    for (let column = Math.floor(centre - 4 * unit); column < centre + 4 * unit; column++) {
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      const coverage = towerCoverage(other, (column + 0.5 - centre) / unit, (foot - row - 0.5) / unit, 1 / unit);
      const at = (row * width + column) * 3;
      for (let i = 0; i < 3; i++) frame[at + i] = mix(frame[at + i], other[i], coverage);
    }
  return { x: centre, y: foot - (lighthouse.tall + 1.6) * unit, mirrorY: horizon + (lighthouse.base + lighthouse.tall + 1.6 + camera.y) * unit };
}

/** The lamp: a core, a halo, a streak, its reflection, and a breath of light over everything. */
function addFlash(lamp, amount) {
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

/** Filmic curve, display gamma, and a fixed dither of one code against banding. */
function develop() {
  for (let i = 0; i < frame.length; i++) {
    const v = Math.max(0, frame[i]) * 0.74;
    const film = (v * (2.51 * v + 0.03)) / (v * (2.43 * v + 0.59) + 0.14);
    const dither = ((Math.imul((i / 3) | 0, 2654435761) >>> 16) & 255) / 255 - 0.5;
    rgb[i] = clamp(255 * clamp(film) ** (1 / 2.2) + 0.5 + dither, 0, 255);
  }
}

function renderFrame(index, surfaces) {
  const time = index / rate;
  const camera = cameraAt(time);
  frame.fill(0);
  renderSky(camera, time, surfaces.clouds);
  const lamp = renderLand(camera, time, surfaces);
  const flash = flashAt(index);
  if (flash > 0) addFlash(lamp, flash);
  develop();
  return rgb;
}

// ------------------------------------------------------------------------------------------------------------------- sound

/** Stereo s16 at 48 kHz: a slow chord, and the beeps. */
function renderSound() {
  const sampleRate = 48000;
  const sound = new Int16Array(seconds * sampleRate * 2);
  const chord = [110, 164.81, 220, 277.18, 329.63];
  for (let i = 0; i < seconds * sampleRate; i++) {
    const t = i / sampleRate;
    const swell = Math.sin((Math.PI * t) / seconds) ** 0.6;
    const sinceBeep = (t + 0.5) % 1;
    const envelope = sinceBeep < 0.08 ? Math.min(1, sinceBeep / 0.001, (0.08 - sinceBeep) / 0.008) : 0;
    const beep = 0.5 * envelope * Math.sin(2 * Math.PI * 1000 * sinceBeep);
    for (let side = 0; side < 2; side++) {
      let pad = 0;
      chord.forEach((hertz, note) => {
        const drift = 0.5 + 0.5 * Math.sin(2 * Math.PI * (0.07 + 0.03 * note) * t + note + side * 1.3);
        pad += drift * Math.sin(2 * Math.PI * hertz * (1 + (side ? 0.0013 : -0.0013)) * t + note);
      });
      sound[i * 2 + side] = 32767 * (beep + 0.014 * swell * pad);
    }
  }
  return Buffer.from(sound.buffer);
}

// -------------------------------------------------------------------------------------------------------------- two threads

function makeSurfaces() {
  const floats = (n) => new Float32Array(new SharedArrayBuffer(n * 4));
  return {
    heights: floats(mapSize * mapSize),
    colors: new Uint8Array(new SharedArrayBuffer(mapSize * mapSize * 4)),
    clouds: floats(textureSize * textureSize),
    ripples: floats(textureSize * textureSize),
  };
}

function serve(surfaces) {
  const tasks = { bakeHeights, bakeColors, bakeTextures };
  parentPort.on('message', ({ task, from, to, index }) => {
    if (task === 'frame') parentPort.postMessage(Uint8Array.from(renderFrame(index, surfaces)));
    else {
      tasks[task](surfaces, from, to);
      parentPort.postMessage('done');
    }
  });
}

async function ask(worker, message) {
  worker.postMessage(message);
  const [answer] = await once(worker, 'message');
  return answer;
}

async function bake(workers, task, rows) {
  const share = Math.ceil(rows / workers.length);
  await Promise.all(workers.map((w, i) => ask(w, { task, from: i * share, to: Math.min(rows, (i + 1) * share) })));
}

async function ffmpegPath() {
  if (process.env.FRAMELANE_FFMPEG) return process.env.FRAMELANE_FFMPEG;
  return (await import('@ffmpeg-installer/ffmpeg')).default.path;
}

async function encode(target, frameIndices, nextFrame) {
  const single = frameIndices.length === 1;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-video_size', `${width}x${height}`, '-framerate', `${rate}`];
  const sound = ['-f', 's16le', '-ar', '48000', '-ac', '2', '-i', 'pipe:3'];
  const bt709 = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'];
  const filter = 'scale=flags=lanczos+accurate_rnd+full_chroma_int:out_color_matrix=bt709:out_range=tv,format=yuv420p';
  const video = ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '25', '-g', '60', '-profile:v', 'high', ...bt709];
  const outputs = single
    ? [target]
    : ['-vf', filter, ...video, '-c:a', 'aac', '-b:a', '96k', '-movflags', '+faststart', '-map_metadata', '-1', target];
  const args = ['-v', 'error', '-y', ...raw, '-i', 'pipe:0', ...(single ? [] : sound), ...outputs];
  const child = spawn(await ffmpegPath(), args, { stdio: ['pipe', 'inherit', 'inherit', 'pipe'] });
  const closed = once(child, 'close');
  child.stdio[3].on('error', () => {}).end(single ? '' : renderSound());
  for (const index of frameIndices) if (!child.stdin.write(await nextFrame(index))) await once(child.stdin, 'drain');
  child.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
}

async function main([only, file]) {
  const surfaces = makeSurfaces();
  const count = Math.min(os.availableParallelism(), 16);
  const workers = Array.from({ length: count }, () => new Worker(new URL(import.meta.url), { workerData: surfaces }));
  await bake(workers, 'bakeTextures', textureSize);
  await bake(workers, 'bakeHeights', mapSize);
  await bake(workers, 'bakeColors', mapSize);

  const indices = only === undefined ? Array.from({ length: rate * seconds }, (_, i) => i) : [Number(only)];
  const pending = new Map();
  let asked = 0;
  const nextFrame = async (index) => {
    while (asked < indices.length && asked < indices.indexOf(index) + count) {
      pending.set(indices[asked], ask(workers[asked % count], { task: 'frame', index: indices[asked] }));
      asked++;
    }
    const pixels = await pending.get(index);
    pending.delete(index);
    if (index % rate === 0) console.log(`frame ${index}`);
    return pixels;
  };
  await encode(file ?? new URL('clip.mp4', import.meta.url).pathname, indices, nextFrame);
  for (const worker of workers) await worker.terminate();
}

if (isMainThread) await main(process.argv.slice(2));
else serve(workerData);
