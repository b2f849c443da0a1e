/** Sound of what is watched, played by an FFmpeg of its own to the device that there is. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { capabilities } from '../../ffmpeg/capabilities.ts';
import { type Ffmpeg, openFfmpeg } from '../../ffmpeg/ffmpeg.ts';
import { Child } from '../../ffmpeg/process.ts';
import { sourceArgs } from '../../video/format/source.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { offsetArgs, seconds } from '../../video/input/section.ts';

/** Seconds between FFmpeg's reports of progress, the first of which comes as long after its start. */
const reportInterval = 0.5;
/** Seconds from the start of FFmpeg to the first sound, until it has been measured. */
const usualStartup = 0.15;
/** Before the position, where packets of sound may start that reach into it. */
const seekMargin = 2;

export interface SoundDevice {
  /** FFmpeg's options for its output. */
  readonly args: readonly string[];
}

interface Report {
  readonly at: number;
  readonly played: number;
}

/** Where sound can be played: PulseAudio (or PipeWire in its place), else ALSA; undefined where there is neither. */
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

/** Plays the first audio stream; the clock of what is seen follows it. */
export class Sound {
  readonly #ffmpeg: Ffmpeg;
  readonly #info: VideoInfo;
  readonly #device: SoundDevice;
  readonly #onFailure: (reason: string) => void;
  #child: Child | undefined;
  #from = 0;
  #speed = 1;
  #begin = 0;
  #first: Report | undefined;
  #last: Report | undefined;
  #startup = usualStartup;

  constructor(
    ffmpeg: Ffmpeg,
    info: VideoInfo,
    device: SoundDevice,
    onFailure: (reason: string) => void,
  ) {
    this.#ffmpeg = ffmpeg;
    this.#info = info;
    this.#device = device;
    this.#onFailure = onFailure;
  }

  /** Seconds from start() to the first sound, as far as it has been measured. */
  get startup(): number {
    return this.#startup;
  }

  /** Plays from a time on, in place of what has been played. */
  start(from: number, speed: number): void {
    this.stop();
    this.#from = from;
    this.#speed = speed;
    this.#begin = monotonic();
    const args = soundArgs(this.#info, this.#device, from, speed);
    const onStdout = (text: string) => this.#report(child, text);
    const child: Child = new Child(this.#ffmpeg.path, args, { stdout: 'pipe', onStdout });
    this.#child = child;
    child.hold(false);
    child.exited.then(
      ({ code }) => code !== 0 && this.#failed(child, child.messages.last),
      (error: unknown) => this.#failed(child, String(error)),
    );
  }

  stop(): void {
    this.#child?.kill();
    this.#child = undefined;
    this.#first = undefined;
    this.#last = undefined;
  }

  /** Stops and waits until it has. */
  async close(): Promise<void> {
    const child = this.#child;
    this.stop();
    await child?.exited.catch(() => {});
  }

  /** The time in the source that is heard now; undefined where nothing is, or it is not known yet. */
  time(): number | undefined {
    if (this.#first === undefined || this.#last === undefined) return undefined;
    const { at, played } = this.#first;
    // FFmpeg is ahead of the device by what the device keeps, which does not change; the device's own clock may differ.
    const gained = this.#last.played - played - (this.#last.at - at);
    const heard = monotonic() - (at - reportInterval) + gained;
    return this.#from + heard * this.#speed;
  }

  #report(child: Child, text: string): void {
    if (child !== this.#child) return;
    // Both names are in microseconds; versions differ in which of them they have.
    const played = Number([...text.matchAll(/^out_time_[mu]s=(\d+)/gm)].at(-1)?.[1]) / 1e6;
    if (/^progress=end/m.test(text)) this.#first = undefined;
    else if (played > 0) {
      this.#last = { at: monotonic(), played };
      if (this.#first !== undefined) return;
      this.#first = this.#last;
      this.#startup = Math.max(0, this.#first.at - reportInterval - this.#begin);
    }
  }

  #failed(child: Child, reason: string): void {
    if (child !== this.#child) return;
    this.stop();
    this.#onFailure(reason);
  }
}

/** Opens the sound of a source that can be read twice; a reason where it has some that cannot be played. */
export async function openSound(
  info: VideoInfo,
  ffmpegOption: string | undefined,
  onFailure: (reason: string) => void,
): Promise<Sound | undefined> {
  if (info.audio.length === 0) return undefined;
  const unheard = `${info.path}: its sound is not played`;
  if (info.live) {
    onFailure(`${unheard}: a live source is read once`);
    return undefined;
  }
  const ffmpeg = await openFfmpeg(ffmpegOption);
  const device = await findSoundDevice(ffmpeg);
  if (device === undefined) {
    onFailure(`${unheard}: there is no PulseAudio server and no ALSA device that FFmpeg could use`);
    return undefined;
  }
  return new Sound(ffmpeg, info, device, (reason) => onFailure(`${unheard}: ${reason}`));
}

/** The arguments for FFmpeg; sound that starts later than the position is waited for in silence. */
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

/** FFmpeg's atempo takes 0.5 to 2 at a time. */
function tempo(speed: number): string[] {
  if (speed === 1) return [];
  if (speed > 2) return ['atempo=2', ...tempo(speed / 2)];
  if (speed < 0.5) return ['atempo=0.5', ...tempo(speed / 0.5)];
  return [`atempo=${speed}`];
}

function monotonic(): number {
  return performance.now() / 1000;
}
