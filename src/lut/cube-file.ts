/** .cube files: Adobe Cube LUT Specification 1.0, and the input ranges that DaVinci Resolve writes instead of a domain. */

import { describeValue, FramelaneError, reasonOf } from '../errors/errors.ts';
import { checkPath } from '../errors/invalid.ts';
import { isFloat } from '../schema/color-value.ts';
import { readWhole } from '../system/read-file.ts';
import { perform } from '../threads/pool.ts';
import { Lut, type LutData, maxLutSize, type Triple } from './lut.ts';

/**
 * Reads a .cube file with a 1-D or a 3-D table. A missing file is ERR_INPUT_NOT_FOUND, a malformed one ERR_INPUT_INVALID
 * with its line.
 *
 * @example
 * Adjust.lut3d(image, await loadLut('film.cube'), { strength: 0.8 })
 */
export async function loadLut(path: string): Promise<Lut> {
  checkPath(path);
  const text = await readText(path);
  return new Lut(await perform('cubeData', cubeData, [text, path], 30 * text.length));
}

/** The largest table is smaller, and JavaScript has no longer strings. */
const mostBytes = 500 << 20;

async function readText(path: string): Promise<string> {
  try {
    return (await readWhole(path, { what: 'a LUT', most: mostBytes })).toString('utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      const message = `${path}: there is no such file`;
      throw new FramelaneError('ERR_INPUT_NOT_FOUND', message, { cause });
    }
    if (cause instanceof FramelaneError) throw cause;
    const reason = reasonOf(cause);
    const message = `${path}: not a readable LUT: ${reason}`;
    throw new FramelaneError('ERR_INPUT_INVALID', message, { cause });
  }
}

/** The table in the text of a .cube file; `path` is for the messages. */
export function cubeData(text: string, path: string): LutData {
  const reader = new CubeReader(path, text.length);
  const lines = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf('\n', start);
    reader.read(lines.slice(start, end === -1 ? undefined : end).trim());
    start = end === -1 ? lines.length : end + 1;
  }
  return reader.finish();
}

/** By the specification. */
const longestLine = 250;
/** The shortest row: `0 0 0` and the end of the line. */
const shortestRow = 6;

/** Parses line by line: first keywords, then the rows of the table. */
class CubeReader {
  readonly #path: string;
  readonly #length: number;
  /** The keywords read so far, with their lines. */
  readonly #keywords = new Map<string, number>();
  #line = 0;
  #title: string | undefined;
  #dimensions: 1 | 3 = 3;
  #size = 0;
  #domainMin: Triple = [0, 0, 0];
  #domainMax: Triple = [1, 1, 1];
  #count = 0;
  #entries = new Float32Array();
  #filled = 0;

  constructor(path: string, length: number) {
    this.#path = path;
    this.#length = length;
  }

  read(line: string): void {
    this.#line++;
    if (line === '' || line.startsWith('#')) return;
    if (line.length > longestLine) {
      throw this.#invalid(`a line of at most ${longestLine} characters`, `${line.length}`);
    }
    const fields = line.split(/\s+/);
    const [first = '', ...values] = fields;
    if (/^[A-Za-z_]/.test(first)) this.#keyword(first, values, line);
    else this.#row(fields, line);
  }

  finish(): LutData {
    if (this.#size === 0) throw this.#invalid('LUT_3D_SIZE or LUT_1D_SIZE', 'the end of the file');
    if (this.#filled < this.#count) {
      throw this.#invalid(`${this.#rows()} rows`, `the end of the file after ${this.#filled / 3}`);
    }
    return {
      title: this.#title,
      dimensions: this.#dimensions,
      size: this.#size,
      domainMin: this.#domainMin,
      domainMax: this.#domainMax,
      entries: this.#entries,
    };
  }

  #keyword(name: string, values: readonly string[], line: string): void {
    if (this.#filled > 0) throw this.#invalid('a row of the table', this.#shown(line));
    if (this.#keywords.has(name)) throw this.#invalid(`${name} once`, 'a second one');
    this.#keywords.set(name, this.#line);
    switch (name) {
      case 'TITLE':
        this.#title = this.#quoted(line);
        break;
      case 'LUT_1D_SIZE':
        this.#setSize(1, values);
        break;
      case 'LUT_3D_SIZE':
        this.#setSize(3, values);
        break;
      case 'DOMAIN_MIN':
        this.#domainMin = this.#triple(values);
        break;
      case 'DOMAIN_MAX':
        this.#domainMax = this.#triple(values);
        break;
      case 'LUT_1D_INPUT_RANGE':
      case 'LUT_3D_INPUT_RANGE': {
        const [min, max] = this.#numbers(values, 'two numbers', 2) as [number, number];
        this.#domainMin = [min, min, min];
        this.#domainMax = [max, max, max];
        break;
      }
      default: {
        const known = 'TITLE, DOMAIN_MIN, DOMAIN_MAX, LUT_1D_SIZE or LUT_3D_SIZE';
        throw this.#invalid(`${known} or a row of the table`, this.#shown(name));
      }
    }
  }

  #quoted(line: string): string {
    const title = /^TITLE\s+"([^"]*)"$/.exec(line)?.[1];
    if (title === undefined) throw this.#invalid('a title in quotes', this.#shown(line));
    return title;
  }

  #setSize(dimensions: 1 | 3, values: readonly string[]): void {
    if (this.#size !== 0) {
      throw this.#invalid('one table', 'both LUT_1D_SIZE and LUT_3D_SIZE, which is not supported');
    }
    const most = maxLutSize[dimensions];
    const text = values.join(' ');
    const size = /^\d+$/.test(text) ? Number(text) : 0;
    if (size < 2 || size > most) {
      throw this.#invalid(`an integer from 2 to ${most}`, this.#shown(text));
    }
    this.#dimensions = dimensions;
    this.#size = size;
    this.#count = 3 * size ** dimensions;
    // The size may claim more rows than the file can hold.
    const room = 3 * Math.ceil(this.#length / shortestRow);
    this.#entries = new Float32Array(Math.min(this.#count, room));
  }

  #row(fields: readonly string[], line: string): void {
    if (this.#size === 0) {
      throw this.#invalid('LUT_3D_SIZE or LUT_1D_SIZE before the table', this.#shown(line));
    }
    if (this.#filled === 0) this.#checkDomain();
    if (this.#filled === this.#count) {
      throw this.#invalid(`the end after ${this.#rows()} rows`, this.#shown(line));
    }
    this.#entries.set(this.#triple(fields), this.#filled);
    this.#filled += 3;
  }

  /** Blames the later of the two bounds. */
  #checkDomain(): void {
    const [min, max] = [this.#domainMin, this.#domainMax];
    if (max.every((bound, i) => bound > (min[i] as number))) return;
    const lines = [...this.#keywords].filter(([name]) => /DOMAIN|RANGE/.test(name));
    const received = `${describeValue(min)} to ${describeValue(max)}`;
    const line = Math.max(...lines.map(([, at]) => at));
    throw this.#invalid('a domain whose maximum is above its minimum', received, line);
  }

  #rows(): string {
    return Array.from({ length: this.#dimensions }, () => this.#size).join(' x ');
  }

  #triple(fields: readonly string[]): Triple {
    return this.#numbers(fields, 'three numbers', 3) as unknown as Triple;
  }

  #numbers(fields: readonly string[], expected: string, count: number): number[] {
    const numbers = fields.map((field) =>
      /^[-+.\deE]+$/.test(field) ? Number(field) : Number.NaN,
    );
    if (numbers.length === count && numbers.every(isFloat)) return numbers;
    throw this.#invalid(expected, this.#shown(fields.join(' ')));
  }

  /** A file without any of the keywords is never quoted: it may be any file. */
  #shown(text: string): string {
    const isTable = [...this.#keywords.keys()].some((name) => /^(LUT|DOMAIN)_/.test(name));
    return isTable ? describeValue(text) : 'something else';
  }

  #invalid(expected: string, received: string, line = this.#line): FramelaneError {
    const message = `${this.#path}:${line}: expected ${expected}, received ${received}`;
    return new FramelaneError('ERR_INPUT_INVALID', message);
  }
}
