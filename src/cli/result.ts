import type { ClockJump } from '../video/format/clock-jumps.ts';
import { print, printJson, printNote } from './output.ts';

/** The result of a run. */
export interface Result {
  readonly output: string;
  readonly frames: number;
  /** Frames that --fps dropped, and how often it repeated one. */
  readonly dropped?: number;
  readonly repeated?: number;
  /** Frames whose time was not after that of the previous one. */
  readonly late?: number;
  /** Where the clock of the input jumped. */
  readonly clockJumps?: readonly ClockJump[];
  readonly seconds: number;
  readonly device: string;
  /** Seconds of video per second of work; undefined for a picture. */
  readonly speed?: number;
  /** Whether it was stopped early. */
  readonly stopped?: boolean;
  /** What was left out, assumed, or damaged in the input. */
  readonly warnings?: readonly string[];
}

interface Style {
  readonly json?: true;
  readonly quiet?: true;
}

/** The last line of a run. */
export function reportResult(result: Result, style: Style): void {
  const { seconds, speed } = result;
  const fps = round(result.frames / Math.max(seconds, 1e-6));
  const rounded = { ...result, seconds: round(seconds), fps };
  if (style.json) printJson({ event: 'done', ...rounded, ...(speed && { speed: round(speed) }) });
  else if (!style.quiet) (usesStdout(result) ? printNote : print)(describe(result, fps));
}

function usesStdout({ output }: Result): boolean {
  return output.split(', ').includes('-');
}

function describe(result: Result, fps: number): string {
  const { output, frames, dropped = 0, repeated = 0, late = 0 } = result;
  const { seconds, device, speed, stopped } = result;
  const time = `${seconds.toFixed(seconds < 10 ? 2 : 1)} s on ${device}`;
  if (speed === undefined) return `${output}: done in ${time}`;
  const pace = `${fps.toFixed(fps < 10 ? 1 : 0)} frames/s, ${speed.toFixed(1)}× real time`;
  const early = stopped ? ', stopped early' : '';
  const converted = dropped + repeated > 0 ? `, ${dropped} dropped, ${repeated} repeated` : '';
  const moved = late > 0 ? `, ${late} late` : '';
  return `${output}: ${frames} frames in ${time} (${pace})${converted}${moved}${early}`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
