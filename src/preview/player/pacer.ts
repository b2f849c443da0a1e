/** Decides which frame of a feed is due: by the clock, by the sound, or on arrival for live sources. */
import { toNumber } from '../../video/format/rational.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import { Clock } from './clock.ts';
import type { Feed } from './feed.ts';
import type { RenderedFrame } from './rendered-frame.ts';
import type { Sound } from './sound.ts';

/** Seconds without a frame after which the clock waits for the source. */
const stallAfter = 0.5;
/** However late frames are, one is shown at least this often, in seconds. */
const longestFreeze = 0.25;
/** A gap of this many seconds between two frames is a jump of the source's clock; mpv uses the same limit. */
const jump = 60;
const rounding = 1e-6;

export class Pacer {
  /** Played while the clock runs. */
  sound: Sound | undefined;
  readonly #feed: Feed;
  readonly #live: boolean;
  readonly #secondsPerFrame: number;
  readonly #clock = new Clock();
  #now = 0;
  #shownAt = 0;
  #lastTime = 0;
  readonly counts = { shown: 0, late: 0, stalls: 0 };

  constructor(feed: Feed, info: VideoInfo) {
    this.#feed = feed;
    this.#live = info.live;
    this.#secondsPerFrame = 1 / toNumber(info.frameRate);
  }

  get speed(): number {
    return this.#clock.speed;
  }

  setSpeed(speed: number): void {
    this.#clock.setSpeed(this.#now, speed);
    if (this.#clock.running) this.sound?.start(this.#clock.at(this.#now), speed);
  }

  /** Stops the clock, but not before the frame shown: the clock may still be behind it while sound starts. */
  halt(): void {
    this.#clock.pause(this.#now);
    this.#clock.seek(this.#now, Math.max(this.#lastTime, this.#clock.at(this.#now)));
    this.sound?.stop();
  }

  /** Continues from a moment at which the frame shown now is on display. */
  anchor(now: number, moment: number, playing: boolean): void {
    this.#now = now;
    this.#clock.pause(now);
    this.#clock.seek(now, moment);
    if (playing && !this.#live) this.#start();
  }

  /** Counts a frame that is shown now, by the clock or by a seek. */
  shown({ timestamp }: RenderedFrame, now: number): void {
    this.#now = now;
    this.#shownAt = now;
    this.#lastTime = timestamp;
    this.counts.shown++;
  }

  /** The frame that is due, which the caller releases; undefined if none is. */
  take(now: number): RenderedFrame | undefined {
    this.#now = now;
    if (this.#live) return this.#feed.take();
    if (!this.#clock.running) this.#start();
    const heard = this.sound?.time();
    if (heard !== undefined && this.#clock.running) this.#clock.follow(now, heard);
    this.#followJump();
    const time = this.#clock.at(now) + rounding;
    const frame = this.#lastUpTo(time);
    if (frame === undefined) this.#waitForSource(time);
    else if (time - frame.timestamp > this.#secondsPerFrame * Math.max(1, this.#clock.speed)) {
      this.counts.late++;
    }
    return frame;
  }

  /** Whether the frame before one at this time can be dropped, because the later one is due and the picture has not frozen. */
  isOvertaken(following: number): boolean {
    if (!this.#clock.running || this.#now - this.#shownAt > longestFreeze) return false;
    return this.isDue(following);
  }

  /** Whether the clock has reached a time, or waits for the source. */
  isDue(timestamp: number): boolean {
    return !this.#clock.running || timestamp <= this.#clock.at(this.#now);
  }

  /** Starts the clock once there is a frame to run to. Sound starts earlier by the time it needs to be heard. */
  #start(): void {
    if (this.#feed.next === undefined) return;
    const now = this.#now;
    const time = this.#clock.at(now);
    this.sound?.start(time, this.#clock.speed);
    const startup = this.sound?.startup ?? 0;
    this.#clock.seek(now, time - startup * this.#clock.speed);
    this.#clock.play(now);
  }

  /** After a jump of the source's clock, continues with the next frame at once. */
  #followJump(): void {
    const { next } = this.#feed;
    const least = Math.max(jump, 2 * this.#secondsPerFrame);
    if (next === undefined || next - this.#lastTime < least) return;
    const shownUntil = this.#lastTime + this.#secondsPerFrame;
    if (this.#clock.at(this.#now) + rounding < shownUntil) return;
    this.halt();
    this.#clock.seek(this.#now, next);
    this.#start();
  }

  #lastUpTo(time: number): RenderedFrame | undefined {
    let frame: RenderedFrame | undefined;
    while (this.#feed.next !== undefined && this.#feed.next <= time) {
      if (frame !== undefined) this.#feed.drop(frame);
      frame = this.#feed.take();
    }
    return frame;
  }

  /** Holds the clock while the source is too slow, and at its end. */
  #waitForSource(time: number): void {
    if (!this.#clock.running || this.#feed.ready > 0) return;
    const behind = (time - this.#lastTime) / this.#clock.speed;
    const stalled = behind > stallAfter + this.#secondsPerFrame;
    if (!this.#feed.drained && !stalled) return;
    if (!this.#feed.drained) this.counts.stalls++;
    this.halt();
    this.#clock.seek(this.#now, this.#lastTime);
  }
}
