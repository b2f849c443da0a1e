/** Reads the times of every packet of a recording, once, to find where its clock jumps. */
import { findTool } from '../ffmpeg/ffmpeg.ts';
import { probeLimits } from '../ffmpeg/limits.ts';
import { capture } from '../ffmpeg/process.ts';
import { type ClockChange, type ClockJump, ClockJumps } from './clock-jumps.ts';
import { longestLine } from './ffprobe-fields.ts';
import { sourceArgs } from './input-source.ts';
import type { VideoInfo } from './video-info.ts';

export interface ClockScan {
  readonly jumps: readonly ClockJump[];
  readonly changes: readonly ClockChange[];
  /** Seconds for which the picture is shown. */
  readonly duration: number;
}

export interface ScanOptions {
  readonly ffprobe?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file that jumps at every packet is not one that somebody has recorded. */
const mostChanges = 100_000;

/** Undefined where ffprobe cannot read the file to its end. */
export async function scanClock(
  info: VideoInfo,
  { ffprobe, signal }: ScanOptions,
): Promise<ClockScan | undefined> {
  const clock = new ClockJumps(info.index);
  const followed = new Set([info.index, ...info.audio.map(({ index }) => index)]);
  const enough = new AbortController();
  let unfinished = '';
  const take = (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = (lines.pop() ?? '').slice(-longestLine);
    for (const line of lines) {
      const [stream, pts, dts, duration, position] = line.split(',', 5).map(number);
      const key = line.includes(',K');
      if (stream === undefined || !followed.has(stream)) continue;
      clock.take({ stream, pts, dts, duration: duration ?? 0, key, position });
    }
    if (clock.changed > mostChanges) enough.abort();
  };
  const entries = 'packet=stream_index,pts,dts,duration,pos,flags';
  const args = ['-v', 'error', '-show_entries', entries, '-of', 'csv=p=0'];
  const { exit } = await capture(
    await findTool('ffprobe', ffprobe),
    [...args, ...sourceArgs(info.source)],
    signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
    { limits: probeLimits, about: info.path, onStdout: take },
  );
  const { jumps, changes, duration } = clock;
  return exit?.code === 0 ? { jumps, changes, duration } : undefined;
}

/** ffprobe writes N/A for what there is not. */
function number(text: string): number | undefined {
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}
