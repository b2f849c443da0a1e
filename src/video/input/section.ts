/** Times of a section of a file, the same for every FFmpeg that reads it. */
import type { NativeSection } from '../../native/media.ts';
import { type Rational, toNumber } from '../format/rational.ts';
import { elementary, type VideoInfo } from '../format/video-info.ts';
import type { SectionOptions } from './options.ts';

/** Seconds as FFmpeg's options take them, to the microsecond it counts in. */
export function seconds(time: number): string {
  return time.toFixed(6);
}

/** Containers of which FFmpeg expects jumps in time; it shifts them by the streams it happens to use. */
export const jumping = /^(mpegts|mpeg|flv|asf|ogg)/;

/**
 * Input options that make a file's times start at 0 where the section does (with the global `-copyts`). Said by a number and
 * not left to FFmpeg, which would count from the first stream it uses: audio and video are used by different processes.
 */
export function offsetArgs(info: VideoInfo, { from = 0 }: SectionOptions): string[] {
  // FFmpeg leaves an offset alone if it is not exactly the one it would have chosen itself.
  const jumps = jumping.test(info.container);
  // Offsets are whole microseconds; a clock that is finer must not bring the first frame of a section before its start.
  const fine = from > 0 && toNumber(info.timeBase) < 1e-6;
  const nudge = jumps || fine ? 1e-6 : 0;
  const offset = nudge - (info.startTime + from);
  return offset === 0 ? [] : ['-itsoffset', seconds(offset)];
}

/**
 * How the times of the pictures are counted. What is live can be read only once: there FFmpeg repairs clock jumps itself, which
 * it does where it counts from the start of what it reads.
 */
export function clockArgs(info: VideoInfo): string[] {
  return info.live && jumping.test(info.container) ? [] : ['-copyts', ...offsetArgs(info, {})];
}

/** Seconds before a section that are decoded, too, where key frames have no index. */
const unindexed = 30;

/** Elsewhere as long as frames can be shown before the key frame that is stored before them: 16 frames, and some. */
function reordering({ frameRate }: VideoInfo): number {
  return 1 + 16 / toNumber(frameRate);
}

/**
 * Input options that go to a key frame before the section, where one has been found to there; whoever reads the frames drops
 * what comes too early.
 */
export function seekArgs(
  info: VideoInfo,
  { from = 0 }: SectionOptions,
  found?: number | undefined,
): string[] {
  if (elementary.test(info.container)) return []; // without times there is nothing to seek by
  const target = found ?? from - (jumping.test(info.container) ? unindexed : reordering(info));
  return target > 0 ? ['-noaccurate_seek', '-ss', seconds(target)] : [];
}

/**
 * The latest time of a frame that is meant by a moment. Moments are decimals, meant to the microsecond; and clocks of
 * milliseconds and finer round the times of frames, which may be half a tick later than they should. Coarser clocks count
 * frames, or hundredths, and are exact.
 */
export function latestTime({ timeBase }: VideoInfo, moment: number): number {
  return moment + Math.max(1e-6, roundingOf(timeBase));
}

function roundingOf(timeBase: Rational): number {
  const tick = toNumber(timeBase);
  return tick <= 1.001e-3 ? tick / 2 : 0;
}

/** Where the native reader begins, and what it counts from. */
export function nativeSection(info: VideoInfo, { from = 0 }: SectionOptions): NativeSection {
  return { start: from === 0 ? 0 : latestTime(info, from), origin: from };
}

/**
 * The clock for an encoder: that of a constant rate where every frame lies on it, which gives the last frame its length and
 * is coarse enough for every encoder; else undefined, for the clock of the frames.
 */
export function encoderTick(info: VideoInfo, { from = 0 }: SectionOptions): Rational | undefined {
  const { num, den } = info.frameRate;
  const first = ((info.videoStart - info.startTime) * num) / den;
  const section = (from * num) / den;
  const rounding = (1.02 * roundingOf(info.timeBase) * num) / den;
  const onGrid = [first, section].every(
    (frames) => Math.abs(frames - Math.round(frames)) < rounding + 1e-6,
  );
  return info.constantRate && onGrid ? { num: den, den: num } : undefined;
}

/** Seconds of the section, where they are known. */
export function sectionDuration(
  info: VideoInfo,
  { from = 0, to }: SectionOptions,
): number | undefined {
  if (info.duration === undefined) return to === undefined ? undefined : to - from;
  return Math.max(0, Math.min(to ?? info.duration, info.duration) - from);
}
