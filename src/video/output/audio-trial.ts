/** Tries sound out before the film is begun, because sound that cannot be written would take the film with it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { capture } from '../../ffmpeg/process.ts';
import type { Container } from '../format/container.ts';
import { sourceArgs } from '../format/source.ts';
import type { VideoInfo } from '../format/video-info.ts';

export interface TriedStream {
  /** In the file. */
  readonly index: number;
  /** FFmpeg's options for it, `a:0` in the place of #. */
  readonly options: readonly string[];
}

/** A file may hide its first packet of sound behind hours of film. */
const patience = 20_000;

/**
 * What FFmpeg says when the first packets of these streams are written to such a container; undefined where it takes them,
 * or where trying would cost a connection.
 */
export async function audioRefusal(
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
