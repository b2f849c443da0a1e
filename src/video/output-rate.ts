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
  section: SectionOptions,
): Rational | undefined {
  // A section may begin between two frames of a constant rate.
  const counted = container.constantRate && encoderTick(info, section) === undefined;
  return fps ?? (counted ? info.frameRate : undefined);
}

/** Seconds per tick of the encoder's clock; undefined for that of the frames. */
export function outputTick(
  encoding: Encoding,
  info: VideoInfo,
  section: SectionOptions,
): Rational | undefined {
  const rate = constantRateOf(encoding, info, section);
  return rate === undefined ? encoderTick(info, section) : { num: rate.den, den: rate.num };
}
