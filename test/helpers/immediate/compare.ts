/** What tells two runs of a program apart, in one line; nothing where they are the same. */
import type { Outcome, Shot } from './run.ts';

type Differ = (expected: Shot, received: Shot) => string | undefined;

const bytesOf = ({ samples }: Shot) =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

function worst(
  expected: Shot,
  received: Shot,
  allowed: (value: number) => number,
): string | undefined {
  for (const [i, value] of expected.samples.entries()) {
    const other = received.samples[i] as number;
    if (Object.is(value, other) || Math.abs(value - other) <= allowed(value)) continue;
    const pixel = i >> 2;
    const { width } = expected;
    const place = `pixel (${pixel % width}, ${Math.floor(pixel / width)}), channel ${i & 3}`;
    return `${place}: expected ${value}, received ${other}`;
  }
  return undefined;
}

/** To the last bit, but for the kind of a NaN. */
export const exactly: Differ = (expected, received) =>
  bytesOf(expected).equals(bytesOf(received)) ? undefined : worst(expected, received, () => 0);

/** As near as rounding in another place comes. */
export const nearly: Differ = (expected, received) => {
  const { codes, samples } = expected;
  if (samples instanceof Uint8Array) return worst(expected, received, () => Math.max(1, codes));
  const rounded = (1.001 * codes) / 255;
  return worst(expected, received, (value) => rounded + 1e-5 * Math.max(1, Math.abs(value)));
};

export function difference(
  expected: Outcome,
  received: Outcome,
  differ: Differ,
): string | undefined {
  for (const [i, event] of expected.events.entries()) {
    if (event === received.events[i]) continue;
    return `step ${i + 1}: expected ${event}, received ${received.events[i]}`;
  }
  if (expected.shots.length !== received.shots.length) {
    return `expected ${expected.shots.length} pictures, received ${received.shots.length}`;
  }
  for (const [i, shot] of expected.shots.entries()) {
    const other = received.shots[i] as Shot;
    if (shot.width !== other.width || shot.height !== other.height) {
      const [right, wrong] = [shot, other].map(({ width, height }) => `${width}x${height}`);
      return `${shot.what}: expected ${right}, received ${wrong}`;
    }
    const found = differ(shot, other);
    if (found) return `${shot.what}: ${found}`;
  }
  return undefined;
}
