/** A window that plays a source through a pipeline. */
import { EventEmitter } from 'node:events';
import type { GL } from '../../display/gl.ts';
import type { GLWindow, WindowEvent } from '../../display/window.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { expectOpened } from '../../errors/invalid-argument.ts';
import type { Command } from '../hud/keys.ts';
import type { LivePipeline } from '../live/live-pipeline.ts';
import { Selection } from '../live/selection.ts';
import { Player } from '../player/player.ts';
import type { PlayerInput } from '../player/preview-input.ts';
import { openPreview, type PreviewParts } from './open-preview.ts';
import type { PreviewEvents, PreviewOptions, WindowPixels } from './options.ts';
import { addToLoop, type Presentable, removeFromLoop } from './present-loop.ts';
import { Scene } from './scene.ts';
import { saveFrame, screenshotPath } from './screenshot.ts';
import { Sequencer } from './sequencer.ts';
import { WindowInput } from './window-input.ts';

/**
 * Plays a source through a pipeline in a window, paced by the times of its frames, with the keys that docs/display.md lists.
 * Use a window, its `gl` and its player in the thread that opened it.
 *
 * @example
 * await using preview = await PreviewWindow.open('in.mp4', { pipeline: 'pipelines/vintage.json' })
 * await preview.closed
 */
export class PreviewWindow
  extends EventEmitter<PreviewEvents>
  implements AsyncDisposable, Presentable
{
  readonly window: GLWindow;
  readonly player: Player;
  /** The pipeline file that is followed; undefined if `pipeline` was not a path. */
  readonly pipeline: LivePipeline | undefined;
  /** Settles when the window is closed, in any way; rejects with the error that closed it. */
  readonly closed: Promise<void>;
  waitsForScreen: boolean = false;
  readonly #target: PreviewParts['target'];
  readonly #options: PreviewOptions;
  readonly #scene: Scene;
  readonly #sequencer: Sequencer;
  readonly #input: WindowInput;
  #settle = { resolve: () => {}, reject: (_: unknown) => {} };
  #isOver: boolean = false;
  #closing: Promise<void> | undefined;

  private constructor(parts: PreviewParts, options: PreviewOptions) {
    super();
    expectOpened('PreviewWindow', parts?.player instanceof Player);
    const { window, player, live, target, applied } = parts;
    this.window = window;
    this.player = player;
    this.pipeline = live;
    this.#target = target;
    this.#options = options;
    this.#sequencer = new Sequencer(player, window.provider === 'headless', options, {
      isClosed: () => this.#isClosed(),
      supervise: (work) => this.#supervise(work),
      finish: () => this.#finish(),
    });
    const { steps } = this.#sequencer;
    const selection = new Selection(live);
    const fail = (title: string, error: FramelaneError) => this.#fail(title, error);
    this.#scene = new Scene({ window, player, live, selection, steps }, options, fail);
    const { view, overlay } = this.#scene;
    this.#input = new WindowInput({
      ...{ player, window, live, view, overlay, selection },
      showBefore: (shown) => this.#scene.showBefore(shown),
      screenshot: () => this.screenshot(),
      quit: () => this.#end(),
    });
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.closed.catch(() => {}); // no unhandled rejection if the caller does not wait for it
    window.on((event) => this.#handle(event));
    player.on('failure', (error) => fail(player.info.path, error));
    player.on('warning', (warning) => this.emit('warning', warning));
    live?.on('change', () => this.#use(live));
    live?.on('error', (error) => fail(live.path, error));
    if (options.fullscreen) window.fullscreen = true;
    this.#scene.layOut();
    addToLoop(this);
    setImmediate(() => this.#catchUp(applied)); // by then the caller has added its listeners
  }

  /** Opens source, pipeline and window; rejects if any of them is invalid. */
  static async open(source: PlayerInput, options: PreviewOptions = {}): Promise<PreviewWindow> {
    return await openPreview(source, options, (parts) => new PreviewWindow(parts, options));
  }

  /** Handles what happened while the window was opening. */
  #catchUp(applied: PreviewParts['applied']): void {
    const { player, pipeline: live } = this;
    if (this.#isClosed()) return;
    if (player.failure !== undefined) this.#fail(player.info.path, player.failure);
    if (live?.error !== undefined) this.#fail(live.path, live.error);
    if (live !== undefined && live.pipeline !== applied) this.#use(live);
  }

  get gl(): GL {
    return this.window.gl;
  }

  /** How many frames have been presented. */
  get frames(): number {
    return this.#scene.frames;
  }

  /** For the loop that all windows share. */
  present(now: number): boolean {
    try {
      return this.#present(now);
    } catch (error) {
      this.#end(error);
      return false;
    }
  }

  #present(now: number): boolean {
    const { window, player } = this;
    window.makeCurrent();
    window.pollEvents();
    if (window.closed || player.closed) this.#end();
    if (this.#isClosed()) return false;
    const next = this.#sequencer.finishing ? undefined : player.frameAt(now);
    if (next !== undefined) this.#scene.show(next, now);
    if (this.#isClosed()) return false;
    if (player.failure === undefined) this.#scene.overlay.clearError(player.info.path);
    this.#scene.updateOverlay(now);
    const drawn = this.#scene.changed;
    if (drawn) this.#draw();
    this.#sequencer.advance(this.frames, next !== undefined);
    return drawn;
  }

  #draw(): void {
    this.emit('frame', this.#scene.draw(this.waitsForScreen));
  }

  /** Ends once the HUD, too, shows the last frame. */
  #finish(): void {
    const { overlay } = this.#scene;
    overlay.touch();
    this.#scene.updateOverlay(performance.now() / 1000);
    const finished = overlay.settled().then(() => {
      if (this.#isClosed()) return;
      this.window.makeCurrent();
      this.#scene.updateOverlay(performance.now() / 1000);
      this.#draw();
      this.#end();
    });
    this.#supervise(finished);
  }

  #handle(event: WindowEvent): void {
    if (this.#isClosed()) return; // by the event before this one
    const command = this.#input.commandFor(event);
    if (event.type === 'resize') this.#scene.layOut();
    else if (command !== undefined) this.perform(command);
    else if (this.#input.point(event)) this.#scene.touch();
  }

  /** Does what a key does. */
  perform(command: Command): void {
    this.#scene.interrupt();
    if (!this.#isClosed()) this.window.makeCurrent(); // another window may have drawn last
    this.#supervise(this.#input.perform(command), (error) => {
      this.#scene.overlay.note(error.message);
      this.emit('failure', error);
    });
  }

  /** Saves the frame shown, without the HUD, as PNG: 16 bits per sample if the frame has more than 8. */
  async screenshot(path?: string): Promise<string> {
    const { shown, overlay } = this.#scene;
    if (shown === undefined) {
      throw new FramelaneError('ERR_INVALID_ARGUMENT', 'screenshot: no frame has been shown yet');
    }
    const { screenshots = '.' } = this.#options;
    const target = path ?? screenshotPath(screenshots, this.player.info.path, shown.timestamp);
    await saveFrame(shown.frame, target);
    overlay.note(`saved ${target}`);
    return target;
  }

  /** What the window shows, with the HUD and whatever `onFrame` draws. */
  readPixels(): WindowPixels {
    return this.#scene.readPixels();
  }

  #use(live: LivePipeline): void {
    const used = this.#target.setPipeline(live.pipeline).then(() => {
      if (live.error === undefined) this.#scene.overlay.clearError(live.path);
    });
    this.#supervise(used);
  }

  /** Reports a failure of work that nobody waits for; the preview goes on unless the failure is a bug. */
  #supervise(
    work: Promise<unknown>,
    report = (error: FramelaneError) =>
      this.#fail(this.pipeline?.path ?? this.player.info.path, error),
  ): void {
    const { overlay } = this.#scene;
    const handled = work.catch((error: unknown) => {
      const isReported = error === this.player.failure; // by its event
      if (isReported || this.#isClosed() || this.player.closed) return;
      if (!(error instanceof FramelaneError)) this.#end(error);
      else if (error.code === 'ERR_UNSUPPORTED_OP') overlay.note(error.message);
      else report(error);
    });
    void handled.then(() => overlay.touch());
  }

  #fail(title: string, error: FramelaneError): void {
    this.#scene.overlay.showError(title, error);
    this.emit('failure', error);
    if (this.#options.frames !== undefined) this.#end(error); // nobody is there to repair it
  }

  /** A call rather than a comparison: TypeScript would narrow the field across calls that change it. */
  #isClosed(): boolean {
    return this.#isOver;
  }

  #end(error?: unknown): void {
    if (this.#isClosed()) return;
    if (error === undefined && !this.gl.isContextLost()) this.emit('end');
    this.#isOver = true;
    removeFromLoop(this);
    this.#closing = this.#release();
    this.#closing.then(
      () => (error === undefined ? this.#settle.resolve() : this.#settle.reject(error)),
      this.#settle.reject,
    );
  }

  async #release(): Promise<void> {
    this.pipeline?.close();
    try {
      this.#scene.free();
    } finally {
      await this.player.close();
    }
  }

  /** Closes the window and its player. Closing again does nothing. */
  async close(): Promise<void> {
    this.#end();
    await this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
