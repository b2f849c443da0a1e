/** Reads the times of all packets of a recording to find where its clock jumps. */
import { type ClockChange, type ClockJump, ClockJumps } from '../format/clock-jumps.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { everyPacketRow, type PacketRowsOptions } from './packet-rows.ts';

export interface ClockScan {
  readonly jumps: readonly ClockJump[];
  readonly changes: readonly ClockChange[];
  /** Seconds of the video, without the jumps. */
  readonly duration: number;
}

/** A file whose clock jumps more often is damaged or made up. */
const mostChanges = 100_000;

/** Undefined where ffprobe cannot read the file to its end. */
export async function scanClock(
  info: VideoInfo,
  options: PacketRowsOptions,
): Promise<ClockScan | undefined> {
  const clock = new ClockJumps(info.index);
  const followed = new Set([info.index, ...info.audio.map(({ index }) => index)]);
  const take = (line: string) => {
    const [stream, pts, dts, duration, position] = line.split(',', 5).map(number);
    const key = line.includes(',K');
    if (stream !== undefined && followed.has(stream)) {
      clock.take({ stream, pts, dts, duration: duration ?? 0, key, position });
    }
    return clock.changed <= mostChanges;
  };
  const entries = ['-show_entries', 'packet=stream_index,pts,dts,duration,pos,flags'];
  const whole = await everyPacketRow(info, entries, options, take);
  const { jumps, changes, duration } = clock;
  return whole ? { jumps, changes, duration } : undefined;
}

/** ffprobe writes N/A for a missing value. */
function number(text: string): number | undefined {
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}
