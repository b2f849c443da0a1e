/** The heads-up display (HUD): statistics, help and errors over the picture. */
import type { ImageU8 } from '../../image/image.ts';
import { lineColumns } from './columns.ts';
import { HudCanvas } from './hud-canvas.ts';
import type { HudState, HudView } from './hud-state.ts';
import { leftOutFirst, type Section, sectionsOf } from './sections.ts';
import { drawStrip, type Strip } from './strip.ts';
import { cellOf } from './text.ts';

/** Seconds between updates of the numbers. */
const period = 0.2;

/** The pixels of a section, and a key of what they show. */
interface Drawn {
  readonly key: string;
  readonly strip: Strip;
}

/**
 * Draws into one image that is reused. Other threads render the text; an update without changes costs almost nothing.
 *
 * @example
 * using hud = new Hud()
 * if (hud.update(now, view, () => state)) presenter.setOverlay(hud.image, hud.margin, hud.margin)
 */
export class Hud implements Disposable {
  readonly #canvas = new HudCanvas();
  readonly #drawn = new Map<string, Drawn>();
  /** Sections that are being drawn. */
  readonly #pending = new Map<string, Promise<void>>();
  /** Newer versions of sections that are being drawn, with their columns. */
  readonly #behind = new Map<string, readonly [Section, number]>();
  /** Counts events that may change the image; `#composed` is the count at the last composition. */
  #version = 0;
  #composed = 0;
  #wanted: readonly string[] = [];
  #view: HudView | undefined;
  #next = -Infinity;
  #size = 13;
  #height = Infinity;
  #failure: unknown;

  /** The overlay, with straight alpha, on the CPU; undefined if nothing is shown. */
  get image(): ImageU8 | undefined {
    return this.#canvas.image;
  }

  /** Framebuffer pixels between the window's edges and the image. */
  get margin(): number {
    return this.#size;
  }

  /** Fits the text to a framebuffer; `scale` is its pixels per window unit. */
  resize(width: number, height: number, scale = 1): void {
    // A character is 0.602 em wide, in whole pixels, and a line 1.3 em high; the whole HUD has about 36 lines.
    const fits = (size: number) =>
      lineColumns * Math.round(0.602 * size) + 4 * size <= width && 36 * 1.3 * size <= height;
    let size = Math.round(13 * scale);
    while (size > 9 * scale && !fits(size)) size--;
    this.#size = size;
    this.#height = height;
    this.touch();
  }

  /** Makes the next update read the state at once, because the user has acted. */
  touch(): void {
    this.#next = -Infinity;
  }

  /**
   * Called for every frame, `now` in seconds; returns whether `image` or its pixels have changed. Reads `state` only when an
   * update is due and something is shown. Throws the error of an earlier drawing that failed.
   */
  update(now: number, view: HudView, state: () => HudState): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    if (now >= this.#next || !isSameView(view, this.#view)) {
      this.#next = now + period;
      this.#view = view;
      this.#request(view, state);
      this.#version++;
    }
    return this.#version !== this.#composed && this.#compose();
  }

  /** Settles when every requested section is drawn; the next update shows them. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending.values());
  }

  free(): void {
    this.#canvas.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #request(view: HudView, state: () => HudState): void {
    const { statistics, help, error, note } = view;
    const isShown = statistics || help || error !== undefined || note !== undefined;
    const sections = isShown ? sectionsOf(view, state()) : [];
    this.#wanted = sections.map(({ name }) => name);
    const isNoteAlone = sections.length === 1 && sections[0]?.name === 'note';
    const columns = isNoteAlone ? longestLine(sections[0] as Section) : lineColumns;
    for (const section of sections) this.#draw(section, columns);
  }

  #draw(section: Section, columns: number): void {
    const { name } = section;
    const size = this.#size;
    const key = JSON.stringify([size, columns, section]);
    if (this.#pending.has(name)) {
      this.#behind.set(name, [section, columns]);
      return;
    }
    if (this.#drawn.get(name)?.key === key) return;
    const drawing = cellOf(size)
      .then((cell) => drawStrip(section, { size, cell, columns }))
      .then((strip) => {
        this.#drawn.set(name, { key, strip });
        this.#version++;
      })
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => this.#finished(name));
    this.#pending.set(name, drawing);
  }

  #finished(name: string): void {
    this.#pending.delete(name);
    const behind = this.#behind.get(name);
    this.#behind.delete(name);
    if (behind !== undefined) this.#draw(...behind);
  }

  /** Shows the sections once all of them are drawn; until then the last image stays. */
  #compose(): boolean {
    this.#composed = this.#version;
    const strips = this.#wanted.map((name) => this.#drawn.get(name)?.strip);
    const width = strips[0]?.width;
    if (!strips.every((strip) => strip !== undefined && strip.width === width)) return false;
    return this.#canvas.show(this.#fitting());
  }

  /** The strips that fit the height of the window, by importance. */
  #fitting(): Strip[] {
    const room = this.#height - 2 * this.margin;
    let names = this.#wanted;
    const strips = () => names.flatMap((name) => this.#drawn.get(name)?.strip ?? []);
    const height = () => strips().reduce((sum, strip) => sum + strip.height, 0);
    for (const leftOut of leftOutFirst) {
      if (height() > room) names = names.filter((name) => name !== leftOut);
    }
    return strips();
  }
}

function longestLine({ lines }: Section): number {
  return Math.max(...lines.map((line) => line.reduce((sum, { text }) => sum + text.length, 0)));
}

function isSameView(a: HudView, b: HudView | undefined): boolean {
  return (
    a.statistics === b?.statistics &&
    a.help === b.help &&
    a.note === b.note &&
    a.error?.title === b.error?.title &&
    a.error?.message === b.error?.message
  );
}
