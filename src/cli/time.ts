/** Times in the notations of FFmpeg: `90`, `90.5`, `1:30`, `00:01:30.5`, `90s`, `1500ms`. */
import { InvalidArgumentError } from 'commander';
import { usageError } from './failure.ts';

const expected = 'a time: seconds (90.5), 1:30, 00:01:30.5, 90s or 1500ms';

/** Seconds; undefined for any other text. Only the largest unit may exceed its range: 90:00 is an hour and a half. */
export function secondsIn(text: string): number | undefined {
  const plain = /^(\d+(?:\.\d*)?|\.\d+)(s|ms)?$/.exec(text);
  if (plain !== null) return Number(plain[1]) / (plain[2] === 'ms' ? 1000 : 1);
  const clock = /^(?:(\d+):)?(\d+):(\d{1,2}(?:\.\d*)?)$/.exec(text);
  if (clock === null) return undefined;
  const [, hours, minutes, seconds] = clock.map(Number) as [number, number, number, number];
  const isLargest = Number.isNaN(hours); // minutes without hours
  const within = seconds < 60 && (isLargest || minutes < 60);
  return within ? (isLargest ? 0 : hours * 3600) + minutes * 60 + seconds : undefined;
}

/** The value of a flag. */
export function time(text: string): number {
  const value = secondsIn(text);
  if (value !== undefined && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`Expected ${expected}.`);
}

/** The value of a flag that is a length of time. */
export function duration(text: string): number {
  const value = time(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a time above 0.');
}

/** The value of an output's option. */
export function timeOption(name: string, text: string): number {
  const value = secondsIn(text);
  if (value !== undefined && Number.isFinite(value)) return value;
  throw usageError(`${name}: expected ${expected}, received "${text}"`);
}
