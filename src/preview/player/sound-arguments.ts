/** The FFmpeg command that plays the sound of a source. */
import { sourceArgs } from '../../video/format/source.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { offsetArgs, seconds } from '../../video/input/section.ts';
import type { SoundDevice } from './sound-device.ts';

/** Seconds before the position in which packets may start that reach into it. */
const seekMargin = 2;

/** Plays from a time on; silence fills the time until sound that starts later. */
export function soundArgs(
  info: VideoInfo,
  device: SoundDevice,
  from: number,
  speed: number,
): string[] {
  const start = from - seekMargin;
  const filters = ['atrim=start=0', 'aresample=async=1:first_pts=0', ...tempo(speed)];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-copyts'],
    ...offsetArgs(info, { from }),
    ...(start > 0 ? ['-noaccurate_seek', '-ss', seconds(start)] : []),
    ...sourceArgs(info.source),
    ...['-map', `0:${info.audio[0]?.index}`, '-vn', '-sn', '-dn', '-af', filters.join(',')],
    ...['-progress', 'pipe:1', ...device.args],
  ];
}

/** One `atempo` filter changes the speed by 0.5 to 2. */
function tempo(speed: number): string[] {
  if (speed === 1) return [];
  if (speed > 2) return ['atempo=2', ...tempo(speed / 2)];
  if (speed < 0.5) return ['atempo=0.5', ...tempo(speed / 0.5)];
  return [`atempo=${speed}`];
}
