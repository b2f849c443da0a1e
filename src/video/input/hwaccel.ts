/** Hardware decoding, used only after a trial has succeeded. */
import { FramelaneError } from '../../errors/errors.ts';
import { capabilities } from '../../ffmpeg/capabilities.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { Child, exitWithin } from '../../ffmpeg/process.ts';
import { sourceArgs } from '../format/source.ts';
import type { VideoInfo } from '../format/video-info.ts';
import type { Hwaccel } from './options.ts';

type Acceleration = Exclude<Hwaccel, 'none' | 'auto'>;

const trialTimeout = 20_000;

/** The acceleration to decode with; undefined is software. It is an error if a named one does not work; `auto` falls back. */
export async function chooseHwaccel(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  wanted: Hwaccel,
): Promise<Acceleration | undefined> {
  if (wanted === 'none') return undefined;
  const listed = await capabilities(ffmpeg, 'hwaccels');
  if (wanted !== 'auto') {
    const failure = listed.has(wanted)
      ? await tryFrame(ffmpeg, info, wanted)
      : `it lists ${[...listed].join(', ') || 'none'}`;
    if (failure === undefined) return wanted;
    throw new FramelaneError(
      'ERR_FFMPEG_CAPABILITY',
      `hwaccel: FFmpeg ${ffmpeg.version} at ${ffmpeg.path} cannot decode ${info.path} with ${wanted}: ${failure}\nset the option ffmpeg or FRAMELANE_FFMPEG to another FFmpeg, or use auto, which falls back to software`,
      { path: 'hwaccel' },
    );
  }
  for (const candidate of ['cuda', 'vaapi'] as const) {
    if (listed.has(candidate) && (await tryFrame(ffmpeg, info, candidate)) === undefined) {
      return candidate;
    }
  }
  return undefined;
}

export function hwaccelArgs(acceleration: Acceleration | undefined): string[] {
  return acceleration === undefined ? [] : ['-hwaccel', acceleration];
}

/** Decodes one frame; the error, or undefined. */
async function tryFrame(
  ffmpeg: Ffmpeg,
  info: VideoInfo,
  acceleration: Acceleration,
): Promise<string | undefined> {
  const child = new Child(ffmpeg.path, [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', ...hwaccelArgs(acceleration)],
    ...sourceArgs(info.source),
    ...['-map', `0:${info.index}`, '-frames:v', '1', '-f', 'null', '-'],
  ]);
  const exit = await exitWithin(child, trialTimeout);
  if (exit === undefined) {
    child.kill();
    return `a trial of one frame did not end within ${trialTimeout / 1000} s`;
  }
  // FFmpeg falls back to software with a message and exit code 0.
  return exit.code === 0 && child.messages.last === ''
    ? undefined
    : child.messages.last || `it ended with ${exit.signal ?? exit.code}`;
}
