/** The rate of an output, and the clock that follows from it. */
import type { Encoding } from './encoder-options.ts';
import type { SectionOptions } from './input-options.ts';
import type { VideoInfo } from './probe.ts';
import type { Rational } from './rational.ts';
import { encoderTick } from './section.ts';

/** The constant rate that frames are converted to; undefined where each keeps its own time. */
export function constantRateOf(
  { fps, container }: Encoding,
  info: VideoInfo,
): Rational | undefined {
  const counted = container.constantRate && !info.constantRate ? info.frameRate : undefined;
  return fps ?? counted;
}

/** Seconds per tick of the encoder's clock; undefined for that of the frames. */
export function outputTick(
  encoding: Encoding,
  info: VideoInfo,
  section: SectionOptions,
): Rational | undefined {
  // What counts frames has no place for the part of a frame that the first one may come late.
  const counted = encoding.container.constantRate ? info.frameRate : undefined;
  const rate = constantRateOf(encoding, info) ?? counted;
  return rate === undefined ? encoderTick(info, section) : { num: rate.den, den: rate.num };
}
