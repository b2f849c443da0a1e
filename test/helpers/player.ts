/** Players on a simulated clock, and what FFmpeg itself makes of a clip. */

import type { Player, ShownFrame } from 'framelane';
import { ffmpeg, ffprobe } from './programs.ts';

export interface ClipFrame {
  /** Seconds from the first one. */
  readonly time: number;
  readonly bytes: Buffer;
}

/** Every frame of a clip of 64x48 yuv420p, decoded by FFmpeg. */
export function framesOf(path: string): ClipFrame[] {
  const raw = ffmpeg(['-i', path, '-an', '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1']);
  const probe = ['-select_streams', 'v', '-show_entries', 'frame=pts_time,pkt_pts_time'];
  const out = ffprobe([...probe, '-of', 'json', path]);
  const { frames } = JSON.parse(out) as { frames: Record<string, string | undefined>[] };
  const times = frames.map((frame) => Number(frame['pts_time'] ?? frame['pkt_pts_time']));
  const size = 64 * 48 * 1.5;
  return times.map((time, index) => ({
    time: time - (times[0] ?? 0),
    bytes: raw.subarray(index * size, (index + 1) * size),
  }));
}

export function bytesOf({ frame }: Pick<ShownFrame, 'frame'>): Buffer {
  const samples = frame.download();
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Which of the clip's frames is shown; -1 where it is none. */
export function indexOf(shown: Pick<ShownFrame, 'frame'>, frames: readonly ClipFrame[]): number {
  const bytes = bytesOf(shown);
  return frames.findIndex((frame) => frame.bytes.equals(bytes));
}

/** Looks until there is a frame, at the same moment of the clock. */
export async function frameSoon(
  player: Player,
  now: number,
  milliseconds = 10_000,
): Promise<ShownFrame> {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    const shown = player.frameAt(now);
    if (shown !== undefined) return shown;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`no frame at ${now} within ${milliseconds} ms`);
}

/** Until the player has read as far ahead as it does. */
export async function filled(player: Player): Promise<void> {
  const end = Date.now() + 10_000;
  while (player.stats().ready < 3 && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
