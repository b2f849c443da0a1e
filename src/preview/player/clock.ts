/** Media time as a function of a monotonic clock. */

/** The share of a deviation that each correction removes. */
const slew = 0.1;
/** Larger deviations, in seconds, are corrected at once. */
const jump = 0.25;

/**
 * Computes time from an anchor instead of adding intervals, so that it does not drift: while the clock runs, media time is the
 * anchor's time plus the seconds since then times the speed. `now` is in seconds of any monotonic clock.
 */
export class Clock {
  #anchor = { now: 0, time: 0 };
  #speed = 1;
  #running: boolean = false;

  get running(): boolean {
    return this.#running;
  }

  get speed(): number {
    return this.#speed;
  }

  /** Media time in seconds. */
  at(now: number): number {
    const { now: since, time } = this.#anchor;
    return this.#running ? time + (now - since) * this.#speed : time;
  }

  play(now: number): void {
    this.#moveTo(now, this.at(now));
    this.#running = true;
  }

  pause(now: number): void {
    this.#moveTo(now, this.at(now));
    this.#running = false;
  }

  /** Continues from another time. */
  seek(now: number, time: number): void {
    this.#moveTo(now, time);
  }

  setSpeed(now: number, speed: number): void {
    this.#moveTo(now, this.at(now));
    this.#speed = speed;
  }

  /** Follows the clock of the sound; small deviations are removed gradually. */
  follow(now: number, time: number): void {
    const deviation = time - this.at(now);
    const step = Math.abs(deviation) > jump ? deviation : deviation * slew;
    this.#moveTo(now, this.at(now) + step);
  }

  #moveTo(now: number, time: number): void {
    this.#anchor = { now, time };
  }
}
