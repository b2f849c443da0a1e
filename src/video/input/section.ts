/** The times of a section of a file, the same for every FFmpeg that reads it. */
import type { NativeSection } from '../../native/media.ts';
import { type Rational, toNumber } from '../format/rational.ts';
import { elementary, type VideoInfo } from '../format/video-info.ts';
import type { SectionOptions } from './options.ts';

/** Seconds as FFmpeg's options take them, to the microsecond it counts in. */
export function seconds(time: number): string {
  return time.toFixed(6);
}

/** Containers in which FFmpeg expects the clock to jump; it corrects jumps by the streams that it happens to use. */
export const jumping = /^(mpegts|mpeg|flv|asf|ogg)/;

/**
 * Input options that make a file's times start at 0 where the section does (with the global `-copyts`). The offset is explicit,
 * because FFmpeg would count from the first stream it uses, and different processes read audio and video.
 */
export function offsetArgs(info: VideoInfo, { from = 0 }: SectionOptions): string[] {
  // FFmpeg keeps an offset unless it is exactly its own default.
  const jumps = jumping.test(info.container);
  // Offsets are whole microseconds; with a finer time base, rounding must not move the first frame before the section.
  const fine = from > 0 && toNumber(info.timeBase) < 1e-6;
  const nudge = jumps || fine ? 1e-6 : 0;
  const offset = nudge - (info.startTime + from);
  return offset === 0 ? [] : ['-itsoffset', seconds(offset)];
}

/**
 * How timestamps are counted. A live source can be read only once, so FFmpeg itself repairs its clock jumps, which it does only
 * without `-copyts`.
 */
export function clockArgs(info: VideoInfo): string[] {
  return info.live && jumping.test(info.container) ? [] : ['-copyts', ...offsetArgs(info, {})];
}

/** Seconds decoded before a section where the container has no index of key frames. */
const unindexed = 30;

/** Seconds decoded before a section elsewhere: reordered frames may precede their key frame by 16 frames, and a margin. */
function reordering({ frameRate }: VideoInfo): number {
  return 1 + 16 / toNumber(frameRate);
}

/**
 * Input options that seek to a key frame before the section, or to `found`; the reader of the frames drops those that come too
 * early.
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
 * The latest timestamp that a requested time includes. Requested times are decimals, exact to the microsecond; time bases of
 * milliseconds and finer round timestamps by up to half a tick. Coarser ones count frames or hundredths, and are exact.
 */
export function latestTime({ timeBase }: VideoInfo, moment: number): number {
  return moment + Math.max(1e-6, roundingOf(timeBase));
}

function roundingOf(timeBase: Rational): number {
  const tick = toNumber(timeBase);
  return tick <= 1.001e-3 ? tick / 2 : 0;
}

/** Where the native reader begins, and the origin of its times. */
export function nativeSection(info: VideoInfo, { from = 0 }: SectionOptions): NativeSection {
  return { start: from === 0 ? 0 : latestTime(info, from), origin: from };
}

/**
 * The time base for an encoder: one tick per frame if all frames lie on a constant rate, which gives the last frame its
 * duration and is coarse enough for every encoder; else undefined, for the time base of the frames.
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

/** Seconds of the section; undefined where unknown. */
export function sectionDuration(
  info: VideoInfo,
  { from = 0, to }: SectionOptions,
): number | undefined {
  if (info.duration === undefined) return to === undefined ? undefined : to - from;
  return Math.max(0, Math.min(to ?? info.duration, info.duration) - from);
}
