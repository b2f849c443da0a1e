/** Decides what follows a frame: the next step, the start of the source, or the end of the preview. */
import type { Player } from '../player/player.ts';
import type { PreviewOptions } from './options.ts';

export interface SequencerOwner {
  isClosed(): boolean;
  /** Reports a failure of the work, which nobody waits for. */
  supervise(work: Promise<void>): void;
  /** Shows the last frame once more, with the final statistics, and ends. */
  finish(): void;
}

export class Sequencer {
  /** Whether every frame is shown once, by stepping, rather than when it is due. */
  readonly steps: boolean;
  readonly #player: Player;
  readonly #options: Pick<PreviewOptions, 'frames' | 'loop'>;
  readonly #owner: SequencerOwner;
  #state: 'playing' | 'stepping' | 'finishing' = 'playing';

  constructor(
    player: Player,
    isHeadless: boolean,
    options: Pick<PreviewOptions, 'frames' | 'loop'>,
    owner: SequencerOwner,
  ) {
    this.steps = isHeadless && options.frames !== undefined && !player.live;
    this.#player = player;
    this.#options = options;
    this.#owner = owner;
    if (this.steps) player.pause();
  }

  /** Whether the last frame is shown. */
  get finishing(): boolean {
    return this.#state === 'finishing';
  }

  /** Called after each look at the player, with the number of frames shown; `isNew` after another frame. */
  advance(shown: number, isNew: boolean): void {
    if (this.#state !== 'playing' || shown === 0 || this.#owner.isClosed()) return;
    const { frames, loop } = this.#options;
    const { ended } = this.#player;
    if (frames !== undefined && shown >= frames) this.#finish();
    else if (this.steps && isNew) this.#step();
    else if (ended && loop && this.#canLoop()) this.#rewind();
    else if (ended && frames !== undefined) this.#finish();
  }

  #canLoop(): boolean {
    const { live, paused, failure } = this.#player;
    return !live && !paused && failure === undefined;
  }

  #rewind(): void {
    this.#owner.supervise(this.#player.seek(0));
  }

  #step(): void {
    const before = this.#player.position;
    this.#state = 'stepping';
    const stepped = this.#player.step(1).finally(() => {
      this.#state = 'playing';
      if (this.#player.position !== before || this.#owner.isClosed()) return;
      if (this.#options.loop) this.#rewind();
      else this.#finish();
    });
    this.#owner.supervise(stepped);
  }

  #finish(): void {
    this.#state = 'finishing';
    this.#owner.finish();
  }
}
