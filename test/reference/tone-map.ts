/** HDR to SDR step by step as the standards print it, light in cd/m2. */
import { mapPixels, type Pixels, type Rgba } from '../helpers/image.ts';

export type Rgb = readonly [number, number, number];
type Rows = readonly [Rgb, Rgb, Rgb];

interface Options {
  readonly from: 'pq' | 'hlg';
  readonly sourcePeak?: number;
  readonly targetPeak?: number;
}

const m1 = 0.1593017578125;
const m2 = 78.84375;
const c1 = 0.8359375;
const c2 = 18.8515625;
const c3 = 18.6875;

/** SMPTE ST 2084, 5.1. */
export function pqLight(signal: number): number {
  const root = signal ** (1 / m2);
  return 10000 * (Math.max(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1);
}

/** SMPTE ST 2084, 5.2. */
export function pqSignal(light: number): number {
  const y = (light / 10000) ** m1;
  return ((c1 + c2 * y) / (1 + c3 * y)) ** m2;
}

/** BT.2100-2 table 5, inverse of the OETF. */
export function hlgSceneLight(signal: number): number {
  const a = 0.17883277;
  const b = 1 - 4 * a;
  const c = 0.5 - a * Math.log(4 * a);
  return signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - c) / a) + b) / 12;
}

/** BT.2100-2 table 5, OOTF. */
function hlgDisplayLight(scene: Rgb, peak: number): Rgb {
  const outside = peak < 400 || peak > 2000;
  const gamma = outside
    ? 1.2 * 1.111 ** Math.log2(peak / 1000)
    : 1.2 + 0.42 * Math.log10(peak / 1000);
  const luminance = 0.2627 * scene[0] + 0.678 * scene[1] + 0.0593 * scene[2];
  const factor = luminance === 0 ? 0 : peak * luminance ** (gamma - 1);
  return scene.map((c) => factor * c) as unknown as Rgb;
}

/** BT.2390-8, 5.4.1, for black at 0: light to light. */
export function eetf(light: number, sourcePeak: number, targetPeak: number): number {
  const white = pqSignal(sourcePeak);
  const maxLum = Math.min(1, pqSignal(targetPeak) / white);
  const ks = 1.5 * maxLum - 0.5;
  const e1 = Math.min(1, pqSignal(light) / white);
  if (e1 < ks || ks === 1) return pqLight(e1 * white);
  const t = (e1 - ks) / (1 - ks);
  const e2 =
    (2 * t ** 3 - 3 * t ** 2 + 1) * ks +
    (t ** 3 - 2 * t ** 2 + t) * (1 - ks) +
    (-2 * t ** 3 + 3 * t ** 2) * maxLum;
  return pqLight(e2 * white);
}

/** RGB to XYZ from the chromaticities and D65, SMPTE RP 177. */
function toXyz(chromaticities: readonly (readonly [number, number])[]): Rows {
  const columns = chromaticities.map(([x, y]) => [x / y, 1, (1 - x - y) / y] as Rgb);
  const primaries = transpose(columns as unknown as Rows);
  const [x, y] = [0.3127, 0.329];
  const gains = times(inverse(primaries), [x / y, 1, (1 - x - y) / y]);
  return primaries.map((row) => row.map((v, i) => v * (gains[i] as number))) as unknown as Rows;
}

const transpose = (m: Rows) =>
  [0, 1, 2].map((i) => m.map((row) => row[i] as number)) as unknown as Rows;
const dot = (a: Rgb, b: Rgb) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const times = (m: Rows, v: Rgb) => m.map((row) => dot(row, v)) as unknown as Rgb;
const cross = (a: Rgb, b: Rgb): Rgb => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function inverse([a, b, c]: Rows): Rows {
  const volume = dot(a, cross(b, c));
  const columns = [cross(b, c), cross(c, a), cross(a, b)];
  return transpose(columns.map((v) => v.map((n) => n / volume)) as unknown as Rows);
}

const bt2020 = toXyz([
  [0.708, 0.292],
  [0.17, 0.797],
  [0.131, 0.046],
]);
const bt709 = toXyz([
  [0.64, 0.33],
  [0.3, 0.6],
  [0.15, 0.06],
]);

/** As much of the colour as the cube has room for, on the way from the grey of its luminance; found by halving. */
function intoCube(rgb: Rgb): Rgb {
  const luminance = dot(bt709[1], rgb);
  const towards = (t: number) => rgb.map((c) => luminance + t * (c - luminance)) as unknown as Rgb;
  const fits = (color: Rgb) => color.every((c) => c >= -1e-12 && c <= 1 + 1e-12);
  if (fits(rgb)) return rgb;
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (fits(towards(middle))) low = middle;
    else high = middle;
  }
  return towards(low);
}

export function toneMap(image: Pixels, options: Options): Pixels {
  const { from, sourcePeak = 1000, targetPeak = 203 } = options;
  return mapPixels(image, ([r, g, b, a]): Rgba => {
    const signal = [r, g, b].map((c) => Math.min(1, Math.max(0, c)));
    const light =
      from === 'pq'
        ? (signal.map(pqLight) as unknown as Rgb)
        : hlgDisplayLight(signal.map(hlgSceneLight) as unknown as Rgb, sourcePeak);
    const largest = Math.max(...light);
    const gain = largest === 0 ? 0 : eetf(largest, sourcePeak, targetPeak) / largest;
    const mapped = light.map((c) => (c * gain) / targetPeak) as unknown as Rgb;
    const inGamut = intoCube(times(inverse(bt709), times(bt2020, mapped)));
    const encoded = inGamut.map((c) => Math.min(1, Math.max(0, c)) ** (1 / 2.4));
    return [...encoded, a] as unknown as Rgba;
  });
}
