/** Opens the sound of a source, or says why it is not played. */
import { openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { Sound } from './sound.ts';
import { findSoundDevice } from './sound-device.ts';

/** Undefined without sound to play; `onFailure` gets the reason if the source has sound that cannot be played. */
export async function openSound(
  info: VideoInfo,
  ffmpegOption: string | undefined,
  onFailure: (reason: string) => void,
): Promise<Sound | undefined> {
  if (info.audio.length === 0) return undefined;
  const unheard = `${info.path}: its sound is not played`;
  if (info.live) {
    onFailure(`${unheard}: a live source can be read only once`);
    return undefined;
  }
  const ffmpeg = await openFfmpeg(ffmpegOption);
  const device = await findSoundDevice(ffmpeg);
  if (device === undefined) {
    onFailure(`${unheard}: found no PulseAudio server and no ALSA device that FFmpeg can use`);
    return undefined;
  }
  return new Sound(ffmpeg, info, device, (reason) => onFailure(`${unheard}: ${reason}`));
}
