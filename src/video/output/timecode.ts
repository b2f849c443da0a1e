/** The timecode of an output, from that of the input file. */

import type { FileTimecode } from '../format/file-timecode.ts';
import { type Rational, toNumber } from '../format/rational.ts';
import { advance, nominalRate, parseTimecode, recount, timecodeText } from '../format/timecode.ts';
import type { SectionOptions } from '../input/options.ts';
import type { Encoding } from './encoding.ts';

export interface OutputTimecode {
  readonly args: readonly string[];
  readonly warnings: readonly string[];
}

/** Containers with a timecode: a track in MOV and MP4, a tag in the others. */
const holding = /^(mov|mp4|m4v|mkv|webm|avi)$/;

/** The timecode of the output's first frame, `from` seconds into the input, at the output's rate. */
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
    // Cleared, because the copied tag of the file would name the wrong frame.
    args: ['-metadata', 'timecode='],
    warnings: [`${path}: its timecode ${timecode.text} is left out, ${reason}`],
  });
  if (!holding.test(container.name)) return left(`${container.name} cannot store one`);
  if (live) return left('because a live source is not read from its start');
  const start = parseTimecode(timecode.text, timecode.frameRate);
  const spoken = Number(toNumber(timecode.frameRate).toFixed(3));
  if (start === undefined) return left(`because no frame has it at ${spoken} frames/s`);
  // The frame on display at the start of the section may have begun before it.
  const before = (from - (videoStart - startTime)) * toNumber(timecode.frameRate);
  const first = advance(start, Math.max(0, Math.floor(before + 0.001)));
  const rate = fps ?? info.frameRate;
  const same = nominalRate(rate) === start.nominal;
  if (nominalRate(rate) < 1) return left('because the output has less than a frame per second');
  const written = timecodeText(same ? first : recount(first, timecode.frameRate, rate));
  const again = `timecode ${timecodeText(first)} is counted at ${nominalRate(rate)} frames/s: ${written}`;
  return {
    args: ['-metadata', `timecode=${written}`],
    warnings: same ? [] : [`${path}: its ${again}`],
  };
}
