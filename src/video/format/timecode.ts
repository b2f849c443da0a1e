/** Timecodes by SMPTE ST 12-1: labels of frames, counted within a day. */
import { type Rational, toNumber } from './rational.ts';

/** A frame of the day at a rate. */
export interface Timecode {
  /** Labels per second, a whole number: 30 for 29.97. */
  readonly nominal: number;
  /** Whether labels are dropped (drop-frame) to keep pace with the clock; for 29.97 and 59.94. */
  readonly drop: boolean;
  /** Frames since midnight. */
  readonly frame: number;
}

export function nominalRate(rate: Rational): number {
  return Math.round(toNumber(rate));
}

/** Drop-frame counting is for rates a thousandth below a multiple of 30. */
export function mayDrop(rate: Rational): boolean {
  const nominal = nominalRate(rate);
  return nominal % 30 === 0 && Math.abs(toNumber(rate) * 1.001 - nominal) < 0.001;
}

/** Labels left out at the start of each minute but every tenth. */
function droppedAMinute({ nominal, drop }: Pick<Timecode, 'nominal' | 'drop'>): number {
  return drop ? nominal / 15 : 0;
}

/** Parses `10:00:00:00`, or `10:00:00;00` for drop-frame; undefined for labels that no frame has at that rate. */
export function parseTimecode(text: string, rate: Rational): Timecode | undefined {
  const match = /^(\d\d):([0-5]\d):([0-5]\d)([:;.])(\d{2,3})$/.exec(text.trim());
  const [hours = 24, minutes = 0, seconds = 0, , frames = 0] = (match ?? []).slice(1).map(Number);
  const nominal = nominalRate(rate);
  const drop = match?.[4] !== ':';
  if (hours > 23 || nominal < 1 || frames >= nominal || (drop && !mayDrop(rate))) return undefined;
  const each = droppedAMinute({ nominal, drop });
  if (seconds === 0 && frames < each && minutes % 10 !== 0) return undefined;
  const minute = 60 * hours + minutes;
  const gone = each * (minute - Math.floor(minute / 10));
  return { nominal, drop, frame: (60 * minute + seconds) * nominal + frames - gone };
}

export function timecodeText(timecode: Timecode): string {
  const { nominal, drop } = timecode;
  const each = droppedAMinute(timecode);
  const minute = 60 * nominal - each;
  const tenMinutes = 10 * minute + each;
  const frame = remainder(timecode.frame, 144 * tenMinutes);
  const rest = frame % tenMinutes;
  // The first minute of ten has all its labels.
  const minutes = rest < 60 * nominal ? 0 : 1 + Math.floor((rest - 60 * nominal) / minute);
  const named = frame + each * (9 * Math.floor(frame / tenMinutes) + minutes);
  const seconds = Math.floor(named / nominal);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hh, mm, ss] = parts.map((part) => String(part).padStart(2, '0'));
  const digits = nominal > 100 ? 3 : 2;
  return `${hh}:${mm}:${ss}${drop ? ';' : ':'}${String(named % nominal).padStart(digits, '0')}`;
}

function remainder(value: number, by: number): number {
  return ((value % by) + by) % by;
}

export function advance(timecode: Timecode, frames: number): Timecode {
  return { ...timecode, frame: timecode.frame + frames };
}

/**
 * The same timecode counted at another rate. Drop-frame labels follow the time of day; others keep their hours, minutes and
 * seconds, whatever the real rate.
 */
export function recount(timecode: Timecode, from: Rational, to: Rational): Timecode {
  const nominal = nominalRate(to);
  const drop = timecode.drop && mayDrop(to);
  const frame = timecode.drop
    ? (timecode.frame / toNumber(from)) * (drop ? toNumber(to) : nominal)
    : (timecode.frame * nominal) / timecode.nominal;
  return { nominal, drop, frame: Math.floor(frame + 0.001) };
}
