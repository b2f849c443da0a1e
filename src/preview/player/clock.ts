/** Media time as a function of a monotonic clock. */

/** How much of a small deviation from a leading clock is taken back at a time; larger ones are jumped over. */
const slew = 0.1;
const jump = 0.25;

/**
 * Computed from an anchor, never added up, so that nothing drifts: while it runs, media time is the anchor's plus the seconds
 * since then times the speed. `now` is in seconds of any clock that does not go back.
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

  /** Goes on from another time. */
  seek(now: number, time: number): void {
    this.#moveTo(now, time);
  }

  setSpeed(now: number, speed: number): void {
    this.#moveTo(now, this.at(now));
    this.#speed = speed;
  }

  /** Keeps to another clock, that of the sound: small deviations vanish unseen. */
  follow(now: number, time: number): void {
    const deviation = time - this.at(now);
    const step = Math.abs(deviation) > jump ? deviation : deviation * slew;
    this.#moveTo(now, this.at(now) + step);
  }

  #moveTo(now: number, time: number): void {
    this.#anchor = { now, time };
  }
}
