// Arithmetic and noise of the clip.

export function normalize(v) {
  const length = Math.hypot(...v);
  return v.map((c) => c / length);
}

export const clamp = (v, low = 0, high = 1) => Math.max(low, Math.min(v, high));
export const mix = (a, b, t) => a + (b - a) * t;
export const smoothstep = (a, b, v) => {
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
    const x0 = (((fx % period) + period) % period) & 255;
    const y0 = (((fy % period) + period) % period) & 255;
    const x1 = ((x0 + 1) % period) & 255;
    const y1 = ((y0 + 1) % period) & 255;
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

export const noise = makeNoise(20260711);

export function fbm(x, y, octaves, period = 256) {
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
export function ridges(x, y, octaves) {
  let sum = 0;
  let weight = 0.6;
  let carry = 1;
  for (let i = 0; i < octaves; i++) {
    let r = 1 - Math.abs(noise(x, y));
    r = r * r * carry;
    carry = clamp(r * 1.6);
    sum += weight * r;
    x = x * 2.03 + 11.3;
    y = y * 2.03 + 5.7;
    weight *= 0.44;
  }
  return sum;
}
