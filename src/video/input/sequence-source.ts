/** Image sequences as sources: `frames/%04d.png`. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FramelaneError } from '../../errors/errors.ts';
import type { Rational } from '../format/rational.ts';
import type { InputSource } from '../format/source.ts';

const placeholder = /%(0\d+)?d/;

/** The sequence named with `%d` or `%04d`, whatever number it starts at; undefined for other names. */
export async function findSequenceSource(
  path: string,
  rate: Rational,
): Promise<InputSource | undefined> {
  const pattern = basename(path);
  const parts = pattern.split(placeholder);
  const [before = '', width, after = ''] = parts;
  if (!placeholder.test(pattern)) return undefined;
  const invalid = (reason: string) => new FramelaneError('ERR_INPUT_INVALID', `${path}: ${reason}`);
  if (parts.length > 3) {
    throw invalid('expected one number in the names of an image sequence, received more');
  }
  const numbers = await numbersIn(dirname(path), before, Number(width ?? 1), after);
  const [start] = numbers;
  if (start === undefined) {
    throw new FramelaneError('ERR_INPUT_NOT_FOUND', `${path}: no file has a name of that pattern`);
  }
  const gap = numbers.findIndex((number, index) => number !== start + index);
  if (gap !== -1) {
    throw invalid(
      `expected pictures from ${start} to ${numbers.at(-1)}, but number ${start + gap} is missing`,
    );
  }
  // FFmpeg would read a % elsewhere in the path as another placeholder.
  const literal = (part: string) => part.replaceAll('%', '%%');
  const name = `${literal(before)}%${width ?? ''}d${literal(after)}`;
  return {
    path,
    url: `file:${join(literal(dirname(path)), name)}`,
    options: ['-f', 'image2', '-framerate', `${rate.num}/${rate.den}`, '-start_number', `${start}`],
    warnings: [],
  };
}

async function numbersIn(
  folder: string,
  before: string,
  width: number,
  after: string,
): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .map((name) => name.slice(before.length, name.length - after.length))
    .filter((digits) => /^\d+$/.test(digits) && digits === `${Number(digits)}`.padStart(width, '0'))
    .map(Number)
    .sort((a, b) => a - b);
}
