/** A window that plays a source through a pipeline. */
import { EventEmitter } from 'node:events';
import type { GL } from '../display/gl.ts';
import { Presenter } from '../display/presenter.ts';
import { openWindow } from '../display/provider.ts';
import type { GLWindow, ProviderName, WindowEvent } from '../display/window.ts';
import { FramelaneError } from '../errors.ts';
import type { Pipeline } from '../pipeline.ts';
import type { VariableValues } from '../pipeline-file.ts';
import { toNumber } from '../video/rational.ts';
import { FrameTimes } from './frame-times.ts';
import type { GeneratedInput } from './generated.ts';
import { Hud } from './hud.ts';
import { hudStateOf } from './hud-state-of.ts';
import { type Command, commandFor } from './keys.ts';
import { LivePipeline } from './live-pipeline.ts';
import { Player } from './player.ts';
import type { PlayerOptions, ShownFrame } from './player-options.ts';
import { Pointer } from './pointer.ts';
import { addToLoop, type Presentable, removeFromLoop } from './present-loop.ts';
import { saveFrame, screenshotPath } from './screenshot.ts';
import { nextSpeed } from './speeds.ts';

export interface PreviewOptions extends Omit<PlayerOptions, 'pipeline' | 'format'> {
  /** A pipeline, or the path of a pipeline file, which is followed: what is saved there is seen at the next frame. */
  readonly pipeline?: string | Pick<Pipeline, 'stages'> | undefined;
  /** Values for the variables of a pipeline file. */
  readonly values?: VariableValues | undefined;
  /** `auto` by default: the first that works of `raub`, `system` and, where FRAMELANE_WINDOW names it, `headless`. */
  readonly provider?: ProviderName | 'auto' | undefined;
  /** Of the window, in its units; by default the picture's size, as far as it fits into 1600x900. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly title?: string | undefined;
  /** Whether the window waits for the screen; true by default. */
  readonly vsync?: boolean | undefined;
  readonly fullscreen?: boolean | undefined;
  /** Whether the statistics are shown from the start. */
  readonly statistics?: boolean | undefined;
  /** Seconds from the start of the source at which it begins. */
  readonly from?: number | undefined;
  /** Starts again at the end. */
  readonly loop?: boolean | undefined;
  /** Closes after as many frames; without a clock, where nobody watches: each frame of the source once. */
  readonly frames?: number | undefined;
  /** Where `s` puts its pictures; the current folder by default. */
  readonly screenshots?: string | undefined;
  /** Draws over each frame, and below the HUD's next change, with the window's context, in framebuffer pixels. */
  readonly onFrame?: ((gl: GL, frame: DrawnFrame) => void) | undefined;
}

export interface DrawnFrame {
  /** Of the framebuffer. */
  readonly width: number;
  readonly height: number;
  /** Seconds from the start of the source. */
  readonly timestamp: number;
}

/** RGBA of 8 bits, the top row first. */
export interface WindowPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface PreviewEvents {
  /** A frame is on its way to the screen. */
  frame: [DrawnFrame];
  warning: [string];
  /** What went wrong without ending the preview: a pipeline file that is none, a source that broke off. */
  failure: [FramelaneError];
  /** The last frame is on the screen, and `readPixels` works for the last time. */
  end: [];
}

const largest = { width: 1600, height: 900 };
/** Seconds that a note stays. */
const noteTime = 2;

/**
 * Plays a source through a pipeline in a window: paced by the frames' own times, with the keys that docs/display.md lists.
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
  waitsForScreen = false;
  readonly #options: PreviewOptions;
  readonly #presenter: Presenter;
  readonly #hud = new Hud();
  readonly #pointer: Pointer;
  readonly #frameTimes = new FrameTimes();
  readonly #unpaced: boolean;
  #shown: ShownFrame | undefined;
  #count = 0;
  #changed = true;
  #statistics: boolean;
  #help = false;
  #selected = 0;
  #note: { readonly text: string; readonly until: number } | undefined;
  #error: { readonly title: string; readonly message: string } | undefined;
  #stepping = false;
  #finishing = false;
  #vsync: boolean | undefined;
  #settle = { resolve: () => {}, reject: (_: unknown) => {} };
  #closing: Promise<void> | undefined;

  private constructor(
    window: GLWindow,
    player: Player,
    live: LivePipeline | undefined,
    options: PreviewOptions,
  ) {
    super();
    this.window = window;
    this.player = player;
    this.pipeline = live;
    this.#options = options;
    this.#unpaced = window.provider === 'headless' && options.frames !== undefined && !player.live;
    this.#statistics = options.statistics ?? false;
    this.#presenter = new Presenter(window.gl);
    this.#presenter.view.pixelAspect = pixelAspectOf(player, options);
    this.#pointer = new Pointer(this.#presenter.view);
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.closed.catch(() => {}); // whoever waits for it sees the rejection
    window.on((event) => this.#handle(event));
    player.on('failure', (error) => this.#fail(player.info.path, error));
    player.on('warning', (warning) => this.emit('warning', warning));
    live?.on('change', (pipeline) => this.#use(pipeline));
    live?.on('error', (error) => this.#fail(live.path, error));
    this.#layOut();
    if (options.fullscreen) window.fullscreen = true;
    if (this.#unpaced) player.pause();
    addToLoop(this);
  }

  /** Opens source, pipeline and window; rejects with what is wrong with any of them. */
  static async open(
    source: string | GeneratedInput,
    options: PreviewOptions = {},
  ): Promise<PreviewWindow> {
    const { pipeline, values, ...playing } = options;
    const live =
      typeof pipeline === 'string' ? await LivePipeline.open(pipeline, values) : undefined;
    let player: Player | undefined;
    try {
      const stages = live?.pipeline ?? (pipeline as Pick<Pipeline, 'stages'> | undefined);
      player = await Player.open(source, { ...playing, pipeline: stages });
      if (options.from !== undefined) await player.seek(options.from);
      const window = await openWindow(windowOptions(player, options));
      return new PreviewWindow(window, player, live, options);
    } catch (error) {
      live?.close();
      await player?.close();
      throw error;
    }
  }

  get gl(): GL {
    return this.window.gl;
  }

  /** Frames that have been presented. */
  get frames(): number {
    return this.#count;
  }

  /** Of the loop; not for others to call. */
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
    if (window.closed || this.#closing !== undefined) {
      this.#end();
      return false;
    }
    const next = this.#finishing ? undefined : player.frameAt(now);
    if (next !== undefined) this.#take(next, now);
    this.#updateHud(now);
    if (this.#changed) this.#draw();
    const drawn = this.#changed;
    this.#changed = false;
    if (next !== undefined) this.#count++;
    this.#goOn(next !== undefined);
    return drawn;
  }

  #take(next: ShownFrame, now: number): void {
    this.#shown = next;
    this.#presenter.setFrame(next.frame);
    if (this.#presenter.view.split !== undefined) this.#presenter.setBefore(next.before);
    if (this.player.paused) this.#frameTimes.interrupt();
    else this.#frameTimes.present(now);
    this.#changed = true;
  }

  #updateHud(now: number): void {
    if (this.#note !== undefined && now > this.#note.until) this.#note = undefined;
    const view = {
      statistics: this.#statistics,
      help: this.#help,
      error: this.#error,
      note: this.#note?.text,
    };
    const { window, player, pipeline: live } = this;
    const subject = {
      window,
      player,
      live,
      frameTimes: this.#frameTimes,
      selected: this.#selected,
    };
    if (!this.#hud.update(now, view, () => hudStateOf(subject))) return;
    this.#presenter.setOverlay(this.#hud.image, this.#hud.margin, this.#hud.margin);
    this.#changed = true;
  }

  #draw(): void {
    const { window } = this;
    const { width, height } = window;
    const vsync = this.waitsForScreen && this.#options.vsync !== false;
    if (vsync !== this.#vsync) window.setVsync(vsync);
    this.#vsync = vsync;
    this.#presenter.draw(width, height);
    const drawn = { width, height, timestamp: this.#shown?.timestamp ?? 0 };
    this.#options.onFrame?.(window.gl, drawn);
    window.swapBuffers();
    this.emit('frame', drawn);
  }

  /** What a frame, or the end, leads to. */
  #goOn(isNew: boolean): void {
    const { player } = this;
    const { frames, loop } = this.#options;
    if (frames !== undefined && this.#count >= frames) return this.#finish();
    if (this.#unpaced && isNew && !this.#stepping) this.#step();
    else if (player.ended && !this.#stepping && this.#shown !== undefined) {
      if (loop && !player.live) this.#do(player.seek(0));
      else if (this.window.provider === 'headless') this.#finish();
    }
  }

  #step(): void {
    const before = this.player.position;
    this.#stepping = true;
    this.#do(
      this.player.step(1).finally(() => {
        this.#stepping = false;
        if (this.player.position === before) this.#finish();
      }),
    );
  }

  /** Ends when the HUD, too, shows the last frame. */
  #finish(): void {
    if (this.#finishing) return;
    this.#finishing = true;
    this.#hud.touch();
    this.#updateHud(performance.now() / 1000);
    this.#do(
      this.#hud.settled().then(() => {
        this.window.makeCurrent();
        this.#updateHud(performance.now() / 1000);
        this.#draw();
        this.#end();
      }),
    );
  }

  #handle(event: WindowEvent): void {
    if (event.type === 'resize') this.#layOut();
    if (event.type === 'key') {
      const command = commandFor(event);
      if (command !== undefined) this.run(command);
    } else if (this.#pointer.handle(event, this.window)) this.#changed = true;
  }

  #layOut(): void {
    const { width, height, scale } = this.window;
    this.#presenter.view.scale = scale;
    this.#hud.resize(width, height, scale);
    this.#changed = true;
  }

  /** Does what a key does. */
  run(command: Command): void {
    const { player, window } = this;
    const { view } = this.#presenter;
    this.#changed = true;
    this.#hud.touch();
    switch (command.type) {
      case 'togglePause':
        if (player.paused) player.play();
        else player.pause();
        return;
      case 'seekBy':
        return this.#do(player.seek(player.position + command.seconds));
      case 'seekTo':
        return this.#do(player.seek(command.seconds));
      case 'stepFrames':
        return this.#do(player.step(command.frames));
      case 'changeSpeed':
        return this.#do(this.#changeSpeed(command.steps));
      case 'screenshot':
        return this.#do(this.screenshot());
      case 'toggleSplit':
        view.split = view.split === undefined ? 0.5 : undefined;
        this.#presenter.setBefore(view.split === undefined ? undefined : this.#shown?.before);
        return;
      case 'toggleHud':
        this.#statistics = !this.#statistics;
        return;
      case 'toggleHelp':
        this.#help = !this.#help;
        return;
      case 'toggleFullscreen':
        window.fullscreen = !window.fullscreen;
        return;
      case 'nextViewMode':
        view.mode = { fit: 'fill', fill: 'actual', actual: 'fit' }[view.mode] as typeof view.mode;
        return this.note(`view: ${view.mode === 'actual' ? '100 %' : view.mode}`);
      case 'resetView':
        return view.reset();
      case 'zoom':
        return view.zoomAt(window.width / 2, window.height / 2, command.factor);
      case 'toggleStage':
        return this.#edit((live) => live.toggleStage(command.index));
      case 'selectParameter':
        return this.#edit((live) => this.#select(live, command.steps));
      case 'changeParameter':
        return this.#edit((live) => live.change(this.#selectedName(live), command.steps));
      case 'resetParameter':
        return this.#edit((live) => live.reset(this.#selectedName(live)));
      case 'save':
        return this.#edit(async (live) => {
          await live.save();
          this.note(`written to ${live.path}`);
        });
      case 'leave':
        if (window.fullscreen) window.fullscreen = false;
        else this.#end();
        return;
      case 'quit':
        return this.#end();
    }
    command satisfies never;
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
    this.note(`saved ${target}`);
    return target;
  }

  /** What the window shows, HUD included. */
  readPixels(): WindowPixels {
    const { width, height } = this.window;
    this.window.makeCurrent();
    this.#presenter.draw(width, height);
    return { width, height, data: this.#presenter.readPixels(width, height) };
  }

  /** Shows a line of text for two seconds. */
  note(text: string): void {
    this.#note = { text, until: performance.now() / 1000 + noteTime };
    this.#hud.touch();
  }

  async #changeSpeed(steps: 1 | -1): Promise<void> {
    const { player } = this;
    player.speed = nextSpeed(player.speed, steps);
    this.#frameTimes.interrupt();
    this.note(`speed: ${player.speed}×`);
  }

  #edit(change: (live: LivePipeline) => Promise<void>): void {
    if (this.pipeline !== undefined) this.#do(change(this.pipeline));
    else this.note('the pipeline was made by a program: nothing can be changed here');
  }

  async #select(live: LivePipeline, steps: number): Promise<void> {
    const count = live.parameters.length;
    if (count > 0) this.#selected = (this.#selected + steps + count) % count;
    this.#statistics = true; // where the selection is seen
  }

  #selectedName(live: LivePipeline): string {
    this.#selected = Math.min(this.#selected, Math.max(0, live.parameters.length - 1));
    return live.parameters[this.#selected]?.name ?? '';
  }

  #use(pipeline: Pick<Pipeline, 'stages'>): void {
    this.#do(
      this.player.setPipeline(pipeline).then(() => {
        this.#error = undefined;
      }),
    );
  }

  /** What a key asks for may fail; that is told, and the preview goes on. */
  #do(work: Promise<unknown>): void {
    work
      .catch((error: unknown) => {
        if (this.#closing !== undefined) return;
        if (!(error instanceof FramelaneError)) return this.#end(error);
        if (error.code === 'ERR_UNSUPPORTED_OP') this.note(error.message);
        else this.#fail(this.pipeline?.path ?? this.player.info.path, error);
      })
      .finally(() => this.#hud.touch());
  }

  #fail(title: string, error: FramelaneError): void {
    this.#error = { title, message: error.message };
    this.#hud.touch();
    this.emit('failure', error);
    if (this.#options.frames !== undefined) this.#end(error); // nobody is there to see it
  }

  #end(error?: unknown): void {
    removeFromLoop(this);
    if (this.#closing === undefined && error === undefined) this.emit('end');
    this.#closing ??= this.#release();
    this.#closing.then(
      () => (error === undefined ? this.#settle.resolve() : this.#settle.reject(error)),
      this.#settle.reject,
    );
  }

  async #release(): Promise<void> {
    this.pipeline?.close();
    this.#hud.free();
    this.window.makeCurrent();
    this.#presenter.free();
    this.window.free();
    await this.player.close();
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

function pixelAspectOf({ info }: Player, { squarePixels }: PreviewOptions): number {
  return squarePixels ? 1 : toNumber(info.sampleAspectRatio);
}

function windowOptions(player: Player, options: PreviewOptions) {
  const { provider = 'auto', vsync, title, frames } = options;
  const picture = player.shape;
  const wide = picture.width * pixelAspectOf(player, options);
  const fits =
    provider === 'headless' && frames !== undefined
      ? 1
      : Math.min(1, largest.width / wide, largest.height / picture.height);
  const { width, height } = options;
  const share =
    width !== undefined ? width / wide : height !== undefined ? height / picture.height : fits;
  return {
    provider,
    vsync,
    title: title ?? `${player.info.path} – framelane`,
    width: width ?? Math.max(1, Math.round(wide * share)),
    height: height ?? Math.max(1, Math.round(picture.height * share)),
  };
}
