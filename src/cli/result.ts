import { print, printJson, printNote } from './output.ts';

/** What a run did. */
export interface Result {
  readonly output: string;
  readonly frames: number;
  /** By --fps: frames that were left out, and times that one was shown again. */
  readonly dropped?: number;
  readonly repeated?: number;
  readonly seconds: number;
  readonly device: string;
  /** How much video was made per second; none for a picture. */
  readonly speed?: number;
  /** Whether it was ended before its end. */
  readonly stopped?: boolean;
  /** What was left out or assumed, or was wrong with the input. */
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
  const { output, frames, dropped = 0, repeated = 0, seconds, device, speed, stopped } = result;
  const time = `${seconds.toFixed(seconds < 10 ? 2 : 1)} s on ${device}`;
  if (speed === undefined) return `${output}: done in ${time}`;
  const pace = `${fps.toFixed(fps < 10 ? 1 : 0)} frames/s, ${speed.toFixed(1)}× real time`;
  const early = stopped ? ', stopped early' : '';
  const converted = dropped + repeated > 0 ? `, ${dropped} dropped, ${repeated} repeated` : '';
  return `${output}: ${frames} frames in ${time} (${pace})${converted}${early}`;
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
