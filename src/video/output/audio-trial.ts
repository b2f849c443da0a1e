/** Tries out audio before the session starts, because audio that cannot be written would fail the whole output. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { capture } from '../../ffmpeg/process.ts';
import type { Container } from '../format/container.ts';
import { sourceArgs } from '../format/source.ts';
import type { VideoInfo } from '../format/video-info.ts';

export interface TriedStream {
  /** Its index in the file. */
  readonly index: number;
  /** FFmpeg's options for it; # stands for its specifier, such as `a:0`. */
  readonly options: readonly string[];
}

/** Milliseconds: the first audio packet of a file may come after hours of video. */
const patience = 20_000;

/**
 * FFmpeg's error when it writes the first packets of these streams to such a container; undefined where it succeeds, or where
 * the trial would need another network connection.
 */
export async function audioTrialError(
  ffmpeg: Ffmpeg,
  { source }: VideoInfo,
  streams: readonly TriedStream[],
  container: Pick<Container, 'muxer' | 'args'>,
): Promise<string | undefined> {
  if (streams.length === 0 || source.kind === 'network') return undefined;
  const late = new AbortController();
  const done = new AbortController();
  void delay(patience, undefined, { ref: false, signal: done.signal }).then(
    () => late.abort(),
    () => {},
  );
  const args = [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-y', ...sourceArgs(source)],
    ...streams.flatMap(({ index, options }, at) => {
      const own = options.map((option) => option.replace('#', `a:${at}`));
      return ['-map', `0:${index}`, ...own, `-frames:a:${at}`, '1'];
    }),
    ...[...(container.args ?? []), '-f', container.muxer, '/dev/null'],
  ];
  const { exit, messages } = await capture(ffmpeg.path, args, late.signal);
  done.abort();
  if (exit?.code === 0 || late.signal.aborted) return undefined;
  return messages.last.split('\n')[0] || `FFmpeg ended with ${exit?.signal ?? exit?.code}`;
}
