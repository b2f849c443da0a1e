/** Which picture of a feed is due: by the clock, by the sound, or as they come. */
import { toNumber } from '../../video/format/rational.ts';
import type { VideoInfo } from '../../video/format/video-info.ts';
import type { Sound } from './audio.ts';
import { Clock } from './clock.ts';
import type { Feed } from './feed.ts';
import type { Picture } from './rendered-frame.ts';

/** Seconds without a frame after which the clock waits for the source. */
const stallAfter = 0.5;
/** However late they are, as many seconds apart frames are shown. */
const longestFreeze = 0.25;
/** Seconds between two frames from which on that is a jump in the source's clock; what mpv takes, too. */
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

  setSpeed(speed: number): void {
    this.#clock.setSpeed(this.#now, speed);
    if (this.#clock.running) this.sound?.start(this.#clock.at(this.#now), speed);
  }

  /** Stops where it is: not before the picture that is shown, as where the sound had not begun yet. */
  halt(): void {
    this.#clock.pause(this.#now);
    this.#clock.seek(this.#now, Math.max(this.#lastTime, this.#clock.at(this.#now)));
    this.sound?.stop();
  }

  /** Time goes on from a moment at which the picture that is shown now is on display. */
  anchor(now: number, moment: number, playing: boolean): void {
    this.#now = now;
    this.#clock.pause(now);
    this.#clock.seek(now, moment);
    if (playing && !this.#live) this.#start();
  }

  /** Of a picture that is shown now, by whatever reason. */
  shown({ timestamp }: Picture, now: number): void {
    this.#now = now;
    this.#shownAt = now;
    this.#lastTime = timestamp;
    this.counts.shown++;
  }

  /** The picture that is due, which the caller releases; undefined where none is. */
  take(now: number): Picture | undefined {
    this.#now = now;
    if (this.#live) return this.#feed.take();
    if (!this.#clock.running) this.#start();
    const heard = this.sound?.time();
    if (heard !== undefined && this.#clock.running) this.#clock.follow(now, heard);
    this.#followJump();
    const time = this.#clock.at(now) + rounding;
    const picture = this.#lastUpTo(time);
    if (picture === undefined) this.#waitForSource(time);
    else if (time - picture.timestamp > this.#secondsPerFrame * Math.max(1, this.#clock.speed)) {
      this.counts.late++;
    }
    return picture;
  }

  /** Whether a picture need not be computed, as the one after it is due; not so long that the picture would freeze. */
  isOvertaken(following: number): boolean {
    if (!this.#clock.running || this.#now - this.#shownAt > longestFreeze) return false;
    return this.isDue(following);
  }

  /** Whether the clock has come as far, or waits. */
  isDue(timestamp: number): boolean {
    return !this.#clock.running || timestamp <= this.#clock.at(this.#now);
  }

  /** The clock runs as soon as there is a picture that it runs to. Sound is begun before, as much as it takes to be heard. */
  #start(): void {
    if (this.#feed.next === undefined) return;
    const now = this.#now;
    const time = this.#clock.at(now);
    this.sound?.start(time, this.#clock.speed);
    const startup = this.sound?.startup ?? 0;
    this.#clock.seek(now, time - startup * this.#clock.speed);
    this.#clock.play(now);
  }

  /** Nobody waits for what is another recording's time. */
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

  #lastUpTo(time: number): Picture | undefined {
    let picture: Picture | undefined;
    while (this.#feed.next !== undefined && this.#feed.next <= time) {
      if (picture !== undefined) this.#feed.drop(picture);
      picture = this.#feed.take();
    }
    return picture;
  }

  /** A source that is too slow holds the clock; so does its end. */
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
