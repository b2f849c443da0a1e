/** What an FFmpeg says on stderr, line by line: its errors, and the pictures its filters were told to expect. */

// With `-loglevel level+…` a line is `[part @ 0x55d5] [error] text`: FFmpeg 7 has several parts, 4 and 5 have one or none.
const leveled =
  /^((?:\[[^\]]*\] )*)\[(panic|fatal|error|warning|info|verbose|debug|trace)\] ?(.*)$/;
const serious = ['panic', 'fatal', 'error'];
// AV_LOG_FORCE_COLOR in our environment is meant for a terminal.
const colors = /\p{Cc}\[[\d;]*m/gu;
const lineLimit = 1000;
const firstLines = 3;
const lastLines = 8;

export class FfmpegMessages {
  readonly #onLine: ((line: string) => void) | undefined;
  #unfinished = '';
  #errors = 0;
  /** That of the message before; undefined as long as lines come without one. */
  #level: string | undefined;
  readonly #first: string[] = [];
  #last: string[] = [];
  readonly #pictures: string[] = [];

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const lines = (this.#unfinished + text).split(/[\r\n]+/);
    this.#unfinished = (lines.pop() ?? '').slice(0, lineLimit); // the head has the level
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

  #take(text: string): void {
    const line = text.replaceAll(colors, '');
    if (line.trim() === '' || /^ {4}Last message repeated/.test(line)) return;
    this.#onLine?.(line);
    const [, parts = '', level, said = ''] = leveled.exec(line) ?? [];
    if (level === undefined && this.#level !== undefined) {
      this.#goOn(line, this.#level);
      return;
    }
    if (level !== undefined && this.#level === undefined) this.#forgetOthers();
    this.#level = level;
    if (level === undefined || serious.includes(level))
      this.#takeError(level === undefined ? line : parts + said);
    else this.#takePicture(said);
  }

  /** A line without a level: the rest of a message, or the end of a program that crashes. */
  #goOn(line: string, level: string): void {
    const rest = serious.includes(level);
    if (rest || (level !== 'warning' && !line.startsWith(' '))) this.#keepLast(line);
    const started = rest && this.#errors <= firstLines ? this.#first.pop() : undefined;
    if (started !== undefined) this.#first.push(`${started} ${line.trim()}`.slice(0, lineLimit));
  }

  /** What came before FFmpeg's first words is from the dynamic linker, a wrapper or a library. */
  #forgetOthers(): void {
    this.#errors = 0;
    this.#first.length = 0;
  }

  #takeError(text: string): void {
    const said = text.replaceAll(/ @ 0x[0-9a-f]+\]/g, ']');
    this.#errors++;
    if (this.#first.length < firstLines) this.#first.push(said.slice(0, lineLimit));
    this.#keepLast(said);
  }

  #keepLast(line: string): void {
    this.#last = [...this.#last, line.slice(0, lineLimit)].slice(-lastLines);
  }

  #takePicture(text: string): void {
    const [, width, height, format] = /^w:(\d+) h:(\d+) pixfmt:(\w+) /.exec(text) ?? [];
    if (format === undefined) return;
    const picture = `${width}x${height} ${format}`;
    if (picture !== this.#pictures.at(-1)) this.#pictures.push(picture);
  }
}
