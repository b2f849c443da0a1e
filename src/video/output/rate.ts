/** The constant rate of an output, and the time base that follows from it. */

import { fraction, type Rational, toNumber } from '../format/rational.ts';
import type { SectionOptions } from '../input/options.ts';
import type { VideoInfo } from '../input/probe.ts';
import { encoderTick } from '../input/section.ts';
import type { Encoding } from './encoding.ts';

/** The constant rate that frames are converted to; undefined where each keeps its own time. */
export function constantRateOf(
  encoding: Encoding,
  info: VideoInfo,
  section: SectionOptions,
): Rational | undefined {
  const rate = wantedRate(encoding, info, section);
  const most = encoding.encoder?.finestTick?.den ?? Number.POSITIVE_INFINITY;
  if (rate === undefined || rate.num <= most) return rate;
  const den = Math.max(1, Math.floor(most / toNumber(rate)));
  return fraction(Math.round(toNumber(rate) * den), den);
}

function wantedRate(
  { fps, container, codec }: Encoding,
  info: VideoInfo,
  section: SectionOptions,
): Rational | undefined {
  if (fps !== undefined) return fps;
  if (encoderTick(info, section) !== undefined) return undefined;
  return container.constantRate ? info.frameRate : standardRate(codec, info.frameRate);
}

/** The encoder's time base; undefined for that of the frames. */
export function outputTick(
  encoding: Encoding,
  info: VideoInfo,
  section: SectionOptions,
): Rational | undefined {
  const rate = constantRateOf(encoding, info, section);
  return rate === undefined ? encoderTick(info, section) : { num: rate.den, den: rate.num };
}

/** The frame rates of MPEG-1 and MPEG-2. */
const standardRates: readonly Rational[] = [
  { num: 24_000, den: 1001 },
  { num: 24, den: 1 },
  { num: 25, den: 1 },
  { num: 30_000, den: 1001 },
  { num: 30, den: 1 },
  { num: 50, den: 1 },
  { num: 60_000, den: 1001 },
  { num: 60, den: 1 },
];
const countsFrames = /^mpeg[12]video$/;

/** The next standard rate for an encoder that has only those; undefined for other encoders. */
function standardRate(codec: string, rate: Rational): Rational | undefined {
  if (!countsFrames.test(codec)) return undefined;
  const wanted = toNumber(rate);
  // A mean rate may lie a little above the nominal rate.
  return standardRates.find((one) => toNumber(one) > wanted * 0.97) ?? standardRates.at(-1);
}
