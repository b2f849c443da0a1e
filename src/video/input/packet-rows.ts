/** Streams ffprobe's description of every packet of a file, a line each. */
import { findTool } from '../../ffmpeg/ffmpeg.ts';
import { probeLimits } from '../../ffmpeg/limits.ts';
import { capture } from '../../ffmpeg/process.ts';
import { longestLine } from '../format/ffprobe-fields.ts';
import { sourceArgs } from '../format/source.ts';
import type { VideoInfo } from '../format/video-info.ts';

export interface PacketRowsOptions {
  readonly ffprobe?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Whether `accept` returns true for every line and ffprobe reads to the end; stops at the first false. */
export async function everyPacketRow(
  info: VideoInfo,
  args: readonly string[],
  { ffprobe, signal }: PacketRowsOptions,
  accept: (line: string) => boolean,
): Promise<boolean> {
  let accepted = true;
  const enough = new AbortController();
  let unfinished = '';
  const take = (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = (lines.pop() ?? '').slice(-longestLine);
    accepted &&= lines.every(accept);
    if (!accepted) enough.abort();
  };
  const { exit } = await capture(
    await findTool('ffprobe', ffprobe),
    ['-v', 'error', ...args, '-of', 'csv=p=0', ...sourceArgs(info.source)],
    signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]),
    { limits: probeLimits, about: info.path, onStdout: take },
  );
  return accepted && exit?.code === 0;
}
