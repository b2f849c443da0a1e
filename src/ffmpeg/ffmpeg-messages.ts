/** The messages of an FFmpeg on stderr, line by line: its errors, and the picture sizes and formats its filters expect. */
import { ErrorTally, type Speaker } from './error-tally.ts';

// With `-loglevel level+…` a line is `[part @ 0x55d5] [error] text`; FFmpeg 7 prints several parts, 4 and 5 at most one.
const leveled =
  /^((?:\[[^\]]*\] )*)\[(panic|fatal|error|warning|info|verbose|debug|trace)\] ?(.*)$/;
const address = / @ 0x[0-9a-f]+(?=\])/g;
const serious = ['panic', 'fatal', 'error'];
// AV_LOG_FORCE_COLOR in our environment colours the lines, which is meant for a terminal.
const colors = /\p{Cc}\[[\d;]*m/gu;
// Every thread of FFmpeg 7 prints one of these when it ends because of an error that was printed before.
const aftermath =
  /(?:^|\] )(?:Task finished with error code|Terminating thread with return code|Could not open encoder before EOF|Nothing was written into output file|Error sending frames to consumers|Conversion failed!)/;
const lineLimit = 1000;
const firstLines = 3;
const lastLines = 5;

export class FfmpegMessages {
  readonly #onLine: ((line: string) => void) | undefined;
  #unfinished = '';
  /** The level of the last message; undefined until the first line that has one. */
  #level: string | undefined;
  readonly #errors = new ErrorTally();
  readonly #first: string[] = [];
  #last: string[] = [];
  #aftermath: string | undefined;
  readonly #pictures: string[] = [];

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(text: string): void {
    const lines = (this.#unfinished + text).split(/[\r\n]+/);
    this.#unfinished = (lines.pop() ?? '').slice(0, lineLimit); // the head has the level
    for (const line of lines) this.#take(line);
  }

  /** Takes the last line, which may lack a newline. */
  end(): void {
    this.#take(this.#unfinished);
    this.#unfinished = '';
  }

  /** The first lines, which name the cause of a failure, and the last ones. */
  get last(): string {
    const lines = [...this.#first, ...this.#last, this.#unfinished].filter((line) => line !== '');
    return lines.length === 0 ? (this.#aftermath ?? '') : lines.join('\n');
  }

  /** A summary of the errors from the sources that matter; undefined where they have none. */
  summary(matters: (speaker: Speaker) => boolean = () => true): string | undefined {
    return this.#errors.summary(matters);
  }

  /** Size and pixel format of the pictures, `64x48 yuv420p`, with an entry for each change. */
  get pictures(): readonly string[] {
    return this.#pictures;
  }

  #take(text: string): void {
    const line = text.replaceAll(colors, '');
    if (line.trim() === '' || /^ {4}Last message repeated/.test(line)) return;
    this.#onLine?.(line);
    const [, parts = '', level, said = ''] = leveled.exec(line) ?? [];
    if (level === undefined) {
      if (this.#level === undefined) this.#takeError('', line);
      else this.#goOn(line, this.#level);
      return;
    }
    // Lines before FFmpeg's first message come from the dynamic linker, a wrapper or a library.
    if (this.#level === undefined) this.#errors.forget();
    this.#level = level;
    if (serious.includes(level)) this.#takeError(parts, said);
    else this.#takePicture(said);
  }

  /** A line without a level: the rest of a message, or the last words of a program that crashes. */
  #goOn(line: string, level: string): void {
    const ofError = serious.includes(level);
    if (ofError) this.#errors.goOn(line);
    if (ofError || (level !== 'warning' && !line.startsWith(' '))) this.#keep(line);
  }

  #takeError(parts: string, text: string): void {
    const said = (parts + text).replaceAll(address, '');
    if (aftermath.test(said)) {
      this.#aftermath ??= said.slice(0, lineLimit);
      return;
    }
    const [, part = ''] = /\[([^\]@]*)[^\]]*\] $/.exec(parts) ?? [];
    this.#errors.add(said, { part: part.trim(), early: this.#pictures.length === 0 });
    this.#keep(said);
  }

  #keep(text: string): void {
    const line = text.slice(0, lineLimit);
    if (this.#first.length < firstLines) this.#first.push(line);
    else this.#last = [...this.#last, line].slice(-lastLines);
  }

  #takePicture(text: string): void {
    const [, width, height, format] = /^w:(\d+) h:(\d+) pixfmt:(\w+) /.exec(text) ?? [];
    if (format === undefined) return;
    const picture = `${width}x${height} ${format}`;
    if (picture !== this.#pictures.at(-1)) this.#pictures.push(picture);
  }
}
