/** What an FFmpeg says on stderr, line by line: its errors, and the pictures its filters were told to expect. */

// With `-loglevel level+…` a line is `[part @ 0x55d5] [error] text`; libraries and other programs just write.
const leveled = /^(\[[^\]]*\] )?\[(panic|fatal|error|warning|info|verbose|debug|trace)\] (.*)$/;
const serious = ['panic', 'fatal', 'error'];
const lineLimit = 1000;
const firstLines = 3;
const lastLines = 8;

export class FfmpegMessages {
  readonly #onLine: ((line: string) => void) | undefined;
  #unfinished = '';
  #errors = 0;
  readonly #first: string[] = [];
  #last: string[] = [];
  readonly #pictures: string[] = [];

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const lines = (this.#unfinished + text).split(/[\r\n]+/);
    this.#unfinished = (lines.pop() ?? '').slice(-lineLimit);
    for (const line of lines) this.#take(line);
  }

  /** No more comes. */
  end(): void {
    this.#take(this.#unfinished);
    this.#unfinished = '';
  }

  /** The last lines, for the report of a failure. */
  get last(): string {
    return [...this.#last, this.#unfinished].filter((line) => line !== '').join('\n');
  }

  /** Its errors in short, the first ones because they name the cause; undefined where it said nothing. */
  get summary(): string | undefined {
    if (this.#errors === 0) return undefined;
    const more = this.#errors - this.#first.length;
    return this.#first.join('; ') + (more > 0 ? `; and ${more} lines more` : '');
  }

  /** Size and pixel format of the pictures, once more each time they change: `64x48 yuv420p`. */
  get pictures(): readonly string[] {
    return this.#pictures;
  }

  #take(line: string): void {
    if (line.trim() === '') return;
    this.#onLine?.(line);
    const [, part = '', level, text = ''] = leveled.exec(line) ?? [];
    if (level !== undefined && !serious.includes(level)) {
      this.#takePicture(text);
      return;
    }
    if (/^ {4}Last message repeated/.test(line)) return;
    const said = (level === undefined ? line : part + text).replaceAll(/ @ 0x[0-9a-f]+\]/g, ']');
    this.#errors++;
    if (this.#first.length < firstLines) this.#first.push(said.slice(0, lineLimit));
    this.#last = [...this.#last, said.slice(-lineLimit)].slice(-lastLines);
  }

  #takePicture(text: string): void {
    const [, width, height, format] = /^w:(\d+) h:(\d+) pixfmt:(\w+) /.exec(text) ?? [];
    if (format === undefined) return;
    const picture = `${width}x${height} ${format}`;
    if (picture !== this.#pictures.at(-1)) this.#pictures.push(picture);
  }
}
