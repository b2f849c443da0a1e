/** Counts errors by their source and keeps only the first texts of each, so that a flood of errors takes no memory. */

const keptOfEach = 3;
const keptSpeakers = 50;
const lineLimit = 1000;

export interface Speaker {
  /** FFmpeg's name of the part, without its address: `h264`, `mov,mp4,m4a,3gp,3g2,mj2`; empty for FFmpeg itself. */
  readonly part: string;
  /** Whether it came before the first picture. */
  readonly early: boolean;
}

interface Errors extends Speaker {
  count: number;
  readonly first: { readonly index: number; text: string }[];
}

export class ErrorTally {
  readonly #speakers = new Map<string, Errors>();
  #count = 0;
  #latest: { text: string } | undefined;

  add(text: string, { part, early }: Speaker): void {
    const key = `${early} ${part}`;
    let errors = this.#speakers.get(key);
    if (errors === undefined) {
      if (this.#speakers.size === keptSpeakers) return;
      errors = { part, early, count: 0, first: [] };
      this.#speakers.set(key, errors);
    }
    errors.count++;
    this.#latest = undefined;
    if (errors.first.length === keptOfEach) return;
    const said = { index: this.#count++, text: text.slice(0, lineLimit) };
    errors.first.push(said);
    this.#latest = said;
  }

  /** Adds a further line to the last error. */
  goOn(line: string): void {
    if (this.#latest === undefined) return;
    this.#latest.text = `${this.#latest.text} ${line.trim()}`.slice(0, lineLimit);
  }

  forget(): void {
    this.#speakers.clear();
    this.#latest = undefined;
  }

  /** The first error of each source, because it names the cause; undefined where no source that matters has any. */
  summary(matters: (speaker: Speaker) => boolean): string | undefined {
    const errors = [...this.#speakers.values()].filter(matters);
    if (errors.length === 0) return undefined;
    const parts = new Set<string>();
    const ranked = errors.flatMap(({ part, first }) =>
      first.map((said, turn) => {
        const again = turn > 0 || parts.has(part);
        parts.add(part);
        return { ...said, again };
      }),
    );
    const shown = ranked
      .sort((a, b) => Number(a.again) - Number(b.again) || a.index - b.index)
      .slice(0, keptOfEach)
      .sort((a, b) => a.index - b.index);
    const more = errors.reduce((sum, { count }) => sum + count, 0) - shown.length;
    return shown.map(({ text }) => text).join('; ') + (more > 0 ? `; and ${more} lines more` : '');
  }
}
