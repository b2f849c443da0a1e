/** Decides what the HUD shows: statistics, help, temporary notes and persistent errors. */
import type { Presenter } from '../../display/presenter.ts';
import type { FramelaneError } from '../../errors/errors.ts';
import { Hud } from './hud.ts';
import type { HudState, HudView } from './hud-state.ts';

/** Seconds that a note is shown. */
const noteTime = 2;

export class Overlay implements Disposable {
  statistics = false;
  help = false;
  readonly #hud = new Hud();
  #note: { readonly text: string; until: number | undefined } | undefined;
  readonly #errors = new Map<string, string>();
  #error: HudView['error'];

  /** Shows a note for two seconds. */
  note(text: string): void {
    this.#note = { text, until: undefined };
    this.#hud.touch();
  }

  /** Shows the error of something until it is cleared; of several errors, the newest. */
  showError(title: string, { message }: FramelaneError): void {
    this.clearError(title);
    this.#errors.set(title, message);
    this.#showNewest();
  }

  clearError(title: string): void {
    if (this.#errors.delete(title)) this.#showNewest();
  }

  #showNewest(): void {
    const newest = [...this.#errors].at(-1);
    this.#error = newest && { title: newest[0], message: newest[1] };
    this.#hud.touch();
  }

  /** Makes the next update read the state at once. */
  touch(): void {
    this.#hud.touch();
  }

  resize(width: number, height: number, scale: number): void {
    this.#hud.resize(width, height, scale);
  }

  /** Updates the overlay of the presenter; returns whether it changed. */
  update(now: number, presenter: Presenter, state: () => HudState): boolean {
    if (this.#note !== undefined) this.#note.until ??= now + noteTime;
    if (now > (this.#note?.until ?? now)) this.#note = undefined;
    const { statistics, help } = this;
    const view = { statistics, help, error: this.#error, note: this.#note?.text };
    if (!this.#hud.update(now, view, state)) return false;
    presenter.setOverlay(this.#hud.image, this.#hud.margin, this.#hud.margin);
    return true;
  }

  /** Settles when everything is drawn; the next update shows it. */
  settled(): Promise<void> {
    return this.#hud.settled();
  }

  [Symbol.dispose](): void {
    this.#hud.free();
  }
}
