/** Look-up tables by barycentric coordinates, products of weights, and pieces of a line. */
import { mapPixels, type Pixels, type Rgba } from '../helpers/image.ts';

type Rgb = readonly [number, number, number];

interface Table {
  readonly dimensions: 1 | 3;
  readonly size: number;
  readonly entries: ArrayLike<number>;
  readonly domainMin: Rgb;
  readonly domainMax: Rgb;
}

interface Options {
  readonly lut: Table;
  readonly interpolation?: 'tetrahedral' | 'trilinear';
  readonly strength?: number;
}

export function lut3d(image: Pixels, options: Options): Pixels {
  const { lut, interpolation = 'tetrahedral', strength = 1 } = options;
  return mapPixels(image, ([r, g, b, a]): Rgba => {
    const color = [r, g, b] as const;
    const place = color.map((c, i) => {
      const [min, max] = [lut.domainMin[i] as number, lut.domainMax[i] as number];
      return (Math.min(max, Math.max(min, c)) - min) / ((max - min) / (lut.size - 1));
    }) as unknown as Rgb;
    const found = [0, 1, 2].map((channel) => {
      if (lut.dimensions === 1) return onCurve(lut, place[channel] as number, channel);
      return interpolation === 'trilinear'
        ? inCube(lut, place, channel)
        : inTetrahedron(lut, place, channel);
    });
    const mixed = found.map((c, i) => (1 - strength) * (color[i] as number) + strength * c);
    return [...mixed, a] as unknown as Rgba;
  });
}

const entry = ({ size, entries }: Table, [r, g, b]: Rgb, channel: number) =>
  entries[3 * (r + size * (g + size * b)) + channel] as number;

function onCurve({ entries, size }: Table, place: number, channel: number): number {
  const value = (i: number) => entries[3 * Math.min(size - 1, i) + channel] as number;
  const left = Math.floor(place);
  return value(left) * (left + 1 - place) + value(left + 1) * (place - left);
}

const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => [i & 1, (i >> 1) & 1, i >> 2] as const);

const cellOf = ({ size }: Table, place: Rgb) =>
  place.map((p) => Math.min(size - 2, Math.floor(p))) as unknown as Rgb;

const plus = (a: Rgb, b: Rgb): Rgb => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

function inCube(table: Table, place: Rgb, channel: number): number {
  const cell = cellOf(table, place);
  return corners.reduce((total, corner) => {
    const at = plus(cell, corner);
    const weight = at.reduce(
      (product, n, i) => product * (1 - Math.abs((place[i] as number) - n)),
      1,
    );
    return total + weight * entry(table, at, channel);
  }, 0);
}

const tetrahedra = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
].map((order) => {
  const unit = (axes: readonly number[]) => [0, 1, 2].map((i) => (axes.includes(i) ? 1 : 0));
  return [0, 1, 2, 3].map((n) => unit(order.slice(0, n)) as unknown as Rgb);
});

const det = ([a, b, c]: Rgb, [d, e, f]: Rgb, [g, h, i]: Rgb) =>
  a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);

/** The one of the six around the cube's diagonal in which no coordinate is negative. */
function inTetrahedron(table: Table, place: Rgb, channel: number): number {
  const cell = cellOf(table, place);
  const inside = place.map((p, i) => p - (cell[i] as number)) as unknown as Rgb;
  let best = { least: Number.NEGATIVE_INFINITY, value: 0 };
  for (const [origin, ...edges] of tetrahedra as [Rgb, Rgb, Rgb, Rgb][]) {
    const whole = det(...edges);
    const weights = edges.map((_, n) => {
      const replaced = edges.map((edge, i) => (i === n ? inside : edge)) as [Rgb, Rgb, Rgb];
      return det(...replaced) / whole;
    });
    const all = [1 - weights.reduce((sum, w) => sum + w, 0), ...weights];
    const values = [origin, ...edges].map((corner) => entry(table, plus(cell, corner), channel));
    const value = all.reduce((sum, w, i) => sum + w * (values[i] as number), 0);
    const least = Math.min(...all);
    if (least > best.least) best = { least, value };
  }
  return best.value;
}
