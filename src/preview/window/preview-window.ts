/** A window that plays a source through a pipeline. */
import { EventEmitter } from 'node:events';
import type { GL } from '../../display/gl.ts';
import { wantedProvider } from '../../display/provider.ts';
import { isSoftwareRenderer } from '../../display/software-renderer.ts';
import type { GLWindow, WindowEvent } from '../../display/window.ts';
import { FramelaneError } from '../../errors/errors.ts';
import { expectOpened } from '../../errors/invalid-argument.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { abortError } from '../../system/abort.ts';
import { requireWithin } from '../../video/input/input.ts';
import { FrameTimes } from '../hud/frame-times.ts';
import { hudStateOf } from '../hud/hud-state-of.ts';
import { type Command, commandFor } from '../hud/keys.ts';
import { Overlay } from '../hud/overlay.ts';
import { LivePipeline } from '../live/live-pipeline.ts';
import { Selection } from '../live/selection.ts';
import type { ShownFrame } from '../player/options.ts';
import { Player } from '../player/player.ts';
import type { PlayerInput } from '../player/preview-input.ts';
import { Canvas } from './canvas.ts';
import { type Controls, perform } from './commands.ts';
import { windowFor } from './open-window.ts';
import {
  checkPreview,
  type PreviewEvents,
  type PreviewOptions,
  playerOptionsOf,
  type WindowPixels,
} from './options.ts';
import { Pointer } from './pointer.ts';
import { addToLoop, type Presentable, removeFromLoop } from './present-loop.ts';
import { drivenSession, type Runs } from './runs.ts';
import { isDeep, saveFrame, screenshotPath } from './screenshot.ts';
import { pixelAspectOf } from './window-size.ts';

/**
 * Plays a source through a pipeline in a window: paced by the frames' own times, with the keys that docs/display.md lists. A
 * window, its `gl` and its player are to be used by the thread that opened it.
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
  /** The file that is followed; undefined where a pipeline was given. */
  readonly pipeline: LivePipeline | undefined;
  /** Settles when the window is closed, by whomever; rejects where it could not go on. */
  readonly closed: Promise<void>;
  waitsForScreen: boolean = false;
  readonly #target: Runs['target'];
  readonly #options: PreviewOptions;
  readonly #canvas: Canvas;
  readonly #overlay = new Overlay();
  readonly #pointer: Pointer;
  readonly #controls: Controls;
  readonly #frameTimes = new FrameTimes();
  /** Whether every frame is shown once, by stepping, rather than when it is due. */
  readonly #steps: boolean;
  #shown: ShownFrame | undefined;
  /** Commands that are being done. */
  #asked = 0;
  /** Why the last frame is not on the screen. */
  #refused: string | undefined;
  #frames = 0;
  #changed: boolean = true;
  #state: 'playing' | 'stepping' | 'finishing' | 'closed' = 'playing';
  #settle = { resolve: () => {}, reject: (_: unknown) => {} };
  #closing: Promise<void> | undefined;

  private constructor(
    window: GLWindow,
    player: Player,
    live: LivePipeline | undefined,
    runs: Runs,
    options: PreviewOptions,
  ) {
    super();
    expectOpened('PreviewWindow', player instanceof Player);
    this.window = window;
    this.player = player;
    this.pipeline = live;
    this.#target = runs.target;
    this.#options = options;
    this.#steps = window.provider === 'headless' && options.frames !== undefined && !player.live;
    this.#canvas = new Canvas(window, options);
    const { presenter } = this.#canvas;
    const { view } = presenter;
    view.pixelAspect = pixelAspectOf(player, options);
    this.#pointer = new Pointer(view);
    this.#overlay.statistics = options.statistics ?? false;
    this.#controls = {
      player,
      window,
      live,
      view,
      overlay: this.#overlay,
      selection: new Selection(live),
      showBefore: (on) => presenter.setBefore(on ? this.#shown?.before : undefined),
      screenshot: () => this.screenshot(),
      quit: () => this.#end(),
    };
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.closed.catch(() => {}); // whoever waits for it sees the rejection
    window.on((event) => this.#handle(event));
    player.on('failure', (error) => this.#fail(player.info.path, error));
    player.on('warning', (warning) => this.emit('warning', warning));
    live?.on('change', () => this.#use(live));
    live?.on('error', (error) => this.#fail(live.path, error));
    if (options.fullscreen) window.fullscreen = true;
    if (this.#steps) player.pause();
    this.#layOut();
    addToLoop(this);
    setImmediate(() => this.#catchUp(runs.applied)); // whoever opened it listens by then
  }

  /** Opens source, pipeline and window; rejects with what is wrong with any of them. */
  static async open(source: PlayerInput, options: PreviewOptions = {}): Promise<PreviewWindow> {
    checkPreview(options);
    const { pipeline, values, from, signal } = options;
    wantedProvider(options.provider); // refused before anything is opened
    const session = drivenSession(source, options);
    const live =
      typeof pipeline === 'string' ? await LivePipeline.open(pipeline, values) : undefined;
    let player: Player | undefined;
    let window: GLWindow | undefined;
    try {
      const stages = live?.pipeline ?? (pipeline as Pick<Pipeline, 'stages'> | undefined);
      if (live !== undefined) await session?.setPipeline(live.pipeline);
      const shown = session === undefined ? stages : undefined;
      player = await Player.open(source, { ...playerOptionsOf(options), pipeline: shown });
      requireWithin(player.info, { from });
      if (from !== undefined) await player.seek(from);
      window = await windowFor(player, options);
      // Deep frames stay as they are, for screenshots.
      if (isSoftwareRenderer(window.gl) && !isDeep(player.shape)) await player.setFormat('rgba');
      window.makeCurrent(); // others have drawn meanwhile
      const runs = { applied: stages, target: session ?? player };
      return new PreviewWindow(window, player, live, runs, options);
    } catch (error) {
      window?.free();
      live?.close();
      await player?.close();
      throw player && signal?.aborted ? abortError(`opening ${player.info.path}`, signal) : error;
    }
  }

  /** What happened while it was being opened. */
  #catchUp(applied: Pick<Pipeline, 'stages'> | undefined): void {
    const { player, pipeline: live } = this;
    if (this.#isClosed()) return;
    if (player.failure !== undefined) this.#fail(player.info.path, player.failure);
    if (live?.error !== undefined) this.#fail(live.path, live.error);
    if (live !== undefined && live.pipeline !== applied) this.#use(live);
  }

  get gl(): GL {
    return this.window.gl;
  }

  /** How many have been presented. */
  get frames(): number {
    return this.#frames;
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
    const next = this.#state === 'finishing' ? undefined : player.frameAt(now);
    if (next !== undefined) this.#take(next, now);
    if (this.#isClosed()) return false;
    if (player.failure === undefined) this.#overlay.forgive(player.info.path);
    this.#updateOverlay(now);
    const drawn = this.#changed;
    if (drawn) this.#draw();
    this.#goOn(next !== undefined);
    return drawn;
  }

  #take(next: ShownFrame, now: number): void {
    this.#shown = next;
    this.#frames++;
    this.#copy(next);
    if (this.player.paused && !this.#steps) this.#frameTimes.interrupt();
    else this.#frameTimes.present(now);
    this.#changed = true;
  }

  /** A frame that no texture can hold is told, once, and the one before stays. */
  #copy(next: ShownFrame): void {
    const title = `window ${this.window.provider}`;
    try {
      this.#canvas.take(next);
      this.#refused = undefined;
      this.#overlay.forgive(title);
    } catch (error) {
      if (!(error instanceof FramelaneError && error.code === 'ERR_INVALID_SIZE')) throw error;
      if (error.message !== this.#refused) this.#fail(title, error);
      this.#refused = error.message;
    }
  }

  #updateOverlay(now: number): void {
    const state = () =>
      hudStateOf({
        ...this.#controls,
        frameTimes: this.#frameTimes,
        steps: this.#steps,
        vsync: this.#canvas.vsync,
      });
    if (this.#overlay.update(now, this.#canvas.presenter, state)) this.#changed = true;
  }

  #draw(): void {
    const drawn = this.#canvas.show(this.#shown?.timestamp ?? 0, this.waitsForScreen);
    this.#changed = false;
    this.emit('frame', drawn);
  }

  /** What a frame, or the last one, leads to. */
  #goOn(isNew: boolean): void {
    if (this.#state !== 'playing' || this.#shown === undefined) return;
    const { player } = this;
    const { frames, loop } = this.#options;
    if (frames !== undefined && this.#frames >= frames) this.#finish();
    else if (this.#steps && isNew) this.#step();
    else if (player.ended && loop && this.#canLoop()) this.#do(player.seek(0));
    else if (player.ended && frames !== undefined) this.#finish();
  }

  #canLoop(): boolean {
    const { live, paused, failure } = this.player;
    return !live && !paused && failure === undefined;
  }

  #step(): void {
    const before = this.player.position;
    this.#state = 'stepping';
    const stepped = this.player.step(1).finally(() => {
      if (this.#state === 'stepping') this.#state = 'playing';
      if (this.player.position !== before || this.#isClosed()) return;
      if (this.#options.loop) this.#do(this.player.seek(0));
      else this.#finish();
    });
    this.#do(stepped);
  }

  /** Ends when the HUD, too, shows the last frame. */
  #finish(): void {
    if (this.#state === 'finishing' || this.#isClosed()) return;
    this.#state = 'finishing';
    this.#overlay.touch();
    this.#updateOverlay(performance.now() / 1000);
    const finished = this.#overlay.settled().then(() => {
      if (this.#isClosed()) return;
      this.window.makeCurrent();
      this.#updateOverlay(performance.now() / 1000);
      this.#draw();
      this.#end();
    });
    this.#do(finished);
  }

  #handle(event: WindowEvent): void {
    if (this.#isClosed()) return; // by an event before this one
    if (event.type === 'resize') this.#layOut();
    else if (event.type === 'key') {
      const command = commandFor(event);
      // A key that is held down asks no faster than it can be done.
      if (command !== undefined && !(event.repeat && this.#asked > 0)) this.perform(command);
    } else if (this.#pointer.handle(event, this.window)) this.#changed = true;
  }

  #layOut(): void {
    const { width, height, contentScale } = this.window;
    this.#canvas.presenter.view.scale = contentScale;
    this.#overlay.resize(width, height, contentScale);
    this.#changed = true;
  }

  /** Does what a key does. */
  perform(command: Command): void {
    this.#changed = true;
    this.#frameTimes.interrupt();
    if (!this.#isClosed()) this.window.makeCurrent(); // it may be called between those of other windows
    this.#asked++;
    const done = perform(this.#controls, command).finally(() => {
      this.#asked--;
    });
    this.#do(done, (error) => {
      this.#overlay.note(error.message);
      this.emit('failure', error);
    });
  }

  /** Saves the frame that is shown as its pipeline made it: PNG, of 16 bits where the frame has more than 8. */
  async screenshot(path?: string): Promise<string> {
    if (this.#shown === undefined) {
      throw new FramelaneError('ERR_INVALID_ARGUMENT', 'screenshot: there is no frame yet');
    }
    const { frame, timestamp } = this.#shown;
    const { screenshots = '.' } = this.#options;
    const target = path ?? screenshotPath(screenshots, this.player.info.path, timestamp);
    await saveFrame(frame, target);
    this.#overlay.note(`saved ${target}`);
    return target;
  }

  /** What the window shows, with all that lies over the picture. */
  readPixels(): WindowPixels {
    return this.#canvas.readPixels(this.#shown?.timestamp ?? 0);
  }

  #use(live: LivePipeline): void {
    const used = this.#target.setPipeline(live.pipeline).then(() => {
      if (live.error === undefined) this.#overlay.forgive(live.path);
    });
    this.#do(used);
  }

  /** What was asked for may fail; that is told, and the preview goes on. */
  #do(
    work: Promise<unknown>,
    tell = (error: FramelaneError) =>
      this.#fail(this.pipeline?.path ?? this.player.info.path, error),
  ): void {
    const told = work.catch((error: unknown) => {
      const isTold = error === this.player.failure;
      if (isTold || this.#isClosed() || this.player.closed) return;
      if (!(error instanceof FramelaneError)) this.#end(error);
      else if (error.code === 'ERR_UNSUPPORTED_OP') this.#overlay.note(error.message);
      else tell(error);
    });
    void told.then(() => this.#overlay.touch());
  }

  #fail(title: string, error: FramelaneError): void {
    this.#overlay.fail(title, error);
    this.emit('failure', error);
    if (this.#options.frames !== undefined) this.#end(error); // nobody is there to mend it
  }

  /** A call of its own, because it may be closed while something else is waited for. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #end(error?: unknown): void {
    if (this.#isClosed()) return;
    if (error === undefined && !this.gl.isContextLost()) this.emit('end');
    this.#state = 'closed';
    removeFromLoop(this);
    this.#closing = this.#release();
    this.#closing.then(
      () => (error === undefined ? this.#settle.resolve() : this.#settle.reject(error)),
      this.#settle.reject,
    );
  }

  async #release(): Promise<void> {
    this.pipeline?.close();
    this.#overlay[Symbol.dispose]();
    try {
      this.#canvas.free();
    } finally {
      await this.player.close();
    }
  }

  /** Closes the window and ends what plays in it. Closing again does nothing. */
  async close(): Promise<void> {
    this.#end();
    await this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
