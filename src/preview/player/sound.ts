/** Plays the first audio stream of a source with an FFmpeg of its own. */
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { Child } from '../../ffmpeg/process.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { soundArgs } from './sound-arguments.ts';
import type { SoundDevice } from './sound-device.ts';

/** Seconds between FFmpeg's progress reports; the first comes this long after the start. */
const reportInterval = 0.5;
/** Seconds from the start of FFmpeg to the first sound, until it has been measured. */
const usualStartup = 0.15;

interface Report {
  readonly at: number;
  readonly played: number;
}

/** The clock of the video follows the time that is heard. */
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

  /** Seconds from `start` to the first sound; an estimate until it has been measured. */
  get startup(): number {
    return this.#startup;
  }

  /** Plays from a time on, and stops what played before. */
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

  /** Stops, and waits for FFmpeg to exit. */
  async close(): Promise<void> {
    const child = this.#child;
    this.stop();
    await child?.exited.catch(() => {});
  }

  /** The time in the source that is heard now; undefined while nothing is heard or the time is not yet known. */
  time(): number | undefined {
    if (this.#first === undefined || this.#last === undefined) return undefined;
    const { at, played } = this.#first;
    // FFmpeg is ahead of the device by its buffer, which is constant; the device's clock may run at another rate.
    const gained = this.#last.played - played - (this.#last.at - at);
    const heard = monotonic() - (at - reportInterval) + gained;
    return this.#from + heard * this.#speed;
  }

  #report(child: Child, text: string): void {
    if (child !== this.#child) return;
    // Both names are in microseconds; which one is printed depends on FFmpeg's version.
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

function monotonic(): number {
  return performance.now() / 1000;
}
