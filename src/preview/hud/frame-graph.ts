/** Draws frame times as bars, newest on the right. */

export interface FrameGraph {
  readonly width: number;
  readonly height: number;
  /** Seconds, oldest first; the oldest are left out if they do not fit. */
  readonly intervals: ArrayLike<number>;
  /** The intended duration of a frame, in seconds. */
  readonly target: number;
  /** Pixels from one bar to the next. */
  readonly pitch: number;
}

type Color = readonly [number, number, number, number];

const ground: Color = [255, 255, 255, 16];
const guide: Color = [255, 255, 255, 70];
const onTime: Color = [99, 210, 151, 255];
const slow: Color = [255, 196, 92, 255];
const missed: Color = [255, 107, 98, 255];

/** Multiples of the target from which a frame counts as slow, or as filling the time of the next one. */
const slowFrom = 1.3;
const missedFrom = 1.8;

/** Straight-alpha RGBA. The top is 2.5 times the target; lines mark the target and twice the target. */
export function drawFrameGraph(graph: FrameGraph): Uint8Array {
  const { width, height, intervals, target, pitch } = graph;
  const pixels = new Uint8Array(width * height * 4);
  fill(pixels, width, 0, 0, width, height, ground);
  const barWidth = Math.max(1, pitch - Math.round(pitch / 3));
  const rowsOf = (interval: number) =>
    target > 0
      ? Math.min(height, Math.max(1, Math.round((interval / (2.5 * target)) * height)))
      : 1;
  for (const times of [1, 2]) {
    const y = height - rowsOf(times * target);
    for (let x = 0; x < width; x += 4) fill(pixels, width, x, y, Math.min(2, width - x), 1, guide);
  }
  const count = Math.min(intervals.length, Math.floor(width / pitch));
  for (let back = 0; back < count; back++) {
    const interval = intervals[intervals.length - 1 - back] ?? 0;
    const rows = rowsOf(interval);
    fill(
      pixels,
      width,
      width - (back + 1) * pitch,
      height - rows,
      barWidth,
      rows,
      colorOf(interval / target),
    );
  }
  return pixels;
}

function colorOf(share: number): Color {
  if (share < slowFrom) return onTime;
  return share < missedFrom ? slow : missed;
}

function fill(
  pixels: Uint8Array,
  stride: number,
  left: number,
  top: number,
  width: number,
  height: number,
  color: Color,
): void {
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) pixels.set(color, (y * stride + x) * 4);
  }
}
