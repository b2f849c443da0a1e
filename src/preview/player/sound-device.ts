/** Finds the device that sound is played to. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { capabilities } from '../../ffmpeg/capabilities.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';

export interface SoundDevice {
  /** FFmpeg's options for its output. */
  readonly args: readonly string[];
}

/** PulseAudio (or PipeWire in its place), else ALSA; undefined without both. */
export async function findSoundDevice(
  ffmpeg: Ffmpeg,
  env: NodeJS.ProcessEnv = process.env,
  devices = '/dev/snd',
): Promise<SoundDevice | undefined> {
  const muxers = await capabilities(ffmpeg, 'playbacks');
  const runtime = env['XDG_RUNTIME_DIR'];
  const pulse = env['PULSE_SERVER'] || (runtime && existsSync(join(runtime, 'pulse/native')));
  if (pulse && muxers.has('pulse')) {
    return { args: ['-f', 'pulse', '-buffer_duration', '100', 'framelane'] };
  }
  const alsa = existsSync(devices) && readdirSync(devices).some((name) => /^pcm.*p$/.test(name));
  return alsa && muxers.has('alsa') ? { args: ['-f', 'alsa', 'default'] } : undefined;
}
