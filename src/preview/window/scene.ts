/** The content of a preview window: the current frame with the HUD over it. */
import type { View } from '../../display/view.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { FrameTimes } from '../hud/frame-times.ts';
import { type HudSubject, hudStateOf } from '../hud/hud-state-of.ts';
import { Overlay } from '../hud/overlay.ts';
import type { ShownFrame } from '../player/options.ts';
import { Canvas } from './canvas.ts';
import type { DrawnFrame, PreviewOptions, WindowPixels } from './options.ts';
import { pixelAspectOf } from './window-size.ts';

type SceneSubject = Omit<HudSubject, 'frameTimes' | 'vsync'>;

export class Scene {
  readonly overlay = new Overlay();
  readonly #subject: SceneSubject;
  readonly #canvas: Canvas;
  readonly #frameTimes = new FrameTimes();
  readonly #fail: (title: string, error: FramelaneError) => void;
  #shown: ShownFrame | undefined;
  #frames = 0;
  #changed: boolean = true;
  /** The message for a frame that is too large to show. */
  #oversized: string | undefined;

  constructor(
    subject: SceneSubject,
    options: PreviewOptions,
    fail: (title: string, error: FramelaneError) => void,
  ) {
    this.#subject = subject;
    this.#fail = fail;
    this.#canvas = new Canvas(subject.window, options);
    this.view.pixelAspect = pixelAspectOf(subject.player, options);
    this.overlay.statistics = options.statistics ?? false;
  }

  get view(): View {
    return this.#canvas.presenter.view;
  }

  get shown(): ShownFrame | undefined {
    return this.#shown;
  }

  /** How many frames have been shown. */
  get frames(): number {
    return this.#frames;
  }

  /** Whether it looks different from what was last drawn. */
  get changed(): boolean {
    return this.#changed;
  }

  touch(): void {
    this.#changed = true;
  }

  /** The time until the next frame does not count as a frame time: the user has acted. */
  interrupt(): void {
    this.#changed = true;
    this.#frameTimes.interrupt();
  }

  /** Follows the size of the window. */
  layOut(): void {
    const { width, height, contentScale } = this.#subject.window;
    this.view.scale = contentScale;
    this.overlay.resize(width, height, contentScale);
    this.#changed = true;
  }

  /** Shows another frame. */
  show(next: ShownFrame, now: number): void {
    this.#shown = next;
    this.#frames++;
    this.#upload(next);
    if (this.#subject.player.paused && !this.#subject.steps) this.#frameTimes.interrupt();
    else this.#frameTimes.present(now);
    this.#changed = true;
  }

  /** Reports an oversized frame once and keeps showing the previous one. */
  #upload(next: ShownFrame): void {
    const title = `window ${this.#subject.window.provider}`;
    try {
      this.#canvas.take(next);
      this.#oversized = undefined;
      this.overlay.clearError(title);
    } catch (error) {
      if (!(error instanceof FramelaneError && error.code === 'ERR_INVALID_SIZE')) throw error;
      if (error.message !== this.#oversized) this.#fail(title, error);
      this.#oversized = error.message;
    }
  }

  /** Shows the frame before the pipeline beside the result, or stops doing so. */
  showBefore(shown: boolean): void {
    this.#canvas.presenter.setBefore(shown ? this.#shown?.before : undefined);
  }

  updateOverlay(now: number): void {
    const state = () =>
      hudStateOf({
        ...this.#subject,
        frameTimes: this.#frameTimes,
        vsync: this.#canvas.vsync,
      });
    if (this.overlay.update(now, this.#canvas.presenter, state)) this.#changed = true;
  }

  draw(waitsForScreen: boolean): DrawnFrame {
    const drawn = this.#canvas.show(this.#shown?.timestamp ?? 0, waitsForScreen);
    this.#changed = false;
    return drawn;
  }

  readPixels(): WindowPixels {
    return this.#canvas.readPixels(this.#shown?.timestamp ?? 0);
  }

  free(): void {
    this.overlay[Symbol.dispose]();
    this.#canvas.free();
  }
}
