/** Finds the key frame at which to begin decoding a section, for containers without an index. */
import { findTool } from '../../ffmpeg/ffmpeg.ts';
import { probeLimits } from '../../ffmpeg/limits.ts';
import { capture } from '../../ffmpeg/process.ts';
import { sourceArgs } from '../format/source.ts';
import type { VideoInfo } from '../format/video-info.ts';
import { jumping } from './section.ts';

/** Seconds searched first; four times as many after each search without a key frame. */
const firstSpan = 30;
/** FFmpeg seeks to a packet of any stream, which must lie before the whole key frame. */
const margin = 1;

/**
 * Seconds from the start of the file to seek to; undefined where the container has an index, or its packets cannot be read.
 */
export async function seekTarget(
  info: VideoInfo,
  from: number,
  options: { readonly ffprobe?: string | undefined; readonly signal?: AbortSignal | undefined },
): Promise<number | undefined> {
  if (from <= margin || info.live || !jumping.test(info.container)) return undefined;
  const tool = await findTool('ffprobe', options.ffprobe);
  for (let span = firstSpan; span < from; span *= 4) {
    const [begin, end] = [from - span, from + margin].map((time) => time + info.startTime);
    const what = ['-select_streams', `${info.index}`, '-show_entries', 'packet=pts_time,flags'];
    const part = ['-read_intervals', `${begin?.toFixed(6)}%${end?.toFixed(6)}`];
    const args = ['-v', 'error', '-of', 'csv=p=0', ...what, ...part, ...sourceArgs(info.source)];
    const run = await capture(tool, args, options.signal, {
      limits: probeLimits,
      about: info.path,
    });
    if (run.exit?.code !== 0) return undefined;
    const keys = [...run.stdout.matchAll(/^(-?[\d.]+),K/gm)].map(([, time]) => Number(time));
    const key = keys.findLast((time) => time - info.startTime <= from);
    if (key !== undefined) return Math.max(0, key - info.startTime - margin);
  }
  return 0;
}
