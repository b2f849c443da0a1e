/** What becomes of the timecode of a file in an output. */

import type { FileTimecode } from '../format/file-timecode.ts';
import { type Rational, toNumber } from '../format/rational.ts';
import { advance, nominalRate, parseTimecode, recount, timecodeText } from '../format/timecode.ts';
import type { SectionOptions } from '../input/options.ts';
import type { Encoding } from './encoding.ts';

export interface OutputTimecode {
  readonly args: readonly string[];
  readonly warnings: readonly string[];
}

/** MOV and MP4 make a track of it, the others have it as a tag. */
const holding = /^(mov|mp4|m4v|mkv|webm|avi)$/;

/** What an output says of its first frame: `from` frames on, at the rate it is written at. */
export function outputTimecode(
  info: {
    readonly path: string;
    readonly timecode: FileTimecode | undefined;
    readonly frameRate: Rational;
    readonly startTime: number;
    readonly videoStart: number;
    readonly live: boolean;
  },
  { container, kind }: Encoding,
  { from = 0 }: SectionOptions,
  fps: Rational | undefined,
): OutputTimecode {
  const { path, timecode, startTime, videoStart, live } = info;
  if (timecode === undefined || kind === 'picture' || kind === 'sequence') {
    return { args: [], warnings: [] };
  }
  const left = (reason: string): OutputTimecode => ({
    // Tags of the file are copied, and would say it of another frame.
    args: ['-metadata', 'timecode='],
    warnings: [`${path}: its timecode ${timecode.text} is left out, ${reason}`],
  });
  if (!holding.test(container.name)) return left(`${container.name} has no place for one`);
  if (live) return left('a live source is not read from its start');
  const start = parseTimecode(timecode.text, timecode.frameRate);
  const spoken = Number(toNumber(timecode.frameRate).toFixed(3));
  if (start === undefined) return left(`at ${spoken} frames/s no frame has that name`);
  // The frame on display: it may have begun before.
  const before = (from - (videoStart - startTime)) * toNumber(timecode.frameRate);
  const first = advance(start, Math.max(0, Math.floor(before + 0.001)));
  const rate = fps ?? info.frameRate;
  const same = nominalRate(rate) === start.nominal;
  if (nominalRate(rate) < 1) return left('there is less than a frame a second');
  const written = timecodeText(same ? first : recount(first, timecode.frameRate, rate));
  const again = `timecode ${timecodeText(first)} is counted at ${nominalRate(rate)} frames/s: ${written}`;
  return {
    args: ['-metadata', `timecode=${written}`],
    warnings: same ? [] : [`${path}: its ${again}`],
  };
}
