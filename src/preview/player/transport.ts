/** Plays, pauses, and hands out the frame to show. */
import type { Feed } from './feed.ts';
import type { ShownFrame } from './options.ts';
import type { Pacer } from './pacer.ts';
import { type RenderedFrame, release } from './rendered-frame.ts';

/** A frame to show at once; the clock goes on from `anchor`, a moment while it is on display, if there is one. */
interface DueFrame {
  readonly frame: RenderedFrame;
  readonly anchor: number | undefined;
}

export class Transport {
  readonly #feed: Feed;
  readonly #pacer: Pacer;
  readonly #live: boolean;
  #shown: RenderedFrame | undefined;
  #due: DueFrame | undefined;
  /** Where the clock last went on while the frame shown was on display. */
  #anchor = 0;
  #paused: boolean = false;

  constructor(feed: Feed, pacer: Pacer, live: boolean) {
    this.#feed = feed;
    this.#pacer = pacer;
    this.#live = live;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The frame that is shown, or that the next `frameAt` shows in any case. */
  get current(): RenderedFrame | undefined {
    return this.#due?.frame ?? this.#shown;
  }

  /** Whether the next `frameAt` shows another frame in any case. */
  get isDue(): boolean {
    return this.#due !== undefined;
  }

  /** Seconds from the start of the source. */
  get position(): number {
    return Math.max(this.current?.timestamp ?? 0, this.#due?.anchor ?? this.#anchor);
  }

  play(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#feed.forget();
    if (this.#live) this.#feed.dropReady(); // from before the pause
    this.#feed.wake();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#pacer.halt();
    this.#feed.refresh();
  }

  /** Shows a frame at once, and lets the clock go on from `anchor`. */
  present(frame: RenderedFrame, anchor: number | undefined): void {
    if (this.#due !== undefined) release(this.#due.frame);
    this.#due = { frame, anchor };
  }

  /** Shows another result for the current frame; the clock stays as it is. */
  presentAgain(frame: RenderedFrame): void {
    this.present(frame, this.#due?.anchor);
  }

  /** The frame to show now; undefined while the last one stays. Nothing new becomes due while `seeking`. */
  frameAt(now: number, seeking: boolean): ShownFrame | undefined {
    const due = this.#due;
    this.#due = undefined;
    if (due?.anchor !== undefined) {
      this.#anchor = due.anchor;
      this.#pacer.anchor(now, due.anchor, !this.#paused);
    }
    const next = due?.frame ?? (this.#paused || seeking ? undefined : this.#pacer.take(now));
    if (next === undefined) return undefined;
    if (this.#shown !== undefined) release(this.#shown);
    this.#shown = next;
    this.#pacer.shown(next, now);
    return { frame: next.result.frame, before: next.source.frame, timestamp: next.timestamp };
  }

  free(): void {
    if (this.#due !== undefined) release(this.#due.frame);
    if (this.#shown !== undefined) release(this.#shown);
  }
}
