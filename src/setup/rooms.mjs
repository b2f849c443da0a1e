/** Draws the rooms of docs/architecture.md from the imports in the code: folders as boxes, with lines to those they import. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;

/** Folders whose own folders are rooms. */
const houses = new Set(['src/video', 'src/preview', 'native/binding']);

const languages = {
  src: { extension: /\.ts$/, imports: /^(?:import|export) [^;]*? from '(\.[^']+)';/gm },
  native: { extension: /\.(?:cpp|hpp|cu|cuh)$/, imports: /^#include "([^"]+)"/gm },
};

/** The rooms of `src` or `native` as SVG, each above all that it imports. */
export function roomsPicture(side) {
  return svg(side, layOut(importsBetweenRooms(side)));
}

function roomOf(path) {
  const [side, room, inner, ...rest] = path.split('/');
  if (inner === undefined) return room.replace(/\.\w+$/, '');
  const isHouse = houses.has(`${side}/${room}`) && rest.length > 0;
  return isHouse ? `${room}/${inner}` : room;
}

/** By name: how many files a room has, and the rooms that they import. */
export function importsBetweenRooms(side) {
  const { extension, imports } = languages[side];
  const rooms = new Map();
  const files = readdirSync(join(root, side), { recursive: true })
    .map((name) => join(side, name))
    .filter((path) => extension.test(path))
    .sort();
  for (const path of files) {
    const name = roomOf(path);
    const room = rooms.get(name) ?? { name, files: 0, below: new Set() };
    rooms.set(name, room);
    room.files++;
    for (const [, target] of readFileSync(join(root, path), 'utf8').matchAll(imports)) {
      const base = side === 'src' ? dirname(path) : side;
      const found = normalize(join(base, target));
      if (files.includes(found) && roomOf(found) !== name) room.below.add(roomOf(found));
    }
  }
  return rooms;
}

/** Rooms by floors. A line is left out where another way leads there, and between rooms that import each other it is level. */
function layOut(rooms) {
  const reach = new Map();
  const reached = (name) => {
    const known = reach.get(name);
    if (known !== undefined) return known;
    const all = new Set();
    reach.set(name, all);
    const waiting = [name];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const below of rooms.get(next).below) {
        if (all.has(below)) continue;
        all.add(below);
        waiting.push(below);
      }
    }
    return all;
  };
  const isMutual = (a, b) => reached(a).has(b) && reached(b).has(a);
  const floors = new Map();
  const floorOf = (name) => {
    const known = floors.get(name);
    if (known !== undefined) return known;
    const below = [...reached(name)].filter((other) => other !== name && !isMutual(name, other));
    const floor = Math.max(0, ...below.map((other) => floorOf(other) + 1));
    floors.set(name, floor);
    return floor;
  };
  const lines = [];
  for (const { name, below } of rooms.values()) {
    for (const target of below) {
      const others = [...below].filter((other) => other !== target && !isMutual(name, other));
      const isShort = others.some((other) => reached(other).has(target));
      if (!isShort) lines.push([name, target]);
    }
  }
  const storeys = [];
  for (const room of rooms.values()) {
    const floor = floorOf(room.name);
    storeys[floor] ??= [];
    storeys[floor].push(room);
  }
  return { storeys, lines };
}

const box = { width: 132, height: 34, gapX: 18, gapY: 44, margin: 16 };

function svg(side, { storeys, lines }) {
  const widest = Math.max(...storeys.map((rooms) => rooms.length));
  const step = { x: box.width + box.gapX, y: box.height + box.gapY };
  const width = widest * step.x - box.gapX + 2 * box.margin;
  const height = storeys.length * step.y - box.gapY + 2 * box.margin;
  const places = new Map();
  for (const [floor, rooms] of storeys.entries()) {
    const left = (width - (rooms.length * step.x - box.gapX)) / 2;
    for (const [index, { name }] of rooms.entries()) {
      const x = left + index * step.x;
      places.set(name, { x, y: height - box.margin - box.height - floor * step.y });
    }
  }
  const drawn = lines.map(([from, to]) => {
    const [a, b] = [places.get(from), places.get(to)];
    const isLevel = a.y === b.y;
    const y1 = a.y + (isLevel ? box.height / 2 : box.height);
    const y2 = b.y + (isLevel ? box.height / 2 : 0);
    return `<line x1="${a.x + box.width / 2}" y1="${y1}" x2="${b.x + box.width / 2}" y2="${y2}"/>`;
  });
  const boxes = storeys.flat().map(({ name, files }) => {
    const { x, y } = places.get(name);
    const count = files === 1 ? '' : ` <tspan class="count">${files}</tspan>`;
    return [
      `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="5"/>`,
      `<text x="${x + box.width / 2}" y="${y + box.height / 2 + 4}">${name}${count}</text>`,
    ].join('\n');
  });
  const style =
    'rect{fill:#f4f6fa;stroke:#5b6b85}line{stroke:#9aa7bd}text{font:13px sans-serif;text-anchor:middle;fill:#1c2533}.count{fill:#7a879b;font-size:11px}';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>The rooms of ${relative(root, join(root, side))}, each above what it imports, with the number of its files</title>`,
    `<style>${style}</style>`,
    '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
    ...drawn,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}
