// One frame: the land column by column, front to back, the water that mirrors it, and the film it is developed on.

import { mapScale, mapSize, sampleColor, sampleHeight, sampleTexture } from './land.mjs';
import { addFlash, drawTower, placeTower, towerCoverage } from './lighthouse.mjs';
import { clamp, mix, smoothstep } from './maths.mjs';
import {
  cameraAt,
  flashAt,
  focal,
  height,
  horizon,
  lighthouse,
  rate,
  sun,
  width,
} from './scene.mjs';
import { addHaze, renderSky, sky, skyRows } from './sky.mjs';

const samples = 2; // subpixels along each axis
const rows = height * samples;
const eye = horizon * samples;
const scale = focal * samples;

const [near, far, ratio] = [26, 1750, 1.0034];
const stepCount = Math.ceil(Math.log(far / near) / Math.log(ratio));
const depths = Float64Array.from({ length: stepCount }, (_, k) => near * ratio ** k);
const limit = mapSize - 1.001;

const frame = new Float32Array(width * height * 3);
const rgb = new Uint8Array(width * height * 3);
const color = new Float32Array(3);
const towerColor = new Float32Array(3);
const levels = new Float32Array(stepCount); // heights along the column
const mirror = new Uint16Array(rows + 1); // the step that a row of water reflects, 0: the sky

const deepWater = [0.016, 0.045, 0.062];
const sunOnWater = [1.5, 0.86, 0.42];

/** Adds the current colour to the pixel under a subpixel row of the column. */
function add(column, row) {
  const at = (Math.floor(row / samples) * width + column.index) * 3;
  for (let i = 0; i < 3; i++) frame[at + i] += color[i] / (samples * samples);
}

function takeSky(column, rowsUp) {
  const at = (clamp(Math.floor(rowsUp), 0, skyRows - 1) * width + column.index) * 3;
  for (let i = 0; i < 3; i++) color[i] = sky[at + i];
}

function takeLand(column, k, { camera, surfaces }) {
  const x = clamp((camera.x + column.dx * depths[k] + 1024) * mapScale, 0, limit);
  const z = clamp((camera.z + column.dz * depths[k]) * mapScale, 0, limit);
  sampleColor(color, surfaces.colors, x, z);
  addHaze(color, depths[k], levels[k], column.toSun);
}

/** What is visible, front to back. Water is only noted, because it needs the land behind it. */
function drawLand(column, view) {
  const { camera, surfaces } = view;
  const water = [];
  let top = rows;
  for (let k = 0; k < stepCount; k++) {
    const depth = depths[k];
    const x = (camera.x + column.dx * depth + 1024) * mapScale;
    const z = (camera.z + column.dz * depth) * mapScale;
    const inside = x >= 0 && x < limit && z >= 0 && z < limit;
    levels[k] = inside ? sampleHeight(surfaces.heights, x, z) : 0;
    const row = Math.ceil(eye - ((Math.max(0, levels[k]) - camera.y) / depth) * scale - 0.5);
    if (row >= top) continue;
    const stop = Math.max(0, row);
    if (levels[k] > 0) {
      takeLand(column, k, view);
      for (let r = stop; r < top; r++) add(column, r);
    } else {
      water.push([stop, top]);
    }
    top = stop;
  }
  for (let row = 0; row < top; row++) {
    takeSky(column, horizon - (row + 0.5) / samples);
    add(column, row);
  }
  return water;
}

/** The mirror image, back to front: step k shows in water that lies nearer than itself. */
function makeMirror({ camera }) {
  mirror.fill(0);
  for (let k = stepCount - 1; k >= 0; k--) {
    if (levels[k] <= 0) continue;
    const from = Math.ceil(eye + (camera.y / depths[k]) * scale);
    const to = Math.min(rows, Math.ceil(eye + ((camera.y + levels[k]) / depths[k]) * scale));
    if (from < to) mirror.fill(k, from, to);
  }
}

function drawWater(column, row, view) {
  const { camera, time, surfaces, tower } = view;
  const drop = row + 0.5 - eye;
  if (drop <= 0) return;
  const depth = (camera.y * scale) / drop;
  const x = camera.x + column.dx * depth;
  const z = camera.z + column.dz * depth;
  const calm = 1 / (1 + depth / 90);
  const swell = sampleTexture(surfaces.ripples, x * 2.1 + time * 9, z * 1.2 - time * 12);
  const chop = sampleTexture(surfaces.ripples, x * 6.3 - time * 14 + 400, z * 3.4 - time * 22 + 90);
  const slope = swell * 0.75 + chop * 0.55 * calm;
  const seen = drop * (1 + 0.32 * slope * (0.35 + 0.65 * calm)) + 14 * samples * slope * calm;
  const k = mirror[clamp(Math.round(eye + seen), 0, rows)];
  if (k > 0) takeLand(column, k, view);
  else takeSky(column, seen / samples);

  if (tower.depth > depth) {
    const u = column.side * tower.depth - tower.side + slope * 1.1;
    const v = (seen / scale) * tower.depth - camera.y - lighthouse.base;
    const coverage = towerCoverage(towerColor, u, v, 1.2);
    for (let i = 0; i < 3; i++) color[i] = mix(color[i], towerColor[i], coverage * 0.8);
  }
  // The sun's path: steep little waves turn the sun towards the eye.
  const across = column.dx / column.dz - sun[0] / sun[2];
  const path = Math.exp(-((across / (0.02 + 0.075 * calm)) ** 2));
  const sparkle = smoothstep(0.1, 0.5, chop * 0.7 + swell * 0.55);
  const glitter = path * (0.25 * (1 - calm) + 2.4 * sparkle * (0.35 + 0.65 * calm));

  const grazing = 1 - camera.y / Math.hypot(depth, camera.y);
  const reflected = clamp(0.05 + 0.95 * grazing ** 4 - 0.3 * slope * calm);
  for (let i = 0; i < 3; i++) {
    color[i] = mix(deepWater[i], color[i], reflected) + glitter * sunOnWater[i];
  }
  addHaze(color, depth * 0.75, 4, column.toSun);
  add(column, row);
}

function drawColumns(view) {
  const { camera } = view;
  for (let sub = 0; sub < width * samples; sub++) {
    const side = ((sub + 0.5) / samples - width / 2) / focal;
    const dx = camera.sin + camera.cos * side;
    const dz = camera.cos - camera.sin * side;
    const toSun = clamp((dx * sun[0] + dz * sun[2]) / Math.hypot(dx, dz));
    const column = { index: Math.floor(sub / samples), side, dx, dz, toSun };
    const water = drawLand(column, view);
    if (water.length > 0) makeMirror(view);
    for (const [from, to] of water)
      for (let row = from; row < to; row++) drawWater(column, row, view);
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

/** Frame `index` as raw RGB; the next frame overwrites it. */
export function renderFrame(index, surfaces) {
  const time = index / rate;
  const camera = cameraAt(time);
  const tower = placeTower(camera);
  frame.fill(0);
  renderSky(camera, time, surfaces.clouds);
  drawColumns({ camera, time, surfaces, tower });
  const lamp = drawTower(frame, camera, tower);
  const flash = flashAt(index);
  if (flash > 0) addFlash(frame, lamp, flash);
  develop();
  return rgb;
}
